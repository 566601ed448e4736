"""A service made for the tests. It reacts to the directory's branches, and does what a branch's name says."""

import os
from uuid import UUID

from sqlalchemy import MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shared import copies
from shared.config import Config
from shared.contracts.contract import Contract
from shared.contracts.directory import BRANCH_ADDED, BRANCH_CHANGED, BRANCH_STATED
from shared.db import Database
from shared.errors import Reject, Retry
from shared.events.consumer import Consumer
from shared.events.envelope import Event
from shared.events.reactions import Reactions
from shared.events.relay import Relay
from shared.events.transport import connect

SERVICE = "salon"
TYPES = [BRANCH_ADDED.type, BRANCH_CHANGED.type, BRANCH_STATED.type]

TABLES = (
    "CREATE TABLE effects (position bigint GENERATED ALWAYS AS IDENTITY, reaction text, event_id uuid, subject uuid,"
    " version integer, name text)",
    "CREATE TABLE broken (name text PRIMARY KEY)",
    "CREATE TABLE owned (id uuid PRIMARY KEY, version integer NOT NULL, name text NOT NULL)",
    "CREATE TABLE copies (id uuid PRIMARY KEY, version integer NOT NULL, name text NOT NULL)",
)
"""An effect is a row without any constraint, so that one that happened twice is seen. What is `broken` fails."""


class Base(DeclarativeBase):
    metadata = MetaData()


class Copy(Base):
    __tablename__ = "copies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]


reactions = Reactions()


@reactions.on(BRANCH_ADDED, BRANCH_CHANGED, BRANCH_STATED)
def keep(session: Session, event: Event) -> None:
    """Never fails."""
    _effect(session, "keep", event)


@reactions.on(BRANCH_ADDED, BRANCH_CHANGED, BRANCH_STATED)
def obey(session: Session, event: Event) -> None:
    """Does what the branch's name says."""
    word = event.data["name"]
    _effect(session, "obey", event)
    if session.execute(text("SELECT 1 FROM broken WHERE name = :word"), {"word": word}).first():
        if word == "slow":
            session.execute(text("SELECT pg_sleep(20)"))
        raise Retry(f"{word} is broken")
    if word == "die":
        os._exit(9)
    if word == "never":
        raise Reject("it can never be done")
    if word == "odd words":
        raise ValueError("a \0 and half a pair: \ud83d")
    if word == "dead end":
        session.execute(text("SELECT 1 / 0"))


@reactions.on(BRANCH_ADDED, BRANCH_CHANGED, BRANCH_STATED)
def copy(session: Session, event: Event) -> None:
    """Keeps the newest state."""
    copies.keep(session, Copy, event, {"name": event.data["name"]})


def _effect(session: Session, reaction: str, event: Event) -> None:
    session.execute(
        text(
            "INSERT INTO effects (reaction, event_id, subject, version, name)"
            " VALUES (:reaction, :id, :subject, :version, :name)"
        ),
        {
            "reaction": reaction,
            "id": event.id,
            "subject": event.subject,
            "version": event.version,
            "name": event.data["name"],
        },
    )


def consumer(config: Config, without: Contract | None = None) -> Consumer:
    """The salon's consumer, or that of a release which did not react to one type yet."""
    known = Reactions().include([reactions])
    if without:
        known._by_type.pop(without.type)
    return Consumer(Database(config), connect(config), known, service=config.service, retry_delays=config.retry_delays)


def relay(config: Config) -> Relay:
    return Relay(Database(config).url, connect(config), service=config.service)
