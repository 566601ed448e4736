"""Keeps addresses and numbers off, and lets them in again."""

from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.contact_points.addresses import hashed, masked
from services.notifications.suppressions.models import Suppression
from shared import audit, clock
from shared.actor import current
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.rows import NOT_FOUND
from shared.words import Words

LIFTED = Words("This has been lifted already.")
ONLY_THEY = Words("Whoever has this number has asked for it to stop: only START from that telephone brings it back.")

HOLD = text(
    "SELECT id FROM clients WHERE id IN (SELECT client_id FROM contact_points WHERE channel = :channel"
    " AND address_hash = :hash) ORDER BY id FOR NO KEY UPDATE"
)


def hold(session: Session, channel: str, address_hash: str) -> list[UUID]:
    """The clients with this address, about whom nobody is told anything until the transaction ends."""
    return list(session.scalars(HOLD, {"channel": channel, "hash": address_hash}))


def suppress(session: Session, channel: str, address: str, reason: str, note: str = "") -> Suppression:
    """Nothing goes there from now on. One that is kept off already stays as it is, but that a STOP is noted."""
    address_hash = hashed(session, channel, address)
    hold(session, channel, address_hash)
    row = {
        "id": new_id(),
        "version": 1,
        "channel": channel,
        "address_hash": address_hash,
        "address_masked": masked(channel, address),
        "reason": reason,
        "note": note,
        "at": clock.now(),
        "by": current().actor,
    }
    made = insert(Suppression).values(row).on_conflict_do_nothing().returning(Suppression)
    kept = session.scalars(made).one_or_none()
    if kept is not None:
        _record(session, kept, {"reason": (None, reason)})
        return kept
    kept = session.scalars(_standing(channel, address_hash).with_for_update()).one()
    if reason == "stop" and kept.reason != reason:
        before, kept.reason = kept.reason, reason
        kept.version += 1
        session.flush()
        _record(session, kept, {"reason": (before, reason)})
    return kept


def lift(session: Session, suppression_id: UUID, why: str) -> Suppression:
    """Messages may go there again. Raises NotFound, and Conflict for one that only its owner can lift."""
    kept = session.get(Suppression, suppression_id, with_for_update=True)
    if kept is None:
        raise NotFound(NOT_FOUND)
    if kept.lifted_at is not None:
        raise Conflict(LIFTED)
    if kept.reason == "stop":
        raise Conflict(ONLY_THEY)
    _lift(session, kept, why)
    return kept


def let_in(session: Session, channel: str, address_hash: str) -> None:
    """What a STOP had kept off; whatever else keeps it off stays."""
    kept = session.scalars(_standing(channel, address_hash).with_for_update()).one_or_none()
    if kept is not None and kept.reason == "stop":
        _lift(session, kept, "start")


def _lift(session: Session, kept: Suppression, why: str) -> None:
    kept.lifted_at, kept.lifted_by, kept.lift_reason = clock.now(), current().actor, why
    kept.version += 1
    session.flush()
    _record(session, kept, {"lifted_at": (None, kept.lifted_at)})


def _standing(channel: str, address_hash: str) -> Select[Suppression]:
    return select(Suppression).where(
        Suppression.channel == channel, Suppression.address_hash == address_hash, Suppression.lifted_at.is_(None)
    )


def _record(session: Session, kept: Suppression, changes: audit.Changes) -> None:
    audit.record(session, about=kept.id, kind="suppression", version=kept.version, changes=changes)
