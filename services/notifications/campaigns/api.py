"""The HTTP door to campaigns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.notifications.campaigns import actions, audience
from services.notifications.campaigns.models import Campaign as Row
from services.notifications.campaigns.reading import progress
from services.notifications.campaigns.schemas import (
    Campaign,
    CampaignFields,
    CampaignShown,
    CampaignsQuery,
    Estimate,
    EstimateOf,
    NewCampaign,
)
from shared import clock
from shared.api import Door, platform, principal, reading, transaction
from shared.api.pages import newest, page_of
from shared.api.versions import IF_MATCH, expected_version, tagged
from shared.errors import NotFound
from shared.people import actor_name
from shared.rows import NOT_FOUND

door = Door(
    "campaigns",
    __name__,
    url_prefix="/api/v1/notifications/campaigns",
    description="Campaigns: who is written to about what, and when.",
)

READ, WRITE = "campaigns.read", "campaigns.write"
SHOWN = select(Row.__table__, actor_name(Row.created_by).label("created_by_name"))


@door.get("", needs=READ)
@door.arguments(CampaignsQuery, location="query")
@door.response(200, page_of(Campaign, "Campaigns"))
def campaigns(query: dict[str, Any]) -> Any:
    """The campaigns, the newest first."""
    statement = SHOWN
    if "state" in query:
        statement = statement.where(Row.state == query["state"])
    with reading() as connection:
        return newest(connection, statement, Row.id, query, _shown)


@door.post("", needs=WRITE)
@door.arguments(NewCampaign)
@door.response(201, CampaignShown)
def add(given: dict[str, Any]) -> Any:
    """Plans a campaign. Nobody is written to before it is started."""
    principal().must_everywhere(WRITE)
    with transaction() as session:
        campaign_id = actions.add(session, given).id
    found = _one(campaign_id)
    return tagged(found["version"], found, 201)


@door.post("/estimate", needs=READ)
@door.arguments(EstimateOf)
@door.response(200, Estimate)
def estimate(given: dict[str, Any]) -> Any:
    """How many it is for, how many would be written to, and why others would not. It keeps nothing."""
    kept = actions.plain(given)
    with transaction() as session:
        wanted = audience.values(kept["audience"], kept["entry"], clock.now(), actions.today(session))
        return audience.estimate(session, wanted, given["channel"], platform().config)


@door.get("/<uuid:campaign_id>", needs=READ)
@door.response(200, CampaignShown)
def show(campaign_id: UUID) -> Any:
    """One campaign, and how far it has come."""
    found = _one(campaign_id)
    return tagged(found["version"], found)


@door.patch("/<uuid:campaign_id>", needs=WRITE, parameters=[IF_MATCH])
@door.arguments(CampaignFields)
@door.response(200, CampaignShown)
@door.doc(**{"x-problems": [409]})
def change(given: dict[str, Any], campaign_id: UUID) -> Any:
    """Changes one that is planned or paused."""
    expected = expected_version()
    principal().must_everywhere(WRITE)
    with transaction() as session:
        actions.change(session, campaign_id, given, expected)
    found = _one(campaign_id)
    return tagged(found["version"], found)


@door.post("/<uuid:campaign_id>/start", needs=WRITE, parameters=[IF_MATCH])
@door.response(200, CampaignShown)
@door.doc(**{"x-problems": [409]})
def start(campaign_id: UUID) -> Any:
    """Lets clients in from now on."""
    return _move(campaign_id, "start")


@door.post("/<uuid:campaign_id>/pause", needs=WRITE, parameters=[IF_MATCH])
@door.response(200, CampaignShown)
@door.doc(**{"x-problems": [409]})
def pause(campaign_id: UUID) -> Any:
    """Lets nobody in, makes no message and sends none until it is resumed. What a worker has in hand may still go."""
    return _move(campaign_id, "pause")


@door.post("/<uuid:campaign_id>/resume", needs=WRITE, parameters=[IF_MATCH])
@door.response(200, CampaignShown)
@door.doc(**{"x-problems": [409]})
def resume(campaign_id: UUID) -> Any:
    """Goes on where it stood."""
    return _move(campaign_id, "resume")


@door.post("/<uuid:campaign_id>/end", needs=WRITE, parameters=[IF_MATCH])
@door.response(200, CampaignShown)
@door.doc(**{"x-problems": [409]})
def end(campaign_id: UUID) -> Any:
    """Ends it for good. What a running one has made still goes; what waits of a paused one is withdrawn."""
    return _move(campaign_id, "end")


def _move(campaign_id: UUID, act: str) -> Any:
    expected = expected_version()
    principal().must_everywhere(WRITE)
    with transaction() as session:
        actions.move(session, campaign_id, act, expected)
    found = _one(campaign_id)
    return tagged(found["version"], found)


def _one(campaign_id: UUID) -> dict[str, Any]:
    with reading() as connection:
        found = connection.execute(SHOWN.where(Row.id == campaign_id)).mappings().one_or_none()
        if found is None:
            raise NotFound(NOT_FOUND)
        return {**_shown(found), "progress": progress(connection, campaign_id)}


def _shown(row: Any) -> dict[str, Any]:
    """With the moment that its JSON holds as a text."""
    at = row["entry"].get("at")
    return {**row, "entry": row["entry"] | ({"at": datetime.fromisoformat(at)} if at else {})}
