"""What moves money is done once, however often it is asked for."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from shared import clock, kept_answers
from shared.api.tests.conftest import OTHER_TILL, TILL
from shared.card import installed
from shared.config import load
from shared.erasure import forget_bodies
from shared.roles import worker
from shared.testing.eventually import eventually
from shared.testing.service import Answer
from shared.words import speak

KEY = "0197a3c4-5a00-7000-8000-000000000001"
SAID = ("Content-Type", "ETag")


def test_the_same_request_twice_has_one_effect_and_the_same_answer(shop, pay):
    first, second = pay(25, KEY), pay(25, KEY)
    assert first.status_code == second.status_code == 201
    assert first.json["taken"] == 25
    assert second.data == first.data
    assert (
        [second.headers[name] for name in SAID] == [first.headers[name] for name in SAID] == ["application/json", '"7"']
    )
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers.getlist("Idempotency-Replayed") == ["true"]
    assert second.headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert second.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    assert shop.payments() == [25]


def test_a_key_that_was_used_for_something_else_is_refused(shop, pay):
    pay(25, KEY)
    answer = pay(26, KEY)
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert pay(25, KEY, query_string="force=true").status_code == 422
    assert shop.payments() == [25]


@pytest.mark.parametrize("key", [None, "", "short", "x" * 101, "with a space", '"0197a3c4-5a00"'])
def test_nothing_is_taken_without_a_good_key_and_it_is_said_what_to_send(shop, pay, key):
    answer = pay(25, None, headers={} if key is None else {"Idempotency-Key": key})
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_needed")
    assert "Idempotency-Key: 8 to 100 letters" in answer.json["detail"]
    assert shop.payments() == []


def test_a_key_belongs_to_one_person_and_one_path(shop, pay):
    answers = [pay(25, KEY), pay(25, KEY, till=OTHER_TILL), pay(25, KEY, by=shop.clerk(id=UUID(int=9)))]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert shop.payments() == [25] * 3


def test_a_refusal_has_no_effect_and_leaves_the_key_for_a_corrected_request(shop, pay):
    assert pay(2000, KEY).status_code == 409
    assert pay("much", KEY).status_code == 422
    assert shop.payments() == []
    assert pay(25, KEY).status_code == 201


def test_who_may_not_is_told_nothing_of_what_was_answered(shop, pay):
    pay(25, KEY)
    stranger = shop.clerk(grants=[])
    assert pay(25, KEY, by=stranger).status_code == 403


def test_while_the_first_is_at_it_the_second_is_told_to_wait_and_then_gets_its_answer(shop, pay):
    with paying_is_held_up(shop, lambda: pay(25, KEY)) as answers:
        meanwhile = pay(25, KEY)
        assert (meanwhile.status_code, meanwhile.json["code"]) == (409, "in_progress")
        assert meanwhile.headers["Retry-After"] == "1"
        assert pay(26, till=OTHER_TILL).status_code == 201, "others are held up too"
    [first] = answers
    assert pay(25, KEY).data == first.data
    assert shop.payments() == [25, 26]


def test_a_crash_between_the_effect_and_the_answer_leaves_neither(shop, pay):
    with paying_is_held_up(shop, lambda: pay(25, KEY)) as answers, psycopg.connect(shop.url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (shop.waiting()[0],))
    assert answers[0].status_code == 503
    assert shop.payments() == []
    again = pay(25, KEY)
    assert again.status_code == 201
    assert "Idempotency-Replayed" not in again.headers
    assert shop.payments() == [25]


@contextmanager
def paying_is_held_up(shop, do: Callable[[], Answer]) -> Iterator[list[Answer]]:
    """Beside the block `do` has taken the money and waits for the till; when the block has ended it has answered."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(do()))
    with psycopg.connect(shop.url) as till:
        till.execute("SELECT 1 FROM tills WHERE id = %s FOR NO KEY UPDATE", (TILL,))
        thread.start()
        eventually(shop.waiting)
        yield answers
    thread.join(30)


def test_an_answer_is_kept_for_a_day_and_then_forgotten(shop, pay, travel_to):
    pay(25, KEY)
    travel_to(clock.now() + timedelta(hours=23, minutes=59))
    assert kept_answers.forget_old(shop.database) is False
    assert pay(25, KEY, by=shop.clerk()).headers["Idempotency-Replayed"] == "true"
    travel_to(clock.now() + timedelta(minutes=2))
    assert kept_answers.forget_old(shop.database) is True
    assert shop.ask("SELECT count(*) FROM idempotency_keys") == [0]


def test_every_worker_forgets_old_answers(database):
    for card in installed():
        if "worker" in card.roles:
            made = worker(card, load(card.name, {"FOYER_DATABASE_URL": database}))
            assert kept_answers.forget_old in [duty.run for duty in made.duties]


def test_the_answers_about_a_person_are_erased_with_them(shop, pay):
    by_path, by_answer, other = pay(1), pay(2, till=OTHER_TILL), pay(3, till=OTHER_TILL)
    with shop.database.transaction() as session:
        assert forget_bodies(session, TILL) == 1
        assert forget_bodies(session, UUID(by_answer.json["id"])) == 1
    kept = [bytes(answer) for answer in shop.ask("SELECT answer FROM idempotency_keys")]
    assert kept == [other.data]
    assert by_path.data not in kept


def test_the_document_says_it_of_the_routes_that_take_a_key_and_of_no_other(shop):
    document = shop.clerk().get("/api/v1/shop/openapi.json").json
    takes = document["paths"]["/api/v1/shop/tills/{till_id}/payments"]["post"]
    [key] = [parameter for parameter in takes["parameters"] if parameter["name"] == "Idempotency-Key"]
    assert key["required"]
    assert key["schema"] == {
        "type": "string", "minLength": 8, "maxLength": 100, "pattern": "^[A-Za-z0-9._:-]{8,100}$"
    }  # fmt: skip
    assert {"400", "409", "422"} <= takes["responses"].keys()
    assert set(takes["responses"]["201"]["headers"]) == {"X-Request-ID", "ETag", "Idempotency-Replayed"}
    opens = document["paths"]["/api/v1/shop/tills"]["post"]
    assert "Idempotency" not in str(opens)
    assert "409" not in opens["responses"]


def test_it_is_said_in_spanish_too(shop, pay):
    answer = pay(25, None, headers={"Accept-Language": "es"})
    speak("en")
    assert answer.json["detail"].startswith("Di de qué es este intento, con la cabecera Idempotency-Key")
