"""The shapes of a client's standing over HTTP."""

from shared.api.fields import Flag, Shape, Text, fields

REASON = 500


class GivenStatus(Shape):
    status_id = fields.UUID(required=True)
    reason = Text(REASON, lines=True, required=True)


class NewBookingBlock(Shape):
    blocked = Flag(required=True)
    reason = Text(REASON, lines=True, required=True)
