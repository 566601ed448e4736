"""What a request needs of the house: its service's configuration, database and sign-in."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from flask import Flask
from flask.globals import app_ctx
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from shared.auth.sessions import EndedSessions
from shared.auth.tokens import Verifier
from shared.card import Card
from shared.config import Config
from shared.db import Database


@dataclass(frozen=True)
class Platform:
    card: Card
    config: Config
    database: Database
    verifier: Verifier
    ended: EndedSessions


_joint: ContextVar[Session | None] = ContextVar("foyer_joint_transaction", default=None)


def platform() -> Platform:
    """The platform of the service that answers this request."""
    found: Platform = app_ctx.app.extensions["foyer"]
    return found


def install(app: Flask, house: Platform) -> None:
    app.extensions["foyer"] = house


def transaction() -> AbstractContextManager[Session]:
    """The one transaction of a route that changes something; on an idempotent route, the one that the door opened."""
    session = _joint.get()
    return platform().database.transaction() if session is None else _joined(session)


def reading() -> AbstractContextManager[Connection]:
    """A connection in autocommit, for a route that only looks; on an idempotent route, the door's transaction."""
    session = _joint.get()
    return platform().database.reading() if session is None else _joined_for_reading(session)


@contextmanager
def joint_transaction() -> Iterator[Session]:
    """One transaction for all that this request does: `transaction()` and `reading()` join it for as long as it lasts.

    It is committed when this block ends, and not before; what raises takes all of it back.
    """
    with platform().database.transaction() as session:
        token = _joint.set(session)
        try:
            yield session
        finally:
            _joint.reset(token)


@contextmanager
def _joined(session: Session) -> Iterator[Session]:
    """Says at the end of the block what the database refuses, as a commit would."""
    yield session
    session.flush()


@contextmanager
def _joined_for_reading(session: Session) -> Iterator[Connection]:
    yield session.connection()
