"""The HTTP door to reports: what is owed, what came in, who joined, and what is stuck."""

from datetime import date
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta

from services.memberships.reports import figures
from services.memberships.reports.liabilities import liabilities
from services.memberships.reports.schemas import AsOf, Dunning, Liabilities, Members, Months, Revenue, Stuck
from shared import clock
from shared.api import Door, platform, reading
from shared.api.sight import branches_of, must_see

door = Door(
    "reports",
    __name__,
    url_prefix="/api/v1/memberships/reports",
    description="What is owed, what came in, who joined, and what is stuck.",
)

READ = "memberships.billing"


@door.get("/liabilities", needs=READ)
@door.arguments(AsOf, location="query")
@door.response(200, Liabilities)
@door.doc(**{"x-problems": [404]})
def what_is_owed(query: dict[str, Any]) -> Any:
    """What is owed in credits, gift cards and balances, per branch and currency, as of the end of a day."""
    day = query["as_of"] or clock.today(platform().config.chain.time_zone)
    branches = _branches(query)
    with reading() as connection:
        return {"as_of": day, "items": liabilities(connection, day, branches)}


@door.get("/revenue", needs=READ)
@door.arguments(Months, location="query")
@door.response(200, Revenue)
@door.doc(**{"x-problems": [404]})
def what_came_in(query: dict[str, Any]) -> Any:
    """What was taken, given back and lost to disputes, per month, branch and currency."""
    branches = _branches(query)
    with reading() as connection:
        return {"items": figures.revenue(connection, _since(query), branches)}


@door.get("/dunning", needs=READ)
@door.arguments(Months, location="query")
@door.response(200, Dunning)
@door.doc(**{"x-problems": [404]})
def what_was_recovered(query: dict[str, Any]) -> Any:
    """What fell due, what of it failed at first and came in all the same, per month, branch and currency."""
    branches = _branches(query)
    with reading() as connection:
        return {"items": figures.dunning(connection, _since(query), branches)}


@door.get("/members", needs=READ)
@door.arguments(Months, location="query")
@door.response(200, Members)
@door.doc(**{"x-problems": [404]})
def who_joined_and_left(query: dict[str, Any]) -> Any:
    """Members won and lost in each month, and how many there were at its end, per branch."""
    branches = _branches(query)
    with reading() as connection:
        return {"items": figures.members(connection, _since(query), _this_month(), branches)}


@door.get("/stuck", needs=READ)
@door.arguments(Months, location="query")
@door.response(200, Stuck)
@door.doc(**{"x-problems": [404]})
def what_is_stuck(query: dict[str, Any]) -> Any:
    """What does not go on by itself, oldest first, at most 500."""
    branches = _branches(query)
    with reading() as connection:
        return {"items": figures.stuck(connection, clock.now(), _since(query), branches)}


def _branches(query: dict[str, Any]) -> list[UUID] | None:
    """Those that the report is about: the one that is named, else all that the one who asks may see."""
    if query["branch_id"]:
        must_see(READ, query["branch_id"])
        return [query["branch_id"]]
    return branches_of(READ)


def _this_month() -> date:
    return clock.today(platform().config.chain.time_zone).replace(day=1)


def _since(query: dict[str, Any]) -> date:
    return _this_month() - relativedelta(months=query["months"] - 1)
