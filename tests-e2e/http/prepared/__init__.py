"""What each service holds before it is fuzzed, and what the fuzzer is told of it: one module for each service."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from shared.auth.permissions import PERMISSIONS
from shared.contracts.clients import CLIENT_REGISTERED
from shared.contracts.directory import BRANCH_ADDED, EMPLOYEE_ADDED, SERVICE_ADDED
from shared.demo_ids import demo_id
from shared.testing.service import ServiceUnderTest
from shared.testing.tokens import token

ADMIN = demo_id("employee", "Elena Vidal")
DAY = 24 * 3600
BRANCH, PEELING, MASSAGE = demo_id("branch", "Pruebas"), demo_id("service", "Peeling"), demo_id("service", "Masaje")
CLIENT, OTHER = demo_id("client", "Ana"), demo_id("client", "Eva")

Make = Callable[[str, Any], str]


def as_admin(**who: Any) -> str:
    return token(*PERMISSIONS, id=ADMIN, lives=DAY, **who)


def as_client(client_id: UUID | str) -> str:
    return token(kind="client", id=UUID(str(client_id)), grants=[], lives=DAY)


def maker(service: ServiceUnderTest) -> Make:
    """A function that makes a row through the door, as the administrator, and answers its id."""
    admin = service.with_token(as_admin())

    def made(path: str, body: Any) -> str:
        answer = admin.post(f"/api/v1/{service.card.name}{path}", body, version="*")
        assert answer.status_code in (200, 201), answer.json
        return str(answer.json["id"])

    return made


def neighbours(service: ServiceUnderTest) -> None:
    """What the directory and the clients service have said: a branch, the administrator, a menu, two clients."""
    where = {"id": str(BRANCH), "name": "Pruebas", "country": "ES", "time_zone": "Europe/Madrid", "currency": "EUR"}
    service.deliver(BRANCH_ADDED, where, subject=BRANCH)
    service.deliver(EMPLOYEE_ADDED, {"id": str(ADMIN), "name": "Elena Vidal"}, subject=ADMIN)
    for id, name in ((PEELING, "Peeling"), (MASSAGE, "Masaje")):
        offered = {"id": str(id), "name": name, "category": "Facial"}
        service.deliver(SERVICE_ADDED, offered, subject=id)
    for id, name in ((CLIENT, "Ana"), (OTHER, "Eva")):
        about = {"id": str(id), "first_name": name, "preferred_branch_id": str(BRANCH)}
        service.deliver(CLIENT_REGISTERED, about, subject=id)
