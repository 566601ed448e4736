"""What gateways tell us: written down by its own id before it is answered, and worked off later.

Who works an event off takes it, looks at the object with no transaction open, and says `looked_at` in the transaction
that keeps what was found. A worker that dies in between leaves it to the next, a minute later.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.memberships.gateways.models import WebhookEvent
from services.memberships.gateways.port import Said
from shared import clock
from shared.db import Database, run

LEASE = timedelta(seconds=60)
LONGEST_PAUSE_MINUTES = 60


def store(session: Session, said: Sequence[Said]) -> None:
    """What was told before, by the gateway's own id, stays as it is."""
    now = clock.now()
    rows = [
        {
            "account": one.account,
            "event_id": one.event_id,
            "kind": one.kind,
            "object_id": one.object_id,
            "received_at": now,
            "look_at": now,
            "looks": 0,
        }
        for one in said
    ]
    if rows:
        session.execute(insert(WebhookEvent).values(rows).on_conflict_do_nothing())


IS_DUE = "SELECT EXISTS (SELECT FROM webhook_events WHERE look_at <= %(now)s AND kind = ANY(%(kinds)s)) AS any"


def is_due(database: Database, kinds: Collection[str]) -> bool:
    """Whether there is any to take: asked five times a second, so without a transaction."""
    with database.reading() as connection:
        found = run(connection, IS_DUE, {"now": clock.now(), "kinds": list(kinds)}).fetchone()
    return bool(found and found["any"])


def take(session: Session, kinds: Collection[str], limit: int) -> Sequence[WebhookEvent]:
    """Those of these kinds that are due, oldest first, for this worker alone. One that is not finished by `looked_at`
    is due again after a pause that grows with each look: a minute at first, an hour at most."""
    now = clock.now()
    due = (
        select(WebhookEvent.account, WebhookEvent.event_id)
        .where(WebhookEvent.look_at <= now, WebhookEvent.kind.in_(kinds))
        .order_by(WebhookEvent.look_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).cte("due")
    minutes = func.least(LONGEST_PAUSE_MINUTES, func.power(2, func.least(WebhookEvent.looks, 10)))
    taken = (
        update(WebhookEvent)
        .where(WebhookEvent.account == due.c.account, WebhookEvent.event_id == due.c.event_id)
        .values(looks=WebhookEvent.looks + 1, look_at=now + LEASE * minutes)
        .returning(WebhookEvent)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(taken), key=lambda event: event.received_at)


def looked_at(session: Session, event: WebhookEvent) -> None:
    """What it spoke of has been looked at, and is kept."""
    session.execute(
        update(WebhookEvent)
        .where(WebhookEvent.account == event.account, WebhookEvent.event_id == event.event_id)
        .values(look_at=None)
    )
