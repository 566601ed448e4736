"""What people ask of us about rules, and what a rule does when its moment has come."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.documents.assignments.actions import assign_unless_valid
from services.documents.copies.models import Branch, Client, Service
from services.documents.forms.models import Form
from services.documents.rules.models import Rule
from shared.audit import Changes, difference, record
from shared.errors import Invalid, Retry
from shared.ids import new_id
from shared.people import names_of
from shared.rows import locked
from shared.words import Words

NO_FORM = Words("There is no such form.")
NO_SERVICE = Words("There is no such service.")
NO_BRANCH = Words("There is no such branch.")
NOT_OF_TRIGGER = Words("This does not go with what the rule waits for.")
KNOWN = (("form_id", Form, NO_FORM), ("service_id", Service, NO_SERVICE), ("branch_id", Branch, NO_BRANCH))
ONLY_WITH = {"plan_id": "new_membership", "service_id": "booked_service", "first_visit_only": "booked_service"}

Details = dict[str, Any]


def add(session: Session, given: Details) -> Rule:
    """Raises Invalid for what is not there, or does not go together."""
    _check(session, given)
    rule = Rule(id=new_id(), version=1, **given)
    session.add(rule)
    session.flush()
    _record(session, rule, difference({}, rule.details()))
    return rule


def change(session: Session, rule_id: UUID, given: Details, expected: int | None) -> Rule:
    """Raises NotFound, Stale, Invalid. What it has assigned stays assigned."""
    rule = locked(session, Rule, rule_id, expected, kind="form_rule", names=names_of)
    changes = difference(rule.details(), given)
    if not changes:
        return rule
    _check(session, rule.details() | given)
    for name in changes:
        setattr(rule, name, given[name])
    rule.version += 1
    session.flush()
    _record(session, rule, changes)
    return rule


def remove(session: Session, rule_id: UUID, expected: int | None) -> None:
    """It assigns nothing any more. Raises NotFound, Stale."""
    rule = locked(session, Rule, rule_id, expected, kind="form_rule", names=names_of)
    rule.version += 1
    _record(session, rule, {"removed": (False, True)})
    session.delete(rule)


def apply(
    session: Session, trigger: str, client_id: UUID, branch_id: UUID | None, due_at: Any = None, **of: Any
) -> None:
    """Assigns what the rules of this moment ask for, and nothing that is still good.

    `of` is what it is about: `plan_id`, `service_ids`, `is_first_visit`. Raises Retry while the client is not known.
    """
    wanted = select(Rule).where(Rule.trigger == trigger, Rule.active)
    wanted = wanted.where(or_(Rule.branch_id.is_(None), Rule.branch_id == branch_id))
    if "plan_id" in of:
        wanted = wanted.where(or_(Rule.plan_id.is_(None), Rule.plan_id == of["plan_id"]))
    if "service_ids" in of:
        wanted = wanted.where(or_(Rule.service_id.is_(None), Rule.service_id.in_(of["service_ids"])))
    if not of.get("is_first_visit", True):
        wanted = wanted.where(Rule.first_visit_only.is_(False))
    rules = list(session.scalars(wanted.order_by(Rule.id)))
    if rules and session.get(Client, client_id) is None:
        raise Retry(f"client {client_id} is not known yet")
    for rule in rules:
        assign_unless_valid(session, client_id, rule.form_id, branch_id, due_at=due_at, rule_id=rule.id)


def _check(session: Session, given: Details) -> None:
    for name, model, words in KNOWN:
        if given[name] is not None and session.get(model, given[name]) is None:
            raise Invalid(words, fields={name: [words.format()]})
    for name, trigger in ONLY_WITH.items():
        if given[name] and given["trigger"] != trigger:
            raise Invalid(NOT_OF_TRIGGER, fields={name: [NOT_OF_TRIGGER.format()]})


def _record(session: Session, rule: Rule, changes: Changes) -> None:
    record(session, about=rule.id, kind="form_rule", version=rule.version, changes=changes)
