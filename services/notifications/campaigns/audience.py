"""Whom a campaign is for, in SQL: one place for the estimate, for letting in, and for a single client."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from services.notifications.checks.question import Asked, answers
from shared.config import Config
from shared.db import run

OF = """
    FROM clients c LEFT JOIN last_visits v ON v.client_id = c.id
    WHERE c.erased_at IS NULL AND c.merged_into IS NULL AND NOT c.archived
      AND (%(branch_ids)s::uuid[] IS NULL OR c.preferred_branch_id = ANY(%(branch_ids)s::uuid[]))
      AND (%(tag_ids)s::uuid[] IS NULL OR c.tag_ids && %(tag_ids)s::uuid[])
      AND (%(languages)s::text[] IS NULL OR coalesce(c.language, 'es') = ANY(%(languages)s::text[]))
      AND (%(plan_ids)s::uuid[] IS NULL OR EXISTS (
          SELECT FROM memberships m WHERE m.client_id = c.id AND m.plan_id = ANY(%(plan_ids)s::uuid[])
      ))
      AND (%(before)s::timestamptz IS NULL OR v.at < %(before)s::timestamptz)
      AND (%(birthday)s::text IS NULL OR right(c.profile->>'birth_date', 5) = ANY(string_to_array(%(birthday)s, ',')))
"""
"""Who has never been here is not somebody who has not been seen for long."""
COUNT = f"SELECT count(*) AS count {OF}"
NEXT = f"SELECT c.id {OF} AND (%(cursor)s::uuid IS NULL OR c.id > %(cursor)s::uuid) ORDER BY c.id LIMIT %(most)s"
IS_IN = f"SELECT 1 {OF} AND c.id = %(client_id)s"

SAMPLE = 5000
"""Of how many the question is asked before a campaign starts; of more, it is asked when each message goes."""
AT_ONCE = 1000


def values(audience: Mapping[str, Any], entry: Mapping[str, Any], now: datetime, today: date) -> dict[str, Any]:
    """What the statements above take; days are those of the chain."""
    days = [audience.get("not_seen_days"), entry.get("days") if entry.get("rule") == "not_seen" else None]
    longest = max((each for each in days if each), default=None)
    return {
        "branch_ids": _texts(audience.get("branch_ids")),
        "tag_ids": _texts(audience.get("tag_ids")),
        "languages": audience.get("languages"),
        "plan_ids": _texts(audience.get("plan_ids")),
        "before": datetime.fromtimestamp(now.timestamp() - longest * 86400, now.tzinfo) if longest else None,
        "birthday": ",".join(_birthdays(today)) if entry.get("rule") == "birthday" else None,
    }


def _texts(ids: Sequence[Any] | None) -> list[str] | None:
    return [str(each) for each in ids] if ids else None


def _birthdays(today: date) -> list[str]:
    """Who was born on a 29 February is wished well on the 28th in other years."""
    said = [today.strftime("%m-%d")]
    leap = today.year % 4 == 0 and (today.year % 100 != 0 or today.year % 400 == 0)
    return [*said, "02-29"] if said == ["02-28"] and not leap else said


def count(session: Session | Connection, wanted: Mapping[str, Any]) -> int:
    row = run(session, COUNT, wanted).fetchone()
    return int(row["count"]) if row else 0


def some(session: Session | Connection, wanted: Mapping[str, Any], cursor: UUID | None, most: int) -> list[UUID]:
    """The next of them, by id."""
    found = run(session, NEXT, {**wanted, "cursor": cursor, "most": most}).fetchall()
    return [row["id"] for row in found]


def is_in(session: Session | Connection, wanted: Mapping[str, Any], client_id: UUID) -> bool:
    return run(session, IS_IN, {**wanted, "client_id": client_id}).fetchone() is not None


def estimate(session: Session | Connection, wanted: Mapping[str, Any], channel: str, config: Config) -> dict[str, Any]:
    """How many it is for, and of the first of them how many would be written to now, and why others would not."""
    asked, goes, left_out = 0, 0, dict[str, int]()
    cursor: UUID | None = None
    while asked < SAMPLE and (found := some(session, wanted, cursor, AT_ONCE)):
        cursor = found[-1]
        asked += len(found)
        for answer in answers(session, [Asked(each, "marketing", channel, promotional=True) for each in found], config):
            if answer.goes or answer.not_before is not None:  # what only waits for the morning goes
                goes += 1
            else:
                left_out[answer.reason or ""] = left_out.get(answer.reason or "", 0) + 1
    return {"audience": count(session, wanted), "asked": asked, "goes": goes, "left_out": left_out}
