"""Links that stop messages without signing in."""

from services.notifications.conftest import MARIA, ask, switch
from services.notifications.unsubscribing.tokens import Token, token_of
from shared.contracts import clients
from shared.testing.service import Caller, ServiceUnderTest

ROOT = "/api/v1/notifications/unsubscribe"


def link(service: ServiceUnderTest, kind: str = "marketing") -> str:
    return f"{ROOT}/{token_of(service.config, Token(MARIA, kind, 'email'))}"


def test_a_link_shows_and_changes_nothing_until_it_is_posted(notifications: ServiceUnderTest, lucia: Caller) -> None:
    switch(notifications, MARIA, "marketing", "email", on=True)
    stranger = notifications.anonymous()
    for _twice in range(2):
        found = stranger.get(link(notifications))
        assert (found.status_code, found.json["kind_is_on"], found.json["address_masked"]) == (
            200, True, "m•••@example.com",
        )  # fmt: skip
    for _twice in range(2):
        stopped = stranger.post(link(notifications), {})
        assert (stopped.status_code, stopped.json["kind_is_on"]) == (200, False)
    assert stopped.json["on"] == ["appointment", "service", "package", "transaction"]
    assert ask(notifications, MARIA, "marketing", "email") == "preference"
    history = lucia.get(f"/api/v1/notifications/preferences/{MARIA}/history").json["items"]
    assert (history[0]["source"], history[0]["by"]) == ("unsubscribe", f"client:{MARIA}")
    assert len(history) == 2


def test_a_link_of_one_kind_may_stop_them_all_but_what_a_contract_asks_for(notifications: ServiceUnderTest) -> None:
    stopped = notifications.anonymous().post(link(notifications, "transaction"), {"scope": "everything"})
    assert stopped.json["on"] == []
    assert ask(notifications, MARIA, "appointment", "email") == "preference"
    assert ask(notifications, MARIA, "appointment", "sms") is None
    assert ask(notifications, MARIA, "contract", "email") is None


def test_a_link_that_was_changed_or_made_up_does_nothing(notifications: ServiceUnderTest) -> None:
    good = link(notifications, "appointment")
    start, token = good.rsplit("/", 1)
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(0, len(token) - 1, 5)]
    for bad in (*changed, token[:-4], token + "AAAA", "x", "%00", "é", "A" * 60):
        assert notifications.anonymous().post(f"{start}/{bad}", {}).status_code == 404
    assert ask(notifications, MARIA, "appointment", "email") is None


def test_a_link_of_somebody_who_was_erased_is_nobodys(notifications: ServiceUnderTest) -> None:
    notifications.deliver(clients.CLIENT_ERASED, subject=MARIA, version=9)
    assert notifications.anonymous().get(link(notifications)).status_code == 404
