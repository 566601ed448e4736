"""What stands on the paper of a signed form, in the language in which it was read. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from services.documents.forms.questions import Question, asked
from shared.words import Words, speaking

YES, NO = Words("Yes"), Words("No")
NOT_ANSWERED = Words("Not answered")
SIGNED_BY = Words("Signed by")
SIGNED_AT = Words("Signed at")
ADDRESS = Words("Address")
BROWSER = Words("Browser")
PROOF = Words("SHA-256 of the answers")
ON_TABLET = Words("On a tablet that staff handed over")
VERSION = Words("Version of the form")


def said(texts: Mapping[str, str], language: str, otherwise: str = "") -> str:
    """A text in this language, or in one that the chain has written it in."""
    return texts.get(language) or otherwise or next(iter(texts.values()), "")


def paper_of(
    *, chain: str, title: str, client: str, questions: Sequence[Question], signed: Any, number: int, zone: Any
) -> dict[str, Any]:
    """As `paper.typ` reads it; the pictures stand beside it under the names that the parts say."""
    language = signed.language
    with speaking(language):
        return {
            "chain": chain,
            "title": title,
            "client": client,
            "language": language,
            "proof": signed.answers_sha256,
            "words": {"proof": PROOF.format()},
            "parts": [_part(question, signed.answers, language) for question in asked(questions, signed.answers)],
            "signed": _who(client, signed, number, zone),
        }


def _part(question: Question, answers: Mapping[str, Any], language: str) -> dict[str, Any]:
    label, kind = said(question["label"], language), question["type"]
    if kind == "heading":
        return {"kind": "heading", "label": label}
    if kind == "image":
        return {"kind": "image", "label": label, "file": f"image-{question['image_id']}"}
    if kind == "signature" and question["key"] in answers:
        return {"kind": "signature", "label": label, "file": f"signature-{question['key']}.png"}
    answer = _answer(question, answers.get(question["key"]), language)
    return {"kind": "answer", "label": label, "answer": answer}


def _answer(question: Question, value: Any, language: str) -> str:
    if value is None:
        return NOT_ANSWERED.format()
    if isinstance(value, bool):
        return (YES if value else NO).format()
    if question["options"]:
        labels = {option["key"]: said(option["label"], language) for option in question["options"]}
        return ", ".join(labels[key] for key in (value if isinstance(value, list) else [value]))
    if question["type"] == "date":
        return str(format_date(date.fromisoformat(value), "long", locale=language))
    return str(format_decimal(value, locale=language)) if question["type"] == "number" else str(value)


def _who(client: str, signed: Any, number: int, zone: Any) -> list[tuple[str, str]]:
    at = format_datetime(signed.signed_at, "d MMMM y, HH:mm:ss zzzz", tzinfo=zone, locale=signed.language)
    rows = [(SIGNED_BY, client), (SIGNED_AT, at), (ADDRESS, signed.address), (BROWSER, signed.browser)]
    rows += [(VERSION, str(number)), (PROOF, signed.answers_sha256)]
    if signed.handed_over_by:
        rows.append((ON_TABLET, YES.format()))
    return [(words.format(), value) for words, value in rows if value]
