"""The shapes of a weight over HTTP."""

from decimal import Decimal
from typing import Any

from shared.api.fields import Shape, Version, fields, validate
from shared.words import Words


class Amount(fields.Decimal):
    """A number with at most three decimals, as scales show it."""

    default_error_messages = {"invalid": Words("This must be a number with at most three decimals.")}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        found = Decimal(str(value))
        if abs(found) >= 10_000 or found != round(found, 3):
            raise self.make_error("invalid")
        return found


class NewWeight(Shape):
    value = Amount(required=True, metadata={"minimum": 0.5, "maximum": 1543.2, "multipleOf": 0.001, "examples": [70.5]})
    unit = fields.String(required=True, validate=validate.OneOf(["kg", "lb"]))
    taken_on = fields.Date(metadata={"description": "today, unless said"})


class Weight(Shape):
    id = fields.UUID(required=True)
    version = Version(required=True)
    value = fields.Float(required=True, metadata={"description": "as entered, in `unit`"})
    unit = fields.String(required=True, validate=validate.OneOf(["kg", "lb"]))
    grams = fields.Integer(required=True)
    taken_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True, allow_none=True, metadata={"description": "the name of the employee"})
