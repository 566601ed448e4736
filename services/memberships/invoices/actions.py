"""Writes invoices. A number belongs to its invoice for ever, and none is left out."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.memberships.billing.pricing import Line, Totals
from services.memberships.dues.models import Due
from services.memberships.invoices.models import Invoice
from shared import clock
from shared.db import run
from shared.ids import new_id

SERIES = {"invoice": "M", "credit_note": "R"}
"""A series per kind of document; each branch counts its own."""

TAKE = """
    INSERT INTO invoice_numbers (branch_id, series, last) VALUES (%(branch)s, %(series)s, %(count)s)
    ON CONFLICT (branch_id, series) DO UPDATE SET last = invoice_numbers.last + excluded.last
    RETURNING last
"""


def take_numbers(session: Session, branch_id: UUID, series: str, count: int = 1) -> range:
    """The next numbers of the branch's series. Nobody else gets one until this transaction ends, so take them last."""
    taken = run(session, TAKE, {"branch": branch_id, "series": series, "count": count}).fetchone()
    assert taken is not None
    return range(taken["last"] - count + 1, taken["last"] + 1)


def written(series: str, number: int) -> str:
    """A number as people read it: M-000017."""
    return f"{series}-{number:06d}"


def write(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """As rows and not as objects, which would take as long again: nobody changes an invoice."""
    if rows:
        session.execute(insert(Invoice), rows)


def row_of(due: Due, lines: Sequence[Line], totals: Totals, number: int, on: date) -> dict[str, Any]:
    """The invoice of a due, with the number that was taken for it, issued on the branch's day `on`."""
    series = SERIES["invoice"]
    due.invoice_number = written(series, number)
    return dict(
        id=new_id(),
        kind="invoice",
        branch_id=due.branch_id,
        series=series,
        number=number,
        due_id=due.id,
        client_id=due.client_id,
        payer_id=due.payer_id,
        currency=due.currency,
        lines=[line.as_dict() for line in lines],
        taxes=totals.taxes,
        net=totals.net,
        tax=totals.tax,
        total=totals.total,
        issued_on=on,
        issued_at=clock.now(),
    )
