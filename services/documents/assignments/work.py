"""What time does to forms: a completed one is no longer good, and is assigned again where its rule says so."""

from sqlalchemy import select

from services.documents.assignments.actions import assign_unless_valid, expire
from services.documents.assignments.models import Assignment
from services.documents.rules.models import Rule
from shared import clock
from shared.actor import Context, acting
from shared.db import Database
from shared.roles import Duty

AT_ONCE = 50


def expire_completed(database: Database) -> bool:
    """Ends some whose time is over; whether there were any."""
    over = select(Assignment).where(Assignment.state == "completed", Assignment.valid_until <= clock.now())
    over = over.order_by(Assignment.valid_until).limit(AT_ONCE)
    with acting(Context("service:documents", "event")), database.transaction() as session:
        found = list(session.scalars(over.with_for_update(skip_locked=True)))
        for assignment in found:
            expire(session, assignment)
            rule = session.get(Rule, assignment.rule_id) if assignment.rule_id else None
            if rule is not None and rule.renews and rule.active:
                again = assignment.client_id, assignment.form_id, assignment.branch_id
                assign_unless_valid(session, *again, due_at=None, rule_id=rule.id)
    return bool(found)


DUTIES = [Duty("assignments.expire_completed", 300.0, expire_completed)]
