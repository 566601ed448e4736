"""A client's switches by kind and channel, with what each needs to be understood."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from services.notifications.catalogue.message_type import CHANNELS, KINDS
from services.notifications.checks.rules import can_be_off
from services.notifications.settings.actions import rules_of
from services.notifications.settings.rules import Rules

Where = tuple[str, str]
"""Kind and channel."""

POINTS = text(
    "SELECT p.channel, p.address, p.address_hash, s.id AS suppression_id, s.reason AS suppressed,"
    " s.at AS suppressed_at FROM contact_points p LEFT JOIN suppressions s ON s.channel = p.channel"
    " AND s.address_hash = p.address_hash AND s.lifted_at IS NULL WHERE p.client_id = :id AND p.rank = 0"
)
CHOICES = text("SELECT kind, channel, is_on, before_stop FROM preferences WHERE client_id = :id")
CONSENTS = text("SELECT channel, address_hash, given_at, given, wording_id FROM consents WHERE client_id = :id")


@dataclass(frozen=True)
class Matrix:
    """Everything about one client's choices, as it is at one moment."""

    points: dict[str, Any]
    choices: dict[Where, Any]
    consents: dict[str, Any]
    """By channel: the one that stands for the address of today."""
    agreed_elsewhere: frozenset[str]
    """Channels on which there is a consent, but for an address that the client no longer has."""
    rules: Rules

    def is_on(self, kind: str, channel: str) -> bool:
        """Marketing is on only where the client has agreed to it at the address that they have now."""
        if not can_be_off(kind, channel):
            return True
        choice = self.choices.get((kind, channel))
        on = self.rules.is_on(kind, channel) if choice is None else bool(choice.is_on)
        return on and (kind != "marketing" or channel in self.consents)

    def all(self) -> dict[Where, bool]:
        return {(kind, channel): self.is_on(kind, channel) for kind in KINDS for channel in CHANNELS}


def matrix_of(session: Session | Connection, client_id: UUID, branch_id: UUID | None) -> Matrix:
    values = {"id": client_id}
    points = {row.channel: row for row in session.execute(POINTS, values)}
    choices = {(row.kind, row.channel): row for row in session.execute(CHOICES, values)}
    consents, elsewhere = {}, set()
    for row in session.execute(CONSENTS, values):
        point = points.get(row.channel)
        if point is not None and point.address_hash == row.address_hash:
            consents[row.channel] = row
        else:
            elsewhere.add(row.channel)
    stands = frozenset(elsewhere - consents.keys())
    return Matrix(points, choices, consents, stands, rules_of(session, [branch_id])[branch_id])
