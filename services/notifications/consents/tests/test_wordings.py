"""The words of consent over HTTP."""

from services.notifications.conftest import MARIA, switch
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/notifications/consent-wordings"


def test_new_words_are_a_new_version_and_who_agreed_before_agreed_to_the_old_ones(
    notifications: ServiceUnderTest, lucia: Caller
) -> None:
    switch(notifications, MARIA, "marketing", "sms", on=True)
    before = lucia.get("/api/v1/notifications/preferences/" + str(MARIA)).json["wordings"]
    made = lucia.post(f"{ROOT}/sms/es", {"text": "Sí, quiero ofertas por SMS."})
    assert (made.status_code, made.json["number"]) == (201, 2)
    assert lucia.post(f"{ROOT}/sms/es", {"text": "Sí, quiero ofertas por SMS."}).json["id"] == made.json["id"]
    now = {(each["channel"], each["language"]): each for each in lucia.get(ROOT).json["items"]}
    assert (len(now), now["sms", "es"]["text"]) == (6, "Sí, quiero ofertas por SMS.")
    (change,) = lucia.get(f"/api/v1/notifications/preferences/{MARIA}/history").json["items"]
    assert change["wording"]["number"] == 1
    switch(notifications, MARIA, "marketing", "sms", on=False)
    old = next(each["id"] for each in before if each["channel"] == "sms")
    late = switch(notifications, MARIA, "marketing", "sms", on=True, wording_id=old, given="paper")
    assert late.status_code == 422


def test_only_who_keeps_the_settings_of_the_chain_changes_the_words(notifications: ServiceUnderTest) -> None:
    for caller in (notifications.signed_in("preferences.write"), notifications.signed_in("preferences.read")):
        assert caller.post(f"{ROOT}/sms/es", {"text": "x"}).status_code == 403
    assert notifications.signed_in("messages.settings.write").post(f"{ROOT}/fax/es", {"text": "x"}).status_code == 404
