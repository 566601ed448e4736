"""`python -m services memberships bill`, as an operator runs it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.memberships.billing.commands import bill as bill_command
from shared import clock
from shared.testing.service import ServiceUnderTest


@pytest.fixture
def bill(memberships: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """A function that runs the command on the database of the test."""
    monkeypatch.setenv("FOYER_DATABASE_URL", memberships.database.url)
    monkeypatch.setenv("FOYER_SECRETS", str(tmp_path / "secrets"))

    def run(day: date, *options: str) -> Result:
        return CliRunner().invoke(bill_command, ["--as-of", str(day), *options], obj=memberships.card)

    return run


def test_a_dry_run_tells_what_is_due_and_changes_nothing(memberships: ServiceUnderTest, member: Any, bill: Any) -> None:
    today = clock.now().date()
    member(today - timedelta(days=1))
    member(today + timedelta(days=40))
    told = bill(today + timedelta(days=41), "--dry-run")
    assert told.exit_code == 0
    assert "nothing was changed" in told.stdout
    assert "EUR" in told.stdout
    assert "14,700" in told.stdout, "two periods of one, one of the other"
    assert memberships.rows("SELECT count(*) FROM dues") == [0]


def test_it_raises_what_is_due_and_leaves_nothing_for_a_second_run(
    memberships: ServiceUnderTest, member: Any, card: Any, bill: Any
) -> None:
    today = clock.now().date()
    paying = card()
    for _ in range(3):
        member(today - timedelta(days=1), card_id=paying)
    assert "14,700" in bill(today).stdout
    assert "Nothing is due" in bill(today).stdout
    assert memberships.rows("SELECT state FROM attempts") == ["written"] * 3


def test_a_day_to_come_is_a_dry_run_only_unless_the_gateway_is_the_sandbox(
    memberships: ServiceUnderTest, member: Any, bill: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = clock.now().date() + timedelta(days=20)
    member(day)
    assert bill(day).exit_code == 0
    assert memberships.rows("SELECT due_on FROM dues") == [day]
    monkeypatch.setenv("FOYER_GATEWAY", "stripe")
    refused = bill(day)
    assert (refused.exit_code, "--dry-run" in refused.output) == (1, True)
