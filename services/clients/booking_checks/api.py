"""The HTTP door to booking checks."""

from typing import Any

from flask import Response

from services.clients.booking_checks.decisions import decide
from services.clients.booking_checks.schemas import (
    BookingCheck,
    BookingChecks,
    Decision,
    ManyBookingChecks,
    ManyDecisions,
)
from shared.api import Door, reading
from shared.api.json_schema import json_body
from shared.api.versions import ready

door = Door("booking-checks", __name__, url_prefix="/api/v1/clients", description="May this client book this?")


@door.post("/booking-checks", needs="bookings.check")
@door.arguments(BookingChecks)
@door.response(200, Decision)
@door.doc(
    requestBody=json_body({"oneOf": [BookingCheck, ManyBookingChecks]}),
    responses={200: json_body({"oneOf": [Decision, ManyDecisions]})},
)
def check(given: dict[str, Any]) -> Response:
    """Whether a client may book services: `allow`, `wait_list_only` or `deny`, with reasons. One check, or `checks`."""
    many = "checks" in given
    with reading() as connection:
        decisions = decide(connection, given["checks"] if many else [given])
    return ready({"results": decisions} if many else decisions[0])
