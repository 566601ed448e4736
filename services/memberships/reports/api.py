"""The HTTP door to reports."""

from typing import Any
from uuid import UUID

from services.memberships.reports.liabilities import liabilities
from services.memberships.reports.schemas import AsOf, Liabilities
from shared import clock
from shared.api import Door, platform, reading
from shared.api.sight import branches_of, must_see

door = Door("reports", __name__, url_prefix="/api/v1/memberships/reports", description="What the chain owes.")

READ = "memberships.billing"


@door.get("/liabilities", needs=READ)
@door.arguments(AsOf, location="query")
@door.response(200, Liabilities)
@door.doc(**{"x-problems": [404]})
def what_is_owed(query: dict[str, Any]) -> Any:
    """What is owed in credits, gift cards and balances, per branch and currency, as of the end of a day."""
    day = query["as_of"] or clock.today(platform().config.chain.time_zone)
    branches: list[UUID] | None = branches_of(READ)
    if query["branch_id"]:
        must_see(READ, query["branch_id"])
        branches = [query["branch_id"]]
    with reading() as connection:
        return {"as_of": day, "items": liabilities(connection, day, branches)}
