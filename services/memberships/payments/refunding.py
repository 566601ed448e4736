"""Giving back: a row first, with its part of what was captured taken off at once, then the call, then its outcome.

A refund to a card can fail days after it has succeeded; then the money is with us again, and that shows.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.balances import actions as balances
from services.memberships.dues.models import Due
from services.memberships.gateways.port import RefundOutcome
from services.memberships.invoices import crediting
from services.memberships.memberships.models import Membership
from services.memberships.payments.models import Attempt, Refund
from services.memberships.payments.refund_steps import pause
from services.memberships.payments.states import DUES, REFUNDS, after
from shared import clock
from shared.actor import current
from shared.audit import Record, Saying, record_all
from shared.contracts.memberships import PAYMENT_REFUNDED
from shared.errors import Conflict, Invalid
from shared.ids import new_id
from shared.words import Words

NOT_PAID = Words("Only what was paid can be given back.")
DISPUTED = Words("The client's bank takes this payment back. Nothing is refunded until that is decided.")
TOO_MUCH = Words("There is less than that to give back.")
NO_CARD = Words("No card has paid this. It can go to the account balance.")
GIVEN_BACK = Words("Refund of invoice {number}")
PAID_TWICE = "paid twice"
SAID = {"succeeded": "succeeded", "failed": "failed"}
"""By state of a refund what events say; the rest is under way."""


def refund(session: Session, due: Due, amount: int, destination: str, reason: str) -> Refund:
    """Gives back so much of a due, to the card that paid it or to the payer's balance.

    The membership and the due are locked. Raises Conflict when it is not paid or disputed, Invalid for too much.
    """
    check(due, amount, destination)
    row = _row(due, amount, destination, reason, _paid_by(session, due) if destination == "card" else None)
    session.add(row)
    due.refunded += amount
    if due.refunded == due.amount:
        due.state = after(DUES, due.state, "refunded")
    session.flush()
    crediting.credit_note(session, due, row.id, amount)
    if destination == "balance":
        _to_balance(session, due, row)
    _say(session, due, row)
    return row


def check(due: Due, amount: int, destination: str) -> None:
    """Whether it may be given back. Raises Conflict, Invalid."""
    if due.state in ("disputed", "lost"):
        raise Conflict(DISPUTED, code="disputed")
    if due.state not in ("paid", "settled"):
        raise Conflict(NOT_PAID, code="not_paid")
    if destination == "card" and due.tender != "card":
        raise Invalid(NO_CARD, fields={"destination": [NO_CARD.format()]})
    if amount > due.amount - due.refunded:
        raise Invalid(TOO_MUCH, fields={"amount": [TOO_MUCH.format()]})


def give_back(session: Session, due: Due, attempt: Attempt) -> Refund:
    """Money came for a due that was closed already: all of it goes back to its card, and the due stays as it is."""
    row = _row(due, attempt.amount, "card", PAID_TWICE, attempt)
    row.surplus = True
    session.add(row)
    session.flush()
    return row


def settle_refund(session: Session, refund_id: UUID, outcome: RefundOutcome) -> None:
    """Writes down how a refund stands at the gateway, and does what follows when that is news."""
    row, due = _locked(session, refund_id)
    before, now = row.state, clock.now()
    event = "accepted" if outcome.state == "processing" else outcome.state
    row.state = after(REFUNDS, before, event)
    row.gateway_id = row.gateway_id or outcome.gateway_id
    row.code = outcome.code
    wait = pause(row.state, row.looks, now - row.created_at)
    row.look_at = None if wait is None else now + wait
    if row.state == before:
        return
    row.finished_at = now if row.state in SAID else None
    if row.state == "failed" and not row.surplus:
        due.refunded -= row.amount
        due.state = after(DUES, due.state, "bounced")
        session.flush()
        crediting.take_back(session, due, row.id)
    session.flush()
    if row.state in SAID and not row.surplus:
        _say(session, due, row)


def _row(due: Due, amount: int, destination: str, reason: str, attempt: Attempt | None) -> Refund:
    now = clock.now()
    return Refund(
        id=new_id(),
        due_id=due.id,
        attempt_id=attempt and attempt.id,
        destination=destination,
        amount=amount,
        currency=due.currency,
        state="written",
        account=attempt and attempt.account,
        reason=reason,
        surplus=False,
        created_at=now,
        created_by=current().actor_id,
        look_at=now if attempt else None,
        looks=0,
    )


def _paid_by(session: Session, due: Due) -> Attempt:
    """The attempt that paid the due: its reference is what the gateway calls it."""
    return session.scalars(select(Attempt).where(Attempt.due_id == due.id, Attempt.gateway_id == due.reference)).one()


def _to_balance(session: Session, due: Due, row: Refund) -> None:
    row.state = after(REFUNDS, row.state, "succeeded")
    row.finished_at = clock.now()
    balances.move(
        session,
        due.payer_id,
        due.currency,
        row.amount,
        kind="refunded",
        description=GIVEN_BACK.format(number=due.invoice_number),
        branch_id=due.branch_id,
        reference=str(row.id),
    )


def _locked(session: Session, refund_id: UUID) -> tuple[Refund, Due]:
    """The refund and its due, with the membership locked before them."""
    found = session.execute(
        select(Due.id, Due.membership_id).join(Refund, Refund.due_id == Due.id).where(Refund.id == refund_id)
    ).one()
    if found.membership_id:
        session.get(Membership, found.membership_id, with_for_update=True, populate_existing=True)
    due = session.get_one(Due, found.id, with_for_update=True, populate_existing=True)
    return session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True), due


def _say(session: Session, due: Due, row: Refund) -> None:
    due.version += 1
    session.flush()
    state = SAID.get(row.state, "under_way")
    says = {
        "refund_id": row.id,
        "refund_amount": row.amount,
        "refunded": due.refunded,
        "destination": row.destination,
        "state": state,
    }
    about = due.membership_id or due.client_id
    changes = {"refund": (None, state), "refunded": (None, due.refunded)}
    said = Saying(PAYMENT_REFUNDED, due.state_of_payment() | says)
    record_all(session, [Record(about, "payment", due.id, due.version, changes, [said], row.reason)])
