"""The shapes of an invoice over HTTP."""

from shared.api.fields import Shape, fields, validate
from shared.api.pages import PageQuery, page_of


class InvoiceQuery(PageQuery):
    membership_id = fields.UUID()
    client_id = fields.UUID()


class Line(Shape):
    kind = fields.String(required=True)
    text = fields.String(required=True, metadata={"description": "in the reader's language"})
    quantity = fields.Integer(required=True)
    unit = fields.Integer(required=True, metadata={"description": "the price of one, as prices are"})
    net = fields.Integer(required=True)
    tax = fields.Integer(required=True)
    gross = fields.Integer(required=True)
    tax_category = fields.String(required=True)
    tax_rate = fields.String(required=True, metadata={"description": "in per cent"})


class TaxSum(Shape):
    category = fields.String(required=True)
    rate = fields.String(required=True)
    net = fields.Integer(required=True)
    tax = fields.Integer(required=True)


class Head(Shape):
    """An invoice or a credit note without its lines. It never changes."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["invoice", "credit_note"]))
    number = fields.String(required=True, metadata={"description": "without gaps in its branch"})
    branch_id = fields.UUID(required=True)
    due_id = fields.UUID(required=True)
    refund_id = fields.UUID(required=True, allow_none=True)
    client_id = fields.UUID(required=True)
    payer_id = fields.UUID(required=True)
    currency = fields.String(required=True)
    net = fields.Integer(required=True)
    tax = fields.Integer(required=True)
    total = fields.Integer(required=True, metadata={"description": "in minor units: below zero on a credit note"})
    issued_on = fields.Date(required=True)


class Invoice(Head):
    client_name = fields.String(required=True, allow_none=True)
    payer_name = fields.String(required=True, allow_none=True)
    branch_name = fields.String(required=True, allow_none=True)
    lines = fields.List(fields.Nested(Line), required=True)
    taxes = fields.List(fields.Nested(TaxSum), required=True)
    paid_by = fields.String(required=True, allow_none=True, metadata={"description": "how it was paid, once it was"})
    paid_at = fields.AwareDateTime(required=True, allow_none=True)


Invoices = page_of(Head, "Invoices")
