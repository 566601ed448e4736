"""Answers that are kept under a key of the caller's, so that who asks again gets the answer again and not the deed.

An answer is written in the transaction of the deed: after a crash there are both or neither. It is kept for 24 hours
at least, and may still be there a few minutes longer.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import clock
from shared.db import Database, run
from shared.errors import Conflict, Invalid
from shared.locks import IDEMPOTENCY_KEYS
from shared.words import Words

KEPT = timedelta(hours=24)

IN_PROGRESS = Words("This is being done at the moment, under the same Idempotency-Key. Ask again in a second.")
REUSED = Words("This Idempotency-Key was used for something else. Send a new one with what you want done now.")

CLAIM = "SELECT pg_try_advisory_xact_lock(%(lock)s, %(number)s) AS claimed"
FIND = """
    SELECT body_hash, status, headers, answer FROM idempotency_keys
    WHERE principal = %(principal)s AND route = %(route)s AND key = %(key)s
"""
KEEP = """
    INSERT INTO idempotency_keys (principal, route, key, body_hash, status, headers, answer, at)
    VALUES (%(principal)s, %(route)s, %(key)s, %(body_hash)s, %(status)s, %(headers)s, %(answer)s, %(at)s)
"""
FORGET = text(
    "DELETE FROM idempotency_keys WHERE (principal, route, key) IN"
    " (SELECT principal, route, key FROM idempotency_keys WHERE at < :before ORDER BY at LIMIT 10000)"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a deed. Two with the same principal, route and key are tries at the same one."""

    principal: str
    route: str
    key: str
    body_hash: bytes

    @property
    def number(self) -> int:
        """For the lock, 32 bits: two that share one by chance wait for each other once, which harms neither."""
        name = "\n".join((self.principal, self.route, self.key))
        return int.from_bytes(sha256(name.encode()).digest()[:4], "big", signed=True)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def claim(session: Session, attempt: Attempt) -> Answer | None:
    """What was answered before; None when it is still to be done, and nobody else does it before this transaction ends.

    Raises Conflict while somebody is at it, and Invalid when the key stands for another body.
    """
    lock = {"lock": IDEMPOTENCY_KEYS, "number": attempt.number}
    if not run(session, CLAIM, lock).fetchone()["claimed"]:  # type: ignore[index]
        raise Conflict(IN_PROGRESS, code="in_progress", retry_after=1)
    # A statement of its own: one that took the lock would see the rows as they were before it had it.
    found = run(session, FIND, _named(attempt)).fetchone()
    if found is None:
        return None
    if found["body_hash"] != attempt.body_hash:
        raise Invalid(REUSED, code="idempotency_key_reused")
    return Answer(found["status"], found["headers"], found["answer"])


def keep(session: Session, attempt: Attempt, answer: Answer) -> None:
    """Keeps the answer of a deed that was claimed."""
    values = _named(attempt) | {
        "body_hash": attempt.body_hash,
        "status": answer.status,
        "headers": orjson.dumps(answer.headers).decode(),
        "answer": answer.body,
        "at": clock.now(),
    }
    run(session, KEEP, values)


def _named(attempt: Attempt) -> dict[str, object]:
    return {"principal": attempt.principal, "route": attempt.route, "key": attempt.key}


def forget_old(database: Database) -> bool:
    """Removes answers that nobody will ask for again, in a transaction that holds nobody up; whether there were any."""
    with database.transaction() as session:
        return bool(session.execute(FORGET, {"before": clock.now() - KEPT}).rowcount)  # type: ignore[attr-defined]
