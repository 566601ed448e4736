"""What a message needs to know beyond its event: who the client is, where the branch is, what things are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.catalogue.types import TYPES
from services.notifications.copies.models import Branch, Client, Membership, Plan, Service
from services.notifications.messages.models import Message
from services.notifications.templates.engine import Plain
from services.notifications.templates.rendering import PLACEHOLDER
from services.notifications.templates.wording import Reader, worded
from shared.config import Config
from shared.words import LANGUAGES

FEW = 2
NAMED = {"plan": "plan", "membership_plan": "membership", "service": "service"}


@dataclass
class Facts:
    """The copies that a handful of messages need, read in a query each."""

    config: Config
    clients: dict[UUID, Client]
    branches: dict[UUID, Branch]
    called: dict[str, dict[UUID, str]]

    def reader(self, message: Message) -> Reader:
        client = self.clients.get(message.client_id) if message.client_id else None
        branch = self._branch(message, client)
        wanted = [client.language if client else None, branch.language if branch else None]
        language = next((each for each in wanted if each in LANGUAGES), "es")
        chain = self.config.chain
        if branch is None:
            return Reader(language, chain.country, chain.time_zone)
        return Reader(language, branch.country, branch.time_zone)

    def values(self, message: Message, reader: Reader) -> dict[str, Plain]:
        """Everything that its template may name."""
        kind = TYPES[message.type]
        client = self.clients.get(message.client_id) if message.client_id else None
        branch = self._branch(message, client)
        return {
            "first_name": (client.profile.get("first_name") or client.name) if client else "",
            "name": client.name if client else "",
            "chain": self.config.chain.name,
            "branch": branch.name if branch else self.config.chain.name,
            "language": reader.language,
            **{name: PLACEHOLDER.format(name) if (message.secret or {}).get(name) else None for name in kind.secret},
            **worded(kind, message.data or {}, reader, self._name),
        }

    def _branch(self, message: Message, client: Client | None) -> Branch | None:
        branch_id = message.branch_id or (client.preferred_branch_id if client else None)
        return self.branches.get(branch_id) if branch_id else None

    def _name(self, what: str, value: Any) -> str | None:
        return self.called[NAMED[what]].get(UUID(value))


def gather(session: Session, config: Config, messages: Sequence[Message]) -> Facts:
    """What these messages need."""
    clients = _by_id(session, Client, {message.client_id for message in messages})
    branch_ids = {message.branch_id for message in messages} | {each.preferred_branch_id for each in clients.values()}
    wanted: dict[str, set[UUID | None]] = {"plan": set(), "membership": set(), "service": set()}
    for message in messages:
        _collect(message, wanted)
    return Facts(
        config,
        clients,
        _by_id(session, Branch, branch_ids),
        {
            "plan": {row.id: row.name for row in _by_id(session, Plan, wanted["plan"]).values()},
            "service": {row.id: row.name for row in _by_id(session, Service, wanted["service"]).values()},
            "membership": _plans_of(session, wanted["membership"]),
        },
    )


def _collect(message: Message, wanted: dict[str, set[UUID | None]]) -> None:
    data = message.data or {}
    for value in TYPES[message.type].values.values():
        found = data.get(value.member)
        if value.how == "services":
            wanted["service"] |= {UUID(each["service_id"]) for each in found or ()}
        elif found and value.how in NAMED:
            wanted[NAMED[value.how]].add(UUID(found))


def _by_id(session: Session, model: Any, ids: set[UUID | None]) -> dict[UUID, Any]:
    """One by one while they are few: what the session holds already is not asked for again."""
    known = {row_id for row_id in ids if row_id is not None}
    if len(known) <= FEW:
        return {row_id: row for row_id in known if (row := session.get(model, row_id)) is not None}
    return {row.id: row for row in session.scalars(select(model).where(model.id.in_(known)))}


def _plans_of(session: Session, membership_ids: set[UUID | None]) -> dict[UUID, str]:
    if not membership_ids:
        return {}
    named = select(Membership.id, Plan.name).join(Plan, Plan.id == Membership.plan_id)
    found = session.execute(named.where(Membership.id.in_(membership_ids)))
    return {row.id: row.name for row in found}
