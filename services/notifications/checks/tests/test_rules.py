"""Whether a message goes, from facts alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.checks.rules import REASONS, Facts, verdict
from services.notifications.settings.rules import Rules

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 27, 23, tzinfo=UTC)
MORNING = datetime(2026, 11, 28, 7, tzinfo=UTC)
GOOD = Facts(
    kind="marketing",
    channel="sms",
    promotional=True,
    urgent=False,
    happened_at=NOON,
    greatest_age=timedelta(hours=24),
    client_id=UUID(int=7),
    known=True,
    erased=False,
    archived=False,
    has_point=True,
    suppressed=None,
    chosen=True,
    consent=True,
    duplicate=False,
    advertised=0,
    home_zone="Europe/Madrid",
    telephone_zones=("Europe/Madrid",),
    rules=Rules(),
)
AGAINST: list[tuple[str, dict[str, Any]]] = [
    ("stale", {"happened_at": NOON - timedelta(hours=25)}),
    ("unknown_client", {"known": False}),
    ("erased", {"erased": True}),
    ("archived", {"archived": True}),
    ("no_contact_point", {"has_point": False}),
    ("suppressed", {"suppressed": "hard_bounce"}),
    ("no_consent", {"consent": False}),
    ("preference", {"chosen": False}),
    ("duplicate", {"duplicate": True}),
    ("frequency_cap", {"advertised": 3}),
]


def test_with_nothing_against_it_it_goes() -> None:
    assert verdict(GOOD, NOON).reason is None


@pytest.mark.parametrize(("reason", "change"), AGAINST)
def test_each_reason_alone_holds_it_back(reason: str, change: dict[str, Any]) -> None:
    assert verdict(replace(GOOD, **change), NOON).reason == reason


def test_the_reasons_are_named_in_one_order_whatever_else_holds() -> None:
    assert [reason for reason, _ in AGAINST] == list(REASONS[:-1])
    for at, (reason, change) in enumerate(AGAINST):
        facts = replace(GOOD, **change)
        for _later, also in AGAINST[at + 1 :]:
            if reason != "no_consent" or "chosen" not in also:  # who said no themselves said more than nothing
                assert verdict(replace(facts, **also), NOON).reason == reason


@pytest.mark.parametrize(
    ("kind", "channel", "urgent", "waits"),
    [
        ("marketing", "sms", False, True),
        ("marketing", "email", False, True),
        ("transaction", "sms", False, True),
        ("transaction", "push", False, True),
        ("transaction", "email", False, False),
        ("appointment", "sms", True, False),
    ],
)
def test_at_night_nothing_rings_that_can_wait(kind: str, channel: str, urgent: bool, waits: bool) -> None:
    advertises = kind == "marketing"
    facts = replace(GOOD, kind=kind, channel=channel, urgent=urgent, promotional=advertises, happened_at=NIGHT)
    found = verdict(facts, NIGHT)
    assert found.reason == ("quiet_hours" if waits else None)
    if waits:
        assert found.not_before is not None
        assert MORNING <= found.not_before < MORNING + timedelta(hours=1 if advertises else 0, seconds=1)


def test_offers_that_waited_for_the_morning_are_spread_over_its_first_hour() -> None:
    moments = [verdict(replace(GOOD, client_id=UUID(int=n * 977)), NIGHT).not_before for n in range(100)]
    minutes = {int((moment - MORNING).total_seconds() // 60) for moment in moments if moment}
    assert min(minutes) < 5
    assert max(minutes) > 55
    assert len(minutes) > 30


def test_a_default_of_the_branch_is_no_consent() -> None:
    rules = Rules.of({"defaults": {"marketing": {"sms": True}}})
    assert verdict(replace(GOOD, chosen=None, consent=False, rules=rules), NOON).reason == "no_consent"
    assert not rules.is_on("marketing", "sms")
