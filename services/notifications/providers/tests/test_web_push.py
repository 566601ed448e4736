"""Web Push against a peer that decrypts what it gets, as a browser does."""

from services.notifications.conftest import MARIA, by_hand, deliver, state_of
from shared.testing.tokens import token

KEY = "/api/v1/notifications/push/key"
SUBSCRIPTION = "/api/v1/notifications/push/subscription"


def portal(service, client=MARIA):
    return service.with_token(token(kind="client", id=client))


def subscribed(service, push_service):
    browser = push_service.subscribe(portal(service).get(KEY).json["key"])
    given = {"endpoint": browser["endpoint"], "keys": browser["keys"]}
    assert portal(service).put(SUBSCRIPTION, given, version=None).status_code == 204
    return browser


def test_a_push_arrives_in_the_browser_that_asked_for_it(by_push, push_service):
    browser = subscribed(by_push, push_service)
    message_id = by_hand(by_push, "push", title="Tu crema", text="Ha llegado.")
    deliver(by_push, "push")
    assert state_of(by_push, message_id)[0] == "sent"
    (shown,) = push_service.shown(browser)
    assert (shown["title"], shown["body"]) == ("Tu crema", "Ha llegado.")


def test_a_browser_that_is_gone_is_forgotten(by_push, push_service):
    browser = subscribed(by_push, push_service)
    push_service.expire(browser)
    message_id = by_hand(by_push, "push")
    deliver(by_push, "push")
    assert state_of(by_push, message_id)[0] in ("failed", "bounced")
    assert by_push.rows("SELECT count(*) FROM push_subscriptions") == [0]


def test_a_browser_names_no_machine_but_a_push_service(by_push):
    for endpoint in ("http://169.254.169.254/latest", "https://localhost.evil.example/x", "file:///etc/passwd"):
        given = {"endpoint": endpoint, "keys": {"p256dh": "a", "auth": "b"}}
        assert portal(by_push).put(SUBSCRIPTION, given, version=None).status_code == 422
    assert by_push.rows("SELECT count(*) FROM push_subscriptions") == [0]
