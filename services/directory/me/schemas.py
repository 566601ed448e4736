"""The shapes of the one who is signed in."""

from services.directory.employees.schemas import password_field
from shared.api.fields import Shape, fields, validate


class Held(Shape):
    permission = fields.String(required=True)
    branch_ids = fields.List(
        fields.UUID(), required=True, allow_none=True, metadata={"description": "null: for the whole chain"}
    )


class Me(Shape):
    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"description": "staff, machine or client"})
    name = fields.String(required=True, allow_none=True)
    username = fields.String(required=True, allow_none=True)
    branch_ids = fields.Ids(required=True)
    session_id = fields.UUID(required=True)
    permissions = fields.List(fields.Nested(Held), required=True)


class OwnPassword(Shape):
    current_password = fields.String(
        required=True, load_only=True, validate=validate.Length(1, 200), metadata={"format": "password"}
    )
    password = password_field(required=True)
