"""The tokens that the directory issues: who, in which session, and what they may."""

from typing import Any
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from services.directory.machines.models import Machine
from services.directory.sign_in.grants import Grants, gathered, grants_of, packed
from services.directory.sign_in.keys import Signer
from services.directory.sign_in.sessions import Opened
from shared.auth.tokens import LIFETIME_SECONDS

log = structlog.get_logger()

MOST_BYTES = 4096


def for_staff(session: Session, opened: Opened) -> dict[str, Any]:
    """What the API answers to a sign-in or a renewal."""
    grants = grants_of(session, opened.employee_id)
    answer = _issued(f"staff:{opened.employee_id}", opened.id, grants)
    return answer | ({"refresh_token": opened.refresh_token} if opened.refresh_token else {})


def for_machine(machine: Machine) -> dict[str, Any]:
    grants = gathered([(None, machine.permissions)])
    return _issued(f"machine:{machine.id}", machine.session_id, grants)


def for_client(client_id: UUID, session_id: UUID) -> dict[str, Any]:
    """Of a client in the portal: who they are, and nothing that they might do elsewhere."""
    return _issued(f"client:{client_id}", session_id, {})


def signing() -> Signer:
    found = current_app.extensions["foyer-signer"]
    assert isinstance(found, Signer)
    return found


def _issued(subject: str, session_id: UUID, grants: Grants) -> dict[str, Any]:
    token = signing().sign({"sub": subject, "sid": str(session_id), "grants": packed(grants)})
    if len(token) > MOST_BYTES:
        log.warning("token_large", subject=subject, bytes=len(token))
    return {"access_token": token, "expires_in": LIFETIME_SECONDS}
