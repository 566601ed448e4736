"""The sandbox as a gateway of ours: the port's words over its HTTP API, with a pool of connections."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import orjson
import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

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
from services.memberships.gateways.sandbox.signature import HEADER, is_signed

Call = Callable[[str, str, dict[str, Any] | None], dict[str, Any]]
"""Method, path and body to what is answered. Raises what the port names."""

IN_FLIGHT = 32
"""Connections that are kept open; more calls at once than these wait for one."""


def over_http(url: str, key: str, timeout: float = 10.0) -> Call:
    """Calls to the process at `url`; `timeout` is how many seconds an answer is waited for."""
    parts = urlsplit(url)
    pool = urllib3.HTTPConnectionPool(
        str(parts.hostname),
        parts.port or 80,
        maxsize=IN_FLIGHT,
        block=True,
        timeout=urllib3.Timeout(connect=2.0, read=timeout),
        retries=False,
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )

    def call(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = pool.request(method, path, body=None if body is None else orjson.dumps(body))
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise GatewayDown("the sandbox does not answer") from error
        except HTTPError as error:
            raise AnswerLost("the connection to the sandbox broke") from error
        return _read(answer.status, answer.data)

    return call


def _read(status: int, data: bytes) -> dict[str, Any]:
    if status >= 500:
        raise AnswerLost(f"the sandbox failed with {status}")
    found: dict[str, Any] = orjson.loads(data)
    if status != 200:
        raise GatewayRefused(found["code"], found.get("message", ""))
    return found


class SandboxGateway:
    def __init__(self, account: str, call: Call, key: str, pages: str) -> None:
        """`pages` is the address under which browsers find the sandbox's pages."""
        self.account = account
        self._call, self._key, self._pages = call, key, pages

    def add_customer(self, client_id: UUID) -> str:
        body = {"account": self.account, "client_id": str(client_id)}
        return str(self._call("POST", "/v1/customers", body)["id"])

    def begin_setup(self, customer: str, return_url: str) -> Setup:
        body = {"account": self.account, "customer": customer, "return_url": return_url}
        made = self._call("POST", "/v1/setups", body)
        return Setup(made["id"], made["secret"], f"{self._pages}/sandbox/cards/{made['secret']}")

    def save_card(self, customer: str, setup: str) -> SavedCard:
        made = self._call("GET", f"/v1/setups/{quote(setup, safe='')}", None)
        if made["customer"] != customer:
            raise GatewayRefused("of_another_customer")
        if made["card"] is None:
            raise GatewayRefused("setup_unfinished")
        return self.find_card(made["card"])

    def choose_card(self, setup: Setup, behaves: str) -> None:
        """What a person does in the sandbox's form: takes the test card of this name."""
        self._call("POST", f"/v1/setups/{setup.client_secret}/finish", {"behaves": behaves})

    def find_card(self, token: str) -> SavedCard:
        card = self._call("GET", f"/v1/cards/{token}", None)
        details = {name: card[name] for name in ("customer", "brand", "last_four", "exp_month", "exp_year")}
        return SavedCard(token=card["id"], **details)

    def remove_card(self, token: str) -> None:
        self._call("DELETE", f"/v1/cards/{token}", None)

    def create(self, charge: Charge) -> str:
        body = {
            "account": self.account,
            "key": str(charge.attempt_id),
            "attempt_id": str(charge.attempt_id),
            "due_id": str(charge.due_id),
            "amount": charge.amount,
            "currency": charge.currency,
            "customer": charge.customer,
            "card": charge.card,
        }
        return str(self._call("POST", "/v1/payments", body)["id"])

    def confirm(self, gateway_id: str) -> Outcome:
        return self._outcome(self._call("POST", f"/v1/payments/{gateway_id}/confirm", {}))

    def ask_client(self, gateway_id: str, return_url: str) -> Outcome:
        body = {"return_url": return_url}
        return self._outcome(self._call("POST", f"/v1/payments/{gateway_id}/ask-client", body))

    def find(self, gateway_id: str) -> Outcome:
        return self._outcome(self._call("GET", f"/v1/payments/{gateway_id}", None))

    def cancel(self, gateway_id: str) -> Outcome:
        return self._outcome(self._call("POST", f"/v1/payments/{gateway_id}/cancel", {}))

    def refund(self, gateway_id: str, amount: int, refund_id: UUID) -> RefundOutcome:
        body = {"amount": amount, "refund_id": str(refund_id)}
        return _refund(self._call("POST", f"/v1/payments/{gateway_id}/refunds", body))

    def find_refund(self, refund_gateway_id: str) -> RefundOutcome:
        return _refund(self._call("GET", f"/v1/refunds/{refund_gateway_id}", None))

    def refund_made(self, gateway_id: str, refund_id: UUID) -> RefundOutcome | None:
        found = self._call("GET", f"/v1/payments/{gateway_id}/refunds", None)["refunds"]
        ours = [refund for refund in found if refund["refund_id"] == str(refund_id)]
        return _refund(ours[0]) if ours else None

    def find_dispute(self, dispute_gateway_id: str) -> DisputeOutcome:
        found = self._call("GET", f"/v1/disputes/{dispute_gateway_id}", None)
        return DisputeOutcome(
            gateway_id=found["id"],
            state=found["state"],
            charge_id=found["payment"],
            amount=found["amount"],
            currency=found["currency"],
            reason=found["reason"],
        )

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> list[Said]:
        if not is_signed(self._key, body, headers.get(HEADER)):
            raise BadSignature
        event = orjson.loads(body)
        return [Said(event["account"], event["id"], event["kind"], event["object"])]

    def _outcome(self, payment: dict[str, Any]) -> Outcome:
        waits = payment["state"] == "needs_client"
        return Outcome(
            gateway_id=payment["id"],
            state=payment["state"],
            code=payment["code"],
            client_url=f"{self._pages}/sandbox/bank/{payment['id']}" if waits else None,
            captured=payment["captured"],
        )


def _refund(found: dict[str, Any]) -> RefundOutcome:
    return RefundOutcome(found["id"], found["state"], found["payment"], found["amount"], found["code"])
