"""The shapes of a suppression over HTTP."""

from typing import Any

from marshmallow import ValidationError, post_load

from services.notifications.contact_points.fields import normal_email, normal_number
from services.notifications.suppressions.models import REASONS
from shared.api.fields import QueryFlag, Shape, Text, Version, fields, validate
from shared.api.pages import PageQuery

CHANNELS = ("email", "sms")
"""A push has no address: it goes to browsers, and one that takes none any more is forgotten."""


class SuppressionsQuery(PageQuery):
    channel = fields.String(validate=validate.OneOf(CHANNELS))
    reason = fields.String(validate=validate.OneOf(REASONS))
    address = Text(254, metadata={"description": "an e-mail address or a number; no part of one"})
    lifted = QueryFlag(load_default=False, metadata={"description": "those that were lifted, in place of the rest"})


class NewSuppression(Shape):
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    address = Text(254, required=True, metadata={"description": "an e-mail address, or a number beginning with +"})
    note = Text(200, empty=True, load_default="")

    @post_load
    def _normal(self, given: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """The address in the form in which it is compared."""
        normal = normal_email if given["channel"] == "email" else normal_number
        try:
            return {**given, "address": normal(given["address"])}
        except ValidationError as error:
            raise ValidationError({"address": error.messages}) from error


class Lifting(Shape):
    reason = Text(200, required=True)


class Suppression(Shape):
    id = fields.UUID(required=True)
    version = Version(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    address_masked = fields.String(required=True, metadata={"description": "enough for its owner to know it again"})
    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    note = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    by = fields.String(required=True)
    by_name = fields.String(required=True, allow_none=True)
    lifted_at = fields.AwareDateTime(required=True, allow_none=True)
    lift_reason = fields.String(required=True, allow_none=True)
