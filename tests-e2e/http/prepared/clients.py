"""A client with dislikes, services to dislike, and entries of the chain's lists that may be changed."""

from typing import Any
from uuid import UUID

from shared.contracts import directory as said
from shared.ids import new_id
from shared.testing.service import ServiceUnderTest

from . import as_admin, as_client, maker


def prepare(service: ServiceUnderTest) -> dict[str, Any]:
    branch, *offered = (str(new_id()) for _ in range(41))
    service.deliver(said.BRANCH_ADDED, {"id": branch, "country": "ES"}, subject=UUID(branch))
    for id in offered:
        service.deliver(said.SERVICE_ADDED, {"id": id}, subject=UUID(id))
    made = maker(service)
    client = made("", {"first_name": "Ana"})
    kept = sorted(made("/tags", {"name": f"Se queda {number}"}) for number in range(3))
    address = {"country_code": "ES", "lines": ["Calle de Alcalá 1"], "locality": "Madrid", "region": "Madrid"}
    return {
        "token": as_admin(),
        "client_token": as_client(client),
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
