"""What every service says in the same words."""

from marshmallow import fields

from shared.contracts.contract import Contract, Payload


class ErasureCompleted(Payload):
    client_id = fields.UUID(required=True)
    service = fields.String(required=True)
    rows = fields.Integer(required=True, strict=True)


def erasure_completed(service: str) -> Contract:
    """The contract by which a service answers `clients.client.erased.v1`."""
    return Contract(
        f"{service}.erasure.completed.v1",
        ErasureCompleted,
        f"The {service} service has erased all that it held about a person; `rows` were erased or emptied.",
        {"client_id": "0197a3c4-5a00-7000-8000-000000000001", "service": service, "rows": 3},
    )
