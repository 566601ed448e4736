"""What every gateway promises (`port.py`): the same tests against the sandbox, and against Stripe's stand-in."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
import requests
import stripe as library

from services.memberships.gateways import stripe_gateway
from services.memberships.gateways.port import AnswerLost, BadSignature, Charge, GatewayDown, GatewayRefused, Said
from services.memberships.gateways.sandbox.signature import HEADER, signature
from services.memberships.gateways.tests.local_stripe import SECRET, LocalStripe
from services.memberships.gateways.tests.sandbox_process import KEY, SandboxProcess
from services.memberships.gateways.tests.table import promise
from shared.ids import new_id
from shared.testing.eventually import eventually


class SandboxPeer:
    kind = "sandbox"

    def __init__(self, process: SandboxProcess) -> None:
        self.process = process
        self.gateway: Any = process.gateway(timeout=1.0)
        self.card = process.card

    def away(self) -> Any:
        return replace_url(self.process).gateway()

    def finish(self, setup: Any) -> None:
        self.gateway.choose_card(setup, "accepted")

    def answer_bank(self, payment: str, yes: bool) -> None:
        """At the bank's page, in a browser."""
        page = f"{self.process.url}/sandbox/bank/{payment}"
        requests.post(page, data={"answer": "yes" if yes else "no"}, timeout=10).raise_for_status()

    def signed(self, name: str) -> tuple[dict[str, str], bytes]:
        body = orjson.dumps({"id": "evt_1", "account": "main", "kind": "charge", "object": name})
        return {HEADER: signature(KEY, body)}, body


class StripePeer:
    kind = "stripe"

    def __init__(self, process: LocalStripe, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stripe_gateway, "TIMEOUT", (1.0, 1.0))
        self.process = process
        self.gateway: Any = process.gateway()
        self.card = process.card

    def away(self) -> Any:
        return stripe_gateway.StripeGateway("main", "sk_test_of_nobody", None, "http://127.0.0.1:9")

    def finish(self, setup: Any) -> None:
        self.process.finish(setup.id, "accepted")

    def answer_bank(self, payment: str, yes: bool) -> None:
        self.process.answer_bank(payment, yes)

    def signed(self, name: str) -> tuple[dict[str, str], bytes]:
        found = {"id": name, "object": "payment_intent"}
        body = orjson.dumps({"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": found}})
        return {"Stripe-Signature": library.WebhookSignature.generate_signature_header(body.decode(), SECRET)}, body


def replace_url(process: SandboxProcess) -> SandboxProcess:
    """The same with nobody at its address."""
    return SandboxProcess(process.folder)


@pytest.fixture(scope="session")
def local_stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStripe]:
    process = LocalStripe(tmp_path_factory.mktemp("stripe")).start()
    yield process
    process.stop()


