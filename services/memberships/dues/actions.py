"""Dues: raised with their invoice, paid by card or otherwise, and what follows from either."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.billing.pricing import Days, Line, total
from services.memberships.copies.models import Branch
from services.memberships.dues.models import Due
from services.memberships.invoices import actions as invoices
from services.memberships.memberships.models import Membership
from services.memberships.payments.models import Attempt
from services.memberships.policies.policy import Policy
from shared import clock
from shared.ids import new_id


def raise_due(
    session: Session,
    *,
    kind: str,
    client_id: UUID,
    payer_id: UUID,
    branch_id: UUID,
    employee_id: UUID | None,
    lines: Sequence[Line],
    currency: str,
    policy: Policy,
    due_on: date,
    membership: Membership | None = None,
    number: int | None = None,
    days: Days | None = None,
    gift_card_id: UUID | None = None,
) -> Due:
    """A due with its invoice. `membership`, when there is one, is locked already.

    Nothing to pay closes it at once; a total below nought goes to the balance. A card is asked by `pay_by_card`.
    """
    totals = total(lines)
    starts_on, ends_on = days or (None, None)
    due = Due(
        id=new_id(),
        version=1,
        kind=kind,
        membership_id=membership and membership.id,
        gift_card_id=gift_card_id,
        client_id=client_id,
        payer_id=payer_id,
        branch_id=branch_id,
        employee_id=employee_id,
        number=number,
        starts_on=starts_on,
        ends_on=ends_on,
        plan_id=membership and membership.plan_id,
        terms_number=membership and membership.terms_number,
        policy=policy.as_dict(),
        due_on=due_on,
        amount=max(0, totals.total),
        currency=currency,
        state="open",
        attempts=0,
        refunded=0,
        raised_at=clock.now(),
    )
    session.add(due)
    session.flush()
    branch = session.get_one(Branch, branch_id)
    [taken] = invoices.take_numbers(session, branch_id, "M")
    session.add(invoices.invoice(due, lines, totals, taken, clock.today(branch.time_zone)))
    session.flush()
    return due


def pay_by_card(session: Session, due: Due, card_id: UUID | None = None) -> Attempt | None:
    """Begins an attempt by this card, by default the membership's. None when there is no card to ask."""
    raise NotImplementedError


def settle(session: Session, due: Due, tender: str, amount: int, reference: str | None) -> None:
    """Closes an open due by other means than a card: the whole of it. Raises Invalid, Conflict."""
    raise NotImplementedError


def closed(session: Session, due: Due, attempt: Attempt | None = None) -> None:
    """What follows when a due is paid: by the attempt, which has succeeded, or settled by its tender."""
    raise NotImplementedError


def failed(session: Session, due: Due, attempt: Attempt) -> None:
    """What follows from a failed attempt: when the next is made, and where the membership stands until then."""
    raise NotImplementedError


def new_card(session: Session, membership: Membership) -> Attempt | None:
    """The membership has another card: its latest unpaid period is charged to it at once."""
    raise NotImplementedError
