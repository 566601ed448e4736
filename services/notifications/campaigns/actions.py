"""What people ask of us about campaigns: plan, start, pause, resume and end them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.campaigns import audience
from services.notifications.campaigns.models import Campaign
from shared import clock
from shared.actor import current
from shared.audit import Changes, difference, record
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
WAYS = {
    "start": (("draft",), "running"),
    "pause": (("running",), "paused"),
    "resume": (("paused",), "running"),
    "end": (("running", "paused"), "ended"),
}

Details = dict[str, Any]


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
    return changed(session, campaign, changes) if changes else campaign


def move(session: Session, campaign_id: UUID, act: str, expected: int | None) -> Campaign:
    """Starts, pauses, resumes or ends it. Raises NotFound, Stale, Conflict."""
    campaign = locked(session, Campaign, campaign_id, expected, kind="campaign", names=names_of)
    before, after = WAYS[act]
    if campaign.state not in before:
        raise Conflict(NOT_FROM_HERE, code=f"campaign_{campaign.state}")
    return changed(session, campaign, {"state": (campaign.state, after)})


def changed(session: Session, campaign: Campaign, changes: Changes) -> Campaign:
    for name, (_, value) in changes.items():
        setattr(campaign, name, value)
    campaign.version += 1
    session.flush()
    _record(session, campaign, changes)
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
    if not faults and given["steps"][-1]["do"] == "wait":
        faults = {str(len(given["steps"]) - 1): {"do": [LAST_WAITS.format()]}}
    if faults:
        problems["steps"] = faults
    if problems:
        raise Invalid(NEEDED, fields=problems)


def _fault(step: Mapping[str, Any]) -> dict[str, list[str]]:
    if step["do"] == "wait":
        return {} if step.get("days") else {"days": [NEEDED.format()]}
    fault = {name: [NEEDED.format()] for name in ("channel", "text") if not step.get(name)}
    if step.get("channel") in ("email", "push") and not step.get("title"):
        fault["title"] = [SUBJECT_NEEDED.format()]
    return fault


def _record(session: Session, campaign: Campaign, changes: Changes) -> None:
    record(session, about=campaign.id, kind="campaign", version=campaign.version, changes=changes)
