"""The shape of a client's tags over HTTP."""

from services.clients.tags.actions import MOST
from shared.api.fields import Shape, fields, validate


class GivenTags(Shape):
    tag_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(max=MOST),
        metadata={"description": "all that the client has from now on, in any order"},
    )
