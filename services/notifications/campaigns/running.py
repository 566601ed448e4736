"""What a worker does for campaigns: lets clients in, and goes on with each step by step.

Both are small transactions in which the row says how far it came, so that a kill at any line costs nothing: the next
worker goes on there, and a client is in a campaign once.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.campaigns import audience
from services.notifications.campaigns.actions import changed, today, wanted
from services.notifications.campaigns.models import Campaign, LastVisit, Run
from services.notifications.catalogue.types import TYPES
from services.notifications.copies.models import Client
from services.notifications.messages.actions import queue
from shared import clock
from shared.actor import Context, acting
from shared.db import Database

LET_IN = 1000
STEPPED = 200
ME = Context("service:notifications", "event")
ON = Campaign.entry["on"].astext
AT = cast(Campaign.entry["at"].astext, DateTime(timezone=True))
"""As a moment: it was typed in any zone."""


def let_in(database: Database) -> bool:
    """Lets some more clients into one campaign; whether there were any."""
    with acting(ME), database.transaction() as session:
        campaign = _next_to_fill(session)
        if campaign is None:
            return False
        if campaign.entry["on"] == "daily" and campaign.day != today(session):
            campaign.day, campaign.cursor = today(session), None
        found = audience.some(session, wanted(session, campaign), campaign.cursor, LET_IN)
        enter(session, campaign, found, clock.now())
        campaign.cursor = found[-1] if found else campaign.cursor
        campaign.entered_all = len(found) < LET_IN
        return bool(found)


def _next_to_fill(session: Session) -> Campaign | None:
    due = or_(
        and_(ON == "now", ~Campaign.entered_all),
        and_(ON == "at", ~Campaign.entered_all, clock.now() >= AT),
        and_(ON == "daily", or_(Campaign.day.is_(None), Campaign.day < today(session), ~Campaign.entered_all)),
    )
    statement = select(Campaign).where(Campaign.state == "running", due).order_by(Campaign.id).limit(1)
    return session.scalar(statement.with_for_update(skip_locked=True))


def enter(session: Session, campaign: Campaign, client_ids: Sequence[UUID], now: datetime) -> None:
    """A client is in a campaign once; what comes again each year, once a year, when the last time is over."""
    if not client_ids:
        return
    row = {"campaign_id": campaign.id, "occasion": _occasion(campaign, today(session)), "state": "running", "step": 0}
    row |= {"entered_at": now, "due_at": now}
    made = insert(Run).values([{**row, "client_id": each} for each in client_ids])
    again = {name: made.excluded[name] for name in ("occasion", "state", "step", "entered_at", "due_at")}
    comes_again = (Run.state != "running") & (Run.occasion < made.excluded.occasion)
    if campaign.entry.get("rule") == "not_seen":  # once for each absence
        last = select(LastVisit.at).where(LastVisit.client_id == Run.client_id).scalar_subquery()
        comes_again = comes_again & (Run.entered_at < last)
    session.execute(
        made.on_conflict_do_update(index_elements=["campaign_id", "client_id"], set_=again, where=comes_again)
    )


def _occasion(campaign: Campaign, day: date) -> str:
    """Which time it is, of what comes again; it grows from one to the next."""
    times = {"birthday": str(day.year), "not_seen": day.isoformat()}
    return times.get(campaign.entry.get("rule", ""), "")


def go_on(database: Database) -> bool:
    """Does the next step for some clients; whether there were any."""
    due = (
        select(Run)
        .join(Campaign, Campaign.id == Run.campaign_id)
        .where(Run.state == "running", Run.due_at <= clock.now(), Campaign.state == "running")
        .order_by(Run.due_at)
        .limit(STEPPED)
        .with_for_update(of=Run, skip_locked=True)
    )
    with acting(ME), database.transaction() as session:
        runs = list(session.scalars(due))
        for run in runs:
            _step(session, run)
        return bool(runs)


def _step(session: Session, run: Run) -> None:
    campaign = session.get_one(Campaign, run.campaign_id)
    step = campaign.steps[run.step] if run.step < len(campaign.steps) else None
    if step is not None and step["do"] == "wait":
        run.due_at = clock.now() + timedelta(days=step["days"])
    elif step is not None:
        _send(session, campaign, run, step)
    run.step += 1
    if run.step >= len(campaign.steps):
        run.state = "done"


def _send(session: Session, campaign: Campaign, run: Run, step: dict[str, Any]) -> None:
    """A row for the senders: whether it may go is asked when it is about to."""
    client = session.get(Client, run.client_id)
    if client is None or client.erased_at is not None:
        return
    data = {"campaign_id": str(campaign.id), "step": run.step, "occasion": run.occasion}
    data |= {"title": step.get("title") or "", "text": step["text"]}
    queue(
        session,
        TYPES["campaign"],
        client,
        channels=[step["channel"]],
        data=data,
        happened_at=clock.now(),
        branch_id=client.preferred_branch_id,
    )


def finish(database: Database) -> bool:
    """Ends campaigns in which everybody is through."""
    left = select(func.count()).select_from(Run).where(Run.campaign_id == Campaign.id, Run.state == "running")
    over = (Campaign.state == "running") & Campaign.entered_all & ON.in_(("now", "at"))
    with acting(ME), database.transaction() as session:
        for campaign in session.scalars(select(Campaign).where(over, left.scalar_subquery() == 0).with_for_update()):
            changed(session, campaign, {"state": (campaign.state, "ended")})
    return False
