"""The HTTP door to cancellations (P26)."""

from typing import Any
from uuid import UUID

from services.memberships.cancellations import actions
from services.memberships.cancellations.schemas import Asked, Cancellation
from services.memberships.memberships import actions as memberships
from services.memberships.memberships import rows
from services.memberships.quotes.api import quote_of, take
from services.memberships.quotes.schemas import NamesAQuote, Quote
from shared.api import Door, principal, transaction

door = Door("cancellations", __name__, url_prefix="/api/v1/memberships", description="The end of a membership.")

NEEDS = "memberships.cancel"


@door.get("/<uuid:membership_id>/cancellation", needs=NEEDS)
@door.arguments(Asked, location="query")
@door.response(200, Quote)
@door.doc(**{"x-problems": [409]})
def ask(query: dict[str, Any], membership_id: UUID) -> Any:
    """What leaving would mean now: last day, fee and how it came about, what lapses. A quote, with both choices."""
    with transaction() as session:
        rows.seen(session, membership_id)
        return quote_of(session, "cancellation", {"membership_id": membership_id, **query})


@door.post("/<uuid:membership_id>/cancellation", needs=NEEDS, idempotent=True)
@door.arguments(NamesAQuote)
@door.response(201, Cancellation)
@door.doc(**{"x-problems": [409]})
def cancel(given: dict[str, Any], membership_id: UUID) -> Any:
    """Cancels as a quote of the act `cancellation` has shown; the fee is asked for on the day on which it ends."""
    with transaction() as session:
        rows.seen(session, membership_id)
        return actions.schedule(session, take(session, given["quote_id"], "cancellation", membership_id)), 201


@door.delete("/<uuid:membership_id>/cancellation", needs=NEEDS)
@door.response(200, Cancellation)
def withdraw(membership_id: UUID) -> Any:
    """Withdraws a cancellation that waits for its day: the membership goes on."""
    with transaction() as session:
        rows.seen(session, membership_id)
        membership = memberships.lock(session, membership_id, None)
        principal().must(NEEDS, membership.branch_id)
        return actions.withdraw(session, membership)
