"""Weights over HTTP."""

from datetime import timedelta

import pytest

from services.clients.conftest import MADRID, UNKNOWN, Register
from shared import clock
from shared.contracts.clients import CLIENT_WEIGHT_RECORDED
from shared.testing.service import Caller, ServiceUnderTest


def path(client: dict) -> str:
    return f"/api/v1/clients/{client['id']}/weights"


def test_a_weight_is_kept_as_entered_and_in_grams(lucia: Caller, register: Register) -> None:
    client = register()
    answer = lucia.post(path(client), {"value": 160.5, "unit": "lb", "taken_on": "2026-03-02"})
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    kept = [answer.json[name] for name in ("value", "unit", "grams", "taken_on", "recorded_by")]
    assert kept == [160.5, "lb", 72802, "2026-03-02", "Lucía Ortega"]


def test_the_history_lists_the_latest_first_page_by_page(lucia: Caller, register: Register) -> None:
    client = register()
    for day in ("2026-01-05", "2026-03-02", "2026-02-01"):
        lucia.post(path(client), {"value": 70, "unit": "kg", "taken_on": day})
    first = lucia.get(f"{path(client)}?limit=2").json
    second = lucia.get(f"{path(client)}?limit=2&cursor={first['next_cursor']}").json
    days = [weight["taken_on"] for weight in first["items"] + second["items"]]
    assert days == ["2026-03-02", "2026-02-01", "2026-01-05"]
    assert second["next_cursor"] is None


def test_no_day_said_means_today_where_the_client_is(lucia: Caller, register: Register) -> None:
    client = register(preferred_branch_id=str(MADRID))
    answer = lucia.post(path(client), {"value": 70, "unit": "kg"})
    assert answer.json["taken_on"] == clock.today("Europe/Madrid").isoformat()


def test_how_much_is_in_no_event_and_no_audit(clients: ServiceUnderTest, lucia: Caller, register: Register) -> None:
    client = register()
    lucia.post(path(client), {"value": 71.337, "unit": "kg", "taken_on": "2026-03-02"})
    (event,) = clients.emitted(CLIENT_WEIGHT_RECORDED)
    assert (event.subject, event.version, event.data) == (client["id"], 2, {"taken_on": "2026-03-02"})
    assert not [body for body in clients.rows("SELECT body || '' FROM outbox") if "71337" in body or "71.337" in body]
    assert "71" not in str(clients.rows("SELECT changes FROM audit ORDER BY position DESC LIMIT 1")[0])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"value": 7000, "unit": "kg"}, "value"),
        ({"value": 0.1, "unit": "kg"}, "value"),
        ({"value": -70, "unit": "kg"}, "value"),
        ({"value": 1e300, "unit": "kg"}, "value"),
        ({"value": 70.1234, "unit": "kg"}, "value"),
        ({"value": "70", "unit": "kg"}, "value"),
        ({"value": True, "unit": "kg"}, "value"),
        ({"unit": "kg"}, "value"),
        ({"value": 70}, "unit"),
        ({"value": 70, "unit": "stone"}, "unit"),
        ({"value": 70, "unit": "kg", "taken_on": "2999-01-01"}, "taken_on"),
        ({"value": 70, "unit": "kg", "taken_on": "1989-01-01"}, "taken_on"),
        ({"value": 70, "unit": "kg", "note": "after lunch"}, "note"),
    ],
)
def test_bad_input_is_named_by_field_and_changes_nothing(
    given: dict, field: str, lucia: Caller, register: Register
) -> None:
    client = register(birth_date="1990-05-17")
    answer = lucia.post(path(client), given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert lucia.get(path(client)).json["items"] == []


def test_only_who_may_sees_and_records(clients: ServiceUnderTest, lucia: Caller, register: Register) -> None:
    client, given = register(), {"value": 70, "unit": "kg"}
    reception = clients.signed_in("clients.read", "clients.write")
    assert (reception.get(path(client)).status_code, reception.post(path(client), given).status_code) == (403, 403)
    reader = clients.signed_in("clients.weight.read")
    assert (reader.get(path(client)).status_code, reader.post(path(client), given).status_code) == (200, 403)
    assert clients.anonymous().get(path(client)).status_code == 401
    assert lucia.get(path({"id": UNKNOWN})).status_code == 404
    assert lucia.post(path({"id": UNKNOWN}), given).status_code == 404
    assert lucia.post(path(client), given | {"taken_on": (clock.now() - timedelta(days=2)).date().isoformat()}).json
