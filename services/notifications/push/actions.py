"""Keeps the browsers that take pushes."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.push.models import Subscription
from shared import clock
from shared.config import Config
from shared.db import Database
from shared.errors import Invalid
from shared.ids import new_id
from shared.words import Words

NO_PUSH_SERVICE = Words("This is not the address of a push service that we know.")
MOST = 10
"""Browsers of one client; the oldest goes."""


def subscribe(session: Session, config: Config, client_id: UUID, endpoint: str, p256dh: str, auth: str) -> None:
    """The browser belongs to this client from here on, whoever used it before. Raises Invalid for another host: we
    call what a browser names, so it names no machine of ours."""
    address = urlsplit(endpoint)
    host = address.hostname or ""
    known = any(host == end or host.endswith(f".{end}") for end in config.messaging.push_hosts)
    if not known or (address.scheme != "https" and host != "localhost"):
        raise Invalid(NO_PUSH_SERVICE, fields={"endpoint": [NO_PUSH_SERVICE.format()]})
    row = {
        "id": new_id(),
        "client_id": client_id,
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": auth,
        "created_at": clock.now(),
    }
    kept = insert(Subscription).values(row)
    held = {name: kept.excluded[name] for name in ("client_id", "p256dh", "auth", "created_at")}
    session.execute(kept.on_conflict_do_update(index_elements=["endpoint"], set_=held))
    newest = select(Subscription.id).where(Subscription.client_id == client_id)
    newest = newest.order_by(Subscription.created_at.desc()).limit(MOST)
    session.execute(delete(Subscription).where(Subscription.client_id == client_id, Subscription.id.not_in(newest)))


def unsubscribe(session: Session, client_id: UUID, endpoint: str) -> None:
    """The client's own only."""
    session.execute(delete(Subscription).where(Subscription.client_id == client_id, Subscription.endpoint == endpoint))


class Browsers:
    """Those of a client, for a sender."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, client_id: str) -> list[Subscription]:
        with self._database.transaction() as session:
            found: Sequence[Subscription] = session.scalars(
                select(Subscription).where(Subscription.client_id == UUID(client_id)).order_by(Subscription.id)
            ).all()
        return list(found)

    def forget(self, subscription: Subscription) -> None:
        with self._database.transaction() as session:
            session.execute(delete(Subscription).where(Subscription.id == subscription.id))
