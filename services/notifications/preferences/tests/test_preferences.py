"""How a client wants to be spoken to, over HTTP."""

from typing import Any
from uuid import UUID

import pytest

from services.notifications.conftest import CARLOS, MARIA, UNKNOWN, address_of, ask, switch
from shared.contracts.notifications import PREFERENCES_CHANGED
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/notifications/preferences"


def path(client_id: UUID = MARIA) -> str:
    return f"{ROOT}/{client_id}"


def shown(caller: Caller, kind: str, channel: str, client_id: UUID = MARIA) -> dict[str, Any]:
    switches = caller.get(path(client_id)).json["switches"]
    return next(each for each in switches if (each["kind"], each["channel"]) == (kind, channel))


def wording(caller: Caller, channel: str) -> str:
    return next(each["id"] for each in caller.get(path()).json["wordings"] if each["channel"] == channel)


def test_who_has_chosen_nothing_hears_of_everything_but_offers(lucia: Caller) -> None:
    answer = lucia.get(path())
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"0"')
    on = {each["kind"] for each in answer.json["switches"] if each["on"]}
    assert on == {"appointment", "service", "package", "transaction", "contract"}
    assert not any(each["chosen"] for each in answer.json["switches"])
    assert [point["channel"] for point in answer.json["points"]] == ["email", "sms", "push"]
    assert {each["language"] for each in answer.json["wordings"]} == {"es"}


def test_a_switch_that_moves_leaves_a_row_that_tells_who_when_where_and_for_which_number(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    answer = lucia.put(path(), {"switches": [{"kind": "appointment", "channel": "sms", "on": False}]}, version=0)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert shown(lucia, "appointment", "sms")["last"]["by_name"] == "Lucía Ortega"
    (change,) = lucia.get(f"{path()}/history").json["items"]
    assert (change["kind"], change["channel"], change["was"], change["now"]) == ("appointment", "sms", True, False)
    assert (change["by_name"], change["source"], change["address"]) == ("Lucía Ortega", "api", "+34612345678")
    (event,) = notifications.emitted(PREFERENCES_CHANGED)
    assert (event.subject, event.version) == (str(MARIA), 1)
    assert event.data["switches"] == [{"kind": "appointment", "channel": "sms", "on": False}]
    assert ask(notifications, MARIA, "appointment", "sms") == "preference"
    assert ask(notifications, MARIA, "appointment", "email") is None


def test_what_is_switched_to_where_it_was_leaves_no_row(notifications: ServiceUnderTest, lucia: Caller) -> None:
    lucia.put(path(), {"switches": [{"kind": "appointment", "channel": "sms", "on": True}]})
    assert lucia.get(f"{path()}/history").json["items"] == []
    assert notifications.emitted(PREFERENCES_CHANGED) == []


def test_marketing_is_switched_on_with_the_words_that_were_agreed_to_and_how(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    assert ask(notifications, MARIA, "marketing", "sms") == "no_consent"
    assert ask(notifications, MARIA, "package", "sms", promotional=True) == "no_consent"
    bare = lucia.put(path(), {"switches": [{"kind": "marketing", "channel": "sms", "on": True}]})
    assert (bare.status_code, list(bare.json["errors"]["switches"]["0"])) == (422, ["on"])
    wrong = {"kind": "marketing", "channel": "sms", "on": True, "wording_id": wording(lucia, "email"), "given": "paper"}
    assert lucia.put(path(), {"switches": [wrong]}).status_code == 422
    right = wrong | {"wording_id": wording(lucia, "sms")}
    assert lucia.put(path(), {"switches": [right]}).status_code == 200
    assert shown(lucia, "marketing", "sms")["on"]
    (change,) = lucia.get(f"{path()}/history").json["items"]
    assert (change["given"], change["wording"]["number"], change["wording"]["language"]) == ("paper", 1, "es")
    assert "BAJA" in change["wording"]["text"]
    assert ask(notifications, MARIA, "marketing", "sms") is None
    assert ask(notifications, MARIA, "package", "sms", promotional=True) is None
    assert ask(notifications, MARIA, "marketing", "email") == "no_consent"


def test_a_new_address_has_no_consent_and_the_old_one_has_it_still(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    switch(notifications, MARIA, "marketing", "email", on=True)
    address_of(notifications, MARIA, email="other@example.com")
    found = shown(lucia, "marketing", "email")
    assert (found["on"], found["agreed_elsewhere"]) == (False, True)
    assert ask(notifications, MARIA, "marketing", "email") == "no_consent"
    assert ask(notifications, MARIA, "transaction", "email") is None


def test_two_people_who_change_the_same_client_do_not_overwrite_each_other(lucia: Caller) -> None:
    assert lucia.put(path(), {"switches": [{"kind": "service", "channel": "sms", "on": False}]}, version=0).status_code
    late = lucia.put(path(), {"switches": [{"kind": "package", "channel": "sms", "on": False}]}, version=0)
    assert (late.status_code, late.json["version"]) == (412, 1)
    assert list(late.json["changes"][0]["changes"]) == ["service.sms"]
    assert late.json["changes"][0]["actor_name"] == "Lucía Ortega"
    assert shown(lucia, "package", "sms")["on"]


def test_what_concerns_contracts_and_security_always_goes_by_email(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    answer = lucia.put(path(), {"switches": [{"kind": "contract", "channel": "email", "on": False}]})
    assert (answer.status_code, "always" in answer.json["detail"]) == (422, True)
    assert switch(notifications, MARIA, "contract", "sms", on=False).status_code == 200
    assert ask(notifications, MARIA, "contract", "sms") == "preference"
    assert ask(notifications, MARIA, "contract", "email") is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"switches": []}, "switches"),
        ({}, "switches"),
        ({"switches": [{"kind": "weather", "channel": "sms", "on": True}]}, "switches"),
        ({"switches": [{"kind": "service", "channel": "fax", "on": True}]}, "switches"),
        ({"switches": [{"kind": "service", "channel": "sms", "on": "yes"}]}, "switches"),
        ({"marketing": True}, "switches"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(given: dict, field: str, lucia: Caller) -> None:
    answer = lucia.put(path(), given)
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert lucia.get(path()).json["version"] == 0


def test_who_may_only_look_changes_nothing(notifications: ServiceUnderTest) -> None:
    reader = notifications.signed_in("preferences.read")
    given = {"switches": [{"kind": "service", "channel": "sms", "on": False}]}
    assert reader.get(path()).status_code == 200
    assert reader.put(path(), given).status_code == 403
    assert reader.get(path(UNKNOWN)).status_code == 404
    assert notifications.anonymous().get(path()).status_code == 401
    assert reader.put(path(CARLOS), given, version=None).status_code == 403


def test_a_client_sets_their_own_preferences_in_the_portal_and_nobody_elses(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    maria = notifications.signed_in(id=MARIA, kind="client", language="en")
    own = "/api/v1/notifications/portal/preferences"
    found = maria.get(own)
    assert (found.status_code, {each["language"] for each in found.json["wordings"]}) == (200, {"en"})
    words = next(each["id"] for each in found.json["wordings"] if each["channel"] == "email")
    agreed = {"kind": "marketing", "channel": "email", "on": True, "wording_id": words}
    assert maria.put(own, {"switches": [agreed]}, version=0).status_code == 200
    (change,) = lucia.get(f"{path()}/history").json["items"]
    assert (change["source"], change["given"], change["by"]) == ("portal", "online", f"client:{MARIA}")
    assert maria.get(path(CARLOS)).status_code == 403
    assert lucia.get(own).status_code == 403
