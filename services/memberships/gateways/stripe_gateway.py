"""Stripe as a gateway of ours, by its own library: saved off session, charged off session, and never tried again by it.

The library's own retries are off: whether a call may be repeated is decided by rows and not by a loop.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

import orjson
import requests
import stripe
import structlog
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from services.memberships.gateways import stripe_reading as read
from services.memberships.gateways.port import (
    AnswerLost,
    BadSignature,
    Charge,
    DisputeOutcome,
    GatewayDown,
    GatewayRefused,
    Outcome,
    RefundOutcome,
    Said,
    SavedCard,
    Setup,
)

log = structlog.get_logger()

TIMEOUT = (3.05, 25.0)
"""Seconds to be connected, and to be answered: a bank may take twenty."""
IN_FLIGHT = 32

stripe.enable_telemetry = False


class StripeGateway:
    def __init__(self, account: str, key: str, webhook_secret: str | None, url: str) -> None:
        """`key` is the account's secret key. Without `webhook_secret` no webhook is believed."""
        self.account = account
        self._webhook_secret = webhook_secret
        self._api = stripe.StripeClient(
            key,
            base_addresses={"api": url},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=TIMEOUT, session=_connections()),
        ).v1

    def add_customer(self, client_id: UUID) -> str:
        with _asking():
            made = self._api.customers.create(
                {"metadata": {"foyer_client": str(client_id)}}, {"idempotency_key": f"customer-{client_id}"}
            )
        return made.id

    def begin_setup(self, customer: str, return_url: str) -> Setup:
        """The browser confirms it by Stripe's script with the client secret; Stripe has no form of its own for it."""
        with _asking():
            made = self._api.setup_intents.create(
                {"customer": customer, "usage": "off_session", "allowed_payment_method_types": ["card"]}
            )
        return Setup(made.id, str(made.client_secret))

    def save_card(self, customer: str, setup: str) -> SavedCard:
        with _asking():
            found = _plain(self._api.setup_intents.retrieve(setup))
            if found["customer"] != customer:
                raise GatewayRefused("of_another_customer")
            if found["status"] != "succeeded":
                raise GatewayRefused("setup_unfinished")
            return read.card(_plain(self._api.payment_methods.retrieve(found["payment_method"])), customer)

    def find_card(self, token: str) -> SavedCard:
        with _asking():
            found = _plain(self._api.payment_methods.retrieve(token))
        if not found["customer"]:
            raise GatewayRefused("card_not_usable")
        return read.card(found, found["customer"])

    def remove_card(self, token: str) -> None:
        with _asking():
            if _plain(self._api.payment_methods.retrieve(token))["customer"]:
                self._api.payment_methods.detach(token)

    def create(self, charge: Charge) -> str:
        with _asking():
            made = self._api.payment_intents.create(
                {
                    "amount": charge.amount,
                    "currency": charge.currency.lower(),
                    "customer": charge.customer,
                    "payment_method": charge.card,
                    "allowed_payment_method_types": ["card"],
                    "metadata": {"foyer_due": str(charge.due_id), "foyer_attempt": str(charge.attempt_id)},
                },
                {"idempotency_key": str(charge.attempt_id)},
            )
        return made.id

    def confirm(self, gateway_id: str) -> Outcome:
        return self._move(gateway_id, lambda: self._api.payment_intents.confirm(gateway_id, {"off_session": True}))

    def ask_client(self, gateway_id: str, return_url: str) -> Outcome:
        """Confirms it again with the client present, by a redirect to the bank, and the card that was refused."""
        with _asking():
            found = _plain(self._api.payment_intents.retrieve(gateway_id))
        if found["status"] not in ("requires_payment_method", "requires_confirmation"):
            return read.outcome(found)
        again: Any = {"return_url": return_url}
        if refused := (found.get("last_payment_error") or {}).get("payment_method"):
            again["payment_method"] = refused["id"]
        return self._move(gateway_id, lambda: self._api.payment_intents.confirm(gateway_id, again))

    def find(self, gateway_id: str) -> Outcome:
        with _asking():
            return read.outcome(_plain(self._api.payment_intents.retrieve(gateway_id)))

    def cancel(self, gateway_id: str) -> Outcome:
        return self._move(gateway_id, lambda: self._api.payment_intents.cancel(gateway_id))

    def _move(self, gateway_id: str, ask: Any) -> Outcome:
        """How it stands afterwards. A decline is an error to Stripe, and so is what comes too late."""
        try:
            with _asking():
                return read.outcome(_plain(ask()))
        except GatewayRefused:
            found = self._find_for_certain(gateway_id)
            if found.state == "requires_confirmation":
                raise
            return found

    def _find_for_certain(self, gateway_id: str) -> Outcome:
        try:
            return self.find(gateway_id)
        except GatewayDown as error:
            raise AnswerLost from error  # the call before this one may have been the one that counts

    def refund(self, gateway_id: str, amount: int, refund_id: UUID) -> RefundOutcome:
        with _asking():
            made = self._api.refunds.create(
                {"payment_intent": gateway_id, "amount": amount, "metadata": {"foyer_refund": str(refund_id)}},
                {"idempotency_key": f"refund-{refund_id}"},
            )
        return read.refund(_plain(made))

    def find_refund(self, refund_gateway_id: str) -> RefundOutcome:
        with _asking():
            return read.refund(_plain(self._api.refunds.retrieve(refund_gateway_id)))

    def refund_made(self, gateway_id: str, refund_id: UUID) -> RefundOutcome | None:
        with _asking():
            found = self._api.refunds.list({"payment_intent": gateway_id, "limit": 100})
            ours = [one for each in found.data if _is_ours(one := _plain(each), refund_id)]
        return read.refund(ours[0]) if ours else None

    def find_dispute(self, dispute_gateway_id: str) -> DisputeOutcome:
        with _asking():
            return read.dispute(_plain(self._api.disputes.retrieve(dispute_gateway_id)))

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> list[Said]:
        try:
            stripe.WebhookSignature.verify_header(
                body, headers.get("Stripe-Signature"), self._webhook_secret, stripe.Webhook.DEFAULT_TOLERANCE
            )
            return read.said(self.account, orjson.loads(body))
        except (stripe.SignatureVerificationError, UnicodeDecodeError, orjson.JSONDecodeError) as error:
            raise BadSignature from error


