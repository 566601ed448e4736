"""Attempts to sign in: counted per name and per address over a sliding window.

An attempt is noted before the password is looked at and taken back when it was right, so that many at once do not slip
through. One that is refused here is not noted: a stranger can hold a name up for one window, not for ever.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from services.directory.sign_in.models import Attempt
from shared import clock
from shared.errors import TooMany
from shared.words import Words

WINDOW = timedelta(minutes=15)
MOST_PER_NAME = 5
MOST_PER_ADDRESS = 30

WAIT = Words("Too many attempts. Please wait a little and try again.")


def begin(session: Session, name: str, address: str) -> int:
    """Notes an attempt; answers how many failed before it. Raises TooMany when it must wait."""
    name_hash = _hash(name)
    keys = sorted([f"name {name_hash.hex()}", f"address {address}"])
    for key in keys:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
    by_name = _recent(session, Attempt.name_hash == name_hash)
    by_address = _recent(session, Attempt.address == address)
    _refuse(by_name, MOST_PER_NAME)
    _refuse(by_address, MOST_PER_ADDRESS)
    session.execute(insert(Attempt).values(name_hash=name_hash, address=address, at=clock.now()))
    return len(by_name)


def forgive(session: Session, name: str) -> None:
    """The password was right: what was tried with this name before no longer counts."""
    session.execute(delete(Attempt).where(Attempt.name_hash == _hash(name)))


def forget_old(session: Session) -> int:
    result = session.execute(delete(Attempt).where(Attempt.at < clock.now() - WINDOW))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _recent(session: Session, whose: object) -> list[datetime]:
    found = select(Attempt.at).where(whose, Attempt.at > clock.now() - WINDOW)  # type: ignore[arg-type]
    return list(session.scalars(found.order_by(Attempt.at.desc()).limit(MOST_PER_ADDRESS)))


def _refuse(attempts: list[datetime], most: int) -> None:
    """The next one may come when the oldest of the last `most` has left the window."""
    if len(attempts) >= most:
        wait = attempts[most - 1] + WINDOW - clock.now()
        raise TooMany(WAIT, retry_after=max(1, int(wait.total_seconds()) + 1))


def _hash(name: str) -> bytes:
    return hashlib.sha256(name.casefold().encode()).digest()
