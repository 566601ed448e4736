"""The table of message types as people read it in the docs. Pure."""

from collections.abc import Iterable
from pathlib import Path

from services.notifications.catalogue.message_type import LANES, MessageType
from services.notifications.catalogue.types import TYPES
from shared.contracts.contract import Contract

FILE = Path(__file__).with_name("TABLE.md")
HEAD = """# Messages

One row per type of message, written by `python -m services notifications catalogue`.
A message is unique by its type, its recipient, its channel and its key.

| type | called for by | kind | channels | can be off | lane | greatest age | not after | withdrawn by | key |
|---|---|---|---|---|---|---|---|---|---|
"""


def table() -> str:
    return HEAD + "".join(f"| {' | '.join(_row(kind))} |\n" for kind in TYPES.values())


def _row(kind: MessageType) -> tuple[str, ...]:
    return (
        f"`{kind.name}`",
        _types(kind.on) or "by hand",
        kind.kind,
        ", ".join(kind.channels),
        "yes" if kind.can_be_off else "no",
        LANES[kind.lane],
        f"{kind.greatest_age.total_seconds() / 3600:g} h",
        f"`{kind.not_after}`" if kind.not_after else "",
        _types(kind.withdrawn_by),
        f"`{kind.key}`",
    )


def _types(contracts: Iterable[Contract]) -> str:
    return ", ".join(f"`{contract.type}`" for contract in contracts)
