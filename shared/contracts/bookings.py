"""The events of the chain's booking system, which is not ours: what it must say for Foyer to follow appointments.

An appointment is its own subject, and its version grows with each event. Nothing that a person wrote stands in them.
"""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.contract import Contract, Payload

APPOINTMENT = "0197a3c4-5a00-7000-8000-000000000401"


class BookedService(Payload):
    service_id = fields.UUID(required=True)
    quantity = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


class Appointment(Payload):
    appointment_id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    starts_at = fields.AwareDateTime(required=True)
    status = fields.String(required=True, validate=validate.OneOf(["booked", "completed", "cancelled", "no_show"]))
    services = fields.List(fields.Nested(BookedService), required=True)


class Changed(Appointment):
    previous_starts_at = fields.AwareDateTime(required=True)


class ServiceUpcoming(Payload):
    appointment_id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    branch_id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)
    starts_at = fields.AwareDateTime(required=True)
    topic = fields.String(
        required=True,
        validate=validate.OneOf(["preparation", "arrival"]),
        metadata={"description": "how to prepare for it, or how and when to come"},
    )
    minutes_early = fields.Integer(
        required=True, strict=True, validate=validate.Range(0, 120), metadata={"description": "how early to come"}
    )


class Cancelled(Appointment):
    reason = fields.String(
        required=True,
        validate=validate.OneOf(["client", "branch", "late", "other"]),
        metadata={"description": "who or what cancelled it; `late` is by the client, after the chain's limit"},
    )


_appointment: dict[str, Any] = {
    "appointment_id": APPOINTMENT,
    "client_id": "0197a3c4-5a00-7000-8000-000000000001",
    "branch_id": "0197a3c4-5a00-7000-8000-00000000000b",
    "starts_at": "2026-03-02T10:00:00+01:00",
    "status": "booked",
    "services": [{"service_id": "0197a3c4-5a00-7000-8000-000000000005", "quantity": 1}],
}


def _event(what: str, description: str, payload: type[Payload] = Appointment, **more: Any) -> Contract:
    example = _appointment | {"status": what} | more
    return Contract(f"bookings.appointment.{what}.v1", payload, description, example, external=True)


APPOINTMENT_BOOKED = _event("booked", "An appointment was made; credits are held for it.")
APPOINTMENT_COMPLETED = _event("completed", "It took place; the credits are used.")
APPOINTMENT_CANCELLED = _event(
    "cancelled", "It will not take place; the credits are free again.", Cancelled, reason="client"
)
APPOINTMENT_NO_SHOW = _event("no_show", "The client did not come; the credits are free again.")
APPOINTMENT_CHANGED = _event(
    "changed",
    "It was moved, or its services are others.",
    Changed,
    status="booked",
    previous_starts_at="2026-03-02T09:00:00+01:00",
)

SERVICE_UPCOMING = Contract(
    "bookings.service.upcoming.v1",
    ServiceUpcoming,
    "A booked service is near, and the client is to be told how to prepare for it or when to come.",
    {
        "appointment_id": APPOINTMENT,
        "client_id": _appointment["client_id"],
        "branch_id": _appointment["branch_id"],
        "service_id": "0197a3c4-5a00-7000-8000-000000000005",
        "starts_at": "2026-03-02T10:00:00+01:00",
        "topic": "arrival",
        "minutes_early": 10,
    },
    external=True,
)
