"""Announces renewals some days ahead, as the policy says: each period once."""

from datetime import timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.memberships.billing.clock import BATCH, CLOCK
from services.memberships.billing.gathering import facts_of
from services.memberships.billing.outlook import periods
from services.memberships.dues.closing import changed
from services.memberships.memberships.models import Membership
from services.memberships.policies.actions import policies_of
from services.memberships.policies.models import PolicyRow
from services.memberships.policies.policy import Policy
from shared import clock
from shared.actor import acting
from shared.audit import Record, Saying, record_all
from shared.contracts.memberships import MEMBERSHIP_RENEWAL_UPCOMING
from shared.db import Database


def turn(database: Database) -> bool:
    """One batch of the renewals whose notice is due; whether there was one."""
    with acting(CLOCK), database.transaction() as session:
        memberships = _to_notice(session)
        facts = facts_of(session, memberships) if memberships else {}
        records: list[Record] = []
        for membership in memberships:
            membership.noticed_period = membership.next_period
            period = next(periods(facts.get(membership.id)), None)
            if period is not None and period.lines:
                amount = max(0, sum(line.gross for line in period.lines))
                said = Saying(MEMBERSHIP_RENEWAL_UPCOMING, membership.state() | {"amount": amount})
                records.append(changed(membership, {}, said))
        session.flush()
        record_all(session, records)
    return bool(memberships)


def _to_notice(session: Session) -> list[Membership]:
    """Whose next payment is as near as the policy says and not announced yet, and that nobody else has in hand."""
    rows = {row.branch_id: row for row in session.scalars(select(PolicyRow))}
    days = {branch: policy.renewal_notice_days for branch, policy in policies_of(session, rows).items()}
    usual = days.pop(None, Policy().renewal_notice_days)
    ahead = case(*((Membership.branch_id == branch, n) for branch, n in days.items()), else_=usual) if days else usual
    now = clock.now()
    wanted = (
        select(Membership)
        .where(Membership.noticed_period < Membership.next_period)
        .where(Membership.next_due_at > now, Membership.next_due_at <= now + timedelta(max([usual, *days.values()])))
        .where(Membership.next_due_at <= now + func.make_interval(0, 0, 0, ahead))
        .order_by(Membership.next_due_at, Membership.id)
        .limit(BATCH)
    )
    return list(session.scalars(wanted.with_for_update(skip_locked=True)))
