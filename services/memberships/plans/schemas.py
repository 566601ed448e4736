"""The shapes of a plan and its terms over HTTP."""

from collections.abc import Mapping
from typing import Any

from marshmallow import validates_schema

from services.memberships.plans import checks
from shared import iso
from shared.api.fields import Shape, Text, ValidationError, Version, between, fields, validate
from shared.api.pages import PageQuery
from shared.words import Words

CURRENCY = validate.OneOf(iso.currencies(), error=Words("This is no currency, as EUR is one."))
MOST = 100_000_000
"""Of any amount, in minor units."""


def amount(least: int = 0, **more: Any) -> fields.Integer:
    about = {"description": "in minor units of the currency"}
    return fields.Integer(strict=True, validate=between(least, MOST), metadata=about, **more)


def whole(least: int, most: int, **more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=between(least, most), **more)


class Checked(Shape):
    """A shape whose fields must also suit each other."""

    @staticmethod
    def faults(given: Mapping[str, Any]) -> dict[str, Words]:
        raise NotImplementedError

    @validates_schema
    def check(self, data: Mapping[str, Any], **_: Any) -> None:
        if found := self.faults(data):
            raise ValidationError({name: [words.format()] for name, words in found.items()})


class Interval(Shape):
    unit = fields.String(required=True, validate=validate.OneOf(["week", "month", "year"]))
    count = whole(1, 52, load_default=1)


class Benefit(Checked):
    faults = staticmethod(checks.benefit)

    quantity = whole(1, 1000, required=True)
    service_id = fields.UUID(load_default=None, allow_none=True)
    category = Text(100, load_default=None, allow_none=True)
    expires = fields.String(load_default="period_end", validate=validate.OneOf(["period_end", "after_days", "never"]))
    days = whole(1, 3650, load_default=None, allow_none=True)
    rollover_cap = whole(1, 1000, load_default=None, allow_none=True)


class CancellationRule(Checked):
    faults = staticmethod(checks.cancellation)

    kind = fields.String(load_default="none", validate=validate.OneOf(["none", "fixed", "periods", "share"]))
    amount = amount(load_default=0)
    periods = whole(0, 120, load_default=0)
    share = whole(0, 100, load_default=0)
    waived_within_days = whole(1, 3650, load_default=None, allow_none=True)
    waived_after_payments = whole(1, 600, load_default=None, allow_none=True)


class FreezeRule(Shape):
    mode = fields.String(required=True, validate=validate.OneOf(["skip_payments", "shift_payments", "stop_everything"]))
    credits_usable = fields.Boolean(load_default=True)
    extends_expiry = fields.Boolean(load_default=False)
    extends_commitment = fields.Boolean(load_default=True)


class Freezing(Checked):
    faults = staticmethod(checks.freezing)

    rules = fields.List(fields.Nested(FreezeRule), load_default=list, validate=validate.Length(max=3))
    days_a_year = whole(0, 366, load_default=0)
    fee = amount(load_default=0)
    fee_per = fields.String(load_default="freeze", validate=validate.OneOf(["freeze", "month"]))


class Terms(Checked):
    faults = staticmethod(checks.terms)

    price = amount(required=True)
    currency = fields.String(required=True, validate=CURRENCY)
    tax_category = Text(40, load_default="standard")
    interval = fields.Nested(Interval, load_default=lambda: {"unit": "month", "count": 1})
    sign_up_fee = amount(load_default=0)
    trial_days = whole(0, 365, load_default=0)
    benefits = fields.List(fields.Nested(Benefit), load_default=list, validate=validate.Length(max=20))
    commitment_periods = whole(0, 600, load_default=0)
    ends_after_periods = whole(1, 600, load_default=None, allow_none=True)
    then_plan_id = fields.UUID(load_default=None, allow_none=True)
    cancellation = fields.Nested(CancellationRule, load_default=lambda: CancellationRule().load({}))
    notice_days = whole(0, 365, load_default=0)
    freezing = fields.Nested(Freezing, load_default=lambda: Freezing().load({}))


class PlanFields(Shape):
    name = Text(100)
    description = Text(2000, lines=True, empty=True)
    branch_ids = fields.List(
        fields.UUID(), validate=validate.Length(max=500), metadata={"description": "that sell it; empty for all"}
    )
    active = fields.Boolean()


class NewPlan(PlanFields):
    name = Text(100, required=True)
    description = Text(2000, lines=True, empty=True, load_default="")
    branch_ids = fields.Ids(load_default=list, validate=validate.Length(max=500))
    terms = fields.Nested(Terms, required=True)


SENTENCES = {"description": "the terms in plain sentences, in the reader's language"}


class Preview(Shape):
    preview = fields.List(fields.String(), required=True, metadata=SENTENCES)


class Plan(PlanFields):
    id = fields.UUID(required=True)
    version = Version()
    terms_number = fields.Integer(required=True)
    terms = fields.Nested(Terms, required=True)
    preview = fields.List(fields.String(), required=True, metadata=SENTENCES)
    created_at = fields.AwareDateTime(required=True)


class PlanQuery(PageQuery):
    branch_id = fields.UUID(metadata={"description": "those that this branch sells"})


class PlanTerms(Shape):
    number = fields.Integer(required=True)
    terms = fields.Nested(Terms, required=True)
    preview = fields.List(fields.String(), required=True, metadata=SENTENCES)
    members = fields.Integer(required=True, metadata={"description": "who have it and have not ended"})
    published_at = fields.AwareDateTime(required=True)
    published_by = fields.String(required=True, allow_none=True, metadata={"description": "the name of the employee"})
