"""The event of the chain's system for packages, which is not ours: what it wants a client to be told."""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.contract import Contract, Payload


class Message(Payload):
    message_id = fields.UUID(required=True, metadata={"description": "the same for a repeat, so that it goes out once"})
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    package_id = fields.UUID(required=True)
    package_name = fields.String(required=True, validate=validate.Length(1, 200))
    promotional = fields.Boolean(
        required=True, metadata={"description": "whether it advertises; then it goes only to who agreed to that"}
    )
    title = fields.String(required=True, validate=validate.Length(1, 100))
    text = fields.String(
        required=True,
        validate=validate.Length(1, 2000),
        metadata={"description": "what every owner of the package is told; nothing about a person"},
    )


_message: dict[str, Any] = {
    "message_id": "0197a3c4-5a00-7000-8000-000000000501",
    "client_id": "0197a3c4-5a00-7000-8000-000000000001",
    "branch_id": "0197a3c4-5a00-7000-8000-00000000000b",
    "package_id": "0197a3c4-5a00-7000-8000-000000000502",
    "package_name": "Bono 10 masajes",
    "promotional": False,
    "title": "Te quedan 2 sesiones",
    "text": "Reserva cuando quieras: caducan a fin de mes.",
}

MESSAGE = Contract(
    "packages.message.v1", Message, "The owner of a package is to be told something.", _message, external=True
)
