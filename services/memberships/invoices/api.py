"""The HTTP door to invoices, which are receipts once they are paid."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import aliased

from services.memberships.billing.wording import said
from services.memberships.copies.models import Branch, Client
from services.memberships.dues.models import Due
from services.memberships.invoices.actions import written
from services.memberships.invoices.models import Invoice as Row
from services.memberships.invoices.schemas import Invoice, InvoiceQuery, Invoices
from shared.api import Door, reading
from shared.api.pages import newest
from shared.api.sight import branches_of, must_see
from shared.errors import NotFound
from shared.rows import NOT_FOUND

door = Door("invoices", __name__, url_prefix="/api/v1/memberships/invoices", description="Invoices and credit notes.")

READ = "memberships.read"
PAYER = aliased(Client)
INVOICES = select(*Row.__table__.c, Due.tender.label("paid_by"), Due.closed_at.label("paid_at")).join(
    Due, Due.id == Row.due_id
)
WITH_NAMES = (
    INVOICES.add_columns(
        Client.name.label("client_name"), PAYER.name.label("payer_name"), Branch.name.label("branch_name")
    )
    .outerjoin(Client, Client.id == Row.client_id)
    .outerjoin(PAYER, PAYER.id == Row.payer_id)
    .outerjoin(Branch, Branch.id == Row.branch_id)
)


@door.get("", needs=READ)
@door.arguments(InvoiceQuery, location="query")
@door.response(200, Invoices)
def invoices(query: dict[str, Any]) -> Any:
    """The invoices and credit notes of a membership or a client, newest first."""
    statement = INVOICES
    if "client_id" in query:
        statement = statement.where(Row.client_id == query["client_id"])
    if "membership_id" in query:
        statement = statement.where(Due.membership_id == query["membership_id"])
    if (branches := branches_of(READ)) is not None:
        statement = statement.where(Row.branch_id.in_(branches))
    with reading() as connection:
        return newest(connection, statement, Row.id, query, _shown)


@door.get("/<uuid:invoice_id>", needs=READ)
@door.response(200, Invoice)
def show(invoice_id: UUID) -> Any:
    """An invoice with its lines, in the reader's language; of one that is paid, by what and when."""
    with reading() as connection:
        found = connection.execute(WITH_NAMES.where(Row.id == invoice_id)).mappings().one_or_none()
    if found is None:
        raise NotFound(NOT_FOUND)
    must_see(READ, found["branch_id"])
    return _shown(found) | {"lines": [line | {"text": said(line)} for line in found["lines"]]}


def _shown(row: RowMapping) -> dict[str, Any]:
    return dict(row) | {"number": written(row["series"], row["number"])}
