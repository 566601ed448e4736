"""Takes clients from step to step: many at a time, in one small transaction each.

A kill at any line costs nothing: the message and the step that made it are committed together.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.campaigns.actions import ME
from services.notifications.campaigns.models import Campaign
from services.notifications.campaigns.steps import RUNNING, after
from services.notifications.catalogue.types import TYPES
from services.notifications.messages.many import queue_many
from shared import clock
from shared.actor import acting
from shared.db import Database, listed, run
from shared.planner_statistics import count_grown

AT_ONCE = 250
DUE = f"""
    SELECT client_id, campaign_id, occasion, step, waits_for IS NOT NULL AS waited FROM campaign_runs
    WHERE state = '{RUNNING}' AND due_at <= %(now)s AND campaign_id = ANY(%(campaigns)s::uuid[])
    ORDER BY due_at LIMIT {AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED
"""
MOVE = """
    UPDATE campaign_runs SET step = %(step)s, due_at = %(due_at)s, state = %(state)s, waits_for = %(waits_for)s
    WHERE campaign_id = %(campaign_id)s AND client_id = ANY(%(client_ids)s::uuid[])
"""


class Stage(NamedTuple):
    """Where clients stand who go on together."""

    campaign_id: UUID
    occasion: str
    step: int
    waited: bool


def go_on(database: Database) -> bool:
    """Does the next step for some clients; whether there were any."""
    with acting(ME), database.transaction() as session:
        under_way = session.scalars(select(Campaign.id).where(Campaign.state == "running")).all()
        stages: dict[Stage, list[UUID]] = defaultdict(list)
        for row in run(session, DUE, {"now": clock.now(), "campaigns": listed(under_way)}):
            stage = Stage(row["campaign_id"], row["occasion"], row["step"], row["waited"])
            stages[stage].append(row["client_id"])
        for stage, client_ids in stages.items():
            _go_on(session, stage, client_ids)
    if stages:
        count_grown(database, "messages", "campaign_runs")
    return bool(stages)


def _go_on(session: Session, stage: Stage, client_ids: list[UUID]) -> None:
    campaign = session.get_one(Campaign, stage.campaign_id)
    write(session, campaign, stage.occasion, stage.step, client_ids)
    place = after(campaign.steps, stage.step, clock.now(), waited=stage.waited)
    values = {"step": place.step, "due_at": place.due_at, "state": place.state, "waits_for": place.waits_for}
    run(session, MOVE, values | {"campaign_id": campaign.id, "client_ids": listed(client_ids)})


def write(session: Session, campaign: Campaign, occasion: str, number: int, client_ids: Sequence[UUID]) -> None:
    """The messages of a step, if it sends any, as rows for the senders: whether each may go is asked when it is about
    to."""
    step = campaign.steps[number] if number < len(campaign.steps) else None
    if step is None or step["do"] != "send" or not client_ids:
        return
    data = {"campaign_id": str(campaign.id), "step": number, "occasion": occasion}
    data |= {"title": step.get("title") or "", "text": step["text"]}
    queue_many(session, TYPES["campaign"], client_ids, step["channel"], data)
