"""The shapes of roles and permissions."""

from shared.api.fields import Shape, Text, Version, fields, validate
from shared.auth.permissions import PERMISSIONS
from shared.words import Words

PERMISSION = validate.OneOf(list(PERMISSIONS), error=Words("This is no permission that this release knows."))
NAME = {"examples": ["Recepción"]}


class RoleFields(Shape):
    name = Text(100, metadata=NAME)
    permissions = fields.List(fields.String(validate=PERMISSION), validate=validate.Length(max=len(PERMISSIONS)))


class NewRole(RoleFields):
    name = Text(100, required=True, metadata=NAME)
    permissions = fields.List(
        fields.String(validate=PERMISSION), required=True, validate=validate.Length(max=len(PERMISSIONS))
    )


class Role(RoleFields):
    id = fields.UUID(required=True)
    version = Version()
    everything = fields.Boolean(
        required=True, metadata={"description": "holds every permission, those of later releases too"}
    )


class Permission(Shape):
    name = fields.String(required=True)
    description = fields.String(required=True)


class Permissions(Shape):
    items = fields.List(fields.Nested(Permission), required=True)
