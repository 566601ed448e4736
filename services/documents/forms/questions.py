"""What a form may ask, and whether its questions fit together. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.words import Words

Question = Mapping[str, Any]

SHOWN_ONLY = ("heading", "image")
"""Parts of a form that nobody answers."""
CHOSEN = ("choice", "choices")
TYPES = ("text", "long_text", "number", "date", *CHOSEN, "yes_no", "signature", *SHOWN_ONLY)
CAN_DECIDE = ("yes_no", *CHOSEN)
"""What another question may hang on."""
PROFILE = ("first_name", "middle_name", "last_name", "birth_date", "email", "phone")
"""What a question may take from the client's profile, and offer to it."""

TWICE = Words("Two questions have this key.")
NO_OPTIONS = Words("A choice needs at least two answers to choose from.")
OPTIONS_OF_NOTHING = Words("Only a choice has answers to choose from.")
OPTION_TWICE = Words("Two of these answers are the same.")
NO_QUESTION = Words("It hangs on a question that does not stand before it, or that nobody can decide on.")
NO_ANSWER = Words("It hangs on an answer that the other question does not have.")
NO_IMAGE = Words("There is no such picture.")
NOT_OF_PROFILE = Words("An answer of this kind does not fit this field of the profile.")
NO_FIELD = Words("Say which field of the profile the answer is for.")
NOTHING_ASKED = Words("This form asks nothing.")


def problems(questions: Sequence[Question], images: set[Any]) -> dict[str, dict[str, list[str]]]:
    """What does not fit, by the place of the question and the field; `images` are ids of pictures that are there."""
    found: dict[str, dict[str, list[str]]] = {}
    before: dict[str, Question] = {}
    for place, question in enumerate(questions):
        if faults := dict(_faults(question, before, images)):
            found[str(place)] = {field: [words.format()] for field, words in faults.items()}
        before[question["key"]] = question
    if not found and all(question["type"] in SHOWN_ONLY for question in questions):
        found["0"] = {"type": [NOTHING_ASKED.format()]}
    return found


def _faults(question: Question, before: Mapping[str, Question], images: set[Any]) -> list[tuple[str, Words]]:
    no_image = question["type"] == "image" and question["image_id"] not in images
    found = (
        ("key", TWICE if question["key"] in before else None),
        ("options", _options(question)),
        ("image_id", NO_IMAGE if no_image else None),
        ("shown_if", _condition(question["shown_if"], before)),
        ("profile", _profile(question)),
    )
    return [(field, words) for field, words in found if words is not None]


def _options(question: Question) -> Words | None:
    keys = [option["key"] for option in question["options"]]
    if question["type"] not in CHOSEN:
        return OPTIONS_OF_NOTHING if keys else None
    if len(keys) < 2:
        return NO_OPTIONS
    return OPTION_TWICE if len(set(keys)) < len(keys) else None


def _profile(question: Question) -> Words | None:
    if question["profile"] is None:
        return NO_FIELD if question["updates_profile"] else None
    wanted = "date" if question["profile"] == "birth_date" else "text"
    return None if question["type"] == wanted else NOT_OF_PROFILE


def _condition(condition: Mapping[str, Any] | None, before: Mapping[str, Question]) -> Words | None:
    if condition is None:
        return None
    other = before.get(condition["question"])
    if other is None or other["type"] not in CAN_DECIDE:
        return NO_QUESTION
    known = ["yes", "no"] if other["type"] == "yes_no" else [option["key"] for option in other["options"]]
    return None if condition["answer"] in known else NO_ANSWER


def asked(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[Question]:
    """Those that are shown, given these answers. What hangs on a hidden question is hidden, too."""
    shown: list[Question] = []
    given: dict[str, Any] = {}
    for question in questions:
        condition = question["shown_if"]
        if condition is None or _holds(condition["answer"], given.get(condition["question"])):
            shown.append(question)
            given[question["key"]] = answers.get(question["key"])
    return shown


def _holds(wanted: str, answer: Any) -> bool:
    if isinstance(answer, bool):
        return wanted == ("yes" if answer else "no")
    return wanted in answer if isinstance(answer, list) else wanted == answer
