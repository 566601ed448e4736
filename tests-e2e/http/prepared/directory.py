"""The demo's chain, with roles that nobody holds, and sessions of the administrator that may be ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.directory import demo
from services.directory.authority import HOUSE
from services.directory.roles import actions as roles
from services.directory.sign_in.models import StaffSession
from shared import clock
from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA, demo_id
from shared.ids import new_id
from shared.testing.service import ServiceUnderTest

from . import ADMIN, as_admin, as_client

PASSWORD = "foyer-demo"
SECRET = "s" * 43


def prepare(service: ServiceUnderTest) -> dict[str, Any]:
    sessions = [new_id() for _ in range(500)]
    with service.database.transaction() as session:
        demo.fill(session, PASSWORD, SECRET)
        free = [_role(session, number) for number in range(20)]
        session.add_all(_session(id) for id in sessions)
    role = demo_id("role", "Profesional")
    held = [[], [{"role_id": role, "branch_id": None}], [{"role_id": role, "branch_id": SALAMANCA}]]
    euros, dollars = ({"amount": 100, "currency": name} for name in ("EUR", "USD"))
    return {
        "token": as_admin(),
        "client_token": as_client(new_id()),
        "tokens": {"DELETE /api/v1/directory/sessions/current": [as_admin(session_id=id) for id in sessions]},
        "examples": {
            "POST /api/v1/directory/tokens": {
                "grant_type": "client_credentials", "client_id": "web", "client_secret": SECRET
            },
            "POST /api/v1/directory/client-links": {
                "contact": "nobody@example.com", "browser": "b" * 24, "address": "127.0.0.1"
            },
        },
        "only_by_people": [
            f"POST /api/v1/directory/client-{what}"
            for what in ("links/look", "links/redemption", "links/choice", "sessions/renewal")
        ] + ["DELETE /api/v1/directory/client-sessions/current"],
        "path": {
            "branch_id": [SALAMANCA, GRACIA, BRICKELL],
            "employee_id": [demo_id("employee", name) for name in ("Pablo Herrero", "Jordi Bosch", "Daniel Kim")],
            "role_id": free,
            "service_id": [demo_id("service", "Manicura"), demo_id("service", "Pedicura")],
            "machine_id": [demo_id("machine", "web")],
        },
        "body": {
            "POST /api/v1/directory/machines client_id": ["machine-{new}"],
            "link": ["l" * 43],  # a good one asks for the code that stands in its browser
            "password": [PASSWORD],
            "current_password": [PASSWORD],
            "branch_ids": [[], [SALAMANCA], [GRACIA, BRICKELL]],
            "roles": held,
            "prices": [[], [{"branch_id": GRACIA, **euros}], [{"branch_id": BRICKELL, **dollars}]],
        },
    }  # fmt: skip


def _role(session: Any, number: int) -> UUID:
    return roles.add(session, HOUSE, {"name": f"Rol {number}", "permissions": []}).id


def _session(id: UUID) -> StaffSession:
    now = clock.now()
    before = now - timedelta(hours=1)  # so that a new password, which ends all others, leaves it
    return StaffSession(id=id, employee_id=ADMIN, opened_at=before, expires_at=before, ends_at=now)
