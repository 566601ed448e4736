"""What is done about an attempt that waits for the client: another card, or no more waiting."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from services.memberships.payments import actions
from services.memberships.payments.models import Attempt
from shared.errors import Conflict
from shared.words import Words

NOT_WAITING = Words("This payment does not wait for the client any more.")


def another_card(session: Session, attempt_id: UUID, card_id: UUID | None) -> None:
    """Has the gateway cancel an attempt that waits for the client; then this card is asked, or none.

    Raises Conflict when it does not wait any more or the card may not be asked, Invalid for a card of somebody else.
    """
    due = _locked(session, attempt_id)
    attempt = session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)
    if attempt.state != "needs_client":
        raise Conflict(NOT_WAITING, code="not_waiting")
    if card_id is not None:
        actions.check_card(session, due, card_id)
    actions.call_off(attempt, card_id)
    session.flush()


def _locked(session: Session, attempt_id: UUID) -> Due:
    """The due, with its membership locked before it."""
    found = session.execute(
        select(Due.id, Due.membership_id).join(Attempt, Attempt.due_id == Due.id).where(Attempt.id == attempt_id)
    ).one()
    if found.membership_id:
        session.get(Membership, found.membership_id, with_for_update=True, populate_existing=True)
    return session.get_one(Due, found.id, with_for_update=True, populate_existing=True)
