"""The HTTP door to memberships."""

from typing import Any
from uuid import UUID

from services.memberships.billing.gathering import facts_of
from services.memberships.memberships import actions, rows
from services.memberships.memberships.forecast import forecast
from services.memberships.memberships.schemas import (
    Forecast,
    Membership,
    MembershipEdit,
    MembershipQuery,
    NamesAQuote,
)
from services.memberships.quotes.api import take
from shared.api import Door, principal, transaction
from shared.api.changes import Changes, changes_of
from shared.api.pages import PageQuery, decode_cursor, page, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.people import names_of

door = Door("memberships", __name__, url_prefix="/api/v1/memberships", description="Who is a member, and of what.")

READ, WRITE = rows.READ, "memberships.write"


@door.get("", needs=READ)
@door.arguments(MembershipQuery, location="query")
@door.response(200, page_of(Membership, "Memberships"))
def memberships(query: dict[str, Any]) -> Any:
    """Memberships of the branches that one may see, the newest first."""
    place = decode_cursor(query.get("cursor"), UUID)
    with transaction() as session:
        found = rows.listed(session, query, place[0] if place else None)
    return page(found, query["limit"], lambda row: (row["id"],))


@door.post("", needs=WRITE, idempotent=True)
@door.arguments(NamesAQuote)
@door.response(201, Membership)
@door.doc(**{"x-problems": [409]})
def add(given: dict[str, Any]) -> Any:
    """Adds the membership that a quote of the act `add` has shown. One that begins today is charged for at once."""
    with transaction() as session:
        membership = actions.start(session, take(session, given["quote_id"], "add"))
        return _answer(session, membership.id, 201)


@door.get("/<uuid:membership_id>", needs=READ)
@door.response(200, Membership)
def membership(membership_id: UUID) -> Any:
    """One membership: where it stands, what comes next, what is missing."""
    with transaction() as session:
        return _answer(session, membership_id)


@door.patch("/<uuid:membership_id>", needs=WRITE, idempotent=True, parameters=[IF_MATCH])
@door.arguments(MembershipEdit)
@door.response(200, Membership)
@door.doc(**{"x-problems": [409]})
def edit(given: dict[str, Any], membership_id: UUID) -> Any:
    """Another card, note or, by a quote, payment date. What is missing is asked of a new card at once."""
    expected = expected_version()
    with transaction() as session:
        rows.seen(session, membership_id)
        row = actions.lock(session, membership_id, expected)
        principal().must(WRITE, row.branch_id)
        if quote_id := given.pop("quote_id", None):
            actions.move_date(session, row, take(session, quote_id, "payment_date", membership_id))
        actions.edit(session, row, given)
        return _answer(session, membership_id)


@door.get("/<uuid:membership_id>/forecast", needs=READ)
@door.response(200, Forecast)
def payments_to_come(membership_id: UUID) -> Any:
    """The next twelve payments, as the billing clock would raise them."""
    with transaction() as session:
        row = rows.seen(session, membership_id)
        payments = forecast(facts_of(session, [row]).get(row.id))
    return {"currency": row.currency, "payments": payments}


@door.get("/<uuid:membership_id>/changes", needs="audit.read")
@door.arguments(PageQuery, location="query")
@door.response(200, Changes)
def changes(query: dict[str, Any], membership_id: UUID) -> Any:
    """What was changed of a membership and of all that is its, newest first."""
    with transaction() as session:
        rows.seen(session, membership_id)
    return changes_of(membership_id, query, names_of)


def _answer(session: Any, membership_id: UUID, status: int = 200) -> Any:
    session.flush()
    found = rows.one(session, membership_id)
    return tagged(found["version"], found, status)
