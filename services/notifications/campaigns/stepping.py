"""Takes clients from step to step: many at a time, in one small transaction each.

A kill at any line costs nothing: the message and the step that made it are committed together.
"""

from collections import defaultdict
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.campaigns.models import Campaign, Run
from services.notifications.campaigns.running import ME
from services.notifications.campaigns.steps import RUNNING, after
from services.notifications.catalogue.types import TYPES
from services.notifications.messages.many import queue_many
from shared import clock
from shared.actor import acting
from shared.db import Database, run

AT_ONCE = 1000
MOVE = """
    UPDATE campaign_runs SET step = %(step)s, due_at = %(due_at)s, state = %(state)s, waits_for = %(waits_for)s
    WHERE campaign_id = %(campaign_id)s AND client_id = ANY(%(client_ids)s)
"""


class Stage(NamedTuple):
    """Where clients stand who go on together."""

    campaign_id: UUID
    occasion: str
    step: int
    waited: bool


def go_on(database: Database) -> bool:
    """Does the next step for some clients; whether there were any."""
    due = (
        select(Run.client_id, Run.campaign_id, Run.occasion, Run.step, Run.waits_for)
        .join(Campaign, Campaign.id == Run.campaign_id)
        .where(Run.state == RUNNING, Run.due_at <= clock.now(), Campaign.state == "running")
        .order_by(Run.due_at)
        .limit(AT_ONCE)
        .with_for_update(of=Run, skip_locked=True)
    )
    with acting(ME), database.transaction() as session:
        stages: dict[Stage, list[UUID]] = defaultdict(list)
        for row in session.execute(due):
            stage = Stage(row.campaign_id, row.occasion, row.step, row.waits_for is not None)
            stages[stage].append(row.client_id)
        for stage, client_ids in stages.items():
            _go_on(session, stage, client_ids)
        return bool(stages)


def _go_on(session: Session, stage: Stage, client_ids: list[UUID]) -> None:
    campaign = session.get_one(Campaign, stage.campaign_id)
    if stage.step < len(campaign.steps) and campaign.steps[stage.step]["do"] == "send":
        _send(session, campaign, stage, client_ids)
    place = after(campaign.steps, stage.step, clock.now(), waited=stage.waited)
    values = {"step": place.step, "due_at": place.due_at, "state": place.state, "waits_for": place.waits_for}
    run(session, MOVE, values | {"campaign_id": campaign.id, "client_ids": client_ids})


def _send(session: Session, campaign: Campaign, stage: Stage, client_ids: list[UUID]) -> None:
    """Rows for the senders: whether each may go is asked when it is about to."""
    step = campaign.steps[stage.step]
    data = {"campaign_id": str(campaign.id), "step": stage.step, "occasion": stage.occasion}
    data |= {"title": step.get("title") or "", "text": step["text"]}
    queue_many(session, TYPES["campaign"], client_ids, step["channel"], data)
