"""Reading memberships as people see them: with names, label, what comes next and what is missing."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from services.memberships.billing.gathering import facts_of
from services.memberships.billing.pricing import total
from services.memberships.billing.upcoming import next_period
from services.memberships.cancellations.models import Cancellation
from services.memberships.cards.models import Card
from services.memberships.copies.models import Branch, Client, Employee
from services.memberships.dues.models import Due
from services.memberships.memberships.label import label
from services.memberships.memberships.models import COLLECTIONS, LIFECYCLES, STANDINGS, Membership
from services.memberships.plan_changes.models import PlanChange
from services.memberships.plans.models import Plan, PlanTerms
from shared.api import principal
from shared.auth.principal import CHAIN
from shared.errors import NotFound
from shared.rows import NOT_FOUND

READ = "memberships.read"
MOST_OF_ONE = 200

Payer, PlanToCome = aliased(Client), aliased(Plan)

LEAVING = exists().where(Cancellation.membership_id == Membership.id, Cancellation.state == "waiting")
OWED = (
    select(func.json_build_object("payments", func.count(), "amount", func.coalesce(func.sum(Due.amount), 0)))
    .where(Due.membership_id == Membership.id, Due.state == "open")
    .scalar_subquery()
)
CARD = case(
    (
        Card.id.is_not(None),
        func.json_build_object(
            "id", Card.id, "brand", Card.brand, "last_four", Card.last_four, "exp_month", Card.exp_month,
            "exp_year", Card.exp_year,
        ),
    )
)  # fmt: skip
TO_COME = case(
    (
        PlanChange.id.is_not(None),
        func.json_build_object(
            "plan_id", PlanChange.plan_id, "plan_name", PlanToCome.name, "effective_on", PlanChange.effective_on
        ),
    )
)

ROWS: Select[Any] = (
    select(
        Membership,
        LEAVING.label("leaving"),
        OWED.label("arrears"),
        CARD.label("card"),
        TO_COME.label("plan_to_come"),
        Client.name.label("client_name"),
        Client.archived,
        Client.merged_into,
        Client.booking_blocked,
        Payer.name.label("payer_name"),
        Branch.name.label("branch_name"),
        Branch.active.label("branch_active"),
        Employee.name.label("employee_name"),
        Plan.name.label("plan_name"),
        Plan.terms_number.label("newest_terms"),
        PlanTerms.terms,
    )
    .join(Plan, Plan.id == Membership.plan_id)
    .join(PlanTerms, (PlanTerms.plan_id == Membership.plan_id) & (PlanTerms.number == Membership.terms_number))
    .outerjoin(Client, Client.id == Membership.client_id)
    .outerjoin(Payer, Payer.id == Membership.payer_id)
    .outerjoin(Branch, Branch.id == Membership.branch_id)
    .outerjoin(Employee, Employee.id == Membership.employee_id)
    .outerjoin(Card, Card.id == Membership.card_id)
    .outerjoin(PlanChange, (PlanChange.membership_id == Membership.id) & (PlanChange.state == "waiting"))
    .outerjoin(PlanToCome, PlanToCome.id == PlanChange.plan_id)
)


def listed(session: Session, query: Mapping[str, Any], after: UUID | None) -> list[dict[str, Any]]:
    """A page and one more of those that the one who asks may see, newest first."""
    statement = ROWS.order_by(Membership.id.desc()).limit(query["limit"] + 1).where(*_seen())
    if after:
        statement = statement.where(Membership.id < after)
    for name in ("client_id", "branch_id"):
        if name in query:
            statement = statement.where(getattr(Membership, name) == query[name])
    if "label" in query:
        facts = tuple_(Membership.lifecycle, Membership.standing, Membership.collection, LEAVING)
        statement = statement.where(facts.in_(_facts_that_read(query["label"])))
    return _shown(session, session.execute(statement).all())


def of_person(session: Session, client_id: UUID) -> list[dict[str, Any]]:
    """Those that a client has or pays for, newest first; it is for the client to ask, and looks at no permission."""
    mine = or_(Membership.client_id == client_id, Membership.payer_id == client_id)
    return _shown(session, session.execute(ROWS.where(mine).order_by(Membership.id.desc()).limit(MOST_OF_ONE)).all())


def one(session: Session, membership_id: UUID) -> dict[str, Any]:
    """One membership. Raises NotFound, also for one that the one who asks may not know of."""
    found = _shown(session, session.execute(ROWS.where(Membership.id == membership_id, *_seen())).all())
    if not found:
        raise NotFound(NOT_FOUND)
    return found[0]


def seen(session: Session, membership_id: UUID) -> Membership:
    """The row itself. Raises NotFound likewise."""
    found = session.scalar(select(Membership).where(Membership.id == membership_id, *_seen()))
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def _seen() -> list[Any]:
    branches = principal().grants.get(READ, frozenset())
    return [] if CHAIN in branches else [Membership.branch_id.in_([UUID(branch) for branch in branches])]


def _facts_that_read(wanted: str) -> list[tuple[Any, ...]]:
    """Every combination of facts whose label it is: the label is told by one function, also to the database."""
    every = product(LIFECYCLES, STANDINGS, COLLECTIONS, (True, False))
    return [
        (lifecycle, standing, collection, leaving)
        for lifecycle, standing, collection, leaving in every
        if label(lifecycle, standing, collection, leaving=leaving) == wanted
    ]


def _shown(session: Session, rows: Sequence[Any]) -> list[dict[str, Any]]:
    memberships = [row.Membership for row in rows]
    upcoming = facts_of(session, memberships) if memberships else {}
    return [_with_next(_row(row), upcoming.get(row.Membership.id)) for row in rows]


def _row(row: Any) -> dict[str, Any]:
    membership: Membership = row.Membership
    columns = {column.name: getattr(membership, column.name) for column in Membership.__table__.columns}
    facts = membership.lifecycle, membership.standing, membership.collection
    terms = {name: row.terms[name] for name in ("price", "interval")}
    return {
        **columns,
        **{name: value for name, value in row._mapping.items() if name != "Membership"},
        **terms,
        "label": label(*facts, leaving=row.leaving),
        "plan_to_come": _dated(row.plan_to_come),
        "warnings": _warnings(row),
    }


def _dated(change: dict[str, Any] | None) -> dict[str, Any] | None:
    """JSON knows no days."""
    return change and change | {"effective_on": date.fromisoformat(change["effective_on"])}


def _warnings(row: Any) -> list[str]:
    """What does not stop anything by itself, and should be known."""
    merged = row.merged_into is not None
    found = {"client_merged": merged, "client_archived": row.archived and not merged}
    found |= {"booking_blocked": row.booking_blocked}
    return [name for name, is_so in (found | {"branch_closed": row.branch_active is False}).items() if is_so]


def _with_next(shown: dict[str, Any], upcoming: Any) -> dict[str, Any]:
    period = next_period(upcoming) if upcoming else None
    day, amount = (period.due_on, total(period.lines).total) if period else (None, None)
    return shown | {"next_payment_on": day, "next_payment_amount": amount}
