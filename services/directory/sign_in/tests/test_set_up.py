"""The first administrator of an installation, and the console's way in."""

import pytest
from click.testing import CliRunner

from services.directory.sign_in.commands import set_up

TOKENS = "/api/v1/directory/tokens"


@pytest.fixture
def run(service_of, monkeypatch):
    """Runs the command on an empty directory, as an operator does."""
    service = service_of("directory")
    (service.config.secrets / "first-password").write_text("a long password")
    monkeypatch.setattr("services.directory.sign_in.commands.configured", lambda card: service.config)

    def command(*arguments: str, typed: str | None = None):
        result = CliRunner().invoke(set_up, arguments, input=typed)
        assert result.exit_code == 0, result.output
        return service

    return command


def sign_in(service, **sent: str):
    return service.anonymous().post(TOKENS, sent)


def test_an_operator_sets_up_the_first_administrator_as_often_as_they_like(run):
    for _ in range(2):
        service = run("--admin", "ana", "--name", "Ana Gil", "--password-secret", "first-password")
    answer = sign_in(service, grant_type="password", username="ana", password="a long password")
    me = service.with_token(answer.json["access_token"])
    assert me.get("/api/v1/directory/me").json["name"] == "Ana Gil"
    role = {"name": "Reception", "permissions": ["clients.read"]}
    assert me.post("/api/v1/directory/roles", role).status_code == 201


def test_a_password_is_asked_for_where_no_secret_is_named(run):
    service = run("--admin", "ana", typed="typed by hand\ntyped by hand\n")
    assert sign_in(service, grant_type="password", username="ana", password="typed by hand").status_code == 200


def test_the_console_is_let_in_with_its_secret_and_with_a_new_one_after_it_was_replaced(run):
    service = run()
    web = {"grant_type": "client_credentials", "client_id": "web"}
    assert sign_in(service, **web, client_secret="s" * 43).status_code == 200
    (service.config.secrets / "web-machine-secret").write_text("n" * 43)
    run()
    assert sign_in(service, **web, client_secret="n" * 43).status_code == 200
    assert sign_in(service, **web, client_secret="s" * 43).status_code == 401
