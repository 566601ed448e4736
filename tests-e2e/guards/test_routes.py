"""Every route asks for a permission, or is one of the few that are open to all."""

from uuid import UUID

import pytest
from werkzeug.routing import AnyConverter, UUIDConverter

from shared.api.door import ANYONE, CLIENT, PUBLIC
from shared.auth.permissions import PERMISSIONS
from shared.card import card, installed
from shared.config import load
from shared.testing.service import make_secrets

WITH_ROWS = [service.name for service in installed() if service.name != "web"]
PLUMBING = {"healthz", "readyz", "metrics", "openapi"}
"""Of every service, and open: what Kubernetes asks, and the description of the API."""
OPEN = {
    "directory": {
        ("POST", "/api/v1/directory/tokens"),
        ("GET", "/api/v1/directory/jwks"),
    },
    "documents": {
        ("PUT", "/api/v1/documents/<uuid:document_id>/content"),
        ("GET", "/api/v1/documents/forms/images/<uuid:image_id>"),
        ("GET", "/api/v1/documents/handovers/<string:token>"),
        ("PUT", "/api/v1/documents/handovers/<string:token>/draft"),
        ("POST", "/api/v1/documents/handovers/<string:token>/submission"),
    },
    "memberships": {
        ("POST", "/api/v1/memberships/webhooks/sandbox"),
        ("POST", "/api/v1/memberships/webhooks/stripe"),
    },
    "notifications": {
        ("POST", "/api/v1/notifications/providers/ses"),
        ("POST", "/api/v1/notifications/providers/twilio/replies"),
        ("POST", "/api/v1/notifications/providers/twilio/status/<uuid:message_id>"),
        ("GET", "/api/v1/notifications/unsubscribe/<string:token>"),
        ("POST", "/api/v1/notifications/unsubscribe/<string:token>"),
    },
}
"""What a service lets everybody do: sign in, check a token, send an announced file, fill in a form on a tablet that was
handed over and see its pictures, stop messages by a link that we signed, and tell what a gateway or a provider has
signed."""
OPEN_PAGES = {
    "sign_in.page",
    "sign_in.enter",
    "sign_in.again",
    "oidc.go_there",
    "oidc.come_back",
    "security.reports",
    "appearance.static",
    "appearance.theme",
    "language.switch",
    "portal.switch",
    "portal_sign_in.page",
    "unsubscribing.page",
    "unsubscribing.stop",
    "portal_sign_in.ask_for_link",
    "portal_sign_in.arrive",
    "portal_sign_in.use",
    "portal_sign_in.links",  # not there but in the demo
    "healthz",
    "readyz",
    "metrics",
}


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, rule


@pytest.mark.parametrize("service", WITH_ROWS)
def test_every_route_asks_for_a_permission_that_exists(service_of, service):
    app = service_of(service).app
    open_to_all = set()
    for method, rule in routes(app):
        needs = needed(app.view_functions[rule.endpoint], method)
        if needs in (None, PUBLIC) and rule.endpoint not in PLUMBING:
            open_to_all.add((method, rule.rule))
        assert needs in (None, PUBLIC, ANYONE, CLIENT) or needs in PERMISSIONS, rule
    assert open_to_all == OPEN.get(service, set())


def needed(view, method: str) -> str | None:
    view = (getattr(view, "view_class", None) and getattr(view.view_class, method.lower(), None)) or view
    while view is not None:
        if hasattr(view, "needs"):
            return view.needs
        view = getattr(view, "__wrapped__", None)
    return None


@pytest.fixture
def console(tmp_path):
    from services.web.app import create_app

    make_secrets(tmp_path)
    app = create_app(load("web", {"FOYER_SECRETS": str(tmp_path)}))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.mark.skipif("web" not in {service.name for service in installed()}, reason="there is no console here")
def test_every_page_of_the_console_sends_a_stranger_to_the_sign_in(console):
    assert card("web").roles == ("http",)
    stranger = console.test_client()
    let_in = set()
    for method, rule in routes(console):
        _, path = rule.build({name: example_of(converter) for name, converter in rule._converters.items()})
        answer = stranger.open(path, method=method)
        if answer.status_code not in (302, 401) or "/sign-in" not in answer.headers.get("Location", "/sign-in"):
            let_in.add(rule.endpoint)
    assert let_in <= OPEN_PAGES


def example_of(converter):
    if isinstance(converter, UUIDConverter):
        return UUID(int=1)
    return converter.regex.strip("(?:)").split("|")[0] if isinstance(converter, AnyConverter) else "1"


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
