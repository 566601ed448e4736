"""The shape of what a gateway is answered."""

from shared.api.fields import Shape, fields


class Heard(Shape):
    stored = fields.Integer(required=True, metadata={"description": "how many objects will be looked at"})
