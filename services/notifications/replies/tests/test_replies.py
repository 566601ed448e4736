"""Replies are shown to staff until somebody has read them, to those who may know of the client."""

from datetime import timedelta

import time_machine

from services.notifications.conftest import CARLOS
from services.notifications.replies import actions
from services.notifications.replies.work import purge
from shared import clock
from shared.actor import Context, acting
from shared.testing.service import ServiceUnderTest

ROOT = "/api/v1/notifications/replies"
BODIES = ["¿Puedo ir a las 5?", "Gracias", "¿Tenéis aparcamiento?"]


def answer(service: ServiceUnderTest, *bodies: str) -> None:
    """Somebody writes back, from a number that nobody here has."""
    with acting(Context("service:notifications", "event")), service.database.transaction() as session:
        for body in bodies:
            actions.take(session, f"SM {body}", "+34612345678", body)


def bodies(service: ServiceUnderTest, **query) -> list[str]:
    found = service.signed_in("messages.read").get(ROOT, query_string=query).json
    return [each["body"] for each in found["items"]]


def test_a_reply_is_unread_until_the_first_says_that_they_have_read_it(notifications: ServiceUnderTest) -> None:
    answer(notifications, *BODIES)
    assert bodies(notifications) == bodies(notifications, unread="true") == BODIES[::-1]
    lucia = notifications.signed_in("messages.read", "messages.send")
    (newest,) = lucia.get(f"{ROOT}?limit=1").json["items"]
    assert (newest["read_at"], newest["read_by"]) == (None, None)
    read = lucia.put(f"{ROOT}/{newest['id']}/read", version=None)
    assert (read.status_code, read.json["read_by_name"]) == (200, "Lucía Ortega")
    again = notifications.signed_in("messages.send", id=CARLOS)
    assert again.put(f"{ROOT}/{newest['id']}/read", version=None).json == read.json
    assert bodies(notifications, unread="true") == BODIES[1::-1]
    assert len(bodies(notifications)) == 3
    assert notifications.rows("SELECT count(*) FROM audit WHERE kind = 'reply' AND version = 2") == [1]


def test_who_only_looks_marks_nothing(notifications: ServiceUnderTest) -> None:
    answer(notifications, "Hola")
    (reply_id,) = notifications.rows("SELECT id FROM replies")
    assert notifications.signed_in("messages.read").put(f"{ROOT}/{reply_id}/read", version=None).status_code == 403
    unknown = notifications.signed_in("messages.send").put(f"{ROOT}/{CARLOS}/read", version=None)
    assert unknown.status_code == 404


def test_words_and_numbers_are_forgotten_after_90_days(notifications: ServiceUnderTest) -> None:
    answer(notifications, "Hola")
    purge(notifications.database)
    assert bodies(notifications) == ["Hola"]
    with time_machine.travel(clock.now() + timedelta(days=91), tick=True):
        purge(notifications.database)
        assert bodies(notifications) == [None]
    assert notifications.rows("SELECT number FROM replies") == [None]
