"""The HTTP door to payments. No route asks a gateway for money: it writes a row, and a worker sends it at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.memberships.memberships import actions as memberships
from services.memberships.memberships import rows
from services.memberships.memberships.schemas import NamesAQuote
from services.memberships.payments import activity, choosing, processing, refund_quote
from services.memberships.payments.models import OPEN
from services.memberships.payments.schemas import Activity, Attempt, ChosenCard, Payment, PaymentRefund, Process
from services.memberships.quotes.api import take
from shared.api import ANYONE, Door, principal, reading, transaction
from shared.api.pages import PageQuery, decode_cursor, page, page_of
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door("payments", __name__, url_prefix="/api/v1/memberships", description="What was paid, tried and given back.")

READ, PROCESS, REFUND = rows.READ, "memberships.process", "memberships.refund"


@door.get("/<uuid:membership_id>/payments", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(Activity, "PaymentActivity"))
def payments(query: dict[str, Any], membership_id: UUID) -> Any:
    """Every attempt, successful and failed, what was paid otherwise, given back and disputed; newest first."""
    place = decode_cursor(query.get("cursor"), moment, UUID)
    with transaction() as session:
        rows.seen(session, membership_id)
        before = (place[0], place[1]) if place else None
        found = activity.of_membership(session, membership_id, before, query["limit"] + 1)
    return page(found, query["limit"], lambda row: (row["at"], row["id"]))


@door.post("/<uuid:membership_id>/process", needs=PROCESS, idempotent=True)
@door.arguments(Process)
@door.response(200, Payment)
@door.alt_response(202, schema=Payment, description="It is on its way.")
@door.doc(**{"x-problems": [409]})
def process(given: dict[str, Any], membership_id: UUID) -> Any:
    """Takes the payment of the period that the button showed: now, and once.

    200 with the payment when it is paid, 202 with the attempt while it is on its way. Ask for the attempt's outcome at
    `…/payments/attempts/{id}`.
    """
    with transaction() as session:
        rows.seen(session, membership_id)
        membership = memberships.lock(session, membership_id, None)
        principal().must(PROCESS, membership.branch_id)
        done = processing.process(session, membership, given["period"])
        session.flush()
        attempt = _attempt(session, done.attempt.id) if done.attempt else None
        shown = {**done.due.state_of_payment(), "state": done.due.state, "tender": done.due.tender}
        return {**shown, "refunded": done.due.refunded, "attempt": attempt}, 202 if attempt else 200


@door.get("/payments/attempts/<uuid:attempt_id>", needs=ANYONE)
@door.response(200, Attempt)
def attempt(attempt_id: UUID) -> Any:
    """How one attempt stands, for whoever may see the membership and for the client who pays it.

    While `is_open`, ask again. With `client_url` the client confirms the payment there, or another card is chosen.
    """
    with reading() as connection:
        return _seen(connection, attempt_id, READ)


@door.post("/payments/attempts/<uuid:attempt_id>/card", needs=ANYONE, idempotent=True)
@door.arguments(ChosenCard)
@door.response(202, Attempt)
@door.doc(**{"x-problems": [409]})
def choose_card(given: dict[str, Any], attempt_id: UUID) -> Any:
    """In the place of an attempt that waits for the client, another card: the gateway cancels the one, then asks the
    other. Should the client have confirmed before that, this is the payment."""
    with transaction() as session:
        _seen(session, attempt_id, PROCESS)
        choosing.another_card(session, attempt_id, given["card_id"])
        return _for_reader(_attempt(session, attempt_id)), 202


@door.post("/payments/attempts/<uuid:attempt_id>/cancellation", needs=PROCESS, idempotent=True)
@door.response(202, Attempt)
@door.doc(**{"x-problems": [409]})
def give_up(attempt_id: UUID) -> Any:
    """Waits no longer for the client: the gateway cancels the attempt, and it counts as one that failed."""
    with transaction() as session:
        _seen(session, attempt_id, PROCESS)
        choosing.another_card(session, attempt_id, None)
        return _attempt(session, attempt_id), 202


@door.post("/<uuid:membership_id>/periods/<int:period>/refunds", needs=REFUND, idempotent=True)
@door.arguments(NamesAQuote)
@door.response(201, PaymentRefund)
@door.doc(**{"x-problems": [409]})
def refund(given: dict[str, Any], membership_id: UUID, period: int) -> Any:
    """Gives back what a quote of the act `refund` has shown. To a card it takes days, and may fail then."""
    with transaction() as session:
        rows.seen(session, membership_id)
        taken = take(session, given["quote_id"], "refund", membership_id)
        if taken.inputs["period"] != period:
            raise NotFound(NOT_FOUND)
        row = refund_quote.carry_out(session, taken)
        session.flush()
        return {**{c.name: getattr(row, c.name) for c in row.__table__.columns}, "payment_id": row.due_id}, 201


def _attempt(session: Any, attempt_id: UUID) -> dict[str, Any]:
    session.flush()
    found = activity.of_attempt(session, attempt_id)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found | {"is_open": found["state"] in OPEN}


def _seen(session: Any, attempt_id: UUID, permission: str) -> dict[str, Any]:
    """The attempt, for those who hold the permission at its branch and for the client who pays; NotFound for others."""
    found = activity.of_attempt(session, attempt_id)
    who = principal()
    if found is not None and who.kind == "client" and who.id == found["payer_id"]:
        return _for_reader(found | {"is_open": found["state"] in OPEN})
    if found is None or not who.may(READ, found["branch_id"]):
        raise NotFound(NOT_FOUND)
    who.must(permission, found["branch_id"])
    return found | {"is_open": found["state"] in OPEN}


def _for_reader(shown: dict[str, Any]) -> dict[str, Any]:
    """Clients do not hear who of the staff started it, nor the gateway's own word for why it failed."""
    return shown if principal().kind != "client" else shown | {"by": None, "code": None}


def moment(part: Any) -> datetime:
    moment = datetime.fromisoformat(part)
    if moment.tzinfo is None:
        raise ValueError("no moment")
    return moment
