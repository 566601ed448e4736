"""Sessions of staff: opened by a sign-in, renewed without a password by the machine that opened them, ended."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.directory.employees.models import Employee
from services.directory.machines.secrets import digest, is_right
from services.directory.sign_in.models import StaffSession
from shared import audit, clock
from shared.actor import acting, current
from shared.audit import Saying
from shared.auth.sessions import remember
from shared.auth.tokens import LIFETIME_SECONDS
from shared.contracts.directory import SESSION_ENDED
from shared.errors import NotFound, Unauthenticated
from shared.ids import new_id
from shared.words import Words

IDLE = timedelta(hours=8)
"""A session that nobody renewed for so long is over."""
LONGEST = timedelta(days=7)

OVER = Words("Your session is over. Please sign in again.")
NO_SESSION = Words("There is no such session.")


@dataclass(frozen=True)
class Opened:
    id: UUID
    employee_id: UUID
    refresh_token: str | None


def open_session(session: Session, employee: Employee, machine_id: UUID | None) -> Opened:
    """Begins a session; only a machine that signs people in gets the means to renew it, once.

    Raises Unauthenticated when the employee is no longer as they were when the sign-in was checked: a password that was
    changed meanwhile must not open a session that outlives it.
    """
    _must_be_unchanged(session, employee)
    employee_id, now = employee.id, clock.now()
    secret = secrets.token_urlsafe(32) if machine_id else None
    row = StaffSession(
        id=new_id(),
        employee_id=employee_id,
        machine_id=machine_id,
        renewal_hash=digest(secret) if secret else None,
        opened_at=now,
        expires_at=now + (IDLE if secret else timedelta(seconds=LIFETIME_SECONDS)),
        ends_at=now + LONGEST,
    )
    session.add(row)
    session.flush()
    with acting(replace(current(), actor=f"staff:{employee_id}")):
        audit.record(session, about=employee_id, kind="session", row_id=row.id, version=1, changes={})
    return Opened(row.id, employee_id, f"{row.id}.{secret}" if secret else None)


def renew(session: Session, refresh_token: str, machine_id: UUID) -> Opened:
    """Goes on with a session. Raises Unauthenticated when it is over, or was never there."""
    row = _named(session, refresh_token)
    secret = refresh_token.partition(".")[2]
    now = clock.now()
    if row is None or not is_right(row.renewal_hash, secret) or row.machine_id != machine_id:
        raise Unauthenticated(OVER, code="session_over")
    if row.ended_at or row.expires_at <= now or not _works_here(session, row.employee_id):
        raise Unauthenticated(OVER, code="session_over")
    row.expires_at = min(now + IDLE, row.ends_at)
    return Opened(row.id, row.employee_id, None)


def end_session(session: Session, session_id: UUID) -> None:
    """Ends one: its tokens are refused here at once, elsewhere as the event arrives."""
    row = session.get(StaffSession, session_id, with_for_update=True)
    if row is None:
        raise NotFound(NO_SESSION)
    if row.ended_at is None:
        _end(session, row)


def end_sessions_of(session: Session, employee_id: UUID, *, but: UUID | None = None) -> None:
    """Ends all of a person's sessions, perhaps but the one they are in."""
    alive = select(StaffSession).where(
        StaffSession.employee_id == employee_id,
        StaffSession.ended_at.is_(None),
        StaffSession.expires_at > clock.now() - timedelta(seconds=LIFETIME_SECONDS),
    )
    for row in session.scalars(alive.order_by(StaffSession.id).with_for_update()):
        if row.id != but:
            _end(session, row)


def _end(session: Session, row: StaffSession) -> None:
    row.ended_at = clock.now()
    remember(session, row.id)
    said = Saying(SESSION_ENDED, {"session_id": row.id})
    audit.record(
        session, about=row.employee_id, kind="session", row_id=row.id, version=2, changes={"ended": (False, True)},
        says=[said],
    )  # fmt: skip


def _named(session: Session, refresh_token: str) -> StaffSession | None:
    try:
        session_id = UUID(refresh_token.partition(".")[0])
    except ValueError:
        return None
    return session.get(StaffSession, session_id, with_for_update=True)


def _must_be_unchanged(session: Session, employee: Employee) -> None:
    """Holds their row until the session is there, so that whoever signs them out comes after, and ends it too."""
    columns = (Employee.active, Employee.username, Employee.password_hash)
    now = session.execute(select(*columns).where(Employee.id == employee.id).with_for_update(read=True)).first()
    if now is None or tuple(now) != (True, employee.username, employee.password_hash):
        raise Unauthenticated(OVER, code="session_over")


def _works_here(session: Session, employee_id: UUID) -> bool:
    return bool(session.scalar(select(Employee.active).where(Employee.id == employee_id)))
