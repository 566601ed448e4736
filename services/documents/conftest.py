"""The documents service with two branches, an employee, a menu and two clients, for the tests of its rooms."""

from collections.abc import Callable
from uuid import UUID

import pytest

from shared.contracts import clients, directory
from shared.testing.service import Caller, ServiceUnderTest
from shared.testing.tokens import EMPLOYEE

MADRID = UUID("0197a3c4-5a00-7000-8000-0000000000b1")
"""Salamanca: Spanish, Europe/Madrid."""
MIAMI = UUID("0197a3c4-5a00-7000-8000-0000000000b2")
"""Brickell: English, America/New_York."""
PEELING = UUID("0197a3c4-5a00-7000-8000-0000000000e1")
MASSAGE = UUID("0197a3c4-5a00-7000-8000-0000000000e2")
MARIA = UUID("0197a3c4-5a00-7000-8000-0000000000c1")
"""María López, a client of Salamanca."""
CARLOS = UUID("0197a3c4-5a00-7000-8000-0000000000c2")
"""Carlos Ruiz, a client of Brickell."""
UNKNOWN = UUID("0197a3c4-5a00-7000-8000-00000000ffff")

EVERYTHING = (
    "documents.read", "documents.write", "documents.delete", "documents.types.write",
    "forms.read", "forms.assign", "forms.answers.read", "forms.templates.write",
)  # fmt: skip
"""The permissions of this service."""


@pytest.fixture
def documents(service_of: Callable[..., ServiceUnderTest]) -> ServiceUnderTest:
    return service_of("documents", furnish)


@pytest.fixture
def lucia(documents: ServiceUnderTest) -> Caller:
    """Lucía Ortega, who may do everything."""
    return documents.signed_in(*EVERYTHING)


def furnish(service: ServiceUnderTest) -> None:
    """What the directory and the clients service have said so far."""
    madrid = {"id": str(MADRID), "name": "Salamanca", "country": "ES", "time_zone": "Europe/Madrid", "language": "es"}
    miami = {"id": str(MIAMI), "name": "Brickell", "country": "US", "time_zone": "America/New_York", "language": "en"}
    service.deliver(directory.BRANCH_ADDED, madrid, subject=MADRID)
    service.deliver(directory.BRANCH_ADDED, miami, subject=MIAMI)
    employee = {"id": str(EMPLOYEE), "name": "Lucía Ortega", "branch_ids": [str(MADRID)]}
    service.deliver(directory.EMPLOYEE_ADDED, employee, subject=EMPLOYEE)
    menu = {PEELING: ("Facial", "Peeling químico"), MASSAGE: ("Masajes", "Masaje relajante")}
    for service_id, (category, offered) in menu.items():
        said = {"id": str(service_id), "category": category, "name": offered}
        service.deliver(directory.SERVICE_ADDED, said, subject=service_id)
    for client_id, first, last, branch in ((MARIA, "María", "López", MADRID), (CARLOS, "Carlos", "Ruiz", MIAMI)):
        said = {"id": str(client_id), "first_name": first, "middle_name": "", "last_name": last}
        service.deliver(clients.CLIENT_REGISTERED, said | {"preferred_branch_id": str(branch)}, subject=client_id)
