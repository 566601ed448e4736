"""Takes what is due, for one worker alone: asks whether it may go, writes it, and marks it as in hand.

All of it is one transaction. A preference that was committed before is honoured; one that is committed while a worker
has a message in hand may come too late for it, by 30 seconds at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, select, update
from sqlalchemy.orm import Session

from services.notifications.campaigns import halting
from services.notifications.catalogue.message_type import MARKETING, URGENT
from services.notifications.checks.question import Answer
from services.notifications.delivery import asking, rates
from services.notifications.delivery.lanes import first_lane
from services.notifications.delivery.states import EXPIRED, FAILED, SENDING, SUPPRESSED, UNKNOWN
from services.notifications.messages.actions import say
from services.notifications.messages.facts import gather
from services.notifications.messages.models import Message
from services.notifications.providers.port import Outgoing
from services.notifications.templates.actions import wordings
from services.notifications.templates.engine import BadTemplate
from services.notifications.templates.links import link_on
from services.notifications.templates.rendering import Written, with_secrets, write
from services.notifications.unsubscribing.tokens import address_of
from shared import clock
from shared.config import Config

MOST = 50
MOST_MARKETING = 5
"""Fewer at a time: a receipt that comes while they are claimed waits."""
LEASE = timedelta(seconds=30)
"""Who has a message in hand calls the provider within this time; after it, it is taken anew."""
SETTLING = timedelta(minutes=10)
"""How long an SMS without an outcome waits for word of it."""

DUE = (
    select(Message)
    .where(Message.channel == bindparam("of"), Message.lane == bindparam("in_lane"), Message.due_at <= bindparam("now"))
    .order_by(Message.due_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
"""Put together once: that takes longer than the server looks for them."""


@dataclass(frozen=True, slots=True)
class Claimed:
    outgoing: Outgoing
    lane: int
    claimed_at: datetime
    look_first: bool
    """It may have gone out before: ask the provider before sending it again."""
    only_look: bool = False


def claim(session: Session, config: Config, channel: str, *, repeats: bool, last: int = MARKETING) -> list[Claimed]:
    """What this worker is to send now, in the most urgent lane that has anything, down to the last. `repeats` is the
    provider's."""
    now = clock.now()
    lane = first_lane(session, channel, now, last)
    if lane is None:
        return []
    bucket = rates.locked(session, channel, config.messaging.rates[channel])
    if (bucket.paused_until and bucket.paused_until > now) or bucket.tokens < 1:
        return []
    messages = _due(session, channel, lane, min(MOST, int(bucket.tokens)), now)
    watch = halting.Watch(session, messages)
    waiting = [message for message in messages if _may_be_taken(message, now, repeats=repeats)]
    going = [message for message in waiting if not watch.holds(message)]
    asked = asking.ask(session, config, going, now) if going else {}
    with session.no_autoflush:  # nothing that is asked meanwhile hangs on it, and one UPDATE does for both
        taken = [message for message in going if _take(message, asked[message.id], now)]
        claimed = _write(session, config, taken, watch, now)
    halting.hold(session, [message for message in waiting if watch.holds(message) and message.claimed_at != now])
    rates.spend(session, channel, len(claimed))
    say(session, [m for m in messages if m.state in (SUPPRESSED, EXPIRED, FAILED)], before=None)
    return claimed


def _due(session: Session, channel: str, lane: int, limit: int, now: datetime) -> Sequence[Message]:
    """One lane at a time: a campaign never stands before a receipt."""
    most = min(limit, MOST_MARKETING) if lane == MARKETING else limit
    return session.scalars(DUE, {"of": channel, "in_lane": lane, "now": now, "most": most}).all()


def _may_be_taken(message: Message, now: datetime, *, repeats: bool) -> bool:
    """Whether it is to be sent; else it is put where it belongs."""
    if message.claimed_at is not None and not repeats:
        if message.called_at is None:  # whoever had it died before the call
            message.attempts -= 1
        elif message.state == SENDING:  # it may have gone out
            _rest(message, UNKNOWN, "no_answer", due_at=message.called_at + SETTLING)
            return False
    if message.state == UNKNOWN:
        return True
    if now > min(message.stale_after, message.not_after or message.stale_after):
        _end(message, EXPIRED, "expired" if message.attempts else "too_late", now)
        return False
    return True


