"""Another day for the next payment (P24): it moves the anchor, so all that follow move with it. `compute` is pure."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.memberships.billing.pricing import total
from services.memberships.billing.schedule import period_days
from services.memberships.billing.upcoming import next_period
from services.memberships.memberships.known import Known, look
from services.memberships.quotes.act import Inputs, Result
from shared.api.fields import Shape, fields
from shared.errors import Conflict, Invalid
from shared.words import Words

FAR = "memberships.date.write"

NO_PAYMENT = Words("No payment comes any more.")
FROZEN = Words("This membership is frozen. End the freeze first.")
IN_THE_PAST = Words("This is in the past. Today at the branch is {today}.")
BEFORE_IT_STARTS = Words("The membership starts only on {starts_on}.")
TOO_FAR = Words("This is more than a year after the payment.")
SAME = Words("This is the date already.")


class Moving(Shape):
    membership_id = fields.UUID(required=True)
    next_payment_on = fields.Date(required=True)


def gather(session: Session, inputs: Inputs, lock: bool) -> Known:
    return look(session, UUID(str(inputs["membership_id"])), lock=lock)


def compute(known: Known, inputs: Inputs) -> Result:
    """The next payment on another day; the days between cost nothing. Raises Invalid, Conflict.

    Beyond one interval it needs a permission of its own.
    """
    if known.lifecycle == "frozen":
        raise Conflict(FROZEN, code="frozen")
    if known.upcoming is None:
        raise Conflict(NO_PAYMENT, code="no_payment")
    before, day = known.upcoming.due_on, inputs["next_payment_on"]
    _check(known, before, day)
    moved = replace(known.upcoming, anchor=day, anchor_period=known.upcoming.number, due_on=day)
    period = next_period(moved)
    if period is None:
        raise Conflict(NO_PAYMENT, code="no_payment")
    one_interval = period_days(before, 1, known.offer.terms.interval, 1)[1]
    return Result(
        currency=known.currency,
        lines=tuple(line.as_dict() for line in period.lines),
        amount=0,
        dates={"previous": before, "next_payment_on": day, "payment_after": period.next_due_on},
        more={"days": (day - before).days, "next_payment": total(period.lines).total, "period": period.number},
        needs=(FAR,) if day > one_interval else (),
    )


def _check(known: Known, before: date, day: date) -> None:
    if day < known.today:
        raise _invalid(IN_THE_PAST, today=known.today)
    if day < known.starts_on:
        raise _invalid(BEFORE_IT_STARTS, starts_on=known.starts_on)
    if (day - before).days > 366:
        raise _invalid(TOO_FAR)
    if day == before:
        raise _invalid(SAME)


def _invalid(words: Words, **values: Any) -> Invalid:
    message = words.format(**values)
    return Invalid(message, fields={"next_payment_on": [message]})
