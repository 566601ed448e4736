"""Of random clients, the audience in SQL is the one that a person would name, and the estimate what the question says.

Beside the statements stands the same in plain Python; both are asked about the same few clients, again and again.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.notifications.campaigns import audience
from services.notifications.campaigns.models import Campaign, LastVisit
from services.notifications.campaigns.running import let_in
from services.notifications.checks.question import Asked, answers
from services.notifications.conftest import MADRID, MIAMI
from services.notifications.consents.defaults import DEFAULTS
from services.notifications.consents.models import Consent
from services.notifications.contact_points.models import ContactPoint
from services.notifications.copies.models import Client, Membership
from services.notifications.messages.models import Message
from services.notifications.preferences.models import Preference
from services.notifications.suppressions.models import Suppression
from shared import clock
from shared.ids import new_id
from shared.testing.service import ServiceUnderTest

FACIAL, MASSAGE = UUID(int=31), UUID(int=32)
TABLES = (
    "campaign_runs", "campaigns", "messages", "last_visits", "memberships", "consents", "preferences", "suppressions",
    "contact_points", "clients",
)  # fmt: skip
CHANNELS = ("email", "sms", "push")
DAYS = ("2027-03-10", "2027-02-28", "2028-02-28", "2028-02-29")


@dataclass(frozen=True)
class Person:
    branch: UUID | None
    language: str | None
    plans: frozenset[UUID]
    away: int | None
    """Days and a half since they were here; None for never."""
    born: str | None
    """Month and day."""
    gone: str | None
    reachable: bool
    suppressed: bool
    agreed: str | None
    """For the address of today, or for one that they had."""
    chosen: bool | None
    told: int
    """Advertising messages of this week."""


def a_person(random: Random) -> Person:
    return Person(
        branch=random.choice((None, MADRID, MADRID, MIAMI)),
        language=random.choice((None, "es", "es", "en")),
        plans=frozenset(each for each in (FACIAL, MASSAGE) if random.random() < 0.4),
        away=random.choice((None, random.randint(0, 40))),
        born=random.choice((None, "03-10", "02-28", "02-29", "02-29", "07-09")),
        gone=random.choice((*[None] * 7, "archived", "merged", "erased")),
        reachable=random.random() < 0.8,
        suppressed=random.random() < 0.15,
        agreed=random.choice(("today", "today", "today", "before", None)),
        chosen=random.choice((True, True, True, False, None)),
        told=random.choice((0, 0, 0, 2, 3, 4)),
    )


def an_audience(random: Random) -> dict[str, Any]:
    every = {
        "branch_ids": [str(random.choice((MADRID, MIAMI)))],
        "languages": random.sample(("es", "en"), random.randint(1, 2)),
        "plan_ids": [str(random.choice((FACIAL, MASSAGE)))],
        "not_seen_days": random.randint(1, 40),
    }
    return {name: value for name, value in every.items() if random.random() < 0.3}


def an_entry(random: Random) -> dict[str, Any]:
    absent = {"on": "daily", "rule": "not_seen", "days": random.randint(1, 40)}
    return random.choice(({"on": "now"}, {"on": "now"}, {"on": "daily", "rule": "birthday"}, absent))


def is_meant(person: Person, wanted: dict[str, Any], entry: dict[str, Any], today: date) -> bool:
    days = max(wanted.get("not_seen_days", 0), entry.get("days", 0))
    return (
        person.gone is None
        and ("branch_ids" not in wanted or str(person.branch) in wanted["branch_ids"])
        and ("languages" not in wanted or (person.language or "es") in wanted["languages"])
        and ("plan_ids" not in wanted or any(str(each) in wanted["plan_ids"] for each in person.plans))
        and (not days or (person.away is not None and person.away + 0.5 > days))
        and (entry.get("rule") != "birthday" or is_their_day(person.born, today))
    )


def is_their_day(born: str | None, today: date) -> bool:
    """Who was born on a 29 February has it on the last day of February in other years."""
    if born == "02-29":
        return today.month == 2 and (today + timedelta(days=1)).month == 3
    return born == today.strftime("%m-%d")


def why_not(person: Person) -> str | None:
    """The first of the reasons why advertising does not go to somebody who is meant."""
    if not person.reachable:
        return "no_contact_point"
    if person.suppressed:
        return "suppressed"
    if person.chosen is not False and person.agreed != "today":
        return "no_consent"
    if not person.chosen:  # a consent without a switch is none that a person has given here
        return "preference"
    return "frequency_cap" if person.told >= 3 else None


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), channel=st.sampled_from(CHANNELS), day=st.sampled_from(DAYS))
def test_the_audience_is_who_is_meant_and_the_estimate_what_the_question_says_one_by_one(
    notifications: ServiceUnderTest, seed: int, channel: str, day: str
) -> None:
    random = Random(seed)
    people, wanted, entry = [a_person(random) for _ in range(40)], an_audience(random), an_entry(random)
    with time_machine.travel(f"{day}T12:00:00+00:00", tick=False):
        ids = write(notifications, people, wanted, entry, channel)
        meant = sorted(
            client_id
            for client_id, person in zip(ids, people, strict=True)
            if is_meant(person, wanted, entry, date.fromisoformat(day))
        )
        with notifications.database.reading() as connection:
            values = audience.values(wanted, entry, clock.now(), date.fromisoformat(day))
            assert audience.count(connection, values) == len(meant)
            assert in_pages(connection, values) == meant
            assert [each for each in sorted(ids) if audience.is_in(connection, values, each)] == meant

            estimated = audience.estimate(connection, values, channel, notifications.config)
            asked = [Asked(each, "marketing", channel, promotional=True) for each in meant]
            one_by_one = [answers(connection, [each], notifications.config)[0] for each in asked]
        assert (estimated["asked"], estimated["goes"]) == (len(meant), sum(each.goes for each in one_by_one))
        refused = Counter(each.reason for each in one_by_one if not each.goes)
        assert estimated["left_out"] == refused
        by_id = dict(zip(ids, people, strict=True))
        assert refused == Counter(why for each in meant if (why := why_not(by_id[each])))

        while let_in(notifications.database):
            pass
        assert notifications.rows("SELECT client_id FROM campaign_runs ORDER BY client_id") == meant


def in_pages(connection: Any, values: dict[str, Any]) -> list[UUID]:
    found: list[UUID] = []
    while more := audience.some(connection, values, found[-1] if found else None, 7):
        found += more
    return found


def write(
    service: ServiceUnderTest, people: list[Person], wanted: dict[str, Any], entry: dict[str, Any], channel: str
) -> list[UUID]:
    """These people and no others, and a campaign for some of them that is under way."""
    ids = [new_id() for _ in people]
    with service.database.transaction() as session:
        for table in TABLES:
            session.execute(text(f"DELETE FROM {table}"))
        for client_id, person in zip(ids, people, strict=True):
            _write(session, client_id, person, channel, clock.now())
        steps = [{"do": "send", "channel": channel, "title": "Hola", "text": "Hola"}]
        made: dict[str, Any] = {
            "name": "x",
            "state": "running",
            "entry": entry,
            "audience": wanted,
            "steps": steps,
            "stops": [],
        }
        made |= {"created_at": clock.now(), "created_by": "service:x", "entered_all": False, "version": 1}
        session.add(Campaign(id=new_id(), **made))
    return ids


def _write(session: Session, client_id: UUID, person: Person, channel: str, now: datetime) -> None:
    session.add(
        Client(
            id=client_id,
            version=1,
            name="Ana Ruiz",
            language=person.language,
            preferred_branch_id=person.branch,
            archived=person.gone == "archived",
            profile={"birth_date": f"1988-{person.born}" if person.born else None},
            erased_at=now if person.gone == "erased" else None,
            merged_into=UUID(int=9) if person.gone == "merged" else None,
        )
    )
    address = f"today-{client_id}"
    if person.reachable:
        where = {"client_id": client_id, "channel": channel, "rank": 0, "zones": []}
        session.add(ContactPoint(**where, address=address, address_hash=address))
    if person.suppressed:
        kept_off = {"id": new_id(), "version": 1, "channel": channel, "address_hash": address, "address_masked": ""}
        session.add(Suppression(**kept_off, reason="by_hand", note="", at=now, by="service:x"))
    if person.agreed:
        agreed = {"client_id": client_id, "channel": channel, "address_hash": f"{person.agreed}-{client_id}"}
        session.add(Consent(**agreed, given_at=now, given="paper", wording_id=DEFAULTS[channel, "es"][0]))
    if person.chosen is not None:
        session.add(Preference(client_id=client_id, kind="marketing", channel=channel, is_on=person.chosen))
    if person.away is not None:
        session.add(LastVisit(client_id=client_id, at=now - timedelta(days=person.away, hours=12)))
    for plan_id in person.plans:
        session.add(Membership(id=new_id(), version=1, client_id=client_id, plan_id=plan_id))
    for number in range(person.told):
        session.add(_told(client_id, f"{number}", channel, now - timedelta(days=number + 1)))


def _told(client_id: UUID, key: str, channel: str, at: datetime) -> Message:
    names = {"type": "quick", "kind": "marketing", "channel": channel, "lane": 2, "business_key": f"{client_id}{key}"}
    times = {"created_at": at, "sent_at": at, "ended_at": at, "stale_after": at}
    rest = {"recipient": f"client:{client_id}", "created_by": "service:x", "state": "delivered", "attempts": 1}
    return Message(id=new_id(), version=1, client_id=client_id, **names, **times, **rest)
