"""What a request needs of the house: its service's configuration, database and sign-in."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from flask import Flask, current_app
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


def platform() -> Platform:
    """The platform of the service that answers this request."""
    found = current_app.extensions["foyer"]
    assert isinstance(found, Platform)
    return found


def install(app: Flask, house: Platform) -> None:
    app.extensions["foyer"] = house


def transaction() -> AbstractContextManager[Session]:
    """The one transaction of a route that changes something."""
    return platform().database.transaction()


def reading() -> AbstractContextManager[Connection]:
    """A connection in autocommit, for a route that only looks."""
    return platform().database.reading()
