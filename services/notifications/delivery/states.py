"""Where a message may stand, and what may follow. Pure: this table is all that decides."""

QUEUED, SENDING, SENT, DELIVERED = "queued", "sending", "sent", "delivered"
BOUNCED, FAILED, UNKNOWN, SUPPRESSED = "bounced", "failed", "unknown", "suppressed"
WITHDRAWN, EXPIRED, COMPLAINED = "withdrawn", "expired", "complained"

NEXT: dict[str, frozenset[str]] = {
    QUEUED: frozenset({SENDING, FAILED, SUPPRESSED, WITHDRAWN, EXPIRED}),
    SENDING: frozenset({UNKNOWN, SENT, DELIVERED, BOUNCED, FAILED, SUPPRESSED, WITHDRAWN, EXPIRED}),
    UNKNOWN: frozenset({SENT, DELIVERED, BOUNCED, FAILED}),
    SENT: frozenset({DELIVERED, BOUNCED, FAILED, COMPLAINED}),
    DELIVERED: frozenset({BOUNCED, COMPLAINED}),
    BOUNCED: frozenset(),
    FAILED: frozenset(),
    SUPPRESSED: frozenset(),
    WITHDRAWN: frozenset(),
    EXPIRED: frozenset(),
    COMPLAINED: frozenset(),
}
"""`sending` is a message that a worker has taken at least once: a retry waits in it. `unknown` is one that may have
gone out; it is tried once more without leaving the state, so that it never looks as if nothing had been sent."""

STATES = tuple(NEXT)
WAITING = (QUEUED, SENDING)
"""Those that may still be withdrawn."""


def may_follow(before: str, after: str) -> bool:
    return after in NEXT[before]


def before(after: str) -> list[str]:
    """The states that may become this one."""
    return [state for state, following in NEXT.items() if after in following]
