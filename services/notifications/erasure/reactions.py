"""What happens here when a client is archived, merged into another, or must be forgotten."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.notifications.copies.models import Client
from services.notifications.erasure.merging import merge
from shared import clock, leaving_clients
from shared.contracts import clients
from shared.contracts.notifications import ERASURE_COMPLETED
from shared.erasure import forget_bodies
from shared.errors import Retry
from shared.events.envelope import Event
from shared.events.outbox import emit
from shared.events.reactions import Reactions

reactions = Reactions()

# The id stays, with a version that no later event of the client reaches, so that a replay brings nobody back.
ERASE = (
    text(
        "UPDATE clients SET name = '', language = NULL, preferred_branch_id = NULL, archived = true, profile = '{}',"
        " tag_ids = '{}', version = 2147483647, erased_at = :now WHERE id = :id"
    ),
    text("DELETE FROM contact_points WHERE client_id = :id"),
    text("DELETE FROM preferences WHERE client_id = :id"),
    text("DELETE FROM consents WHERE client_id = :id"),
    text("DELETE FROM push_subscriptions WHERE client_id = :id"),
    text("DELETE FROM campaign_runs WHERE client_id = :id"),
    text("DELETE FROM last_visits WHERE client_id = :id"),
    # The proof of what was agreed to stays, of an address that nobody can read.
    text("UPDATE preference_changes SET address = NULL WHERE client_id = :id AND address IS NOT NULL"),
    text(
        "UPDATE messages SET subject = NULL, body = NULL, html = NULL, data = NULL, address = NULL, secret = NULL,"
        " purged_at = coalesce(purged_at, :now) WHERE client_id = :id AND due_at IS NULL"
    ),
    text(
        "UPDATE messages SET data = NULL, secret = NULL, address = NULL, state = 'suppressed', reason = 'erased',"
        " due_at = NULL, claimed_at = NULL, ended_at = :now, purged_at = :now, version = version + 1"
        " WHERE client_id = :id AND due_at IS NOT NULL AND state IN ('queued', 'sending') AND claimed_at IS NULL"
    ),
    text("UPDATE replies SET number = NULL, body = NULL, purged_at = coalesce(purged_at, :now) WHERE client_id = :id"),
    text("UPDATE audit SET reason = NULL, changes = '{}' WHERE about = :id"),
)


@reactions.on(clients.CLIENT_ARCHIVED)
def archive(session: Session, event: Event) -> None:
    """Nothing is sent any more but what a contract asks for."""
    leaving_clients.archive(session, Client, event)


@reactions.on(clients.CLIENT_MERGED)
def follow(session: Session, event: Event) -> None:
    """What is to be told to the one goes to the other. Raises Retry while the other is not known yet."""
    client_id, into = UUID(event.subject), UUID(event.data["surviving_id"])
    if session.get(Client, into) is None or session.get(Client, client_id) is None:
        raise Retry(f"client {into} or {client_id} is not known yet")
    merge(session, client_id, into)
    leaving_clients.merge(session, Client, event)


@reactions.on(clients.CLIENT_ERASED)
def erase(session: Session, event: Event) -> None:
    """Forgets who the person was. What is never written to stays so, by its hash."""
    client_id = UUID(event.subject)
    values = {"id": client_id, "now": clock.now()}
    rows = sum(session.execute(statement, values).rowcount for statement in ERASE)  # type: ignore[attr-defined]
    rows += forget_bodies(session, client_id)
    data = {"client_id": client_id, "service": "notifications", "rows": rows}
    emit(session, ERASURE_COMPLETED, subject=client_id, version=event.version, data=data)
