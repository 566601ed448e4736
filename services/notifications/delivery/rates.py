"""Takes tokens from a channel's bucket, and makes a provider rest that takes nothing."""

from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.delivery.models import ProviderRate
from shared import clock

SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 60.0


def locked(session: Session, channel: str, rate: float) -> ProviderRate:
    """The channel's bucket, filled up to now and locked until the transaction ends. It holds a second's worth."""
    now = clock.now()
    found = session.get(ProviderRate, channel, with_for_update=True, populate_existing=True)
    if found is None:
        row = {"channel": channel, "tokens": max(1.0, rate), "filled_at": now, "failures": 0}
        session.execute(insert(ProviderRate).values(row).on_conflict_do_nothing())
        found = session.get_one(ProviderRate, channel, with_for_update=True, populate_existing=True)
    passed = max(0.0, (now - found.filled_at).total_seconds())
    found.tokens = min(max(1.0, rate), found.tokens + passed * rate)
    found.filled_at = now
    return found


def pause(session: Session, channel: str, rate: float, reason: str, after: float | None) -> None:
    """Lets the provider rest: for as long as it asks, else twice as long as the last time."""
    bucket = locked(session, channel, rate)
    seconds = after if after is not None else min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(bucket.failures, 10))
    bucket.failures += 1
    bucket.reason = reason
    bucket.paused_until = clock.now() + timedelta(seconds=seconds)
    bucket.tokens = min(bucket.tokens, 1.0)  # the first that goes after the pause is a question, not a flood


def go_on(session: Session, channel: str, rate: float) -> None:
    """The provider takes messages again."""
    bucket = locked(session, channel, rate)
    bucket.failures, bucket.paused_until, bucket.reason = 0, None, None
