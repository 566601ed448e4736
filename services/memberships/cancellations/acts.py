"""What can be quoted of cancellations."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.memberships.cancellations import rules
from services.memberships.cancellations.models import Cancellation
from services.memberships.cancellations.rules import Facts, Paid
from services.memberships.credits import actions as credits
from services.memberships.credits.models import Credit
from services.memberships.dues.models import Due
from services.memberships.memberships.known import Known, look
from services.memberships.memberships.models import Membership
from services.memberships.quotes.act import Act, Inputs, register
from shared.api.fields import Shape, Text, fields, validate

PAID = ("paid", "settled")


class Cancelling(Shape):
    membership_id = fields.UUID(required=True)
    at = fields.String(load_default="period_end", validate=validate.OneOf(rules.AT))
    waive = fields.Boolean(load_default=False, metadata={"description": "let the fee go; needs a reason"})
    waive_reason = Text(500, lines=True, empty=True, load_default="")
    reason = Text(500, lines=True, empty=True, load_default="")


def gather(session: Session, inputs: Inputs, lock: bool) -> Facts:
    known = look(session, UUID(str(inputs["membership_id"])), lock=lock)
    waits = select(Cancellation.ends_on).where(
        Cancellation.membership_id == known.membership_id, Cancellation.state == "waiting"
    )
    is_period = Due.kind == "period"
    billed = session.execute(
        select(
            func.max(Due.ends_on).filter(is_period).label("until"),
            func.count().filter(is_period, Due.state.in_(PAID)).label("payments"),
            func.coalesce(func.sum(Due.amount).filter(Due.state == "open"), 0).label("arrears"),
        ).where(Due.membership_id == known.membership_id)
    ).one()
    return Facts(
        known=known,
        waits_until=session.scalar(waits),
        paid_until=billed.until,
        payments=billed.payments,
        arrears=int(billed.arrears),
        paid=_paid(session, known),
        lapsing=_lapsing(session, known),
    )


def _lapsing(session: Session, known: Known) -> tuple[dict[str, Any], ...]:
    left = credits.left_of(session, session.get_one(Membership, known.membership_id))
    return tuple(
        {"service_id": credit.service_id, "category": credit.category, "available": credit.available} for credit in left
    )


def _paid(session: Session, known: Known) -> tuple[Paid, ...]:
    earned = (
        select(Credit.due_id, func.sum(Credit.quantity).label("issued"), func.sum(Credit.used).label("used"))
        .where(Credit.membership_id == known.membership_id)
        .group_by(Credit.due_id)
        .subquery()
    )
    found = session.execute(
        select(Due, earned.c.issued, earned.c.used)
        .outerjoin(earned, earned.c.due_id == Due.id)
        .where(Due.membership_id == known.membership_id, Due.kind == "period", Due.ends_on > known.today)
        .where(Due.state.in_(PAID))
        .order_by(Due.number)
    )
    return tuple(
        Paid(due.id, (due.starts_on, due.ends_on), due.amount - due.refunded, issued or 0, used or 0)
        for due, issued, used in found
    )


NEEDS = "memberships.cancel"
CANCELLATION = register(Act("cancellation", NEEDS, Cancelling, gather, rules.cancel))
