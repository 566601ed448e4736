"""What people ask of us about campaigns: plan, start, pause, resume and end them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.notifications.campaigns import audience
from services.notifications.campaigns.models import Campaign, Run
from shared import clock
from shared.actor import Context, current
from shared.audit import Changes, Saying, difference, record
from shared.contracts.notifications import CAMPAIGN_FINISHED, CAMPAIGN_PAUSED, CAMPAIGN_STARTED
from shared.errors import Conflict, Invalid
from shared.ids import new_id
from shared.people import names_of
from shared.rows import locked
from shared.words import Words

NEEDED = Words("This is needed here.")
NOT_NOW = Words("A campaign that is under way or over cannot be changed. Pause it first, or plan another one.")
SUBJECT_NEEDED = Words("An e-mail or a notification needs a subject.")
LAST_WAITS = Words("After the last wait there is nothing to send.")
NOT_FROM_HERE = Words("That cannot be done with this campaign as it is now. Load the page again.")

WITH = {"at": ("at",), "daily": ("rule",), "event": ("event",)}
STEPS = {"send": ("channel", "text"), "wait": ("days",), "until": ("event", "days", "otherwise")}
"""What a step needs."""
WAYS = {
    "start": (("draft",), "running"),
    "pause": (("running",), "paused"),
    "resume": (("paused",), "running"),
    "end": (("running", "paused"), "ended"),
}

SAYS = {"running": CAMPAIGN_STARTED, "paused": CAMPAIGN_PAUSED, "ended": CAMPAIGN_FINISHED}

Details = dict[str, Any]

ME = Context("service:notifications", "event")
"""Who goes on with a campaign once people have started it."""


def add(session: Session, given: Details) -> Campaign:
    """A draft: nobody is written to before it is started. Raises Invalid by field."""
    _check(given)
    row = {"created_at": clock.now(), "created_by": current().actor, "entered_all": False}
    campaign = Campaign(id=new_id(), version=1, state="draft", **plain(given), **row)
    session.add(campaign)
    session.flush()
    _record(session, campaign, difference({}, campaign.details()))
    return campaign


def change(session: Session, campaign_id: UUID, given: Details, expected: int | None) -> Campaign:
    """Raises NotFound, Stale, Invalid; Conflict for one that is under way or over."""
    campaign = locked(session, Campaign, campaign_id, expected, kind="campaign", names=names_of)
    if campaign.state not in ("draft", "paused"):
        raise Conflict(NOT_NOW, code=f"campaign_{campaign.state}")
    _check(campaign.details() | given)
    changes = difference(campaign.details(), plain(given))
    if "audience" in changes or "entry" in changes:  # who was passed over may be meant now; who is in, is in once
        campaign.cursor, campaign.entered_all = None, False
    if "steps" in changes:
        _wait_anew(session, campaign, plain(given)["steps"])
    return changed(session, campaign, changes) if changes else campaign


def move(session: Session, campaign_id: UUID, act: str, expected: int | None) -> Campaign:
    """Starts, pauses, resumes or ends it. Raises NotFound, Stale, Conflict."""
    campaign = locked(session, Campaign, campaign_id, expected, kind="campaign", names=names_of)
    before, after = WAYS[act]
    if campaign.state not in before:
        raise Conflict(NOT_FROM_HERE, code=f"campaign_{campaign.state}")
    changes: dict[str, Any] = {"state": (campaign.state, after)}
    if campaign.pause_reason is not None:
        changes["pause_reason"] = (campaign.pause_reason, None)
    campaign.failed_in_a_row = 0
    return changed(session, campaign, changes)


def _wait_anew(session: Session, campaign: Campaign, steps: list[Any]) -> None:
    """Who waits in a step that is another one now comes to it anew."""
    other = [place for place, step in enumerate(campaign.steps) if steps[place : place + 1] != [step]]
    session.execute(
        update(Run)
        .where(Run.campaign_id == campaign.id, Run.waits_for.is_not(None), Run.step.in_(other))
        .values(waits_for=None, due_at=clock.now())
    )


def changed(session: Session, campaign: Campaign, changes: Changes, reason: str | None = None) -> Campaign:
    for name, (_, value) in changes.items():
        setattr(campaign, name, value)
    campaign.version += 1
    session.flush()
    _record(session, campaign, changes, reason)
    return campaign


def wanted(session: Session, campaign: Campaign, now: datetime | None = None) -> dict[str, Any]:
    """Whom it is for, as the audience's statements take it."""
    return audience.values(campaign.audience, campaign.entry, now or clock.now(), today(session))


def today(session: Session) -> date:
    """The chain's own day."""
    return clock.today(session.info["config"].chain.time_zone)


def plain(given: Mapping[str, Any]) -> Details:
    """As it lies in the database: ids and moments are texts in JSON."""
    kept = dict(given)
    if "entry" in given:
        kept["entry"] = {name: _text(value) for name, value in given["entry"].items()}
    if "audience" in given:
        kept["audience"] = {
            name: [_text(each) for each in value] if isinstance(value, list) else value
            for name, value in given["audience"].items()
        }
    return kept


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value


def _check(given: Mapping[str, Any]) -> None:
    problems: dict[str, Any] = {}
    entry = given["entry"]
    missing = [name for name in WITH.get(entry["on"], ()) if not entry.get(name)]
    if entry.get("rule") == "not_seen" and not entry.get("days"):
        missing.append("days")
    if missing:
        problems["entry"] = {name: [NEEDED.format()] for name in missing}
    faults = {str(place): fault for place, step in enumerate(given["steps"]) if (fault := _fault(step))}
    if not faults and given["steps"][-1]["do"] != "send":
        faults = {str(len(given["steps"]) - 1): {"do": [LAST_WAITS.format()]}}
    if faults:
        problems["steps"] = faults
    if problems:
        raise Invalid(NEEDED, fields=problems)


def _fault(step: Mapping[str, Any]) -> dict[str, list[str]]:
    fault = {name: [NEEDED.format()] for name in STEPS[step["do"]] if not step.get(name)}
    if step["do"] != "send":
        return fault
    if step.get("channel") in ("email", "push") and not step.get("title"):
        fault["title"] = [SUBJECT_NEEDED.format()]
    return fault


def _record(session: Session, campaign: Campaign, changes: Changes, reason: str | None = None) -> None:
    about, version = campaign.id, campaign.version
    said = [Saying(SAYS[campaign.state], campaign.said())] if campaign.state in SAYS and "state" in changes else []
    record(session, about=about, kind="campaign", version=version, changes=changes, says=said, reason=reason)
