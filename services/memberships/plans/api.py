"""The HTTP door to plans."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, any_, func, literal, or_, select
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch, Employee, Service
from services.memberships.memberships.models import Membership
from services.memberships.plans import actions
from services.memberships.plans.announcements import NEWEST
from services.memberships.plans.models import Plan as Row
from services.memberships.plans.models import PlanTerms as TermsRow
from services.memberships.plans.preview import Names, preview
from services.memberships.plans.schemas import NewPlan, Plan, PlanFields, PlanQuery, PlanTerms, Preview, Terms
from services.memberships.plans.terms import Terms as Values
from shared.api import Door, principal, reading, transaction
from shared.api.changes import Changes, changes_of
from shared.api.pages import PageQuery, decode_cursor, page, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.people import names_of
from shared.rows import NOT_FOUND

door = Door("plans", __name__, url_prefix="/api/v1/memberships/plans", description="What can be sold, and its terms.")

READ, WRITE = "memberships.read", actions.WRITE

HAS_NOT_ENDED = Membership.lifecycle != "ended"
PLANS = select(*Row.__table__.c, TermsRow.terms).join(TermsRow, NEWEST)
OF_TERMS = (
    select(func.count())
    .where(Membership.plan_id == TermsRow.plan_id, Membership.terms_number == TermsRow.number, HAS_NOT_ENDED)
    .correlate(TermsRow)
    .scalar_subquery()
)
TERMS = select(
    TermsRow.number, TermsRow.terms, TermsRow.published_at, Employee.name.label("published_by"),
    OF_TERMS.label("members"),
).outerjoin(Employee, Employee.id == TermsRow.published_by)  # fmt: skip


@door.get("", needs=READ)
@door.arguments(PlanQuery, location="query")
@door.response(200, page_of(Plan, "Plans"))
def plans(query: dict[str, Any]) -> Any:
    """The plans in the order in which they were made; of a branch, those that it sells now."""
    place = decode_cursor(query.get("cursor"), UUID)
    statement = PLANS.order_by(Row.id).limit(query["limit"] + 1)
    if place:
        statement = statement.where(Row.id > place[0])
    with reading() as connection:
        if "branch_id" in query:
            statement = statement.where(*_sold_at(query["branch_id"]))
        found = _shown(connection, connection.execute(statement).mappings().all())
    return page(found, query["limit"], lambda row: (row["id"],))


@door.post("", needs=WRITE)
@door.arguments(NewPlan)
@door.response(201, Plan)
def add(given: dict[str, Any]) -> Any:
    """A new plan with its terms."""
    with transaction() as session:
        plan = actions.add(session, principal(), given)
        return tagged(plan.version, _one(session, plan.id), 201)


@door.post("/preview", needs=WRITE)
@door.arguments(Terms)
@door.response(200, Preview)
def sentences(given: dict[str, Any]) -> Any:
    """What terms say in plain sentences, before they are published."""
    with reading() as connection:
        terms = actions.read_terms(given)
        return {"preview": preview(terms, _names(connection, [terms]))}


@door.get("/<uuid:plan_id>", needs=READ)
@door.response(200, Plan)
def plan(plan_id: UUID) -> Any:
    """One plan with its newest terms."""
    with reading() as connection:
        found = _one(connection, plan_id)
    return tagged(found["version"], found)


@door.patch("/<uuid:plan_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(PlanFields)
@door.response(200, Plan)
def change(given: dict[str, Any], plan_id: UUID) -> Any:
    """Another name, description or branches; no longer sold, or sold again."""
    expected = expected_version()
    with transaction() as session:
        plan = actions.change(session, principal(), plan_id, given, expected)
        return tagged(plan.version, _one(session, plan_id))


@door.get("/<uuid:plan_id>/terms", needs=READ)
@door.arguments(PageQuery, location="query")
@door.response(200, page_of(PlanTerms, "TermsOfAPlan"))
def terms(query: dict[str, Any], plan_id: UUID) -> Any:
    """Every version of the terms, newest first, with how many members have it."""
    place = decode_cursor(query.get("cursor"), int)
    statement = TERMS.where(TermsRow.plan_id == plan_id).order_by(TermsRow.number.desc()).limit(query["limit"] + 1)
    if place:
        statement = statement.where(TermsRow.number < place[0])
    with reading() as connection:
        _one(connection, plan_id)
        found = _shown(connection, connection.execute(statement).mappings().all())
    return page(found, query["limit"], lambda row: (row["number"],))


@door.post("/<uuid:plan_id>/terms", needs=WRITE)
@door.arguments(Terms)
@door.response(201, PlanTerms)
def add_terms(given: dict[str, Any], plan_id: UUID) -> Any:
    """A new version of the terms. Members keep theirs until they are moved."""
    with transaction() as session:
        made = actions.add_terms(session, principal(), plan_id, given)
        row = session.execute(TERMS.where(TermsRow.plan_id == plan_id, TermsRow.number == made.number)).mappings().all()
        return _shown(session, row)[0], 201


@door.get("/<uuid:plan_id>/changes", needs="audit.read")
@door.arguments(PageQuery, location="query")
@door.response(200, Changes)
def changes(query: dict[str, Any], plan_id: UUID) -> Any:
    """What was changed of a plan, newest first."""
    with reading() as connection:
        _one(connection, plan_id)
    return changes_of(plan_id, query, names_of)


def _sold_at(branch_id: UUID) -> list[Any]:
    currency = select(Branch.currency).where(Branch.id == branch_id).scalar_subquery()
    sells = or_(func.cardinality(Row.branch_ids) == 0, literal(branch_id) == any_(Row.branch_ids))
    return [Row.active, sells, TermsRow.terms["currency"].astext == currency]


def _one(session: Session | Connection, plan_id: UUID) -> dict[str, Any]:
    row = session.execute(PLANS.where(Row.id == plan_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(NOT_FOUND)
    return _shown(session, [row])[0]


def _shown(session: Session | Connection, rows: Any) -> list[dict[str, Any]]:
    """Rows with their sentences."""
    terms = [Values.read(row["terms"]) for row in rows]
    names = _names(session, terms)
    return [{**row, "preview": preview(one, names)} for row, one in zip(rows, terms, strict=True)]


def _names(session: Session | Connection, terms: list[Values]) -> Names:
    """What services and plans are called that the terms name."""
    services = {benefit.service_id for one in terms for benefit in one.benefits if benefit.service_id}
    plans = {one.then_plan_id for one in terms if one.then_plan_id}
    rows = [
        *session.execute(select(Service.id, Service.name).where(Service.id.in_(services))),
        *session.execute(select(Row.id, Row.name).where(Row.id.in_(plans))),
    ]
    return {str(row.id): row.name for row in rows}
