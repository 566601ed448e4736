"""The next payments of a membership, as the clock would raise them. Pure."""

from itertools import islice
from typing import Any

from services.memberships.billing.outlook import periods
from services.memberships.billing.pricing import total
from services.memberships.billing.upcoming import Facts, Period
from services.memberships.billing.wording import said

PAYMENTS = 12


def forecast(facts: Facts | None) -> list[dict[str, Any]]:
    """The next twelve, or as many as come."""
    return [_payment(period) for period in islice(periods(facts), PAYMENTS)]


def _payment(period: Period) -> dict[str, Any]:
    return {
        "period": period.number,
        "due_on": period.due_on,
        "starts_on": period.days[0],
        "ends_on": period.days[1],
        "plan_id": period.offer.plan_id,
        "lines": [line.as_dict() | {"text": said(line.as_dict())} for line in period.lines],
        "amount": max(0, total(period.lines).total),
    }
