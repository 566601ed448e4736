"""The clients service with a branch, an employee and two services of the directory, for the tests of its rooms."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shared.contracts import directory
from shared.testing.service import Caller, ServiceUnderTest
from shared.testing.tokens import EMPLOYEE

MADRID = UUID("0197a3c4-5a00-7000-8000-0000000000b1")
MIAMI = UUID("0197a3c4-5a00-7000-8000-0000000000b2")
CUT = UUID("0197a3c4-5a00-7000-8000-0000000000e1")
PEELING = UUID("0197a3c4-5a00-7000-8000-0000000000e2")
UNKNOWN = UUID("0197a3c4-5a00-7000-8000-00000000ffff")

EVERYTHING = (
    "clients.read", "clients.write", "clients.status.write", "clients.weight.read", "clients.weight.write",
    "clients.booking_block.write", "clients.dislikes.write", "clients.lists.write", "clients.export",
    "bookings.check", "audit.read",
)  # fmt: skip

Register = Callable[..., dict[str, Any]]


@pytest.fixture
def clients(service_of: Callable[..., ServiceUnderTest]) -> ServiceUnderTest:
    return service_of("clients", furnish)


def furnish(service: ServiceUnderTest) -> None:
    """What the directory has said so far."""
    madrid = {"id": str(MADRID), "name": "Salamanca", "country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR"}
    miami = {"id": str(MIAMI), "name": "Brickell", "country": "US", "time_zone": "America/New_York", "currency": "USD"}
    service.deliver(directory.BRANCH_ADDED, madrid, subject=MADRID)
    service.deliver(directory.BRANCH_ADDED, miami | {"language": "en", "weight_unit": "lb"}, subject=MIAMI)
    employee = {"id": str(EMPLOYEE), "name": "Lucía Ortega", "branch_ids": [str(MADRID)]}
    service.deliver(directory.EMPLOYEE_ADDED, employee, subject=EMPLOYEE)
    service.deliver(directory.SERVICE_ADDED, {"id": str(CUT), "name": "Corte y peinado"}, subject=CUT)
    service.deliver(directory.SERVICE_ADDED, {"id": str(PEELING), "name": "Peeling químico"}, subject=PEELING)


@pytest.fixture
def lucia(clients: ServiceUnderTest) -> Caller:
    """Lucía Ortega, who may do everything."""
    return clients.signed_in(*EVERYTHING)


@pytest.fixture
def register(lucia: Caller) -> Register:
    """A function that registers a client, and answers what the API shows."""

    def one(**details: Any) -> dict[str, Any]:
        answer = lucia.post("/api/v1/clients?force=true", {"first_name": "María", "last_name": "López"} | details)
        assert answer.status_code == 201, answer.json
        return answer.json

    return one
