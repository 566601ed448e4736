"""Credit notes: an invoice never changes, so what is given back is a document of its own, below zero."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.memberships.billing.money import split
from services.memberships.billing.pricing import Line, Totals, total
from services.memberships.copies.models import Branch
from services.memberships.dues.models import Due
from services.memberships.invoices.actions import SERIES, take_numbers
from services.memberships.invoices.models import Invoice
from shared import clock
from shared.ids import new_id
from shared.words import Words

GIVEN_BACK = Words("Refund of invoice {number}")
STAYS = Words("The refund of invoice {number} did not succeed")


def credit_note(session: Session, due: Due, refund_id: UUID, amount: int) -> Invoice:
    """The document of a refund of this due: the amount in the tax rates of the invoice, with a number of its own."""
    lines = [_line(GIVEN_BACK, due, part, -share) for part, share in _parts(session, due, amount)]
    return _write(session, due, refund_id, "credit_note", lines)


def take_back(session: Session, due: Due, refund_id: UUID) -> Invoice:
    """The refund has failed: what its credit note gave back is asked for again, by an invoice of the same lines."""
    note = session.scalars(
        select(Invoice).where(Invoice.due_id == due.id, Invoice.kind == "credit_note", Invoice.refund_id == refund_id)
    ).one()
    lines = [_line(STAYS, due, part, -part["net"] - part["tax"]) for part in note.taxes]
    return _write(session, due, refund_id, "invoice", lines)


def _parts(session: Session, due: Due, amount: int) -> list[tuple[Mapping[str, Any], int]]:
    """What the amount takes of each tax rate of the invoice."""
    invoice = session.scalars(
        select(Invoice).where(Invoice.due_id == due.id, Invoice.kind == "invoice", Invoice.refund_id.is_(None))
    ).one()
    taxes = [part for part in invoice.taxes if part["net"] + part["tax"] > 0]
    return list(zip(taxes, split(amount, [part["net"] + part["tax"] for part in taxes]), strict=True))


def _line(text: Words, due: Due, part: Mapping[str, Any], gross: int) -> Line:
    net, tax = split(gross, [part["net"], part["tax"]])
    return Line(
        kind="refund",
        text=str(text),
        values={"number": due.invoice_number},
        quantity=1,
        unit=gross,
        net=net,
        tax=tax,
        gross=gross,
        tax_category=part["category"],
        tax_rate=part["rate"],
        starts_on=None,
        ends_on=None,
    )


def _write(session: Session, due: Due, refund_id: UUID, kind: str, lines: list[Line]) -> Invoice:
    totals: Totals = total(lines)
    zone = session.get_one(Branch, due.branch_id).time_zone
    [number] = take_numbers(session, due.branch_id, SERIES[kind])
    written = Invoice(
        id=new_id(),
        kind=kind,
        branch_id=due.branch_id,
        series=SERIES[kind],
        number=number,
        due_id=due.id,
        refund_id=refund_id,
        client_id=due.client_id,
        payer_id=due.payer_id,
        currency=due.currency,
        lines=[line.as_dict() for line in lines],
        taxes=totals.taxes,
        net=totals.net,
        tax=totals.tax,
        total=totals.total,
        issued_on=clock.today(zone),
        issued_at=clock.now(),
    )
    session.add(written)
    session.flush()
    return written
