"""Disputes: the client's bank takes a payment back, until it is decided who is right."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.credits import actions as credits
from services.memberships.dues.models import Due
from services.memberships.gateways.port import DisputeOutcome
from services.memberships.memberships.models import Membership
from services.memberships.payments.models import Attempt, Dispute
from services.memberships.payments.states import DUES, after
from shared import clock
from shared.audit import Record, Saying, record_all
from shared.contracts.memberships import PAYMENT_DISPUTED
from shared.ids import new_id

EVENTS = {"open": "dispute", "won": "won", "lost": "lost"}


def settle_dispute(session: Session, attempt: Attempt, outcome: DisputeOutcome) -> None:
    """Writes down how a dispute of this attempt's payment stands, and does what follows when that is news.

    While it is open its period is not refunded and the credits of it cannot be used; once lost, they are gone.
    """
    due = _locked(session, attempt)
    row = session.scalar(
        select(Dispute).where(Dispute.account == attempt.account, Dispute.gateway_id == outcome.gateway_id)
    )
    if row is not None and row.state == outcome.state:
        return
    if row is None:
        row = _row(due, attempt, outcome)
        session.add(row)
    row.state = outcome.state
    row.closed_at = None if outcome.state == "open" else clock.now()
    if due.reference == attempt.gateway_id:  # and not money that came twice and went back
        due.state = after(DUES, due.state, EVENTS[outcome.state])
        _mind_credits(session, due, outcome.state)
    due.version += 1
    session.flush()
    _say(session, due, row)


def _locked(session: Session, attempt: Attempt) -> Due:
    membership_id = session.scalar(select(Due.membership_id).where(Due.id == attempt.due_id))
    if membership_id:
        session.get(Membership, membership_id, with_for_update=True, populate_existing=True)
    return session.get_one(Due, attempt.due_id, with_for_update=True, populate_existing=True)


def _row(due: Due, attempt: Attempt, outcome: DisputeOutcome) -> Dispute:
    return Dispute(
        id=new_id(),
        due_id=due.id,
        attempt_id=attempt.id,
        account=attempt.account,
        gateway_id=outcome.gateway_id,
        amount=outcome.amount,
        currency=outcome.currency,
        reason=outcome.reason,
        opened_at=clock.now(),
    )


def _mind_credits(session: Session, due: Due, state: str) -> None:
    {"open": credits.suspend_for, "won": credits.resume_for, "lost": credits.lapse_for}[state](session, due)


def _say(session: Session, due: Due, row: Dispute) -> None:
    says = {"dispute_id": row.id, "disputed_amount": row.amount, "state": row.state}
    said = Saying(PAYMENT_DISPUTED, due.state_of_payment() | says)
    about = due.membership_id or due.client_id
    record_all(session, [Record(about, "payment", due.id, due.version, {"dispute": (None, row.state)}, [said])])
