"""The card of a service: what it owns, says, hears, and of which rooms and roles it is made.

A service's `__init__.py` holds its card and nothing else; the platform finds everything else by the rooms' file names
(`api.py`, `models.py`, `reactions.py`, `announcements.py`, `work.py`, `commands.py`). A test compares it with the code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from shared.contracts.contract import Contract

NAMES = ("directory", "clients", "memberships", "documents", "notifications", "web")


@dataclass(frozen=True)
class Card:
    name: str
    owns: str
    does_not_know: str
    rooms: tuple[str, ...]
    emits: tuple[Contract, ...] = ()
    reacts_to: tuple[Contract, ...] = ()
    roles: tuple[str, ...] = ("http", "relay", "consumer", "worker", "migrate")

    @property
    def package(self) -> str:
        return f"services.{self.name}"

    def modules(self, file: str) -> Iterator[ModuleType]:
        """The module of that name in every room that has one, in the order of the rooms."""
        for room in self.rooms:
            name = f"{self.package}.{room}.{file}"
            if find_spec(name) is not None:
                yield import_module(name)


def card(name: str) -> Card:
    """The card of a service. Raises ModuleNotFoundError when this image does not hold it."""
    found = import_module(f"services.{name}").CARD
    assert isinstance(found, Card)
    return found


def installed() -> list[Card]:
    """The cards of all services that this image holds, in the order of NAMES."""
    specs = {name: find_spec(f"services.{name}") for name in NAMES}
    return [card(name) for name, spec in specs.items() if spec and spec.origin]


def demo_of(service: Card) -> ModuleType | None:
    """`demo.py` of a service that has rows to try it with: `load(config)` brings in those that are not there yet."""
    name = f"{service.package}.demo"
    return import_module(name) if find_spec(name) else None
