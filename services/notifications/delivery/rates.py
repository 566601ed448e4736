"""Takes tokens from a channel's bucket, and makes a provider rest that takes nothing.

By the driver: a sender that finds one message at a time fills and empties its bucket for each.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from shared import clock
from shared.db import run

SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 60.0


@dataclass(frozen=True, slots=True)
class Bucket:
    tokens: float
    """It holds a second's worth."""
    paused_until: datetime | None
    failures: int


FILL = """
    INSERT INTO provider_rates AS bucket (channel, tokens, filled_at, failures)
    VALUES (%(channel)s, greatest(1, %(rate)s), %(now)s, 0)
    ON CONFLICT (channel) DO UPDATE SET filled_at = %(now)s, tokens = least(
        greatest(1, %(rate)s),
        bucket.tokens + greatest(0, extract(epoch FROM %(now)s - bucket.filled_at)) * %(rate)s)
    RETURNING tokens, paused_until, failures
"""
SPEND = "UPDATE provider_rates SET tokens = tokens - %(count)s WHERE channel = %(channel)s"
PAUSE = """
    UPDATE provider_rates SET failures = failures + 1, reason = %(reason)s, paused_until = %(until)s,
        tokens = least(tokens, 1)
    WHERE channel = %(channel)s
"""
"""The first that goes after the pause is a question, not a flood."""
GO_ON = "UPDATE provider_rates SET failures = 0, reason = NULL, paused_until = NULL WHERE channel = %(channel)s"


def locked(session: Session, channel: str, rate: float) -> Bucket:
    """The channel's bucket, filled up to now and locked until the transaction ends."""
    row = run(session, FILL, {"channel": channel, "rate": rate, "now": clock.now()}).fetchone()
    assert row  # of an INSERT that updates where it cannot insert
    return Bucket(**row)


def spend(session: Session, channel: str, count: int) -> None:
    """So many have been claimed."""
    run(session, SPEND, {"channel": channel, "count": count})


def pause(session: Session, channel: str, rate: float, reason: str, after: float | None) -> None:
    """Lets the provider rest: for as long as it asks, else twice as long as the last time."""
    bucket = locked(session, channel, rate)
    seconds = after if after is not None else min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(bucket.failures, 10))
    until = clock.now() + timedelta(seconds=seconds)
    run(session, PAUSE, {"channel": channel, "reason": reason, "until": until})


def go_on(session: Session, channel: str) -> None:
    """The provider takes messages again."""
    run(session, GO_ON, {"channel": channel})
