"""The shapes of a machine."""

from services.directory.roles.schemas import PERMISSION
from shared.api.fields import Pattern, Shape, Text, Version, fields, validate
from shared.auth.permissions import PERMISSIONS
from shared.words import Words

CLIENT_ID = Pattern(
    r"[a-z0-9][a-z0-9-]{1,63}", error=Words("A machine's name has 2 to 64 lower-case letters, digits and -")
)
SOME = validate.Length(max=len(PERMISSIONS))
NAME = {"examples": ["Reservas"]}


class MachineFields(Shape):
    name = Text(100, metadata=NAME)
    permissions = fields.List(
        fields.String(validate=PERMISSION), validate=SOME, metadata={"description": "held for the whole chain"}
    )
    active = fields.Boolean()


class NewMachine(MachineFields):
    name = Text(100, required=True, metadata=NAME)
    client_id = fields.String(required=True, validate=CLIENT_ID, metadata={"examples": ["booking"]})
    permissions = fields.List(fields.String(validate=PERMISSION), required=True, validate=SOME)
    active = fields.Boolean(load_default=True)


class Machine(MachineFields):
    id = fields.UUID(required=True)
    version = Version()
    client_id = fields.String(required=True)


class MachineWithSecret(Machine):
    client_secret = fields.String(required=True, metadata={"description": "shown once, and kept nowhere"})
