"""What people ask of us about plans. A plan belongs to the branches that sell it, and its terms never change."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch, Service
from services.memberships.plans.models import Plan, PlanTerms
from services.memberships.plans.schemas import Terms as TermsShape
from services.memberships.plans.terms import Terms
from shared import clock
from shared.actor import current
from shared.audit import Changes, Saying, difference, record
from shared.auth.principal import Principal
from shared.contracts.memberships import PLAN_PUBLISHED
from shared.errors import Invalid
from shared.ids import new_id
from shared.people import names_of
from shared.rows import locked
from shared.words import Words

WRITE = "memberships.plans.write"

INVALID = Words("Some of what was sent is not right.")
NO_BRANCH = Words("There is no such branch.")
OTHER_CURRENCY = Words("The branch {branch} has its prices in {currency}.")
NOBODY_SELLS = Words("No branch has its prices in this currency.")
KEEPS_CURRENCY = Words("A plan keeps its currency: members pay in {currency}. Make another plan.")
NO_SERVICE = Words("There is no such service on the menu.")
NO_CATEGORY = Words("No service on the menu is of this category.")
NO_PLAN = Words("There is no such plan.")
ITSELF = Words("A plan cannot go on as itself.")
THEN_CURRENCY = Words("This plan is paid in {currency}.")

Details = dict[str, Any]


def add(session: Session, by: Principal, given: Details, plan_id: UUID | None = None) -> Plan:
    """A plan with the first version of its terms. Raises Invalid by field, Forbidden for a branch of others."""
    details: Details = {"active": True} | given
    terms = details.pop("terms")
    must_sell(by, details["branch_ids"])
    _check(session, details["branch_ids"], terms)
    now = clock.now()
    plan = Plan(id=plan_id or new_id(), version=1, terms_number=1, created_at=now, **_kept(details))
    session.add(plan)
    session.flush()
    kept = _write_terms(session, plan, terms)
    _record(session, plan, kept, difference({}, plan.details() | {"terms": kept.as_dict()}))
    return plan


def change(session: Session, by: Principal, plan_id: UUID, given: Details, expected: int | None) -> Plan:
    """Another name, description or branches; no longer sold, or sold again. Members keep what they have."""
    plan = locked(session, Plan, plan_id, expected, kind="plan", names=names_of)
    must_sell(by, plan.branch_ids)
    changes = difference(plan.details(), _kept(given))
    if not changes:
        return plan
    terms = terms_of(session, plan.id, plan.terms_number)
    if "branch_ids" in changes:
        must_sell(by, given["branch_ids"])
        _raise({"branch_ids": _branch_faults(session, given["branch_ids"], terms.currency)})
    for name, (_, value) in changes.items():
        setattr(plan, name, value)
    plan.version += 1
    _record(session, plan, terms, changes)
    return plan


def add_terms(session: Session, by: Principal, plan_id: UUID, given: Details) -> PlanTerms:
    """A new version of the terms: for new members, and for the others once they are moved."""
    plan = locked(session, Plan, plan_id, None, kind="plan", names=names_of)
    must_sell(by, plan.branch_ids)
    before = terms_of(session, plan.id, plan.terms_number)
    if given["currency"] != before.currency:
        words = KEEPS_CURRENCY.format(currency=before.currency)
        raise Invalid(words, fields={"currency": [words]})
    _check(session, plan.branch_ids, given, plan.id, "")
    plan.terms_number += 1
    plan.version += 1
    terms = _write_terms(session, plan, given)
    _record(session, plan, terms, {"terms": (before.as_dict(), terms.as_dict())})
    return session.get_one(PlanTerms, (plan.id, plan.terms_number))


def must_sell(by: Principal, branch_ids: Sequence[UUID]) -> None:
    """Who changes a plan may do so at each of its branches; at all of them when it is sold everywhere."""
    if not branch_ids:
        by.must_everywhere(WRITE)
    for branch_id in branch_ids:
        by.must(WRITE, branch_id)


def terms_of(session: Session, plan_id: UUID, number: int) -> Terms:
    return session.get_one(PlanTerms, (plan_id, number)).read()


def read_terms(given: Details) -> Terms:
    """Terms as values, from what the shape has loaded."""
    return Terms.read(TermsShape().dump(given))


def check_benefits(session: Session, given: Details) -> dict[str, Any]:
    """What is wrong with the services and categories that the terms name, by place in the list."""
    menu = session.execute(select(Service.id, Service.category).where(Service.active)).all()
    services, categories = {row.id for row in menu}, {row.category for row in menu}
    faults: dict[str, Any] = {}
    for place, benefit in enumerate(given["benefits"]):
        if benefit["service_id"] is not None and benefit["service_id"] not in services:
            faults[str(place)] = {"service_id": [NO_SERVICE.format()]}
        if benefit["category"] is not None and benefit["category"] not in categories:
            faults[str(place)] = {"category": [NO_CATEGORY.format()]}
    return faults


def _check(
    session: Session, branch_ids: Sequence[UUID], terms: Details, plan_id: UUID | None = None, at: str = "terms"
) -> None:
    """Raises Invalid for what the rows of others say against it; `at` is where the terms stand in what was sent."""
    faults = {
        "benefits": check_benefits(session, terms),
        "then_plan_id": _then_faults(session, terms, plan_id),
        "currency": [] if branch_ids else _currency_faults(session, terms["currency"]),
    }
    faults = {name: found for name, found in faults.items() if found}
    branches = _branch_faults(session, branch_ids, terms["currency"])
    _raise({"branch_ids": branches} | ({at: faults} if at else faults))


def _raise(faults: dict[str, Any]) -> None:
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(INVALID, fields=found)


def _branch_faults(session: Session, branch_ids: Sequence[UUID], currency: str) -> list[str]:
    branches = [session.get(Branch, branch_id) for branch_id in branch_ids]
    return [
        NO_BRANCH.format() if branch is None else OTHER_CURRENCY.format(branch=branch.name, currency=branch.currency)
        for branch in branches
        if branch is None or branch.currency != currency
    ]


def _currency_faults(session: Session, currency: str) -> list[str]:
    """A plan that is sold everywhere is sold where prices are in its currency; that is nowhere for most."""
    some = session.scalar(select(Branch.id).where(Branch.currency == currency, Branch.active).limit(1))
    return [] if some else [NOBODY_SELLS.format()]


def _then_faults(session: Session, terms: Details, plan_id: UUID | None) -> list[str]:
    if (then := terms["then_plan_id"]) is None:
        return []
    plan = session.get(Plan, then)
    if plan is None or not plan.active:
        return [NO_PLAN.format()]
    if then == plan_id:
        return [ITSELF.format()]
    currency = terms_of(session, plan.id, plan.terms_number).currency
    return [] if currency == terms["currency"] else [THEN_CURRENCY.format(currency=currency)]


def _write_terms(session: Session, plan: Plan, given: Details) -> Terms:
    terms = read_terms(given)
    session.add(
        PlanTerms(
            plan_id=plan.id,
            number=plan.terms_number,
            terms=terms.as_dict(),
            published_at=clock.now(),
            published_by=current().actor_id,
        )
    )
    session.flush()
    return terms


def _kept(details: Details) -> Details:
    """Each branch once, in the order of their ids."""
    return details | ({"branch_ids": sorted(set(details["branch_ids"]))} if "branch_ids" in details else {})


def _record(session: Session, plan: Plan, terms: Terms, changes: Changes) -> None:
    said = Saying(PLAN_PUBLISHED, plan.state(terms))
    record(session, about=plan.id, kind="plan", version=plan.version, changes=changes, says=[said])
