"""What people ask of us about a client: register them, correct their contact details."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.clients.copies.models import Branch
from services.clients.profiles.contact_points import INVALID, clean_address, clean_emails, clean_phones
from services.clients.profiles.models import FREE_TEXT, Client
from services.clients.profiles.schemas import DEFAULTS
from services.clients.profiles.search_text import search_text
from shared import clock
from shared.audit import Entry, Saying, difference, record, since
from shared.contracts.clients import CLIENT_REGISTERED, CLIENT_UPDATED
from shared.errors import Conflict, Invalid, NotFound, Stale
from shared.ids import new_id
from shared.words import Words

ACTIVE_STATUS = UUID("00000000-0000-7000-8000-000000000a01")
CHAIN_COUNTRY = "ES"
"""The country of a phone number without a code, where no branch says better."""


def register(session: Session, details: dict[str, Any], *, force: bool = False) -> Client:
    """A new client. Raises Conflict with the likely duplicates, unless forced; Invalid by field."""
    details = _checked(session, {**DEFAULTS, **details})
    if not force:
        _warn_of_duplicates(session, details)
    client = Client(
        id=new_id(),
        version=1,
        status_id=ACTIVE_STATUS,
        booking_blocked=False,
        created_at=clock.now(),
        search_text=search_text(
            details["first_name"], details["middle_name"], details["last_name"], details["phones"], details["emails"]
        ),
        **details,
    )
    session.add(client)
    session.flush()
    changes = difference(DEFAULTS, details)
    says = [Saying(CLIENT_REGISTERED, client.state())]
    record(session, about=client.id, kind="client", version=1, changes=changes, says=says)
    return client


def update(session: Session, client_id: UUID, details: dict[str, Any], expected_version: int | None) -> Client:
    """Changes contact details; what is equal already is no change. Raises Stale, NotFound, Invalid."""
    client = lock(session, client_id, expected_version)
    details = _checked(session, details, client)
    changes = difference(client.details(), details)
    if not changes:
        return client
    client.change({name: details[name] for name in changes})
    session.flush()
    changed = [name for name in changes if name not in FREE_TEXT]
    says = [Saying(CLIENT_UPDATED, client.state() | {"changed": changed})]
    record(session, about=client.id, kind="client", version=client.version, changes=changes, says=says)
    return client


def lock(session: Session, client_id: UUID, expected_version: int | None = None) -> Client:
    """The client, locked until the transaction ends. Raises NotFound; Stale when it is not the version expected."""
    client = session.get(Client, client_id, with_for_update=True)
    if client is None:
        raise NotFound(Words("There is no such client."))
    if expected_version is not None and client.version != expected_version:
        seen = since(session, client_id, "client", expected_version)
        raise Stale(
            Words("Somebody else changed this client in the meantime."),
            version=client.version,
            changes=[_as_seen(entry) for entry in seen],
        )
    return client


def _as_seen(entry: Entry) -> dict[str, Any]:
    return {"at": entry.at, "actor": entry.actor, "channel": entry.channel, "changes": entry.changes}


def _checked(session: Session, details: dict[str, Any], client: Client | None = None) -> dict[str, Any]:
    """The details in their one form. Raises Invalid, naming the field."""
    clean = dict(details)
    if "phones" in details:
        branch_id = details.get("preferred_branch_id", client.preferred_branch_id if client else None)
        clean["phones"] = clean_phones(details["phones"], _region(session, branch_id))
    if "emails" in details:
        clean["emails"] = clean_emails(details["emails"])
    if "address" in details:
        clean["address"] = clean_address(details["address"])
    _check_birth_date(session, details, client)
    return clean


def _region(session: Session, branch_id: UUID | None) -> str:
    branch = session.get(Branch, branch_id) if branch_id else None
    return branch.country if branch else CHAIN_COUNTRY


def _check_birth_date(session: Session, details: dict[str, Any], client: Client | None) -> None:
    born = details.get("birth_date")
    if born and born > clock.now().date():
        raise Invalid(INVALID, fields={"birth_date": [Words("A birth date cannot be in the future.").format()]})


def _warn_of_duplicates(session: Session, details: dict[str, Any]) -> None:
    """Raises Conflict with the clients who have one of these numbers or addresses already."""
    rows = session.execute(
        text(
            "SELECT id, first_name, middle_name, last_name FROM clients WHERE archived_at IS NULL AND ("
            " phones @> ANY (CAST(:phones AS jsonb[])) OR emails @> ANY (CAST(:emails AS jsonb[]))) LIMIT 10"
        ),
        {
            "phones": [f'[{{"number": "{phone["number"]}"}}]' for phone in details["phones"]],
            "emails": [f'[{{"address": "{email["address"]}"}}]' for email in details["emails"]],
        },
    ).all()
    if rows:
        duplicates = [{"id": row[0], "name": " ".join(filter(None, row[1:]))} for row in rows]
        raise Conflict(
            Words("A client with this telephone number or e-mail address is known already."),
            code="likely_duplicates",
            duplicates=duplicates,
        )
