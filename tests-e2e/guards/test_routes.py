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
    "memberships": {
        ("POST", "/api/v1/memberships/webhooks/sandbox"),
        ("POST", "/api/v1/memberships/webhooks/stripe"),
    },
    "notifications": {
        ("POST", "/api/v1/notifications/providers/ses"),
        ("POST", "/api/v1/notifications/providers/twilio/replies"),
        ("POST", "/api/v1/notifications/providers/twilio/status/<uuid:message_id>"),
    },
}
"""What a service lets everybody do: sign in, check a token, and tell what a gateway or a provider has signed."""
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