def _take(message: Message, asked: Answer, now: datetime) -> bool:
    """Whether it goes out now. One that may have gone out is never called suppressed."""
    message.answer = asked.kept()
    message.version += 1
    if asked.not_before is not None and message.state != UNKNOWN:
        message.reason, message.due_at, message.claimed_at = asked.reason, asked.not_before, None
        return False
    if asked.address is None:
        if message.state == UNKNOWN:
            message.due_at = None
        else:
            _end(message, SUPPRESSED, asked.reason or "", now)
        return False
    message.address, message.address_hash = asked.address, asked.address_hash
    message.state = UNKNOWN if message.state == UNKNOWN else SENDING
    message.reason = None
    message.attempts += 1
    message.due_at = now + LEASE
    message.called_at = None
    return True


def _write(
    session: Session, config: Config, messages: list[Message], watch: halting.Watch, now: datetime
) -> list[Claimed]:
    """Each as it goes out. A template that fails for one client is that message's failure; where it fails for one after
    the other, the rest is given back."""
    connection = session.connection()
    facts = gather(connection, config, messages)
    readers = {message.id: facts.reader(message) for message in messages}
    texts = wordings(connection, {(m.type, m.channel, readers[m.id].language) for m in messages})
    link, claimed = link_on(config.base_url), []
    for message in messages:
        if watch.holds(message):
            message.attempts -= 1
            continue
        reader = readers[message.id]
        wording = texts[message.type, message.channel, reader.language]
        unsubscribe = _unsubscribe(config, message)
        try:
            written = write(wording, message.channel, facts.values(message, reader), link, unsubscribe)
        except BadTemplate:
            _end(message, FAILED, "template", now)
            watch.failed(message)
            continue
        watch.went(message)
        message.language, message.template_number = reader.language, wording.number
        message.subject, message.body, message.html = written.subject, written.text, written.html or None
        claimed.append(_claimed(message, written, facts.sender(message), unsubscribe, now))
        message.claimed_at = now
    return claimed


def _unsubscribe(config: Config, message: Message) -> str | None:
    """The page that stops messages of this kind; none for what cannot be switched off."""
    if message.channel != "email" or message.kind == "contract" or message.client_id is None:
        return None
    return address_of(config, message.client_id, message.kind, message.channel)


def _claimed(
    message: Message, written: Written, writer: Mapping[str, str], unsubscribe: str | None, now: datetime
) -> Claimed:
    final = with_secrets(written, message.secret or {})
    outgoing = Outgoing(
        id=message.id,
        type=message.type,
        address=message.address or "",
        subject=final.subject,
        text=final.text,
        html=final.html,
        sender=writer,
        unsubscribe=unsubscribe,
        topic=(message.about or message.id.hex).replace(":", "-").replace("-", "")[-32:],
        urgent=message.lane == URGENT,
        first_tried_at=message.claimed_at or message.created_at,
    )
    look = message.state == UNKNOWN
    only_look = look and (message.lane == MARKETING or message.attempts > 2)
    return Claimed(outgoing, message.lane, now, look_first=look, only_look=only_look)


def _rest(message: Message, state: str, reason: str, due_at: datetime | None) -> None:
    message.state, message.reason, message.due_at, message.claimed_at = state, reason, due_at, None
    message.version += 1


def _end(message: Message, state: str, reason: str, now: datetime) -> None:
    _rest(message, state, reason, None)
    message.ended_at = now
    message.secret = None


def calling(session: Session, one: Claimed) -> bool:
    """Notes that the provider is called now; False when the lease is over, and somebody else may have taken it."""
    noted = update(Message).where(Message.id == one.outgoing.id, Message.claimed_at == one.claimed_at)
    noted = noted.where(Message.due_at > clock.now()).values(called_at=clock.now()).returning(Message.id)
    return session.scalar(noted.execution_options(synchronize_session=False)) is not None


def release(session: Session, claimed: Sequence[Claimed]) -> None:
    """Gives back what was not tried in time: somebody else takes it at once."""
    ids = [one.outgoing.id for one in claimed]
    rows: Any = select(Message).where(Message.id.in_(ids), Message.claimed_at.is_not(None)).with_for_update()
    for message in session.scalars(rows):
        message.claimed_at, message.due_at = None, clock.now()
        message.attempts -= 1
