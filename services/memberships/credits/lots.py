"""Lots of credits as they are read: each with what stands against its use today."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Date, Row, Select, cast, exists, func, literal, select
from sqlalchemy.orm import Session

from services.memberships.copies.models import Branch
from services.memberships.credits.models import Credit
from services.memberships.credits.usable import Facts, Reason, withheld
from services.memberships.freezes.models import Freeze
from services.memberships.memberships.models import Membership
from services.memberships.policies.actions import policy_of
from shared import clock


def lots(*more: Any) -> Select[Any]:
    """A statement for lots with what `judged` needs to know of them, and with `more` columns."""
    today = local_day()
    frozen = exists().where(
        Freeze.membership_id == Credit.membership_id,
        Freeze.state.in_(("planned", "running")),
        Freeze.starts_on <= today,
        Freeze.ends_on > today,
        Freeze.rule["credits_usable"].astext == "false",
    )
    return (
        select(Credit.__table__, Membership.standing, frozen.label("frozen"), today.label("today"), *more)
        .join(Branch, Branch.id == Credit.branch_id)
        .outerjoin(Membership, Membership.id == Credit.membership_id)
    )


def local_day() -> ColumnElement[date]:
    """Today in the branch that a statement has joined."""
    return cast(func.timezone(Branch.time_zone, literal(clock.now())), Date)


def judged(session: Session | Connection, rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Reason | None]]:
    """Each row with why it cannot be used today; None when it can."""
    withhold: dict[UUID, Any] = {}
    for row in rows:
        if row.branch_id not in withhold:
            withhold[row.branch_id] = policy_of(session, row.branch_id).withhold_benefits
        facts = Facts(row.status, row.expires_on, row.standing, row.frozen)
        yield row, withheld(facts, withhold[row.branch_id], row.today)
