"""What a refund would do: how much goes where, and which credits of the period lapse. `compute` is pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import validate
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.cards.models import Card
from services.memberships.credits import actions as credits
from services.memberships.credits.models import Credit
from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership
from services.memberships.payments import refunding
from services.memberships.payments.models import Attempt, Refund
from services.memberships.quotes.act import Inputs, Result
from services.memberships.quotes.actions import Taken
from shared.api.fields import Shape, Text, between, fields
from shared.errors import NotFound
from shared.rows import NOT_FOUND


class Refunding(Shape):
    membership_id = fields.UUID(required=True)
    period = fields.Integer(required=True, strict=True, validate=between(1, 100_000))
    amount = fields.Integer(
        strict=True, allow_none=True, load_default=None, validate=between(1, 10**12),
        metadata={"description": "in minor units; without it, all that is left"},
    )  # fmt: skip
    destination = fields.String(required=True, validate=validate.OneOf(["card", "balance"]))
    credits = fields.String(
        load_default="lapse", validate=validate.OneOf(["lapse", "keep"]),
        metadata={"description": "what becomes of those of the period that are not used"},
    )  # fmt: skip
    reason = Text(500, required=True)


@dataclass(frozen=True)
class Facts:
    membership_id: UUID
    client_id: UUID
    branch_id: UUID
    due: Due
    """Detached from what may change: only its columns are read."""
    card: tuple[str, str] | None
    """Brand and last four of the one that paid."""
    unused: Sequence[Mapping[str, Any]]
    used: Sequence[Mapping[str, Any]]

    @property
    def versions(self) -> Mapping[str, Any]:
        return {"payment": self.due.version}


def gather(session: Session, inputs: Inputs, lock: bool) -> Facts:
    membership = session.get(
        Membership, UUID(str(inputs["membership_id"])), with_for_update=lock or None, populate_existing=True
    )
    wanted = select(Due).where(Due.kind == "period", Due.number == inputs["period"])
    if membership is not None:
        wanted = wanted.where(Due.membership_id == membership.id).execution_options(populate_existing=True)
    due = session.scalar(wanted.with_for_update() if lock else wanted) if membership is not None else None
    if membership is None or due is None:
        raise NotFound(NOT_FOUND)
    issued = session.scalars(select(Credit).where(Credit.due_id == due.id).order_by(Credit.id)).all()
    return Facts(
        membership_id=membership.id,
        client_id=membership.client_id,
        branch_id=membership.branch_id,
        due=due,
        card=_card(session, due),
        unused=[_shown(credit, credit.available) for credit in issued if credit.available],
        used=[_shown(credit, credit.used + credit.held) for credit in issued if credit.used + credit.held],
    )


def compute(facts: Facts, inputs: Inputs) -> Result:
    """Raises Conflict for what is not paid or is disputed, Invalid for more than there is."""
    due = facts.due
    left = due.amount - due.refunded
    amount = left if inputs["amount"] is None else inputs["amount"]
    refunding.check(due, amount, inputs["destination"])
    lapses = inputs["credits"] == "lapse"
    return Result(
        currency=due.currency,
        amount=-amount,
        more={
            "payment_id": due.id,
            "refundable": left,
            "refund": amount,
            "destination": inputs["destination"],
            "card": facts.card and {"brand": facts.card[0], "last_four": facts.card[1]},
            "credits_that_lapse": list(facts.unused) if lapses else [],
            "credits_that_stay": [] if lapses else list(facts.unused),
            "credits_used": list(facts.used),
        },
    )


def carry_out(session: Session, taken: Taken) -> Refund:
    """Does what the quote has shown, in the transaction that took it."""
    facts: Facts = taken.facts
    more, inputs = taken.result.more, taken.inputs
    row = refunding.refund(session, facts.due, more["refund"], inputs["destination"], inputs["reason"])
    if inputs["credits"] == "lapse":
        credits.lapse_for(session, facts.due)
    return row


def _card(session: Session, due: Due) -> tuple[str, str] | None:
    if due.tender != "card":
        return None
    paid = (
        select(Card.brand, Card.last_four)
        .join(Attempt, Attempt.card_id == Card.id)
        .where(Attempt.due_id == due.id, Attempt.gateway_id == due.reference)
    )
    found = session.execute(paid).one()
    return found.brand, found.last_four


def _shown(credit: Credit, quantity: int) -> dict[str, Any]:
    of = str(credit.service_id) if credit.service_id else None
    return {"id": str(credit.id), "service_id": of, "category": credit.category, "quantity": quantity}
