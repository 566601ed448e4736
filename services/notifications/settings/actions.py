"""Reads what holds, and changes the chain's or a branch's own settings."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from services.notifications.copies.models import Branch
from services.notifications.settings.models import SettingsRow
from services.notifications.settings.rules import Rules
from shared import layers
from shared.errors import Invalid
from shared.words import Words

NO_DAY = Words("The day must begin before it ends.")


def rules_of(session: Session | Connection, branch_ids: Iterable[UUID | None]) -> dict[UUID | None, Rules]:
    """What holds for each of these branches; None asks for the chain's."""
    found = layers.layers_of(session, SettingsRow, branch_ids)
    return {branch: Rules.of(*said) for branch, said in found.items()}


def set_own(session: Session, branch_id: UUID | None, given: dict[str, Any], expected: int | None) -> None:
    """What the chain or the branch says itself, in place of what it said before; the rest holds as above it.

    Raises NotFound for no branch, Stale, and Invalid for a day that ends before it begins.
    """

    def check(places: list[UUID | None]) -> None:
        for rules in rules_of(session, places).values():
            opens, closes = rules.day
            if opens >= closes:
                raise Invalid(NO_DAY, fields={"closes": [NO_DAY.format()]})

    layers.set_own(
        session, SettingsRow, branch_id, given, expected, kind="message_settings", branches=Branch, check=check
    )
