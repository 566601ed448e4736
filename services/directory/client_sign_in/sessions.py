"""Sessions of clients: opened by a link, renewed by the machine that opened them, ended with the client."""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.directory.client_sign_in.models import ClientSession
from services.directory.contacts.models import Contact
from services.directory.machines.secrets import digest, is_right
from services.directory.sign_in import tokens
from services.directory.sign_in.sessions import NO_SESSION, OVER
from shared import audit, clock
from shared.actor import acting, current
from shared.audit import Saying
from shared.auth.sessions import remember
from shared.auth.tokens import LIFETIME_SECONDS
from shared.contracts.directory import SESSION_ENDED
from shared.errors import NotFound, Unauthenticated
from shared.ids import new_id

IDLE = timedelta(days=1)
"""A session that nobody renewed for so long is over: the screen may be a family's."""
LONGEST = timedelta(days=14)
KEPT = timedelta(days=1)


def open_session(session: Session, client: Contact, machine_id: UUID) -> dict[str, Any]:
    """What the API answers to who is in: tokens, and who they are. The client's contact is locked."""
    now, secret = clock.now(), secrets.token_urlsafe(32)
    row = ClientSession(
        id=new_id(),
        client_id=client.client_id,
        machine_id=machine_id,
        renewal_hash=digest(secret),
        opened_at=now,
        expires_at=now + IDLE,
        ends_at=now + LONGEST,
    )
    session.add(row)
    session.flush()
    with acting(replace(current(), actor=f"client:{client.client_id}", channel="portal")):
        audit.record(session, about=client.client_id, kind="session", row_id=row.id, version=1, changes={})
    return tokens.for_client(client.client_id, row.id) | {"refresh_token": f"{row.id}.{secret}"}


def renew(session: Session, refresh_token: str, machine_id: UUID) -> dict[str, Any]:
    """Goes on with a session. Raises Unauthenticated when it is over, or was never there."""
    row, now = _named(session, refresh_token), clock.now()
    secret = refresh_token.partition(".")[2]
    if row is None or not is_right(row.renewal_hash, secret) or row.machine_id != machine_id:
        raise Unauthenticated(OVER, code="session_over")
    if row.ended_at or row.expires_at <= now:
        raise Unauthenticated(OVER, code="session_over")
    row.expires_at = min(now + IDLE, row.ends_at)
    return tokens.for_client(row.client_id, row.id)


def end_session(session: Session, session_id: UUID) -> None:
    """Ends one: its tokens are refused here at once, elsewhere as the event arrives."""
    row = session.get(ClientSession, session_id, with_for_update=True)
    if row is None:
        raise NotFound(NO_SESSION)
    if row.ended_at is None:
        _end(session, row)


def end_sessions_of_who_left(session: Session, client_id: UUID) -> None:
    """Ends all of a client's sessions, unless an event that came late found them active again."""
    state = session.scalar(select(Contact.state).where(Contact.client_id == client_id))
    if state == "active":
        return
    alive = select(ClientSession).where(
        ClientSession.client_id == client_id,
        ClientSession.ended_at.is_(None),
        ClientSession.expires_at > clock.now() - timedelta(seconds=LIFETIME_SECONDS),
    )
    for row in session.scalars(alive.order_by(ClientSession.id).with_for_update()):
        _end(session, row)


def forget_old(session: Session) -> None:
    session.execute(delete(ClientSession).where(ClientSession.expires_at < clock.now() - KEPT))


def _end(session: Session, row: ClientSession) -> None:
    row.ended_at = clock.now()
    remember(session, row.id)
    said = Saying(SESSION_ENDED, {"session_id": row.id})
    audit.record(
        session, about=row.client_id, kind="session", row_id=row.id, version=2, changes={"ended": (False, True)},
        says=[said],
    )  # fmt: skip


def _named(session: Session, refresh_token: str) -> ClientSession | None:
    try:
        session_id = UUID(refresh_token.partition(".")[0])
    except ValueError:
        return None
    return session.get(ClientSession, session_id, with_for_update=True)
