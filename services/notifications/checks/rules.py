"""Whether a message goes, from facts alone: no session, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.settings.quiet import open_from, places
from services.notifications.settings.rules import Rules

STALE, UNKNOWN_CLIENT, ERASED, ARCHIVED = "stale", "unknown_client", "erased", "archived"
NO_CONTACT_POINT, SUPPRESSED, PREFERENCE = "no_contact_point", "suppressed", "preference"
NO_CONSENT, DUPLICATE, FREQUENCY_CAP, QUIET_HOURS = "no_consent", "duplicate", "frequency_cap", "quiet_hours"
REASONS = (
    STALE, UNKNOWN_CLIENT, ERASED, ARCHIVED, NO_CONTACT_POINT, SUPPRESSED, NO_CONSENT, PREFERENCE, DUPLICATE,
    FREQUENCY_CAP, QUIET_HOURS,
)  # fmt: skip
"""In the order in which they are asked; only the last passes by itself."""

SPREAD = 3600
"""Seconds over which what waited for the morning is spread."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one message, and of the client at the moment it is asked."""

    kind: str
    channel: str
    promotional: bool
    urgent: bool
    happened_at: datetime | None
    greatest_age: timedelta
    client_id: UUID
    known: bool
    erased: bool
    archived: bool
    has_point: bool
    suppressed: str | None
    """Why nothing is sent to the address, if it is."""
    chosen: bool | None
    """What the client's switch says; None when it was never touched."""
    consent: bool
    """To this channel and this very address."""
    duplicate: bool
    advertised: int
    """Advertising messages within the days that the rules count."""
    home_zone: str
    telephone_zones: tuple[str, ...]
    rules: Rules


@dataclass(frozen=True, slots=True)
class Verdict:
    reason: str | None
    not_before: datetime | None = None
    """From when on it may go, where waiting helps."""


GOES = Verdict(None)


def can_be_off(kind: str, channel: str) -> bool:
    """What a contract or safety asks for always goes by e-mail."""
    return not (kind == "contract" and channel == "email")


def verdict(facts: Facts, now: datetime) -> Verdict:
    reason = _refusal(facts, now)
    return Verdict(reason) if reason else _in_its_time(facts, now)


def _refusal(facts: Facts, now: datetime) -> str | None:
    """Why it will never go, as things are; the first of the reasons."""
    advertises = facts.promotional or facts.kind == "marketing"
    on = facts.rules.is_on(facts.kind, facts.channel) if facts.chosen is None else facts.chosen
    asked = (
        (STALE, facts.happened_at is not None and facts.happened_at + facts.greatest_age < now),
        (UNKNOWN_CLIENT, not facts.known),
        (ERASED, facts.erased),
        (ARCHIVED, facts.archived and facts.kind != "contract"),
        (NO_CONTACT_POINT, not facts.has_point),
        (SUPPRESSED, facts.suppressed is not None),
        (NO_CONSENT, advertises and facts.chosen is not False and not facts.consent),
        (PREFERENCE, not on and can_be_off(facts.kind, facts.channel)),
        (DUPLICATE, facts.duplicate),
        (FREQUENCY_CAP, advertises and facts.advertised >= facts.rules.marketing_most),
    )
    return next((reason for reason, holds in asked if holds), None)


def _in_its_time(facts: Facts, now: datetime) -> Verdict:
    """An e-mail rings nowhere, so only advertising waits with it. What waits is not all sent at the same second."""
    advertises = facts.promotional or facts.kind == "marketing"
    if facts.urgent or not (advertises or facts.channel in ("sms", "push")):
        return GOES
    opening = open_from(now, places(facts.home_zone, facts.telephone_zones), facts.rules.day)
    if opening == now:
        return GOES
    later = timedelta(seconds=facts.client_id.int % SPREAD) if advertises else timedelta()
    return Verdict(QUIET_HOURS, opening + later)
