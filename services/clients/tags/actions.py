"""What people ask of us about a client's tags: they are put as a whole, in the client's own row."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.clients.profiles import rows
from services.clients.profiles.actions import get
from services.clients.profiles.client import Client
from services.clients.profiles.contact_points import INVALID
from shared.audit import Saying, record
from shared.contracts.clients import CLIENT_TAGS_CHANGED
from shared.errors import Invalid
from shared.words import Words

MOST = 50
"""Of one client. Who needs more is looking for something else than tags."""

NO_TAG = Words("There is no such tag.")
RETIRED_TAG = Words("This tag is no longer in use.")
TWICE = Words("This tag is in the list twice.")
TOO_MANY = Words("A client may have at most {most} tags.")

KNOWN = text("SELECT id, active FROM tags WHERE id = ANY(CAST(:ids AS uuid[]))")


def give_tags(session: Session, client: Client, tag_ids: Sequence[UUID]) -> Client:
    """Gives a locked client these tags and no others; the same again is no change.

    Raises Invalid with the place in the list for one that is not there, there twice, or retired and not theirs yet.
    """
    before, after = client["tag_ids"], sorted(tag_ids)  # by id, which is in the order in which the chain made them
    if after == before:
        return client
    _check(session, tag_ids, before)
    said = {
        "tag_ids": after,
        "added": [tag_id for tag_id in after if tag_id not in before],
        "removed": [tag_id for tag_id in before if tag_id not in after],
    }
    version = rows.update(session, client, {"tag_ids": after})["version"]
    changes = {"tag_ids": (before, after)}
    says = [Saying(CLIENT_TAGS_CHANGED, said)]
    record(session, about=client["id"], kind="client", version=version, changes=changes, says=says)
    return get(session, client["id"])  # with the names of the tags


def add_tags(session: Session, client: Client, tag_ids: Collection[UUID]) -> Client:
    """Gives a locked client these tags beside those that they have."""
    return give_tags(session, client, list({*client["tag_ids"], *tag_ids}))


def _check(session: Session, tag_ids: Sequence[UUID], theirs: Collection[UUID]) -> None:
    if len(tag_ids) > MOST:
        raise Invalid(INVALID, fields={"tag_ids": [TOO_MANY.format(most=MOST)]})
    active = {row.id: row.active for row in session.execute(KNOWN, {"ids": list(tag_ids)})}
    problems: dict[str, Any] = {}
    for place, tag_id in enumerate(tag_ids):
        if tag_id in tag_ids[:place]:
            problems[str(place)] = [TWICE.format()]
        elif tag_id not in active:
            problems[str(place)] = [NO_TAG.format()]
        elif not active[tag_id] and tag_id not in theirs:
            problems[str(place)] = [RETIRED_TAG.format()]
    if problems:
        raise Invalid(INVALID, fields={"tag_ids": problems})
