"""A section of the settings: one noun of another service, listed in a table and changed in a dialog.

What all sections do alike is here and in `views`; what one of them knows is given to it as texts and functions.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.web import conflict
from services.web.backend import Refused, ask, everything
from services.web.forms import Form

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    name: str
    """In the address, to sort by."""
    label: str
    show: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    """What to sort by, where that is not the text shown."""

    def order(self, row: Row) -> Any:
        return self.sort(row) if self.sort else self.show(row).casefold()


@dataclass(frozen=True)
class Field:
    """A field of the API in a person's words."""

    label: str
    said: Callable[[Any], str] = str


@dataclass(frozen=True)
class Section:
    key: str
    """In the address, and of the template with its fields."""
    icon: str
    service: str
    path: str
    """Below /api/v1/."""
    writes: str
    """The permission to change."""
    title: str
    about: str
    """One line under the title."""
    one: str
    """On the button that adds one."""
    consequence: str
    """What retiring or removing one means."""
    columns: Callable[[], list[Column]]
    fields: Callable[[], Mapping[str, Field]]
    """What the form holds, by its names in the API."""
    form: Callable[[Row], Form]
    """The form that shows a row; of an empty mapping, that of a new one."""
    document: Callable[[Form], dict[str, Any]]
    """What was typed, as the API takes it."""
    choices: Callable[[Form], dict[str, Any]] = lambda form: {}
    """What the form's pickers offer."""
    place_errors: Callable[[Form], None] = lambda form: None
    """Messages about entries that the form does not show one by one go to a field that it does show."""
    can_retire: bool = True
    """Whether a row is set inactive, and never removed."""
    has_door_to_one: bool = True
    """Whether the API shows a row alone, too."""

    def rows(self) -> list[dict[str, Any]]:
        return everything(self.service, self.path)

    def row(self, row_id: str) -> dict[str, Any]:
        """Raises Refused when there is none."""
        if self.has_door_to_one:
            return dict(ask(self.service, f"{self.path}/{row_id}"))
        found = next((row for row in self.rows() if row["id"] == row_id), None)
        if found is None:
            raise Refused(404)
        return found

    def label(self, field: str) -> str:
        return self.fields()[field].label

    def said(self, field: str, value: Any) -> str:
        """A value in words; nothing for none."""
        return "" if value in (None, "", [], {}) else self.fields()[field].said(value)


def plain(field: str, value: Any) -> Any:
    """What is compared of a field: the lists of the settings are sets, so their order means nothing."""
    found = conflict.plain(field, value)
    return sorted(json.dumps(one, sort_keys=True) for one in found) if isinstance(found, list) else found


def whole(text: str) -> Any:
    """A whole number; anything else goes to the API as it is, which says what is wrong with it."""
    return int(text) if text.strip().isdecimal() else text


def joined(parts: Iterable[str], most: int = 3) -> str:
    """The first few, and how many more there are."""
    found = list(parts)
    return ", ".join(found[:most]) + (f" +{len(found) - most}" if len(found) > most else "")
