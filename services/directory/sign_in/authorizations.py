"""People who were sent to the identity provider: each may come back once, within ten minutes."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from services.directory.machines.secrets import digest
from services.directory.sign_in.models import Authorization
from services.directory.sign_in.oidc import NOT_CONFIRMED
from shared import clock
from shared.errors import Unauthenticated

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class Begun:
    state: str
    nonce: str
    verifier: str
    redirect_uri: str


def begin(session: Session, redirect_uri: str) -> Begun:
    """Notes that somebody goes there; only the hash of the state is kept."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    begun = Begun(state, nonce, verifier, redirect_uri)
    session.execute(
        insert(Authorization).values(
            state_hash=digest(begun.state),
            nonce=begun.nonce,
            verifier=begun.verifier,
            redirect_uri=redirect_uri,
            expires_at=clock.now() + LIFETIME,
        )
    )
    return begun


def take(session: Session, state: str) -> Begun:
    """What was noted, which is gone then. Raises Unauthenticated when nothing was, or too long ago."""
    row = session.execute(
        delete(Authorization)
        .where(Authorization.state_hash == digest(state), Authorization.expires_at > clock.now())
        .returning(Authorization.nonce, Authorization.verifier, Authorization.redirect_uri)
    ).first()
    if row is None:
        raise Unauthenticated(NOT_CONFIRMED, code="wrong_credentials")
    return Begun(state, *row)
