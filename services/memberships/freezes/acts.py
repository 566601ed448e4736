"""What can be quoted of freezes: to begin one, and to end one earlier than it said."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.memberships.billing.pricing import Days
from services.memberships.cancellations.models import Cancellation
from services.memberships.dues.models import Due
from services.memberships.freezes import rules
from services.memberships.freezes.models import Freeze
from services.memberships.freezes.rules import Billed, Facts, Pause
from services.memberships.invoices.models import Invoice
from services.memberships.memberships.known import Known, look
from services.memberships.plans.terms import FreezeRule
from services.memberships.quotes.act import Act, Inputs, register
from shared.api.fields import Shape, Text, fields, validate

MODES = ("skip_payments", "shift_payments", "stop_everything")
DATES = {"description": "the first day after it"}


class Freezing(Shape):
    membership_id = fields.UUID(required=True)
    mode = fields.String(required=True, validate=validate.OneOf(MODES))
    starts_on = fields.Date(load_default=None, allow_none=True, metadata={"description": "by default today"})
    ends_on = fields.Date(required=True, metadata=DATES)
    reason = Text(500, lines=True, empty=True, load_default="")


class Unfreezing(Shape):
    membership_id = fields.UUID(required=True)
    freeze_id = fields.UUID(required=True)
    ends_on = fields.Date(load_default=None, allow_none=True, metadata={"description": "by default today"})


def gather(session: Session, inputs: Inputs, lock: bool) -> Facts:
    known = look(session, UUID(str(inputs["membership_id"])), lock=lock)
    waiting = exists().where(Cancellation.membership_id == known.membership_id, Cancellation.state == "waiting")
    leaving = bool(session.scalar(select(waiting)))
    return Facts(known, billed(session, known), _pauses(session, known.membership_id), leaving)


def billed(session: Session, known: Known) -> tuple[Billed, ...]:
    """The periods of a membership that were billed and go on after today."""
    rows = session.execute(
        select(Due, Invoice.lines)
        .outerjoin(Invoice, (Invoice.due_id == Due.id) & (Invoice.kind == "invoice"))
        .where(Due.membership_id == known.membership_id, Due.kind == "period", Due.ends_on > known.today)
        .order_by(Due.number)
    )
    return tuple(_billed(known, due, lines or []) for due, lines in rows)


def _billed(known: Known, due: Due, lines: list[Mapping[str, Any]]) -> Billed:
    assert due.number and due.starts_on and due.ends_on
    of_days = [line for line in lines if line["kind"] in ("period", "discount")]
    included = known.policy.prices_include_tax
    gross = sum(line["gross"] for line in of_days)
    price = gross if included else sum(line["net"] for line in of_days)
    return Billed(
        due_id=due.id,
        number=due.number,
        days=(due.starts_on, due.ends_on),
        paid=due.state in ("paid", "settled"),
        price=price if of_days else known.offer.terms.price,
        gross=gross,
        charged=tuple(_days(line["starts_on"], line["ends_on"]) for line in of_days if line["kind"] == "period"),
    )


def _pauses(session: Session, membership_id: UUID) -> tuple[Pause, ...]:
    rows = session.scalars(
        select(Freeze)
        .where(Freeze.membership_id == membership_id, Freeze.state != "withdrawn")
        .order_by(Freeze.starts_on)
        .execution_options(populate_existing=True)
    )
    return tuple(
        Pause(
            id=row.id,
            version=row.version,
            mode=row.mode,
            state=row.state,
            days=(row.starts_on, row.ends_on),
            rule=rule_of(row),
            shifted_days=row.shifted_days,
            given_back=tuple((UUID(each["due_id"]), _days(each["from"], each["until"])) for each in row.given_back),
        )
        for row in rows
    )


def rule_of(row: Freeze) -> FreezeRule:
    known = {field.name for field in fields_of(FreezeRule)}
    return FreezeRule(**{name: value for name, value in row.rule.items() if name in known})


def _days(first: str, after: str) -> Days:
    return date.fromisoformat(first), date.fromisoformat(after)


NEEDS = "memberships.freeze"
FREEZE = register(Act("freeze", NEEDS, Freezing, gather, rules.freeze))
UNFREEZE = register(Act("unfreeze", NEEDS, Unfreezing, gather, rules.unfreeze))
