"""The shapes of booking checks over HTTP."""

from typing import Any

from shared.api.fields import Shape, fields, validate

MOST_CHECKS = 200
MOST_SERVICES = 50


class BookingCheck(Shape):
    """May this client book these services, through this channel, at this branch?"""

    client_id = fields.UUID(required=True)
    service_ids = fields.Ids(required=True, validate=validate.Length(max=MOST_SERVICES))
    channel = fields.String(required=True, validate=validate.OneOf(["online", "staff"]))
    branch_id = fields.UUID()


class ManyBookingChecks(Shape):
    checks = fields.List(fields.Nested(BookingCheck), required=True, validate=validate.Length(max=MOST_CHECKS))


class BookingChecks(Shape):
    """One check, or many as `checks`."""

    _one = BookingCheck()
    _many = ManyBookingChecks()

    def load(self, data: Any, **kwargs: Any) -> Any:
        shape = self._many if isinstance(data, dict) and "checks" in data else self._one
        return shape.load(data, **kwargs)


class Reason(Shape):
    code = fields.String(
        required=True, metadata={"description": "client_unknown, client_archived, service_disliked, wait_list_only"}
    )
    service_id = fields.UUID(required=True, allow_none=True)
    message = fields.String(required=True, metadata={"description": "for people, in the language asked for"})


class Decision(Shape):
    decision = fields.String(required=True, validate=validate.OneOf(["allow", "wait_list_only", "deny"]))
    reasons = fields.List(fields.Nested(Reason), required=True)


class ManyDecisions(Shape):
    results = fields.List(fields.Nested(Decision), required=True)
