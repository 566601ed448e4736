"""Reads what the next periods of memberships depend on: for many at once, in three statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.billing.upcoming import Facts, Offer
from services.memberships.copies.models import Branch
from services.memberships.memberships.models import Membership
from services.memberships.plans.terms import Terms
from services.memberships.policies.actions import policies_of
from services.memberships.policies.policy import Policy
from shared.db import run

AROUND = """
    SELECT membership.id, own.terms::text AS terms, previous.ends_on AS previous_ends_on,
           (SELECT json_agg(json_build_array(pause.starts_on, pause.ends_on) ORDER BY pause.starts_on)
            FROM freezes pause
            WHERE pause.membership_id = membership.id AND pause.state <> 'withdrawn'
              AND pause.mode <> 'shift_payments' AND pause.ends_on > membership.next_due_on) AS frozen,
           CASE WHEN own.terms ->> 'ends_after_periods' IS NULL THEN 0 ELSE (
               SELECT count(*) FROM dues
               WHERE dues.membership_id = membership.id AND dues.kind = 'period'
                 AND dues.plan_id = membership.plan_id AND dues.state <> 'skipped'
           ) END AS paid_periods,
           change.effective_on, change.plan_id AS change_plan_id, change.terms_number AS change_number,
           changed.terms::text AS change_terms,
           after.id AS then_plan_id, after.terms_number AS then_number, after_terms.terms::text AS then_terms
    FROM memberships membership
    JOIN plan_terms own ON own.plan_id = membership.plan_id AND own.number = membership.terms_number
    LEFT JOIN dues previous
        ON previous.membership_id = membership.id AND previous.number = membership.next_period - 1
    LEFT JOIN plan_changes change ON change.membership_id = membership.id AND change.state = 'waiting'
    LEFT JOIN plan_terms changed ON changed.plan_id = change.plan_id AND changed.number = change.terms_number
    LEFT JOIN plans after ON after.id = CAST(own.terms ->> 'then_plan_id' AS uuid)
    LEFT JOIN plan_terms after_terms ON after_terms.plan_id = after.id AND after_terms.number = after.terms_number
    WHERE membership.id = ANY(%(ids)s)
"""


def facts_of(session: Session, memberships: Sequence[Membership]) -> dict[UUID, Facts]:
    """What the next period of each depends on; those with none to come are left out."""
    policies = policies_of(session, {membership.branch_id for membership in memberships})
    around = {row["id"]: row for row in run(session, AROUND, {"ids": [each.id for each in memberships]})}
    return {each.id: _facts(each, around[each.id], policies) for each in memberships if each.next_due_on}


def zones_of(session: Session, branch_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The time zones of branches."""
    return {row.id: row.time_zone for row in session.execute(select(Branch).where(Branch.id.in_(branch_ids))).scalars()}


def _facts(membership: Membership, row: Mapping[str, Any], policies: Mapping[UUID, Policy]) -> Facts:
    assert membership.next_due_on
    change = row["effective_on"] and _offer(row["change_plan_id"], row["change_number"], row["change_terms"])
    return Facts(
        offer=_offer(membership.plan_id, membership.terms_number, row["terms"]),
        policy=policies[membership.branch_id],
        anchor=membership.anchor,
        anchor_period=membership.anchor_period,
        number=membership.next_period,
        due_on=membership.next_due_on,
        previous_ends_on=row["previous_ends_on"],
        paid_periods=row["paid_periods"],
        ends_on=membership.ends_on,
        frozen=[(date.fromisoformat(starts), date.fromisoformat(ends)) for starts, ends in row["frozen"] or ()],
        discounts=membership.discounts,
        change=(row["effective_on"], change) if change else None,
        then=_offer(row["then_plan_id"], row["then_number"], row["then_terms"]) if row["then_plan_id"] else None,
    )


@lru_cache(10_000)
def _offer(plan_id: UUID, number: int, terms: str) -> Offer:
    """Read once: a version of a plan's terms never changes."""
    return Offer(plan_id, number, Terms.read(orjson.loads(terms)))
