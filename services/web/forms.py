"""Forms over JSON APIs: what a person typed, under the names that the API uses, and what the API said about it.

A field's name is its way through the JSON: `phones-0-number` is `{"phones": [{"number": …}]}`. So the messages of a
problem document find their fields by themselves, whatever the form.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from services.web.backend import Refused, Unreachable
from shared.ids import new_id

Values = Mapping[str, str]


class Form:
    """What was typed, and what is wrong with it. A value that was sent is never lost."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self.values: dict[str, Any] = dict(values or {})
        self.errors: dict[str, list[str]] = {}
        self.alert = ""
        self.problem: Mapping[str, Any] = {}
        self.status = 200

    @property
    def key(self) -> str:
        """Names this try at something that moves money: made when the form is drawn first, and sent along in a hidden
        field, so that pressing the button again after a lost answer does nothing twice. A refusal uses it up."""
        return str(self.values.setdefault("key", str(new_id())))

    @classmethod
    def sent(cls) -> "Form":
        """The form of this request; a name that was sent several times is a list."""
        form: MultiDict[str, str] = request.form
        return cls({name: form.getlist(name) if name.endswith("[]") else form[name] for name in form})

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Form":
        """A form that shows what there is."""
        return cls(dict(flat(document)))

    def get(self, name: str, default: Any = "") -> Any:
        value = self.values.get(name, default)
        return default if value is None else value

    def nested(self) -> dict[str, Any]:
        """The values as the JSON that their names say."""
        return nested(self.values)

    def rows(self, name: str) -> list[int]:
        """The numbers of the rows that a repeated part has, in their order."""
        inside = (key.removeprefix(f"{name}-").partition("-") for key in self.values if key.startswith(f"{name}-"))
        return sorted({int(number) for number, _, rest in inside if rest and number.isdigit()})

    def refuse(self, name: str, text: str) -> None:
        """What the console itself has against a field."""
        self.status = 422
        self.errors[name] = [text]

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Runs a change. What a service refuses, or that it does not answer, becomes messages of this form.

        Code after a successful change belongs inside and returns from there; what follows draws the form again.
        """
        try:
            yield
        except Refused as refused:
            self.status = refused.status
            self.problem = refused.problem
            self.errors = messages(refused.fields)
            self.alert = refused.detail
            if refused.code != "in_progress":
                self.values.pop("key", None)
        except Unreachable:
            self.status = 503
            self.alert = _("This part of Foyer does not answer at the moment. What you typed is still here: try again.")


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """`{"a-0-b": 1}` is `{"a": [{"b": 1}]}`; numbered parts become lists in the order of their numbers."""
    root: dict[str, Any] = {}
    for name, value in values.items():
        *way, last = name.removesuffix("[]").split("-")
        place = root
        for part in way:
            place = place.setdefault(part, {})
        place[last] = value
    return {name: _listed(value) for name, value in root.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_listed(value[name]) for name in sorted(value, key=int)]
    return {name: _listed(inner) for name, inner in value.items()}


def flat(document: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    """The other way round; nothing for None."""
    parts: Any = ()
    if isinstance(document, Mapping):
        parts = document.items()
    elif isinstance(document, list):
        parts = enumerate(document)
    elif document is not None:
        yield way, document
    for name, value in parts:
        yield from flat(value, f"{way}-{name}" if way else str(name))


def messages(fields: Any, way: str = "") -> dict[str, list[str]]:
    """The messages of a problem document by the names of the form."""
    if isinstance(fields, list):
        return {way: [str(text) for text in fields]}
    if isinstance(fields, Mapping):
        found: dict[str, list[str]] = {}
        for name, inner in fields.items():
            found |= messages(inner, f"{way}-{name}" if way else str(name))
        return found
    return {way: [str(fields)]}


def as_row_numbers(found: dict[str, list[str]], name: str, numbers: list[int]) -> dict[str, list[str]]:
    """Messages about the n-th row, for the form where the n-th row has another number since one was taken away."""
    moved = {}
    for key, texts in found.items():
        parts = key.split("-")
        if len(parts) > 1 and parts[0] == name and parts[1].isdigit() and int(parts[1]) < len(numbers):
            parts[1] = str(numbers[int(parts[1])])
        moved["-".join(parts)] = texts
    return moved


def blank_to_none(document: dict[str, Any], *names: str) -> dict[str, Any]:
    """What was left empty, as the API says "none"."""
    return {name: None if name in names and value == "" else value for name, value in document.items()}
