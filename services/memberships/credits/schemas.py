"""The shapes of credits over HTTP."""

from typing import Any, get_args

from services.memberships.credits.models import FLOWS, SOURCES, STATUSES
from services.memberships.credits.usable import Reason
from shared.api.fields import Shape, Text, Version, between, fields, validate
from shared.api.pages import PageQuery

MOST = 1000
"""Credits in one go: past it somebody has held a key down."""


def whole(**metadata: str) -> fields.Integer:
    return fields.Integer(required=True, strict=True, metadata=metadata)


class Quantity(fields.Integer):
    def __init__(self, **more: Any) -> None:
        super().__init__(strict=True, validate=between(1, MOST), **more)


class Credit(Shape):
    id = fields.UUID(required=True)
    version = Version(required=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    branch_name = fields.String(required=True)
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    membership_id = fields.UUID(required=True, allow_none=True)
    period = fields.Integer(required=True, allow_none=True, metadata={"description": "the period that earned it"})
    service_id = fields.UUID(required=True, allow_none=True)
    service_name = fields.String(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True, metadata={"description": "any service of it"})
    quantity = whole(description="available + held + used + lapsed")
    available = whole()
    held = whole(description="kept for appointments")
    used = whole()
    lapsed = whole(description="expired or taken away")
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    expires_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "the first day on which it cannot be used"}
    )
    withheld = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(get_args(Reason)),
        metadata={"description": "why it cannot be used today; null when it can"},
    )
    comment = fields.String(required=True)
    issued_at = fields.AwareDateTime(required=True)


class CreditsOfClient(PageQuery):
    client_id = fields.UUID(required=True)


class CreditChange(Shape):
    status = fields.String(
        validate=validate.OneOf(["active", "suspended", "withdrawn"]),
        metadata={"description": "`withdrawn` takes away what is left; `active` brings back what had lapsed"},
    )
    expires_on = fields.Date(allow_none=True, metadata={"description": "after today; null for never"})
    reason = Text(500, required=True)


class CreditMovement(Shape):
    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(FLOWS))
    quantity = whole()
    available = whole(description="after it")
    reference = fields.String(required=True, allow_none=True, metadata={"description": "of the hold"})
    reason = fields.String(required=True, allow_none=True)
    actor = fields.String(required=True)
    actor_name = fields.String(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)


class NewHold(Shape):
    client_id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)
    quantity = Quantity(required=True)
    reference = Text(100, required=True, metadata={"description": "the appointment: once per reference"})
    branch_id = fields.UUID(
        load_default=None,
        metadata={"description": "where the appointment is; by default where the first credit was earned"},
    )


class Hold(Shape):
    id = fields.UUID(required=True)
    version = Version(required=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)
    quantity = whole(description="0 when no credits cover the appointment")
    reference = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["held", "used", "released"]))
    created_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