@cache
def _connections() -> requests.Session:
    """One pool for all accounts; the library would keep one per thread, and greenlets come and go."""
    session = requests.Session()
    session.mount("https://", HTTPAdapter(pool_maxsize=IN_FLIGHT))
    session.mount("http://", HTTPAdapter(pool_maxsize=IN_FLIGHT))
    return session


def _plain(found: stripe.StripeObject) -> dict[str, Any]:
    return found.to_dict()


def _is_ours(refund: dict[str, Any], refund_id: UUID) -> bool:
    return bool(refund["metadata"].get("foyer_refund") == str(refund_id))


@contextmanager
def _asking() -> Iterator[None]:
    """Every error of the library in the port's words."""
    try:
        yield
    except stripe.APIConnectionError as error:
        raise _lost_or_never_sent(error) from error
    except stripe.RateLimitError as error:
        raise GatewayDown("Stripe takes no more at the moment") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.error("stripe_key_refused", reason=type(error).__name__)
        raise GatewayDown("Stripe does not take the key") from error
    except (stripe.CardError, stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        raise GatewayRefused(error.code or "invalid_request") from error
    except stripe.StripeError as error:  # its own failure, or the same request under way: it may have been done
        raise AnswerLost(f"Stripe answered {error.http_status}") from error


def _lost_or_never_sent(error: stripe.APIConnectionError) -> GatewayDown | AnswerLost:
    cause = error.__cause__
    reason = cause.args[0] if cause and cause.args else None
    unreached = isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)
    if unreached or isinstance(cause, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return GatewayDown("Stripe was not reached")
    return AnswerLost("the connection to Stripe broke")
