"""The shapes of an employee."""

from typing import Any

from shared.api.fields import Pattern, Shape, Text, Version, fields, validate
from shared.words import Words

USERNAME = Pattern(
    r"[a-z0-9][a-z0-9._@+-]{1,63}",
    error=Words("A sign-in name has 2 to 64 lower-case letters, digits and . _ @ + -"),
)
BRANCHES = validate.Length(max=500)
ROLES = validate.Length(max=200)


def password_field(**options: Any) -> fields.String:
    """A password is taken as it is typed: spaces and every character count."""
    return fields.String(validate=validate.Length(8, 200), load_only=True, metadata={"format": "password"}, **options)


NAME = {"examples": ["Lucía Ortega"]}


class HeldRole(Shape):
    role_id = fields.UUID(required=True)
    branch_id = fields.UUID(
        allow_none=True, load_default=None, metadata={"description": "none: held for the whole chain"}
    )


class EmployeeFields(Shape):
    name = Text(150, metadata=NAME)
    username = fields.String(
        validate=USERNAME,
        allow_none=True,
        metadata={"description": "who has none cannot sign in", "examples": ["lucia"]},
    )
    branch_ids = fields.Ids(validate=BRANCHES)
    roles = fields.List(fields.Nested(HeldRole), validate=ROLES)
    active = fields.Boolean()


class NewEmployee(EmployeeFields):
    name = Text(150, required=True, metadata=NAME)
    username = fields.String(validate=USERNAME, allow_none=True, load_default=None)
    branch_ids = fields.Ids(load_default=list, validate=BRANCHES)
    roles = fields.List(fields.Nested(HeldRole), load_default=list, validate=ROLES)
    active = fields.Boolean(load_default=True)
    password = password_field()


class Employee(EmployeeFields):
    id = fields.UUID(required=True)
    version = Version()


class NewPassword(Shape):
    password = password_field(required=True)
