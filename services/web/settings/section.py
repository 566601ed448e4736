"""A section of the settings: one noun of another service, listed in a table and changed in a dialog."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.web.backend import ask, everything
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


class Section:
    """What all sections do alike. A subclass says what its rows look like and how its form becomes a document."""

    key: str
    icon: str
    service: str
    path: str
    """Below /api/v1/."""
    writes: str
    """The permission to change."""
    can_retire = True
    """Whether a row is set inactive, and never removed."""

    def title(self) -> str:
        raise NotImplementedError

    def about(self) -> str:
        """One line under the title."""
        raise NotImplementedError

    def one(self) -> str:
        """The text of the button that adds one."""
        raise NotImplementedError

    def consequence(self) -> str:
        """What retiring or removing one means."""
        raise NotImplementedError

    def columns(self) -> list[Column]:
        raise NotImplementedError

    def rows(self) -> list[dict[str, Any]]:
        return everything(self.service, self.path)

    def row(self, row_id: str) -> dict[str, Any]:
        found: dict[str, Any] = ask(self.service, f"{self.path}/{row_id}")
        return found

    def form(self, row: Row) -> Form:
        """The form that shows a row; of an empty mapping, that of a new one."""
        return Form.of(row)

    def choices(self, form: Form) -> dict[str, Any]:
        """What the form's pickers offer."""
        return {}

    def document(self, form: Form) -> dict[str, Any]:
        """What was typed, as the API takes it."""
        raise NotImplementedError

    def place_errors(self, form: Form) -> None:
        """Messages about entries that the form does not show one by one go to a field that it does show."""


def whole(text: str) -> Any:
    """A whole number; anything else goes to the API as it is, which says what is wrong with it."""
    return int(text) if text.strip().isdecimal() else text


def joined(parts: Iterable[str], most: int = 3) -> str:
    """The first few, and how many more there are."""
    found = list(parts)
    return ", ".join(found[:most]) + (f" +{len(found) - most}" if len(found) > most else "")
