"""The HTTP application of the notifications service."""

from flask import Flask

from services.notifications import CARD
from shared.api.app import build
from shared.config import Config
from shared.db import Database


def create_app(config: Config) -> Flask:
    return build(CARD, config, Database(config))
