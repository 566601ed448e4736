"""What is remembered, what is forgotten, and how a service that was not there is filled."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shared import clock
from shared.card import Card
from shared.contracts.directory import BRANCH_CHANGED, BRANCH_STATED
from shared.events import announce
from shared.events.announce import Announcement
from shared.testing.behaviours import behaviour
from shared.testing.eventually import eventually


class Owner(Card):
    """A card whose one room owns the table `owned`."""

    def modules(self, file: str):
        class announcements:
            ANNOUNCEMENTS = (Announcement("branch", BRANCH_STATED, _page, _count),)

        return iter([announcements])


def _page(session, after, limit):
    rows = session.execute(
        text("SELECT id, version, name FROM owned WHERE id > :after ORDER BY id LIMIT :limit FOR SHARE"),
        {"after": after or UUID(int=0), "limit": limit},
    )
    return [(id_, version, {**BRANCH_STATED.example, "name": name}) for id_, version, name in rows]


def _count(session) -> int:
    return session.execute(text("SELECT count(*) FROM owned")).scalar()


OWNER = Owner("directory", "", "", ("branches",))


@pytest.fixture
def owned(house) -> dict[UUID, int]:
    """Rows of the owner, with their versions; what made them was said before the salon was there."""
    rows = {uuid4(): version for version in range(1, 26)}
    for id_, version in rows.items():
        house._do("INSERT INTO owned VALUES (%s, %s, 'Centro')", id_, version)
    return rows


@behaviour("a late service filled by announce")
def test_a_service_that_joins_late_is_filled_and_no_newer_copy_is_overwritten(house, owned):
    newer = next(iter(owned))
    house.say(subject=newer, version=99, name="Newer")
    house.carry()
    house.work()
    announce.announce(OWNER, house.database, "branch", "salon")
    house.carry()
    house.work()
    copies = dict(house.ask("SELECT id, version FROM copies"))
    assert copies == owned | {newer: 99}


@behaviour("a late service filled by announce")
def test_an_announcement_to_one_service_reaches_no_other_and_is_not_in_the_log(house, owned):
    other = house.bus.connect("spa")
    other.declare("spa", [BRANCH_STATED.type])
    announce.announce(OWNER, house.database, "branch", "salon")
    house.carry()
    assert house.bus.waiting("spa") == 0
    assert house.bus.history() == []
    announce.announce(OWNER, house.database, "branch", None)
    house.carry()
    eventually(lambda: house.bus.waiting("spa") == len(owned))
    assert len(house.bus.history()) == len(owned)
    other.close()


@behaviour("a late service filled by announce")
def test_an_announcement_that_was_stopped_goes_on_and_states_each_row_once(house, owned, monkeypatch):
    monkeypatch.setattr(announce, "PAGE", 10)
    emitted: list[Any] = []

    def stop_in_the_second_page(*args, emit=announce.emit, **kwargs):
        if len(emitted) == 15:
            emitted.append(None)
            raise KeyboardInterrupt
        emitted.append(emit(*args, **kwargs))

    monkeypatch.setattr(announce, "emit", stop_in_the_second_page)
    with pytest.raises(KeyboardInterrupt):
        announce.announce(OWNER, house.database, "branch", "salon")
    assert house.unpublished() == 10
    assert announce.announce(OWNER, house.database, "branch", "salon") == 15
    house.carry()
    house.work()
    assert sorted(house.effects()) == sorted(owned.items())
    assert announce.announce(OWNER, house.database, "branch", "salon") == 25


@behaviour("an old event gone from the log")
def test_an_old_event_is_really_gone(forgetful):
    house, subject = forgetful, uuid4()
    house.say(subject=subject)
    house.carry()
    house.work()
    assert [event["subject"] for event in house.bus.history()] == [str(subject)]
    house.bus.grow_old(house)
    assert str(subject) not in {event["subject"] for event in house.bus.history()}


@pytest.mark.parametrize("transport", ["embedded"], indirect=True)
def test_the_embedded_log_keeps_what_a_queue_still_waits_for(house):
    event = house.say()
    house.carry()
    clock.travel(timedelta(days=31))
    try:
        transport = house.bus.connect("directory")
        transport.forget_old()
        transport.close()
    finally:
        clock.travel(timedelta())
    house.work()
    assert house.done() == [event]


def test_what_a_copy_got_later_is_filled_by_the_same_version(house):
    subject = uuid4()
    house.say(subject=subject, version=3, name="before", contract=BRANCH_CHANGED)
    house.carry()
    house.work()
    house._do("UPDATE copies SET name = ''")
    house.say(subject=subject, version=3, name="after", contract=BRANCH_STATED)
    house.say(subject=subject, version=2, name="older", contract=BRANCH_CHANGED)
    house.carry()
    house.work()
    assert house.ask("SELECT name FROM copies") == [("after",)]
