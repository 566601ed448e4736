"""What staff change of credits: their status and expiry (P22)."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch
from services.memberships.credits.ledger import write
from services.memberships.credits.models import Credit, CreditMovement
from shared import clock
from shared.contracts.memberships import CREDIT_CHANGED
from shared.errors import Invalid
from shared.words import Words

IN_THE_PAST = Words("This day is over. The first possible one is tomorrow.")
LATER_EXPIRY = Words("These credits have expired. Choose a later expiry, too.")

Given = dict[str, Any]


def change(session: Session, credit: Credit, given: Given) -> None:
    """Another status or expiry of a locked lot. Raises Invalid for a day that is over.

    Withdrawn, what is left lapses; active again, or with a later expiry after it had expired, it comes back.
    """
    today = clock.today(session.get_one(Branch, credit.branch_id).time_zone)
    expires_on = given.get("expires_on", credit.expires_on)
    if "expires_on" in given and expires_on is not None and expires_on <= today:
        raise Invalid(IN_THE_PAST, fields={"expires_on": [IN_THE_PAST.format()]})
    status = given.get("status") or ("active" if _revives(credit, given) else credit.status)
    if status == "active" and expires_on is not None and expires_on <= today:
        raise Invalid(LATER_EXPIRY, fields={"expires_on": [LATER_EXPIRY.format()]})
    if (status, expires_on) != (credit.status, credit.expires_on):
        kind, quantity = _movement(session, credit, status)
        reason: str = given["reason"]
        write(session, credit, kind, quantity, CREDIT_CHANGED, reason=reason, status=status, expires_on=expires_on)


def _revives(credit: Credit, given: Given) -> bool:
    return credit.status == "expired" and "expires_on" in given


def _movement(session: Session, credit: Credit, status: str) -> tuple[str, int]:
    """What the change of status moves. What went over into another period, or was removed, does not come back."""
    if status == "withdrawn":
        return "withdrawn", credit.available
    if credit.status in {"withdrawn", "expired"}:
        removed = select(func.coalesce(func.sum(CreditMovement.quantity), 0))
        removed = removed.where(CreditMovement.credit_id == credit.id, CreditMovement.kind == "removed")
        return "restored", credit.lapsed - credit.rolled_over - session.scalars(removed).one()
    return "changed", 0
