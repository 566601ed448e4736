"""Whether answers are such as the questions ask for. Pure."""

import base64
import binascii
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from services.documents.forms.questions import SHOWN_ONLY, Question, asked
from shared.api.fields import CONTROL
from shared.words import Words

MOST_TEXT = {"text": 300, "long_text": 5000}
PNG = "data:image/png;base64,"
MOST_SIGNATURE = 200_000
"""Letters of its data URL: a drawn line is some ten thousand."""
MOST_PIXELS = 4_000_000

NEEDED = Words("Please answer this.")
NO_TEXT = Words("This must be text.")
TOO_LONG = Words("This may have at most {most} characters.")
NO_NUMBER = Words("This must be a number.")
NO_DATE = Words("This must be a date, like 2026-03-02.")
NO_CHOICE = Words("Choose one of the answers.")
NO_YES_OR_NO = Words("Answer yes or no.")
NO_SIGNATURE = Words("Please sign with your finger or the mouse.")

Problems = dict[str, list[str]]


class Wrong(Exception):
    """An answer that the question does not take."""


def checked(questions: Sequence[Question], given: Mapping[str, Any]) -> tuple[dict[str, Any], Problems]:
    """What counts of the answers, and what is wrong, by the question's key.

    Answers to what is not asked are left out: a hidden question has no answer, whatever was typed before it was hidden.
    """
    kept, problems = {}, {}
    for question in asked(questions, given):
        key = question["key"]
        if question["type"] in SHOWN_ONLY:
            continue
        value = given.get(key)
        if value in (None, "", []):
            if question["required"]:
                problems[key] = [NEEDED.format()]
            continue
        try:
            kept[key] = KINDS[question["type"]](question, value)
        except Wrong as wrong:
            problems[key] = [str(wrong)]
    return kept, problems


def draft(questions: Sequence[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """What can be kept of answers that are still being typed: everything that is right so far."""
    kept = {}
    for question in questions:
        value = given.get(question["key"])
        if question["type"] in SHOWN_ONLY or value in (None, "", []):
            continue
        try:
            kept[question["key"]] = KINDS[question["type"]](question, value)
        except Wrong:
            continue
    return kept


def _text(question: Question, value: Any) -> str:
    if not isinstance(value, str) or CONTROL.search(value):
        raise Wrong(NO_TEXT.format())
    most = MOST_TEXT[question["type"]]
    if len(value) > most:
        raise Wrong(TOO_LONG.format(most=most))
    kept = value.strip()
    if not kept:
        raise Wrong(NEEDED.format())
    return kept


def _number(_: Question, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or abs(value) > 1e15:
        raise Wrong(NO_NUMBER.format())
    return value


def _date(_: Question, value: Any) -> str:
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise Wrong(NO_DATE.format()) from error


def _choice(question: Question, value: Any) -> str:
    if value not in [option["key"] for option in question["options"]]:
        raise Wrong(NO_CHOICE.format())
    return str(value)


def _choices(question: Question, value: Any) -> list[str]:
    known = [option["key"] for option in question["options"]]
    if not isinstance(value, list) or any(each not in known for each in value):
        raise Wrong(NO_CHOICE.format())
    return [key for key in known if key in value]


def _yes_or_no(_: Question, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(NO_YES_OR_NO.format())
    return value


def _signature(_: Question, value: Any) -> str:
    if not isinstance(value, str) or not value.startswith(PNG) or len(value) > MOST_SIGNATURE:
        raise Wrong(NO_SIGNATURE.format())
    try:
        drawn = base64.b64decode(value.removeprefix(PNG), validate=True)
    except binascii.Error as error:
        raise Wrong(NO_SIGNATURE.format()) from error
    if not _is_picture(drawn):
        raise Wrong(NO_SIGNATURE.format())
    return value


def _is_picture(drawn: bytes) -> bool:
    """Whether it can be printed: a broken one would be found out when nobody is there to sign again."""
    try:
        with Image.open(BytesIO(drawn), formats=("PNG",)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return False
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return False
    return True


KINDS: dict[str, Callable[[Question, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_or_no,
    "signature": _signature,
}
