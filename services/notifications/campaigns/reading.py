"""How far a campaign has come."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from services.notifications.campaigns.models import RUN_STATES
from services.notifications.campaigns.steps import RUNNING

RUNS = text(
    "SELECT state, count(*) AS many, count(waits_for) AS waiting FROM campaign_runs WHERE campaign_id = :id"
    " GROUP BY state"
)
MESSAGES = text(
    "SELECT state, reason, count(*) AS many FROM messages WHERE type = 'campaign' AND about = :about"
    " GROUP BY state, reason"
)


def progress(session: Session | Connection, campaign_id: UUID) -> dict[str, Any]:
    """Clients who are in it, and what became of its messages."""
    found = session.execute(RUNS, {"id": campaign_id}).all()
    runs = {row.state: row.many for row in found}
    messages: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for row in session.execute(MESSAGES, {"about": f"campaign:{campaign_id}"}):
        messages[row.state] = messages.get(row.state, 0) + row.many
        if row.state == "suppressed":
            reasons[row.reason] = reasons.get(row.reason, 0) + row.many
    counted = {state: runs.get(state, 0) for state in RUN_STATES}
    waiting = sum(row.waiting for row in found if row.state == RUNNING)
    return {"entered": sum(runs.values()), **counted, "waiting": waiting, "messages": messages, "reasons": reasons}
