"""What each service holds before it is fuzzed, and what the fuzzer is told of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.directory import demo
from services.directory.authority import HOUSE
from services.directory.roles import actions as roles
from services.directory.sign_in.models import StaffSession
from shared import clock
from shared.auth.permissions import PERMISSIONS
from shared.contracts import directory as said
from shared.demo_ids import BRICKELL, GRACIA, SALAMANCA, demo_id
from shared.ids import new_id
from shared.testing.service import ServiceUnderTest
from shared.testing.tokens import token

ADMIN = demo_id("employee", "Elena Vidal")
PASSWORD = "foyer-demo"
SECRET = "s" * 43
DAY = 24 * 3600


def directory(service: ServiceUnderTest) -> dict[str, Any]:
    """The demo's chain with roles that nobody holds, and sessions of the administrator that may be ended."""
    sessions = [new_id() for _ in range(500)]
    with service.database.transaction() as session:
        demo.fill(session, PASSWORD, SECRET)
        free = [_role(session, number) for number in range(20)]
        session.add_all(_session(id) for id in sessions)
    role = demo_id("role", "Profesional")
    held = [[], [{"role_id": role, "branch_id": None}], [{"role_id": role, "branch_id": SALAMANCA}]]
    euros, dollars = ({"amount": 100, "currency": name} for name in ("EUR", "USD"))
    return {
        "token": _token(),
        "client_token": token(kind="client", id=new_id(), grants=[], lives=DAY),
        "tokens": {"DELETE /api/v1/directory/sessions/current": [_token(session_id=id) for id in sessions]},
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


def clients(service: ServiceUnderTest) -> dict[str, Any]:
    """A client with dislikes, services to dislike, and entries of the chain's lists that may be changed."""
    branch, *offered = (str(new_id()) for _ in range(41))
    service.deliver(said.BRANCH_ADDED, {"id": branch, "country": "ES"}, subject=UUID(branch))
    for id in offered:
        service.deliver(said.SERVICE_ADDED, {"id": id}, subject=UUID(id))
    admin = service.with_token(_token())

    def made(path: str, body: dict[str, Any]) -> str:
        answer = admin.post(f"/api/v1/clients{path}", body)
        assert answer.status_code == 201, answer.json
        return answer.json["id"]

    client = made("", {"first_name": "Ana"})
    kept = sorted(made("/tags", {"name": f"Se queda {number}"}) for number in range(3))
    address = {"country_code": "ES", "lines": ["Calle de Alcalá 1"], "locality": "Madrid", "region": "Madrid"}
    return {
        "token": _token(),
        "client_token": token(kind="client", id=UUID(client), grants=[], lives=DAY),
        "tokens": {},
        "examples": {
            "POST /api/v1/clients/statuses": {"name": "Nuevo", "colour": "#336699"},
            "POST /api/v1/clients/tags": {"name": "Nueva", "colour": "teal"},
        },
        "path": {
            "client_id": [client],
            "dislike_id": [made(f"/{client}/dislikes", {"service_id": service_id}) for service_id in offered],
            "status_id": [made("/statuses", {"name": f"Estado {number}"}) for number in range(5)],
            "tag_id": [made("/tags", {"name": f"Etiqueta {number}"}) for number in range(5)],
            "method_id": [made("/referral-methods", {"name": f"Vía {number}"}) for number in range(5)],
        },
        "body": {
            "phones": [[], [{"number": "+34600123456", "type": "mobile", "primary": True}]],
            "emails": [[], [{"address": "ana@example.com"}, {"address": "ana@example.org", "primary": True}]],
            "address": [None, address | {"postal_code": "28014"}],
            "birth_date": ["1980-02-29", "2001-12-31"],
            "taken_on": ["2020-02-29"],
            "value": [70, 82.5],
            "preferred_branch_id": [branch],
            "referral_method_id": ["00000000-0000-7000-8000-000000000b01"],
            "referred_by_client_id": [None],
            "status_id": ["00000000-0000-7000-8000-000000000a02", "00000000-0000-7000-8000-000000000a03"],
            "tag_ids": [[], [kept[0]], kept],
            "service_id": offered,
        },
    }


def _role(session: Any, number: int) -> UUID:
    return roles.add(session, HOUSE, {"name": f"Rol {number}", "permissions": []}).id


def _session(id: UUID) -> StaffSession:
    now = clock.now()
    before = now - timedelta(hours=1)  # so that a new password, which ends all others, leaves it
    return StaffSession(id=id, employee_id=ADMIN, opened_at=before, expires_at=before, ends_at=now)


def _token(**who: Any) -> str:
    return token(*PERMISSIONS, id=ADMIN, lives=DAY, **who)
