"""What a worker does for campaigns: lets clients in, and ends those in which everybody is through.

Small transactions in which the row says how far it came, so that a kill at any line costs nothing: the next worker
goes on there, and a client is in a campaign once.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from sqlalchemy import DateTime, and_, cast, exists, or_, select
from sqlalchemy.orm import Session

from services.notifications.campaigns import audience
from services.notifications.campaigns.actions import ME, changed, today, wanted
from services.notifications.campaigns.models import ABOUT, Campaign, Run
from services.notifications.campaigns.stepping import write
from services.notifications.campaigns.steps import RUNNING, after
from services.notifications.delivery.states import WAITING
from services.notifications.messages.models import Message
from shared import clock
from shared.actor import acting
from shared.db import Database, listed, run
from shared.planner_statistics import count_grown

LET_IN = 250
"""Fewer would take longer all in all; with more, whose receipt comes meanwhile waits."""
ON = Campaign.entry["on"].astext
AT = cast(Campaign.entry["at"].astext, DateTime(timezone=True))
"""As a moment: it was typed in any zone."""

ENTER = f"""
    INSERT INTO campaign_runs AS run (campaign_id, client_id, occasion, state, step, entered_at, due_at, waits_for)
    SELECT %(campaign_id)s, client_id, %(occasion)s, %(state)s, %(step)s, %(now)s, %(due_at)s, %(waits_for)s
    FROM unnest(%(client_ids)s::uuid[]) AS client_id
    ON CONFLICT (campaign_id, client_id) DO UPDATE SET
        (occasion, state, step, entered_at, due_at, waits_for) =
        (excluded.occasion, excluded.state, excluded.step, excluded.entered_at, excluded.due_at, excluded.waits_for)
    WHERE run.state <> '{RUNNING}' AND run.occasion < excluded.occasion
      AND (NOT %(absence)s OR run.entered_at < (SELECT at FROM last_visits v WHERE v.client_id = run.client_id))
    RETURNING client_id
"""


def let_in(database: Database) -> bool:
    """Lets some more clients into one campaign; whether there were any."""
    with acting(ME), database.transaction() as session:
        campaign = _next_to_fill(session)
        if campaign is None:
            return False
        if campaign.entry["on"] == "daily" and campaign.day != today(session):
            campaign.day, campaign.cursor = today(session), None
        found = audience.some(session, wanted(session, campaign), campaign.cursor, LET_IN)
        enter(session, campaign, found)
        campaign.cursor = found[-1] if found else campaign.cursor
        campaign.entered_all = len(found) < LET_IN
    if found:
        count_grown(database, "messages", "campaign_runs")
    return bool(found)


def _next_to_fill(session: Session) -> Campaign | None:
    due = or_(
        and_(ON == "now", ~Campaign.entered_all),
        and_(ON == "at", ~Campaign.entered_all, clock.now() >= AT),
        and_(ON == "daily", or_(Campaign.day.is_(None), Campaign.day < today(session), ~Campaign.entered_all)),
    )
    statement = select(Campaign).where(Campaign.state == "running", due).order_by(Campaign.id).limit(1)
    return session.scalar(statement.with_for_update(skip_locked=True))


def enter(session: Session, campaign: Campaign, client_ids: Sequence[UUID]) -> None:
    """A client is in a campaign once; what comes again, such as a birthday, once each time and when the last is over.
    Who stays away again after a visit is absent anew. Whoever enters takes the first step at once."""
    now, occasion = clock.now(), _occasion(campaign, today(session))
    values = asdict(after(campaign.steps, 0, now, waited=False)) | {
        "campaign_id": campaign.id,
        "client_ids": listed(client_ids),
        "occasion": occasion,
        "now": now,
        "absence": campaign.entry.get("rule") == "not_seen",
    }
    entered = [row["client_id"] for row in run(session, ENTER, values)]
    write(session, campaign, occasion, 0, entered)


def _occasion(campaign: Campaign, day: date) -> str:
    """Which time it is, of what comes again; it grows from one to the next."""
    times = {"birthday": str(day.year), "not_seen": day.isoformat()}
    return times.get(campaign.entry.get("rule", ""), "")


def finish(database: Database) -> bool:
    """Ends campaigns in which everybody is through and every message has gone its way."""
    on_the_way = exists().where(Run.campaign_id == Campaign.id, Run.state == RUNNING)
    unsent = exists().where(Message.about == ABOUT, Message.state.in_(WAITING))
    over = (Campaign.state == "running") & Campaign.entered_all & ON.in_(("now", "at")) & ~on_the_way & ~unsent
    with acting(ME), database.transaction() as session:
        for campaign in session.scalars(select(Campaign).where(over).with_for_update(skip_locked=True)):
            changed(session, campaign, {"state": (campaign.state, "ended")})
    return False