@pytest.fixture
def peer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A gateway with what a test needs of the world around it."""
    if request.param == "sandbox":
        return SandboxPeer(request.getfixturevalue("sandbox"))
    return StripePeer(request.getfixturevalue("local_stripe"), monkeypatch)


def begin(peer: Any, behaves: str = "accepted", amount: int = 4900, **more: Any) -> str:
    """A payment by such a card, created and not confirmed."""
    return str(peer.gateway.create(charge(peer.card(behaves), amount, **more)))


def charge(card: Any, amount: int = 4900, **more: Any) -> Charge:
    return replace(Charge(new_id(), new_id(), amount, "EUR", card.customer, card.token), **more)


@promise("a card is saved without its number")
def test_a_card_is_saved_without_its_number(peer):
    card = peer.card("accepted")
    assert (card.brand, card.last_four, card.exp_month) == ("visa", "4242", 12)
    assert peer.gateway.find_card(card.token) == card


@promise("an unfinished setup saves nothing")
def test_an_unfinished_setup_saves_nothing(peer):
    customer = peer.gateway.add_customer(new_id())
    setup = peer.gateway.begin_setup(customer, "")
    with pytest.raises(GatewayRefused, match="setup_unfinished"):
        peer.gateway.save_card(customer, setup.id)
    peer.finish(setup)
    with pytest.raises(GatewayRefused, match="of_another_customer"):
        peer.gateway.save_card(peer.gateway.add_customer(new_id()), setup.id)
    assert peer.gateway.save_card(customer, setup.id).last_four == "4242"


@promise("creating takes nothing")
def test_creating_takes_nothing(peer):
    found = peer.gateway.find(begin(peer))
    assert (found.state, found.captured) == ("requires_confirmation", 0)


@promise("confirming takes the amount")
def test_confirming_takes_the_amount(peer):
    name = begin(peer, amount=1234)
    taken = peer.gateway.confirm(name)
    assert (taken.gateway_id, taken.state, taken.captured) == (name, "succeeded", 1234)
    assert peer.gateway.find(name) == taken


@promise("confirming twice takes it once")
def test_confirming_twice_takes_it_once(peer):
    name = begin(peer)
    assert peer.gateway.confirm(name) == peer.gateway.confirm(name)


@promise("one key creates one payment")
def test_one_key_creates_one_payment(peer):
    wanted = charge(peer.card())
    assert peer.gateway.create(wanted) == peer.gateway.create(wanted)


def test_every_creation_at_stripe_carries_the_attempt_as_its_key(local_stripe):
    wanted = charge(local_stripe.card())
    local_stripe.gateway().create(wanted)
    assert local_stripe.headers[-1]["Idempotency-Key"] == str(wanted.attempt_id)


@promise("a plain decline")
def test_a_plain_decline(peer):
    found = peer.gateway.confirm(begin(peer, "soft_decline"))
    assert (found.state, found.captured) == ("declined", 0) and found.code


@promise("decline codes are told apart")
@pytest.mark.parametrize(
    ("behaves", "code"),
    [("insufficient_funds", "insufficient_funds"), ("hard_decline", "stolen_card"), ("expired", "expired_card")],
)
def test_decline_codes_are_told_apart(peer, behaves, code):
    assert peer.gateway.confirm(begin(peer, behaves)).code == code


@promise("the bank asks for the client")
def test_the_bank_asks_for_the_client(peer):
    name = begin(peer, "needs_client")
    assert peer.gateway.confirm(name).state == "needs_client"
    assert peer.gateway.confirm(name).state == "needs_client"  # it is not asked blindly again


@promise("the client confirms")
def test_the_client_confirms(peer):
    name = begin(peer, "needs_client")
    peer.gateway.confirm(name)
    peer.answer_bank(name, yes=True)
    assert (peer.gateway.find(name).state, peer.gateway.find(name).captured) == ("succeeded", 4900)


@promise("the client refuses")
def test_the_client_refuses(peer):
    name = begin(peer, "needs_client")
    peer.gateway.confirm(name)
    peer.answer_bank(name, yes=False)
    found = peer.gateway.find(name)
    assert (found.state, found.code) == ("declined", "payment_intent_authentication_failure")


@promise("a cancelled payment takes nothing any more")
def test_a_cancelled_payment_takes_nothing_any_more(peer):
    for behaves in ("accepted", "needs_client", "soft_decline"):
        name = begin(peer, behaves)
        if behaves != "accepted":
            peer.gateway.confirm(name)
        assert peer.gateway.cancel(name).state == "void"
        assert peer.gateway.confirm(name).state == "void"
        assert peer.gateway.cancel(name).state == "void"


@promise("a cancellation that comes too late says so")
def test_a_cancellation_that_comes_too_late_says_so(peer):
    name = begin(peer)
    peer.gateway.confirm(name)
    assert peer.gateway.cancel(name).state == "succeeded"


@promise("a lost answer is found")
def test_a_lost_answer_is_found(peer):
    name = begin(peer, "answer_lost")
    with pytest.raises(AnswerLost):
        peer.gateway.confirm(name)
    assert peer.gateway.find(name).state == "succeeded"


@promise("an answer that is too slow is found later")
def test_an_answer_that_is_too_slow_is_found_later(peer):
    name = begin(peer, "slow")
    with pytest.raises(AnswerLost):
        peer.gateway.confirm(name)
    eventually(lambda: peer.gateway.find(name).state == "succeeded")


@promise("a gateway that is down did nothing")
def test_a_gateway_that_is_down_did_nothing(peer):
    away = peer.away()
    for ask in (lambda: away.add_customer(new_id()), lambda: away.confirm("pi_1"), lambda: away.find("pi_1")):
        with pytest.raises(GatewayDown):
            ask()


@promise("a wrong name is refused")
def test_a_wrong_name_is_refused(peer):
    with pytest.raises(GatewayRefused):
        peer.gateway.find("pi_of_nobody")


@promise("a refund is found by its name and by ours")
def test_a_refund_is_found_by_its_name_and_by_ours(peer):
    name, refund_id = begin(peer), new_id()
    peer.gateway.confirm(name)
    assert peer.gateway.refund_made(name, refund_id) is None
    made = peer.gateway.refund(name, 1000, refund_id)
    assert (made.state, made.amount, made.charge_id) == ("succeeded", 1000, name)
    assert peer.gateway.find_refund(made.gateway_id) == made == peer.gateway.refund_made(name, refund_id)


@promise("no more is refunded than was taken")
def test_no_more_is_refunded_than_was_taken(peer):
    name = begin(peer)
    peer.gateway.confirm(name)
    peer.gateway.refund(name, 4000, new_id())
    with pytest.raises(GatewayRefused):
        peer.gateway.refund(name, 1000, new_id())


@promise("a refund that fails later")
def test_a_refund_that_fails_later(peer):
    name = begin(peer, "refund_fails")
    peer.gateway.confirm(name)
    made = peer.gateway.refund(name, 4900, new_id())
    assert made.state == "succeeded"
    failed = eventually(lambda: (now := peer.gateway.find_refund(made.gateway_id)).state == "failed" and now)
    assert failed.code


@promise("a dispute")
def test_a_dispute(peer):
    name = begin(peer, "disputed")
    peer.gateway.confirm(name)
    query = "SELECT id FROM disputes WHERE payment = ?"
    [(dispute,)] = eventually(lambda: peer.process.rows(query, name))
    found = peer.gateway.find_dispute(dispute)
    assert (found.state, found.charge_id, found.amount, found.currency) == ("open", name, 4900, "EUR")
    peer.process.ask("POST", f"/v1/disputes/{dispute}/close", state="lost")
    assert peer.gateway.find_dispute(dispute).state == "lost"


@promise("a removed card is not charged")
def test_a_removed_card_is_not_charged(peer):
    card = peer.card()
    peer.gateway.remove_card(card.token)
    peer.gateway.remove_card(card.token)
    with pytest.raises(GatewayRefused):
        peer.gateway.create(charge(card))


@promise("a card that the network renews")
def test_a_card_that_the_network_renews(peer):
    card = peer.card()
    peer.process.ask("PATCH", f"/v1/cards/{card.token}", exp_year=2041)
    assert peer.gateway.find_card(card.token) == replace(card, exp_year=2041)


@promise("a signed webhook says where to look")
def test_a_signed_webhook_says_where_to_look(peer):
    headers, body = peer.signed("pi_1")
    assert peer.gateway.read_webhook(headers, body) == [Said("main", "evt_1", "charge", "pi_1")]


@promise("an unsigned webhook is refused")
def test_an_unsigned_webhook_is_refused(peer):
    headers, body = peer.signed("pi_1")
    for given in ({}, dict.fromkeys(headers, "t=1,v1=00")):
        with pytest.raises(BadSignature):
            peer.gateway.read_webhook(given, body)
    with pytest.raises(BadSignature):
        peer.gateway.read_webhook(headers, body + b" ")
