"""The console by itself: every service that it would ask is away."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.web.app import create_app
from shared.config import load, load_web
from shared.ports import free_port
from shared.testing.service import make_secrets


class Console:
    """A browser without a screen, that keeps cookies and sends the page's CSRF token along."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **options):
        return self.client.get(path, **options)

    def post(self, path: str, form: dict[str, str], *, csrf: bool = True, **options):
        token = {"csrf_token": self._token()} if csrf else {}
        return self.client.post(path, data=form | token, **options)

    def _token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/sign-in").text)
        assert found
        return found[1]


@pytest.fixture
def console_with(tmp_path: Path) -> Callable[..., Console]:
    """A function that makes a console with settings as FOYER_…."""

    def make(**settings: str) -> Console:
        make_secrets(tmp_path)
        away = f"http://127.0.0.1:{free_port()}"
        config = load("web", {"FOYER_SECRETS": str(tmp_path), "FOYER_BASE_URL": away} | settings)
        return Console(create_app(config, load_web({"FOYER_BASE_URL": away})))

    return make


@pytest.fixture
def console(console_with: Callable[..., Console]) -> Console:
    return console_with()
