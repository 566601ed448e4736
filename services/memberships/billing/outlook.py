"""What is due, and what it would come to: reads only, and locks nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from services.memberships.billing.gathering import facts_of
from services.memberships.billing.schedule import due_at
from services.memberships.billing.upcoming import Facts, Period, after, next_period
from services.memberships.memberships.models import Membership
from shared.db import Database

PAGE = 500


@dataclass
class Count:
    """What a run has raised in one currency, or would."""

    memberships: int = 0
    periods: int = 0
    skipped: int = 0
    """Of the periods: wholly frozen, without an invoice."""
    amount: int = 0
    """In minor units."""


class Counts(defaultdict[str, Count]):
    """By currency."""

    def __init__(self) -> None:
        super().__init__(Count)

    def add(self, other: "Counts") -> None:
        for currency, count in other.items():
            mine = self[currency]
            mine.memberships += count.memberships
            mine.periods += count.periods
            mine.skipped += count.skipped
            mine.amount += count.amount

    def see(self, currency: str, amount: int, *, skipped: bool) -> None:
        count = self[currency]
        count.periods += 1
        count.skipped += skipped
        count.amount += amount

    def as_list(self) -> list[dict[str, Any]]:
        return [{"currency": currency} | asdict(count) for currency, count in sorted(self.items())]


def due(until: datetime, day: date | None = None) -> Select[Any]:
    """The memberships whose moment has come, in the order of the index that holds them; due until `day` only."""
    statement = (
        select(Membership).where(Membership.next_due_at <= until).order_by(Membership.next_due_at, Membership.id)
    )
    return statement if day is None else statement.where(Membership.next_due_on <= day)


def moment_after(day: date) -> datetime:
    """When the day is over everywhere on earth."""
    return due_at(day + timedelta(days=2), "UTC", 0)


def would_raise(database: Database, until: datetime, day: date | None = None) -> Iterator[Counts]:
    """Counts, page by page, every period that is due: also those that a membership would be charged for on later days,
    since it is charged one a day."""
    last: tuple[datetime, UUID] | None = None
    while True:
        with database.transaction() as session:
            statement = due(until, day).limit(PAGE)
            if last is not None:
                statement = statement.where(tuple_(Membership.next_due_at, Membership.id) > last)
            memberships: list[Membership] = list(session.scalars(statement))
            facts = facts_of(session, memberships) if memberships else {}
        if not memberships:
            return
        yield _count(memberships, facts, day or until.date())
        assert memberships[-1].next_due_at
        last = memberships[-1].next_due_at, memberships[-1].id


def _count(memberships: list[Membership], facts: dict[UUID, Facts], day: date) -> Counts:
    counts = Counts()
    for membership in memberships:
        counts[membership.currency].memberships += 1
        for period in periods(facts[membership.id]):
            if period.due_on > day:
                break
            counts.see(membership.currency, sum(line.gross for line in period.lines), skipped=not period.lines)
    return counts


def periods(facts: Facts | None) -> Iterator[Period]:
    """The periods to come, one after the other; without an end when the membership has none."""
    while facts is not None and (period := next_period(facts)) is not None:
        yield period
        facts = after(facts, period)
