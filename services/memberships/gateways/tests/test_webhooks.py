"""The doors for what gateways tell."""

import threading
from contextlib import contextmanager

import orjson
import pytest
from werkzeug.serving import make_server

from services.memberships.conftest import MARIA
from services.memberships.gateways import actions
from services.memberships.gateways.sandbox.signature import HEADER, signature
from services.memberships.gateways.tests.sandbox_process import KEY, SandboxProcess
from shared.ports import free_port
from shared.testing.eventually import eventually

DOOR = "/api/v1/memberships/webhooks/sandbox"
STORED = "SELECT event_id, kind, object_id, looks FROM webhook_events ORDER BY event_id"


@pytest.fixture
def tell(memberships):
    """Somebody at the door, with a signature."""

    def one(event_id="evt_1", kind="charge", name="pay_1", key=KEY, door=DOOR):
        event = {"id": event_id, "account": "main", "kind": kind, "object": name}
        body = orjson.dumps(event)
        headers = {HEADER: signature(key, body), "Content-Type": "application/json"}
        return memberships.anonymous().request("POST", door, data=body, headers=headers)

    return one


def test_what_is_told_twice_is_stored_once_and_answered_twice(memberships, tell):
    assert [tell().status_code, tell().status_code] == [200, 200]
    assert memberships.rows(STORED) == [("evt_1", "charge", "pay_1", 0)]


def test_what_nobody_signed_is_refused(memberships, tell):
    answer = tell(key="another key")
    assert (answer.status_code, answer.json["code"]) == (403, "bad_signature")
    assert memberships.rows(STORED) == []


def test_a_body_that_is_too_long_is_refused_unread(memberships):
    answer = memberships.anonymous().request("POST", DOOR, data=b"x" * 300_000)
    assert answer.status_code == 413


def test_the_door_of_another_gateway_is_closed(tell):
    assert tell(door="/api/v1/memberships/webhooks/stripe").status_code == 404


def test_two_workers_never_look_at_the_same_and_a_lost_one_is_replaced(memberships, tell, travel_to):
    for number in range(3):
        tell(f"evt_{number}")
    with memberships.database.transaction() as one, memberships.database.transaction() as other:
        first = actions.take(one, {"charge"}, 2)
        second = actions.take(other, {"charge"}, 2)
        assert sorted(event.event_id for event in [*first, *second]) == ["evt_0", "evt_1", "evt_2"]
        for event in second:
            actions.looked_at(other, event)
    with memberships.database.transaction() as session:
        assert actions.take(session, {"charge"}, 9) == []
    travel_to(first[0].received_at + 2 * actions.LEASE)
    with memberships.database.transaction() as session:
        assert {event.event_id for event in actions.take(session, {"charge"}, 9)} == {e.event_id for e in first}


def test_the_sandbox_tells_what_happens_at_the_bank(memberships, sandbox):
    """Its own signature and its own words, as they lie in its book."""
    card = sandbox.card("accepted", MARIA)
    sandbox.ask("PATCH", f"/v1/cards/{card.token}", exp_year=2040)
    [(event_id, account)] = sandbox.rows("SELECT id, account FROM events WHERE object = ?", card.token)
    body = orjson.dumps({"id": event_id, "account": account, "kind": "card", "object": card.token})
    memberships.anonymous().request("POST", DOOR, data=body, headers={HEADER: signature(KEY, body)})
    assert memberships.rows(STORED) == [(event_id, "card", card.token, 0)]


def test_the_sandbox_tells_again_until_it_is_heard(memberships, tmp_path):
    """Its own process, at first with nobody to hear it; each event is stored once however often it comes."""
    port = free_port()
    sandbox = SandboxProcess(tmp_path, webhooks_to=f"http://127.0.0.1:{port}").start()
    try:
        card = sandbox.card("accepted", MARIA)
        sandbox.ask("PATCH", f"/v1/cards/{card.token}", exp_year=2040)
        eventually(lambda: sandbox.rows("SELECT 1 FROM events WHERE tries > 0"))
        with serving(memberships.app, port):
            eventually(lambda: memberships.rows(STORED), within=20)
            eventually(lambda: sandbox.rows("SELECT 1 FROM events") == [])
        assert [row[1:] for row in memberships.rows(STORED)] == [("card", card.token, 0)]
    finally:
        sandbox.stop()


@contextmanager
def serving(app, port):
    """The service behind a door that another process can reach."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
