"""The shapes of a membership over HTTP."""

from typing import Any

from services.memberships.memberships.adding import Discount
from services.memberships.memberships.label import LABELS
from services.memberships.memberships.models import COLLECTIONS, LIFECYCLES, STANDINGS
from services.memberships.plans.schemas import Interval
from services.memberships.quotes.schemas import NamesAQuote, QuoteLine
from shared.api.fields import Shape, Text, Version, fields, validate
from shared.api.pages import PageQuery

WARNINGS = ("client_merged", "client_archived", "booking_blocked", "branch_closed")


class MembershipQuery(PageQuery):
    client_id = fields.UUID()
    branch_id = fields.UUID()
    label = fields.String(validate=validate.OneOf(LABELS))


class MembershipEdit(Shape):
    card_id = fields.UUID(allow_none=True, metadata={"description": "what is missing is asked of it at once"})
    note = Text(2000, lines=True, empty=True)
    quote_id = fields.UUID(metadata={"description": "of the act payment_date: another day for the next payment"})


class CardOnFile(Shape):
    id = fields.UUID(required=True)
    brand = fields.String(required=True)
    last_four = fields.String(required=True)
    exp_month = fields.Integer(required=True)
    exp_year = fields.Integer(required=True)


class PlanToCome(Shape):
    plan_id = fields.UUID(required=True)
    plan_name = fields.String(required=True)
    effective_on = fields.Date(required=True)


class Arrears(Shape):
    """What was due and is not paid."""

    payments = fields.Integer(required=True)
    amount = fields.Integer(required=True)


def whole(about: str | None = None, **more: Any) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": about} if about else {}, **more)


def name_of(whose: str) -> fields.String:
    return fields.String(required=True, allow_none=True, metadata={"description": f"the name of the {whose}"})


class Membership(Shape):
    id = fields.UUID(required=True)
    version = Version()
    label = fields.String(
        required=True,
        validate=validate.OneOf(LABELS),
        metadata={"description": "the one word that says where it stands, from the three facts below"},
    )
    lifecycle = fields.String(required=True, validate=validate.OneOf(LIFECYCLES))
    standing = fields.String(required=True, validate=validate.OneOf(STANDINGS))
    collection = fields.String(required=True, validate=validate.OneOf(COLLECTIONS))
    client_id = fields.UUID(required=True)
    client_name = name_of("client")
    payer_id = fields.UUID(required=True)
    payer_name = name_of("payer")
    branch_id = fields.UUID(required=True)
    branch_name = name_of("branch")
    employee_id = fields.UUID(required=True, allow_none=True)
    employee_name = name_of("employee who sold it")
    plan_id = fields.UUID(required=True)
    plan_name = name_of("plan")
    terms_number = whole("the version of the plan's terms that this member has")
    newest_terms = whole("the version that new members get")
    price = whole("of a period by these terms, in minor units")
    currency = fields.String(required=True)
    interval = fields.Nested(Interval, required=True)
    discounts = fields.List(fields.Nested(Discount), required=True)
    card = fields.Nested(CardOnFile, required=True, allow_none=True)
    note = fields.String(required=True)
    sold_on = fields.Date(required=True)
    starts_on = fields.Date(required=True)
    trial_ends_on = fields.Date(required=True, allow_none=True)
    next_period = whole()
    next_payment_on = fields.Date(required=True, allow_none=True)
    next_payment_amount = whole("None when no payment comes", allow_none=True)
    commitment_until = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True, metadata={"description": "the first day without it"})
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    end_reason = fields.String(required=True, allow_none=True)
    plan_to_come = fields.Nested(PlanToCome, required=True, allow_none=True)
    arrears = fields.Nested(Arrears, required=True)
    warnings = fields.List(
        fields.String(validate=validate.OneOf(WARNINGS)),
        required=True,
    )
    created_at = fields.AwareDateTime(required=True)


class ForecastPayment(Shape):
    period = whole()
    due_on = fields.Date(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, metadata={"description": "the first day after it"})
    plan_id = fields.UUID(required=True)
    lines = fields.List(fields.Nested(QuoteLine), required=True)
    amount = whole("0 when every day of it is frozen, or nothing is left to pay")


class Forecast(Shape):
    currency = fields.String(required=True)
    payments = fields.List(fields.Nested(ForecastPayment), required=True)


__all__ = ["Forecast", "Membership", "MembershipEdit", "MembershipQuery", "NamesAQuote"]
