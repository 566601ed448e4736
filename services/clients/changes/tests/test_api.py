"""The history of changes over HTTP."""

from services.clients.conftest import UNKNOWN, Register
from shared.testing.service import Caller, ServiceUnderTest


def test_a_change_says_who_when_where_and_each_field_from_what_to_what(lucia: Caller, register: Register) -> None:
    client = register(birth_date="1990-05-17")
    path = f"/api/v1/clients/{client['id']}"
    lucia.patch(path, {"birth_date": "1990-05-18", "language": "es"}, headers={"X-Foyer-Channel": "console"})
    newest, oldest = lucia.get(f"{path}/changes").json["items"]
    assert (newest["actor_name"], newest["channel"], newest["version"]) == ("Lucía Ortega", "console", 2)
    assert newest["changes"] == {"birth_date": ["1990-05-17", "1990-05-18"], "language": [None, "es"]}
    assert oldest["changes"]["first_name"] == ["", "María"]


def test_the_history_goes_on_page_by_page(lucia: Caller, register: Register) -> None:
    path = f"/api/v1/clients/{register()['id']}"
    for name in ("A", "B", "C"):
        lucia.patch(path, {"last_name": name})
    first = lucia.get(f"{path}/changes?limit=3").json
    second = lucia.get(f"{path}/changes?limit=3&cursor={first['next_cursor']}").json
    assert [entry["version"] for entry in first["items"] + second["items"]] == [4, 3, 2, 1]
    assert second["next_cursor"] is None


def test_a_bad_cursor_is_refused_and_so_is_who_may_not(
    clients: ServiceUnderTest, lucia: Caller, register: Register
) -> None:
    path = f"/api/v1/clients/{register()['id']}/changes"
    for cursor in ("x", "WzFlOTld", "WyJhIl0", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ"):
        assert lucia.get(f"{path}?cursor={cursor}").status_code == 422
    assert clients.signed_in("clients.read").get(path).status_code == 403
    assert clients.anonymous().get(path).status_code == 401
    assert lucia.get(f"/api/v1/clients/{UNKNOWN}/changes").status_code == 404
