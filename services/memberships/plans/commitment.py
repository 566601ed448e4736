"""Until when a member is bound. Pure."""

from datetime import date

from services.memberships.billing.schedule import period_days
from services.memberships.plans.terms import Terms


def commitment_until(terms: Terms, begins: date, before: date | None = None) -> date | None:
    """The first day on which leaving costs nothing, when the terms hold from `begins` on.

    It is no earlier than the day `before` of the terms that they take the place of: nobody leaves a commitment early by
    a change of plan.
    """
    periods = terms.commitment_periods
    own = period_days(begins, 1, terms.interval, periods)[1] if periods else None
    return max(filter(None, (before, own)), default=None)
