"""The directory's HTTP application."""

from flask import Flask

from services.directory import CARD
from services.directory.sign_in.keys import signer
from services.directory.sign_in.oidc import provider
from shared.api.app import build
from shared.auth.tokens import Keys, Verifier
from shared.config import Config
from shared.db import Database


def create_app(config: Config) -> Flask:
    """Verifies tokens with the keys that it signs them with."""
    keys = signer(config)
    app = build(CARD, config, Database(config), Verifier(Keys(keys.jwks)))
    app.extensions["foyer-signer"] = keys
    app.extensions["foyer-identity-provider"] = provider(config)
    return app
