"""What an operator reads when a command cannot do its work."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from shared.card import card
from shared.commands import commands_of
from shared.ports import free_port
from shared.testing.service import make_secrets


@pytest.fixture
def migrating(monkeypatch, tmp_path):
    """A function that runs `migrate` of clients with these settings, and answers what is told."""
    make_secrets(tmp_path)
    monkeypatch.setenv("FOYER_SECRETS", str(tmp_path))

    def told(**settings):
        for name, value in settings.items():
            monkeypatch.setenv(f"FOYER_{name}", value)
        ended = CliRunner().invoke(commands_of(card("clients")), ["migrate"])
        assert ended.exit_code == 1, ended.output
        assert len(ended.output.splitlines()) == 1
        assert "secret-words" not in ended.output
        return ended.output

    return told


def test_a_command_says_in_one_line_that_the_database_is_not_there(migrating):
    nowhere = f"postgresql://foyer:secret-words@127.0.0.1:{free_port()}/foyer_clients"
    told = migrating(DATABASE_URL=nowhere, BUS_URL="postgresql://foyer@127.0.0.1:1/foyer_bus")
    assert told.startswith("Error: clients: The database does not let us in: ")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("mysql://foyer:secret-words@db/x", "must begin with postgresql:// or postgresql+psycopg://"),
        ("", "must not be empty"),
    ],
)
def test_a_setting_that_cannot_be_is_told_by_its_name_before_anything_starts(given, reason):
    settings = {"FOYER_DATABASE_URL": given, "FOYER_AMQP_URL": "rabbit", "PATH": ""}
    command = [sys.executable, "-m", "services", "clients", "http"]
    ended = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=30)
    told = f"  FOYER_DATABASE_URL: {reason}\n"
    told += "  FOYER_AMQP_URL: must begin with amqp:// or amqps://\n"
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"foyer: the configuration cannot be used:\n{told}"


def test_a_command_says_in_one_line_that_the_broker_is_not_there(migrating, postgres):
    database = postgres.new_database()
    nowhere = f"amqp://foyer:secret-words@127.0.0.1:{free_port()}/"
    told = migrating(DATABASE_URL=postgres.url(database), AMQP_URL=nowhere)
    assert told.startswith("Error: clients: The broker does not answer: ")
    postgres.drop_database(database)
