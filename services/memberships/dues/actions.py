"""What others ask of dues: raise one, take it by card, close it otherwise. Callers have locked the membership."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.balances import actions as balances
from services.memberships.billing.pricing import Days, Line
from services.memberships.dues import failing
from services.memberships.dues.asking import cards_for
from services.memberships.dues.closing import Closing, close_all
from services.memberships.dues.models import Due
from services.memberships.dues.raising import SPENT, draft, write_all
from services.memberships.memberships.models import Membership
from services.memberships.payments import actions as payments
from services.memberships.payments.models import Attempt
from services.memberships.plans.preview import money
from services.memberships.policies.policy import Policy
from shared.actor import current
from shared.errors import Conflict, Invalid
from shared.words import Words

NOT_OPEN = Words("This payment is closed already.")
WHOLE_ONLY = Words("The whole amount is paid at once: {amount}.")


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
    """A due with its invoice; `lines` are at least one.

    Nothing to pay, or what the balance pays, closes it at once; a total below nought goes to the balance. For what is
    left open a card is asked by `pay_by_card`, or the desk takes it by `settle`.
    """
    starts_on, ends_on = days or (None, None)
    drafted = draft(
        policy=policy,
        lines=lines,
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
        due_on=due_on,
        currency=currency,
    )
    write_all(session, [drafted])
    return drafted.due


def pay_by_card(session: Session, due: Due, card_id: UUID | None = None) -> Attempt | None:
    """Begins an attempt at an open due by this card, by default the membership's or else the next that may be asked.

    None when it is closed already, or when there is no card to ask: then the membership waits for one.
    """
    if due.state != "open":
        return None
    session.flush()
    if card_id is None:
        own, others = cards_for(session, due)
        card_id = own or next(iter(others), None)
    if card_id is None:
        failing.missing_card(session, due)
        return None
    return payments.begin(session, due, card_id, actor=current().actor)


def closed(session: Session, due: Due, attempt: Attempt) -> None:
    """The attempt has succeeded: the due is paid, and what follows is done."""
    close_all(session, [Closing(due, "card", attempt)])


def failed(session: Session, due: Due, attempt: Attempt) -> None:
    """The attempt has failed: dunning decides when the next is made, and another card may be asked at once."""
    card_id = failing.failed(session, due, attempt)
    if card_id is not None:
        pay_by_card(session, due, card_id)


def settle(session: Session, due: Due, tender: str, amount: int, reference: str | None) -> None:
    """Closes an open due by cash, terminal, transfer or the balance; its dunning ends, its credits are issued.

    Raises Invalid unless the amount is the whole of it, Conflict when it is closed or a payment is on its way.
    """
    _check_open(session, due)
    if amount != due.amount:
        message = WHOLE_ONLY.format(amount=money(due.amount, due.currency))
        raise Invalid(message, fields={"amount": [message]})
    if tender == "balance":
        balances.move(
            session,
            due.payer_id,
            due.currency,
            -amount,
            kind="spent",
            description=SPENT.format(),
            branch_id=due.branch_id,
            reference=f"{due.id}:settled",
        )
    close_all(session, [Closing(due, tender, reference=reference)])


def write_off(session: Session, due: Due, reason: str) -> None:
    """The chain gives up an open due: nothing is asked any more, and no credits are issued. Raises Conflict."""
    _check_open(session, due)
    close_all(session, [Closing(due, "written_off", reason=reason)])


def new_card(session: Session, membership: Membership) -> Attempt | None:
    """The membership has another card: its latest unpaid period is asked of it at once.

    None when nothing is missing. Raises Conflict when a payment is on its way.
    """
    due = session.scalar(
        select(Due)
        .where(Due.membership_id == membership.id, Due.kind == "period", Due.state == "open")
        .order_by(Due.number.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return pay_by_card(session, due, membership.card_id) if due else None


def _check_open(session: Session, due: Due) -> None:
    if due.state != "open":
        raise Conflict(NOT_OPEN, code="payment_closed")
    if payments.open_attempt(session, due.id):
        raise Conflict(payments.ON_ITS_WAY, code="payment_on_its_way")


__all__ = ["Closing", "close_all", "closed", "failed", "new_card", "pay_by_card", "raise_due", "settle", "write_off"]
