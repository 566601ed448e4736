"""What fits together in a form, and what is asked given what was answered."""

import pytest

from services.documents.filling.answers import checked, draft
from services.documents.forms.questions import asked, problems

PLAIN = {"help": {}, "required": False, "options": [], "shown_if": None, "profile": None, "updates_profile": False}


SIGNATURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAFUlEQVR4nGP8//8/A27AhEduBEsD"
    "AKXjAxF9kqZqAAAAAElFTkSuQmCC"
)


def question(key, type="text", **more):
    return PLAIN | {"key": key, "type": type, "label": {"es": key}, "image_id": None} | more


def options(*keys):
    return [{"key": key, "label": {"es": key}} for key in keys]


PREGNANT = question("pregnant", "yes_no", required=True)
WEEKS = question("weeks", "number", required=True, shown_if={"question": "pregnant", "answer": "yes"})
DOCTOR = question("doctor", shown_if={"question": "weeks_known", "answer": "yes"})


@pytest.mark.parametrize(
    ("questions", "place", "field"),
    [
        ([question("a"), question("a")], "1", "key"),
        ([question("a", "choice", options=options("one"))], "0", "options"),
        ([question("a", options=options("one", "two"))], "0", "options"),
        ([question("a", "choices", options=options("one", "one"))], "0", "options"),
        ([question("a", "image")], "0", "image_id"),
        ([WEEKS, PREGNANT], "0", "shown_if"),
        ([question("a"), question("b", shown_if={"question": "a", "answer": "yes"})], "1", "shown_if"),
        ([PREGNANT, question("b", shown_if={"question": "pregnant", "answer": "maybe"})], "1", "shown_if"),
        ([question("a", "number", profile="phone")], "0", "profile"),
        ([question("a", "text", profile="birth_date")], "0", "profile"),
        ([question("a", updates_profile=True)], "0", "profile"),
        ([question("a", "heading")], "0", "type"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place_and_field(questions, place, field):
    found = problems(questions, set())
    assert (list(found), list(found[place])) == ([place], [field])


def test_what_hangs_on_a_hidden_question_is_hidden_too():
    third = question("due", "yes_no", shown_if={"question": "pregnant", "answer": "yes"})
    fourth = question("when", "date", shown_if={"question": "due", "answer": "yes"})
    questions = [PREGNANT, third, fourth]
    assert [each["key"] for each in asked(questions, {"pregnant": False, "due": True})] == ["pregnant"]
    assert len(asked(questions, {"pregnant": True, "due": True})) == 3


def test_an_answer_to_what_is_not_asked_does_not_count():
    assert checked([PREGNANT, WEEKS], {"pregnant": False, "weeks": 12}) == ({"pregnant": False}, {})
    kept, found = checked([PREGNANT, WEEKS], {"pregnant": True})
    assert (kept, list(found)) == ({"pregnant": True}, ["weeks"])


@pytest.mark.parametrize(
    ("type", "right", "wrong"),
    [
        ("text", "x", 3),
        ("long_text", "x\ny", "x" * 5001),
        ("number", 1.5, True),
        ("date", "2026-03-02", "2026-02-30"),
        ("choice", "one", "three"),
        ("choices", ["two", "one"], ["three"]),
        ("yes_no", False, "no"),
        ("signature", SIGNATURE, "data:image/png;base64,iVBORw0KGgo="),
    ],
)
def test_each_kind_of_question_takes_its_answers_and_no_others(type, right, wrong):
    it = question("a", type, options=options("one", "two") if type in ("choice", "choices") else [])
    assert checked([it], {"a": right})[1] == {}
    assert list(checked([it], {"a": wrong})[1]) == ["a"]
    assert draft([it], {"a": wrong}) == {}
