"""The console's Flask application: its rooms on the plumbing of a web page."""

from datetime import timedelta
from importlib import import_module

from flask import Flask
from flask_wtf import CSRFProtect

from services.web import CARD, appearance, health, language, pages, people, security
from services.web.backend import Backend
from services.web.filling import page as filling
from services.web.portal.links import LastLinks
from services.web.portal.tokens import ClientTokens
from services.web.session.cookie import EncryptedSessions
from services.web.session.tokens import Tokens
from services.web.unsubscribing.views import room as unsubscribing
from shared import telemetry
from shared.config import Config, WebConfig, load_web
from shared.proxies import trust_proxies

MOST_BYTES = 1_000_000


def create_app(config: Config, web: WebConfig | None = None) -> Flask:
    """The console. It opens no connection before the first request, and starts while other services are down."""
    web = web or load_web()
    secure = config.base_url.startswith("https://")
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=config.secret("web-cookie-key"),
        SESSION_COOKIE_NAME="foyer",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=MOST_BYTES,
    )
    trust_proxies(app, config.proxies)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.session_interface = EncryptedSessions(app.config["SECRET_KEY"])
    backend = Backend(web.services)
    app.extensions["foyer-backend"] = backend
    app.extensions["foyer-tokens"] = Tokens(backend, config.secret("web-machine-secret"))
    app.extensions["foyer-client-tokens"] = ClientTokens(backend, config.secret("web-machine-secret"))
    app.extensions["foyer-last-links"] = LastLinks() if config.demo else None
    app.extensions["foyer-chain"] = config.chain
    app.extensions["foyer-identity-provider"] = config.identity_provider
    app.wsgi_app = telemetry.measured(app.wsgi_app, CARD.name)  # type: ignore[assignment, method-assign]
    for part in (language, security, appearance, people, filling, pages):
        part.register(app, web)
    for name in CARD.rooms:
        module = import_module(f"services.web.{name}.views")
        app.register_blueprint(module.room)
    # After the session: who is no longer signed in is asked to sign in, and not told of a stale page.
    csrf = CSRFProtect(app)
    csrf.exempt(security.room)
    csrf.exempt(unsubscribing)
    health.register(app)
    return app
