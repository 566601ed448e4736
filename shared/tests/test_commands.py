"""What an operator reads when a command cannot do its work."""

from click.testing import CliRunner

from shared.card import card
from shared.commands import commands_of
from shared.ports import free_port


def test_a_command_says_in_one_line_that_the_database_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setenv("FOYER_DATABASE_URL", f"postgresql://foyer:secret-words@127.0.0.1:{free_port()}/foyer_clients")
    monkeypatch.setenv("FOYER_BUS_URL", "postgresql://foyer@127.0.0.1:1/foyer_bus")
    monkeypatch.setenv("FOYER_SECRETS", str(tmp_path))
    ended = CliRunner().invoke(commands_of(card("clients")), ["migrate"])
    assert ended.exit_code == 1
    assert ended.output.startswith("Error: clients: The database does not let us in: ")
    assert len(ended.output.splitlines()) == 1
    assert "secret-words" not in ended.output
