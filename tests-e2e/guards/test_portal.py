"""A client's token opens the portal's routes and no other, whichever service is asked."""

from uuid import UUID

import pytest
from test_routes import PLUMBING, WITH_ROWS, example_of, needed, routes

from shared.api.door import ANYONE, CLIENT, PUBLIC

CLIENT_ID = UUID("0197a3c4-5a00-7000-8000-0000000000c1")
FOR_WHOEVER_IS_SIGNED_IN = {
    ("GET", "/api/v1/directory/me"): 200,
    ("PUT", "/api/v1/directory/me/password"): 422,
    ("DELETE", "/api/v1/directory/sessions/current"): 404,
    ("GET", "/api/v1/memberships/payments/attempts/<uuid:attempt_id>"): 404,
    ("POST", "/api/v1/memberships/payments/attempts/<uuid:attempt_id>/card"): 422,
}
"""What such a route answers a client who asks for nothing of theirs. Whoever adds one thinks of clients, too."""


@pytest.mark.parametrize("service", WITH_ROWS)
def test_a_clients_token_opens_no_route_but_the_portals(service_of, service):
    house = service_of(service)
    client = house.signed_in(kind="client", id=CLIENT_ID, grants=[])
    for method, rule in routes(house.app):
        needs = needed(house.app.view_functions[rule.endpoint], method)
        if rule.endpoint in PLUMBING or needs == PUBLIC:
            continue
        _, path = rule.build({name: example_of(converter) for name, converter in rule._converters.items()})
        answer = client.request(
            method, path, json=None if method in ("GET", "DELETE") else {}, version="*", key="k" * 20
        )
        if needs == ANYONE:
            assert answer.status_code == FOR_WHOEVER_IS_SIGNED_IN[method, rule.rule], rule
        elif needs == CLIENT:
            assert answer.status_code != 403, rule
        else:
            assert answer.status_code == 403, (method, rule.rule)


@pytest.mark.parametrize("service", WITH_ROWS)
def test_a_portal_route_takes_no_clients_id_and_no_token_of_staff(service_of, service):
    house = service_of(service)
    everything = house.signed_in("clients.read", "clients.write", "memberships.read", "directory.sessions.open")
    for method, rule in routes(house.app):
        if needed(house.app.view_functions[rule.endpoint], method) != CLIENT:
            continue
        assert "client_id" not in rule.arguments, rule
        _, path = rule.build({name: example_of(converter) for name, converter in rule._converters.items()})
        answer = everything.request(method, path, json=None if method in ("GET", "DELETE") else {}, version="*")
        assert answer.status_code == 403, rule


def test_a_client_who_asks_who_they_are_learns_nothing_of_staff(service_of):
    me = service_of("directory").signed_in(kind="client", id=CLIENT_ID, grants=[]).get("/api/v1/directory/me").json
    known = {name: value for name, value in me.items() if value not in (None, [])}
    assert known.keys() == {"id", "kind", "session_id"}
