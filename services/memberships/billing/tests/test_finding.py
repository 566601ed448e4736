"""Finding what is due costs by what is due, and not by how many members there are."""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from services.memberships.billing.outlook import due
from services.memberships.conftest import MADRID, MARIA
from shared import clock
from shared.testing.service import ServiceUnderTest

FILL = """
    INSERT INTO memberships (id, version, client_id, payer_id, branch_id, plan_id, terms_number, note, currency,
        discounts, sold_on, starts_on, anchor, anchor_period, next_period, next_due_on, next_due_at, lifecycle,
        standing, collection, created_at)
    SELECT gen_random_uuid(), 1, :client, :client, :branch, :plan, 1, '', 'EUR', '[]', :today, :today, :today, 1, 2,
           :today, CAST(:now AS timestamptz) + (n - 5000) * interval '1 minute', 'active', 'good', 'none', :now
    FROM generate_series(1, :many) n
"""


def test_the_next_500_are_read_from_the_index_and_nothing_besides(memberships: ServiceUnderTest, plan: Any) -> None:
    now, plan_id = clock.now(), plan()
    values = {"client": MARIA, "branch": MADRID, "plan": plan_id, "today": now.date(), "now": now, "many": 50_000}
    with memberships.database.transaction() as session:
        session.execute(text(FILL), values)
    with memberships.database.reading() as connection:
        connection.execute(text("ANALYZE memberships"))
    scans = list(leaves(explained(memberships, now)))
    assert [scan["Index Name"] for scan in scans] == ["ix_memberships_next_due_at"]
    assert scans[0]["Actual Rows"] + scans[0].get("Rows Removed by Filter", 0) <= 1000


def explained(service: ServiceUnderTest, now: datetime) -> dict[str, Any]:
    """The plan of the clock's own question, as it was carried out."""
    statement = due(now).limit(500).with_for_update(skip_locked=True)
    compiled = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    with service.database.transaction() as session:
        found = session.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {compiled}")).scalar_one()
    plan = orjson.loads(found) if isinstance(found, str) else found
    return dict(plan[0]["Plan"])


def leaves(node: dict[str, Any]) -> Any:
    if "Plans" not in node:
        yield node
    for child in node.get("Plans", ()):
        yield from leaves(child)
