"""Credits that are kept for an appointment, then used or released. Each once per reference.

A reference that ends before it begins (events arrive in any order) leaves an ended hold that covers nothing, so that
its beginning, when it comes, keeps nothing back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch, Service
from services.memberships.credits.ledger import write
from services.memberships.credits.lots import judged, lots
from services.memberships.credits.models import Credit, CreditHold, CreditHoldPart
from services.memberships.credits.usable import Reason
from services.memberships.policies.actions import policy_of
from shared import clock
from shared.contracts.memberships import CREDIT_CHANGED, CREDIT_EXPIRED, CREDIT_HELD, CREDIT_RELEASED, CREDIT_USED
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.rows import NOT_FOUND
from shared.words import Words

NOT_ENOUGH = Words("The client has {available} of the {quantity} credits for this service.")
WITHHELD = Words("The client has {available} of the {quantity} credits for this service; {withheld} are withheld.")
ANOTHER_HOLD = Words("This reference was used for something else.")
ENDED = Words("This hold has ended: its credits are {state}.")
STATES = {"used": Words("used"), "released": Words("released")}


@dataclass(frozen=True)
class Asked:
    client_id: UUID
    service_id: UUID
    quantity: int
    reference: str
    branch_id: UUID | None
    """Where the appointment is; None: where the credit that is taken first was earned."""


def hold(session: Session, asked: Asked) -> tuple[CreditHold, bool]:
    """Keeps so many credits back, all or none; and whether this hold is new. A reference has one, however often asked.

    Raises Conflict when there are not enough, with what is withheld and why; or for a reference of something else.
    """
    if (made := _of_reference(session, asked.reference)) is not None:
        return _same(made, asked), False
    usable, withheld = _candidates(session, asked)
    available = sum(credit.available for credit in usable)
    if available < asked.quantity:
        raise _not_enough(asked.quantity, available, withheld)
    return _keep(session, asked, usable, asked.quantity), True


def hold_what_there_is(session: Session, asked: Asked) -> CreditHold:
    """The same, for as many as there are: an appointment that credits do not cover is none of our business."""
    if (made := _of_reference(session, asked.reference)) is not None:
        return made
    usable, _ = _candidates(session, asked)
    return _keep(session, asked, usable, min(asked.quantity, sum(credit.available for credit in usable)))


def hold_nothing(session: Session, asked: Asked) -> CreditHold:
    """The hold of a reference that ends before it began."""
    made = _of_reference(session, asked.reference)
    return made if made is not None else _keep(session, asked, (), 0)


def use(session: Session, hold: CreditHold) -> None:
    """The appointment took place. Again is no harm; raises Conflict when the credits were released."""
    if _ends(session, hold, "used"):
        for credit, quantity in _parts(session, hold):
            write(session, credit, "used", quantity, CREDIT_USED, hold_id=hold.id)


def release(session: Session, hold: CreditHold) -> None:
    """It did not take place. What has expired meanwhile gets the grace of the policy.

    Again is no harm; raises Conflict when the credits were used.
    """
    if _ends(session, hold, "released"):
        for credit, quantity in _parts(session, hold):
            _give_back(session, hold, credit, quantity)


def locked(session: Session, hold_id: UUID) -> CreditHold:
    """The hold, locked until the transaction ends. Raises NotFound."""
    found = session.get(CreditHold, hold_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def _of_reference(session: Session, reference: str) -> CreditHold | None:
    named = select(CreditHold).where(CreditHold.reference == reference)
    return session.scalar(named.with_for_update().execution_options(populate_existing=True))


def _same(made: CreditHold, asked: Asked) -> CreditHold:
    if (made.client_id, made.service_id, made.quantity) != (asked.client_id, asked.service_id, asked.quantity):
        raise Conflict(ANOTHER_HOLD, code="reference_used", fields={"reference": [ANOTHER_HOLD.format()]})
    return made


def _candidates(session: Session, asked: Asked) -> tuple[list[Credit], list[tuple[Credit, Reason]]]:
    """The lots that could cover it, locked, soonest expiring first; and those that are withheld."""
    category = select(Service.category).where(Service.id == asked.service_id).scalar_subquery()
    fits = or_(Credit.service_id == asked.service_id, Credit.category == category)
    statement = (
        lots(Credit)
        .where(Credit.client_id == asked.client_id, Credit.available > 0, fits)
        .order_by(Credit.expires_on.nulls_last(), Credit.id)
        .with_for_update(of=Credit)
        .execution_options(populate_existing=True)
    )
    usable, withheld = [], []
    for row, reason in judged(session, session.execute(statement).all()):
        if reason is None:
            usable.append(row.Credit)
        elif reason not in ("expired", "withdrawn"):
            withheld.append((row.Credit, reason))
    return usable, withheld


def _not_enough(quantity: int, available: int, withheld: list[tuple[Credit, Reason]]) -> Conflict:
    return Conflict(
        WITHHELD if withheld else NOT_ENOUGH,
        code="credits_withheld" if withheld else "not_enough_credits",
        quantity=quantity,
        available=available,
        withheld=sum(credit.available for credit, _ in withheld),
        reasons=sorted({reason for _, reason in withheld}),
    )


def _keep(session: Session, asked: Asked, usable: Iterable[Credit], quantity: int) -> CreditHold:
    """A hold of so many, taken from these lots in turn."""
    taken, left = [], quantity
    for credit in usable:
        if part := min(left, credit.available):
            taken.append((credit, part))
            left -= part
    made = _open(session, asked, quantity, asked.branch_id or taken[0][0].branch_id)
    if made is None:  # another transaction was first, and has committed by now
        first = _of_reference(session, asked.reference)
        assert first
        return _same(first, asked)
    for credit, part in taken:
        session.add(CreditHoldPart(hold_id=made.id, credit_id=credit.id, quantity=part))
        write(session, credit, "held", part, CREDIT_HELD, hold_id=made.id)
    return made


def _open(session: Session, asked: Asked, quantity: int, branch_id: UUID) -> CreditHold | None:
    """The row of a new hold; None when the reference has one."""
    values = {"client_id": asked.client_id, "service_id": asked.service_id, "reference": asked.reference}
    row = {"id": new_id(), "version": 1, "branch_id": branch_id, "quantity": quantity, "state": "held", **values}
    new = insert(CreditHold).values(**row, created_at=clock.now()).on_conflict_do_nothing().returning(CreditHold)
    return session.scalar(new)


def _ends(session: Session, hold: CreditHold, state: str) -> bool:
    """Whether it ends now; False when it had ended so already."""
    if hold.state == state:
        return False
    if hold.state != "held":
        raise Conflict(ENDED, code="hold_ended", state=STATES[hold.state].format())
    hold.state, hold.ended_at = state, clock.now()
    hold.version += 1
    session.flush()
    return True


def _parts(session: Session, hold: CreditHold) -> list[tuple[Credit, int]]:
    """The lots that it is made of, locked in the order in which holds lock them."""
    statement = (
        select(Credit, CreditHoldPart.quantity)
        .join(CreditHoldPart, CreditHoldPart.credit_id == Credit.id)
        .where(CreditHoldPart.hold_id == hold.id)
        .order_by(Credit.expires_on.nulls_last(), Credit.id)
        .with_for_update(of=Credit)
        .execution_options(populate_existing=True)
    )
    return [(row.Credit, row.quantity) for row in session.execute(statement)]


def _give_back(session: Session, hold: CreditHold, credit: Credit, quantity: int) -> None:
    today = clock.today(session.get_one(Branch, credit.branch_id).time_zone)
    if credit.status == "withdrawn":
        write(session, credit, "released", quantity, CREDIT_RELEASED, hold_id=hold.id)
        write(session, credit, "withdrawn", quantity, CREDIT_CHANGED)
    elif credit.expires_on is None or credit.expires_on > today:
        write(session, credit, "released", quantity, CREDIT_RELEASED, hold_id=hold.id)
    else:
        _give_back_late(session, hold, credit, quantity, today)


def _give_back_late(session: Session, hold: CreditHold, credit: Credit, quantity: int, today: date) -> None:
    """What lay beside it lapses first: the grace is for what was held."""
    if credit.available:
        write(session, credit, "expired", credit.available, CREDIT_EXPIRED, status="expired")
    grace = policy_of(session, credit.branch_id).credit_grace_days
    if grace > 0:
        until = today + timedelta(grace)
        status = "suspended" if credit.status == "suspended" else "active"
        write(session, credit, "released", quantity, CREDIT_RELEASED, hold_id=hold.id, status=status, expires_on=until)
    else:
        write(session, credit, "released", quantity, CREDIT_RELEASED, hold_id=hold.id)
        write(session, credit, "expired", quantity, CREDIT_EXPIRED, status="expired")
