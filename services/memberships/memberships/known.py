"""What an act on a membership looks at, as values: read in one go, under the membership's lock when it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.billing.gathering import facts_of
from services.memberships.billing.upcoming import Facts as Upcoming
from services.memberships.billing.upcoming import Offer
from services.memberships.copies.models import Branch
from services.memberships.memberships.models import Membership
from services.memberships.payments.actions import must_be_quiet
from services.memberships.plans.models import PlanTerms
from services.memberships.policies.actions import policy_of
from services.memberships.policies.policy import Policy
from shared import clock
from shared.errors import Conflict, NotFound
from shared.rows import NOT_FOUND
from shared.words import Words

ENDED = Words("This membership has ended.")


@dataclass(frozen=True)
class Known:
    """A membership as an act sees it. It can stand for the facts of a quote, and be a part of them."""

    membership_id: UUID
    version: int
    client_id: UUID
    payer_id: UUID
    branch_id: UUID
    currency: str
    lifecycle: str
    sold_on: date
    starts_on: date
    commitment_until: date | None
    ends_on: date | None
    next_due_on: date | None
    next_period: int
    offer: Offer
    """The terms that it has."""
    policy: Policy
    upcoming: Upcoming | None
    """What the next period depends on; None when none comes."""
    today: date
    """At the branch."""
    time_zone: str

    @property
    def versions(self) -> Mapping[str, Any]:
        return {"membership": self.version, "terms": self.offer.number}


def look(session: Session, membership_id: UUID, *, lock: bool) -> Known:
    """The membership as it is now. Raises NotFound; Conflict when it has ended or a payment is on its way."""
    row = session.get(Membership, membership_id, with_for_update=lock or None, populate_existing=True)
    if row is None:
        raise NotFound(NOT_FOUND)
    if row.lifecycle == "ended":
        raise Conflict(ENDED, code="ended")
    must_be_quiet(session, membership_id)
    branch = session.get_one(Branch, row.branch_id)
    terms = session.get_one(PlanTerms, (row.plan_id, row.terms_number)).read()
    return Known(
        membership_id=row.id,
        version=row.version,
        client_id=row.client_id,
        payer_id=row.payer_id,
        branch_id=row.branch_id,
        currency=row.currency,
        lifecycle=row.lifecycle,
        sold_on=row.sold_on,
        starts_on=row.starts_on,
        commitment_until=row.commitment_until,
        ends_on=row.ends_on,
        next_due_on=row.next_due_on,
        next_period=row.next_period,
        offer=Offer(row.plan_id, row.terms_number, terms),
        policy=policy_of(session, row.branch_id),
        upcoming=facts_of(session, [row]).get(row.id),
        today=clock.today(branch.time_zone),
        time_zone=branch.time_zone,
    )
