"""Which memberships wait for a card of their payer, and what stands in the way of removing one."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from services.memberships.payments.models import OPEN
from services.memberships.policies.actions import policy_of

WAITING = text(
    "SELECT id, branch_id FROM memberships"
    " WHERE payer_id = :client AND lifecycle <> 'ended' AND collection IN ('waits_for_card', 'gave_up') ORDER BY id"
)
UNPAID = text(
    f"""
    SELECT DISTINCT ON (dues.membership_id) dues.membership_id, dues.id AS payment_id, dues.number AS period,
           dues.amount, dues.currency
    FROM dues
    WHERE dues.membership_id = ANY(CAST(:memberships AS uuid[])) AND dues.kind = 'period' AND dues.state = 'open'
        AND NOT EXISTS (SELECT FROM attempts WHERE attempts.due_id = dues.id AND attempts.state IN {OPEN})
    ORDER BY dues.membership_id, dues.number DESC
    """
)
NEEDED_BY = text(
    f"""
    SELECT 'attempt' AS kind, attempts.id, attempts.amount, attempts.currency
    FROM attempts WHERE attempts.card_id = :card AND attempts.state IN {OPEN}
    UNION ALL
    SELECT 'membership', id, NULL, NULL FROM memberships WHERE card_id = :card AND lifecycle <> 'ended'
    UNION ALL
    SELECT 'debt', dues.id, dues.amount, dues.currency
    FROM memberships JOIN dues ON dues.membership_id = memberships.id
    WHERE memberships.card_id = :card AND memberships.lifecycle = 'ended' AND dues.state = 'open'
    """
)


def waiting(session: Session | Connection, client_id: UUID, account: str) -> list[UUID]:
    """The memberships, paid by this client at this account of the gateway, that go on with a new card only."""
    found = session.execute(WAITING, {"client": client_id}).all()
    return [row.id for row in found if policy_of(session, row.branch_id).account == account]


def unpaid(session: Session | Connection, memberships: list[UUID]) -> list[dict[str, Any]]:
    """The latest unpaid period of each: what a new card is charged for at once."""
    return [dict(row) for row in session.execute(UNPAID, {"memberships": memberships}).mappings()]


def needed_by(session: Session | Connection, card_id: UUID) -> list[dict[str, Any]]:
    """Attempts that are on their way, memberships that go on, and what is owed of ended ones."""
    return [dict(row) for row in session.execute(NEEDED_BY, {"card": card_id}).mappings()]
