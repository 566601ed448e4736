"""What a message needs to know beyond its event: who the client is, where the branch is, what things are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.notifications.catalogue.types import TYPES
from services.notifications.messages.models import Message
from services.notifications.settings.rules import read
from services.notifications.templates.engine import Plain
from services.notifications.templates.rendering import PLACEHOLDER
from services.notifications.templates.wording import Reader, worded
from shared.config import Config
from shared.db import run
from shared.words import LANGUAGES

NAMED = {"plan": "plan", "membership_plan": "membership", "service": "service"}

ABOUT = """
    SELECT m.id, c.name, c.profile->>'first_name' AS first_name, c.language,
           b.name AS branch, b.country, b.time_zone, b.language AS branch_language,
           chain.settings::text AS of_chain, own.settings::text AS of_branch
    FROM unnest(%(ids)s::uuid[]) AS wanted (id)
    JOIN messages m ON m.id = wanted.id
    LEFT JOIN clients c ON c.id = m.client_id
    LEFT JOIN branches b ON b.id = coalesce(m.branch_id, c.preferred_branch_id)
    LEFT JOIN settings chain ON chain.branch_id IS NULL
    LEFT JOIN settings own ON own.branch_id = m.branch_id
"""
CALLED = {
    "plan": "SELECT id, name FROM plans WHERE id = ANY(%(ids)s)",
    "service": "SELECT id, name FROM services WHERE id = ANY(%(ids)s)",
    "membership": "SELECT memberships.id, plans.name FROM memberships JOIN plans ON plans.id = memberships.plan_id"
    " WHERE memberships.id = ANY(%(ids)s)",
}


@dataclass
class Facts:
    """What a handful of messages need, from the copies of other services' rows and the settings."""

    config: Config
    about: dict[UUID, Mapping[str, Any]]
    """By message."""
    called: dict[str, dict[UUID, str]]

    def reader(self, message: Message) -> Reader:
        of, chain = self.about[message.id], self.config.chain
        language = next((each for each in (of["language"], of["branch_language"]) if each in LANGUAGES), "es")
        return Reader(language, of["country"] or chain.country, of["time_zone"] or chain.time_zone)

    def sender(self, message: Message) -> Mapping[str, str]:
        """Who writes: the branch's, or the chain's; empty where neither has set one."""
        of = self.about[message.id]
        return read(of["of_chain"], of["of_branch"]).sender

    def values(self, message: Message, reader: Reader) -> dict[str, Plain]:
        """Everything that its template may name."""
        kind, of, chain = TYPES[message.type], self.about[message.id], self.config.chain.name
        return {
            "first_name": of["first_name"] or of["name"] or "",
            "name": of["name"] or "",
            "chain": chain,
            "branch": of["branch"] or chain,
            "language": reader.language,
            **{name: PLACEHOLDER.format(name) if (message.secret or {}).get(name) else None for name in kind.secret},
            **worded(kind, message.data or {}, reader, self._name),
        }

    def _name(self, what: str, value: Any) -> str | None:
        return self.called[NAMED[what]].get(UUID(value))


def gather(connection: Connection, config: Config, messages: Sequence[Message]) -> Facts:
    """What these messages need."""
    wanted: dict[str, set[UUID]] = {"plan": set(), "membership": set(), "service": set()}
    for message in messages:
        _collect(message, wanted)
    about = {row.pop("id"): row for row in run(connection, ABOUT, {"ids": [message.id for message in messages]})}
    return Facts(config, about, {what: _called(connection, what, ids) for what, ids in wanted.items()})


def _collect(message: Message, wanted: dict[str, set[UUID]]) -> None:
    data = message.data or {}
    for value in TYPES[message.type].values.values():
        found = data.get(value.member)
        if value.how == "services":
            wanted["service"] |= {UUID(each["service_id"]) for each in found or ()}
        elif found and value.how in NAMED:
            wanted[NAMED[value.how]].add(UUID(found))


def _called(connection: Connection, what: str, ids: set[UUID]) -> dict[UUID, str]:
    return {row["id"]: row["name"] for row in run(connection, CALLED[what], {"ids": list(ids)})} if ids else {}
