"""The question, asked for many messages in one statement: would each go now, and if not, why?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from services.notifications.checks.rules import DUPLICATE, Facts, Verdict, verdict
from services.notifications.settings.rules import read
from shared import clock
from shared.config import Config
from shared.db import run

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Asked:
    """A message that is about to go, or would."""

    client_id: UUID
    kind: str
    channel: str
    promotional: bool = False
    """Its text advertises: it needs a consent whatever its kind."""
    urgent: bool = False
    """It goes at any hour."""
    happened_at: datetime | None = None
    """When its event was; with none it is never too old."""
    greatest_age: timedelta = DAY
    type: str | None = None
    business_key: str | None = None
    """With the type: what must not be told twice."""
    message_id: UUID | None = None
    """The message itself, where it is a row already: it is no duplicate of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    asked: Asked
    goes: bool
    reason: str | None
    not_before: datetime | None
    """From when on it may go, where waiting helps."""
    address: str | None = field(repr=False)
    address_hash: str | None

    def kept(self) -> dict[str, Any]:
        """As it is kept with the message."""
        return {"goes": self.goes, "reason": self.reason, "not_before": self.not_before}


DUPLICATES = """
           a.type IS NOT NULL AND (
               EXISTS (
                   SELECT FROM messages m
                   WHERE m.type = a.type AND m.channel = a.channel AND m.recipient = 'client:' || a.client_id
                     AND m.business_key = a.business_key AND m.id IS DISTINCT FROM a.message_id
               ) OR a.advertises AND EXISTS (
                   SELECT FROM messages m
                   WHERE m.type = a.type AND m.channel = a.channel AND m.address_hash = p.address_hash AND m.lane = 2
                     AND m.business_key = a.business_key AND m.id IS DISTINCT FROM a.message_id
               )
           )
"""
FACTS = """
    SELECT a.n, coalesce(c.id, a.client_id) AS client_id, c.id IS NOT NULL AS known,
           c.erased_at IS NOT NULL AS erased, coalesce(c.archived, false) AS archived,
           p.address, p.address_hash, p.zones, s.reason AS suppressed, f.is_on AS chosen,
           k.client_id IS NOT NULL AS consent, b.time_zone,
           chain.settings::text AS of_chain, own.settings::text AS of_branch,
           {duplicate} AS duplicate,
           CASE WHEN a.advertises THEN ARRAY(
               SELECT coalesce(m.sent_at, m.claimed_at) FROM messages m
               WHERE m.client_id = c.id AND m.lane = 2 AND m.id IS DISTINCT FROM a.message_id
                 AND coalesce(m.sent_at, m.claimed_at) IS NOT NULL
               ORDER BY m.id DESC LIMIT 100
           ) END AS advertised
    FROM json_to_recordset(%(asked)s) AS a
         (n integer, client_id uuid, kind text, channel text, advertises boolean, type text, business_key text,
          message_id uuid)
    LEFT JOIN clients asked_for ON asked_for.id = a.client_id
    LEFT JOIN clients c ON c.id = coalesce(asked_for.merged_into, asked_for.id)
    LEFT JOIN contact_points p ON p.client_id = c.id AND p.channel = a.channel AND p.rank = 0
          AND (a.channel <> 'push' OR NOT %(browsers)s
               OR EXISTS (SELECT FROM push_subscriptions browser WHERE browser.client_id = c.id))
    LEFT JOIN suppressions s ON s.channel = a.channel AND s.address_hash = p.address_hash AND s.lifted_at IS NULL
    LEFT JOIN preferences f ON f.client_id = c.id AND f.kind = a.kind AND f.channel = a.channel
    LEFT JOIN consents k ON k.client_id = c.id AND k.channel = a.channel AND k.address_hash = p.address_hash
    LEFT JOIN branches b ON b.id = c.preferred_branch_id
    LEFT JOIN settings chain ON chain.branch_id IS NULL
    LEFT JOIN settings own ON own.branch_id = c.preferred_branch_id
    ORDER BY a.n
"""
"""Two statements: where nobody asks for what is told once, it is not even planned for."""
OF_ALL, OF_SIMPLE = FACTS.format(duplicate=DUPLICATES), FACTS.format(duplicate="false")

LOCK = """
    SELECT id FROM clients WHERE id IN (
        SELECT coalesce(merged_into, id) FROM clients WHERE id = ANY(%(ids)s)
    ) ORDER BY id FOR NO KEY UPDATE
"""


def answers(
    session: Session | Connection,
    asked: Sequence[Asked],
    config: Config,
    *,
    now: datetime | None = None,
    lock: bool = False,
) -> list[Answer]:
    """The answer to each, in their order.

    With `lock` nobody changes what was asked about until the transaction ends: a change that was committed before is
    honoured, and one that comes now waits. For those who act on the answer.
    """
    if not asked:
        return []
    if lock:
        run(session, LOCK, {"ids": list({each.client_id for each in asked})})
    values = {
        "asked": orjson.dumps([_row(n, each) for n, each in enumerate(asked)]).decode(),
        "browsers": config.messaging.push == "webpush",  # without it the outbox takes every push
    }
    told_once = any(each.type and each.business_key is not None for each in asked)
    rows = run(session, OF_ALL if told_once else OF_SIMPLE, values).fetchall()
    return _judged(asked, rows, config.chain.time_zone, now or clock.now())


def _row(n: int, asked: Asked) -> dict[str, Any]:
    row = {name: getattr(asked, name) for name in ("client_id", "kind", "channel", "business_key", "message_id")}
    told_once = asked.type if asked.business_key is not None else None
    return row | {"n": n, "type": told_once, "advertises": asked.promotional or asked.kind == "marketing"}


def _judged(asked: Sequence[Asked], rows: Sequence[Any], home_zone: str, now: datetime) -> list[Answer]:
    """One by one, since what is said to the first counts for the next: caps, and the same thing told twice."""
    said: dict[UUID, int] = {}
    told: set[tuple[Any, ...]] = set()
    found = []
    for each, row in zip(asked, rows, strict=True):
        facts = _facts(each, row, said.get(row["client_id"], 0), home_zone, now)
        judged = verdict(facts, now)
        same = (each.type, each.channel, each.business_key, row["address_hash"] or facts.client_id)
        if judged.reason is None and each.business_key is not None and same in told:
            judged = Verdict(DUPLICATE)
        if judged.reason is None:
            told.add(same)
            if each.promotional or each.kind == "marketing":
                said[facts.client_id] = said.get(facts.client_id, 0) + 1
        may_ever = judged.reason is None or judged.not_before is not None
        where = (row["address"], row["address_hash"]) if may_ever else (None, None)
        found.append(Answer(each, judged.reason is None, judged.reason, judged.not_before, *where))
    return found


def _facts(asked: Asked, row: Any, said: int, home_zone: str, now: datetime) -> Facts:
    rules = read(row["of_chain"], row["of_branch"])
    since = now - timedelta(days=rules.marketing_days)
    return Facts(
        kind=asked.kind,
        channel=asked.channel,
        promotional=asked.promotional,
        urgent=asked.urgent,
        happened_at=asked.happened_at,
        greatest_age=asked.greatest_age,
        client_id=row["client_id"],
        known=row["known"],
        erased=row["erased"],
        archived=row["archived"],
        has_point=row["address"] is not None,
        suppressed=row["suppressed"],
        chosen=row["chosen"],
        consent=row["consent"],
        duplicate=row["duplicate"],
        advertised=said + sum(at >= since for at in row["advertised"] or ()),
        home_zone=row["time_zone"] or home_zone,
        telephone_zones=tuple(row["zones"] or ()),
        rules=rules,
    )
