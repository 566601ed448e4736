"""What people ask of us about a client: register them, correct their contact details."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.clients.lists.models import INITIAL_STATUS
from services.clients.profiles import rows
from services.clients.profiles.checks import checked
from services.clients.profiles.client import CONTACT_DETAILS, FREE_TEXT, Client, details, new_client, shown, state
from services.clients.profiles.duplicates import warn_of_duplicates
from services.clients.profiles.rows import Branches
from shared.api.changes import shown as shown_entries
from shared.audit import Saying, difference, record, since
from shared.config import Chain
from shared.contracts.clients import CLIENT_REGISTERED, CLIENT_UPDATED
from shared.errors import NotFound, Stale
from shared.ids import new_id
from shared.people import names_of
from shared.words import Words

NOT_FOUND = Words("There is no such client.")
STALE = Words("Somebody else changed this client in the meantime.")

NOBODY_YET = {**CONTACT_DETAILS, "id": None, "branch_country": None, "branch_zone": None}


def register(session: Session, given: Mapping[str, Any], *, chain: Chain, force: bool = False) -> Client:
    """A new client. Raises Conflict with the likely duplicates, unless forced; Invalid by field."""
    client = new_client(new_id(), checked(session, given, NOBODY_YET, chain), INITIAL_STATUS)
    if not force:
        warn_of_duplicates(session, client)
    client = rows.insert(session, client)
    says = [Saying(CLIENT_REGISTERED, state(client))]
    changes = difference(CONTACT_DETAILS, details(client))
    record(session, about=client["id"], kind="client", version=1, changes=changes, says=says)
    return client


def update(
    session: Session,
    client_id: UUID,
    given: Mapping[str, Any],
    *,
    chain: Chain,
    expected: int | None = None,
    within: Branches = None,
) -> Client:
    """Changes contact details; what is equal already is no change. Raises Stale, NotFound, Invalid."""
    client = lock(session, client_id, chain=chain, expected=expected, within=within)
    changes = difference(client, checked(session, given, client, chain))
    if not changes:
        return client
    after = rows.update(session, client, {name: value for name, (_, value) in changes.items()})
    changed = [name for name in changes if name not in FREE_TEXT]
    says = [Saying(CLIENT_UPDATED, state(after) | {"changed": changed})]
    record(session, about=client_id, kind="client", version=after["version"], changes=changes, says=says)
    if "preferred_branch_id" in changes:
        return get(session, client_id)  # with the zone of the new branch
    return after


def get(session: Session, client_id: UUID) -> Client:
    """The client, for whoever may see all. Raises NotFound."""
    client = rows.find(session, client_id)
    if client is None:
        raise NotFound(NOT_FOUND)
    return client


def lock(
    session: Session, client_id: UUID, *, chain: Chain, expected: int | None = None, within: Branches = None
) -> Client:
    """The client, locked until the transaction ends.

    Raises NotFound; Stale, when they are not of the version expected, with what changed since, by whom, and how the
    client is now.
    """
    client = rows.lock(session, client_id, within)
    if client is None:
        raise NotFound(NOT_FOUND)
    if expected is not None and client["version"] != expected:
        unseen = since(session, client_id, "client", expected)
        raise Stale(
            STALE,
            version=client["version"],
            changes=shown_entries(session, unseen, names_of),
            current=shown(client, chain),
        )
    return client
