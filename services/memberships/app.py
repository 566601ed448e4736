"""The HTTP application of the memberships service."""

from flask import Flask

from services.memberships import CARD
from services.memberships.gateways.open import must_be_whole
from shared.api.app import build
from shared.config import Config
from shared.db import Database


def create_app(config: Config) -> Flask:
    """Raises BadConfiguration for a gateway that is not whole."""
    must_be_whole(config)
    return build(CARD, config, Database(config))
