"""What the calendar and the card network do to cards on file."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest

from services.memberships.cards.work import look_at_renewed, tell_of_expiry
from services.memberships.gateways.sandbox.signature import HEADER, signature
from services.memberships.gateways.tests.sandbox_process import KEY
from shared.contracts.memberships import CARD_EXPIRING, CARD_UPDATED

LAST_DAY = date(2027, 6, 30)


@pytest.fixture
def expires(memberships, card, member):
    """A card that pays a membership, and expires in June 2027."""
    card_id = card("accepted", exp_year=2027, exp_month=6)
    member(card_id=card_id)
    return card_id


def told_on(memberships, travel_to, days_before: int) -> list[int]:
    """The notices that a worker gives on that day."""
    moment = datetime.combine(LAST_DAY - timedelta(days=days_before), datetime.min.time(), UTC)
    travel_to(moment)
    memberships.forget_emitted()
    tell_of_expiry(memberships.database)
    return [event.data["days"] for event in memberships.emitted(CARD_EXPIRING)]


def test_notices_come_30_15_and_7_days_before_the_last_day_once_each(memberships, expires, travel_to):
    told = {days: told_on(memberships, travel_to, days) for days in (31, 30, 29, 16, 15, 14, 8, 7, 6, 0, -1)}
    assert {days: notices for days, notices in told.items() if notices} == {30: [30], 15: [15], 7: [7]}


def test_a_worker_that_was_off_gives_the_notice_that_is_due_and_not_those_it_missed(memberships, expires, travel_to):
    assert told_on(memberships, travel_to, 10) == [15]
    assert told_on(memberships, travel_to, 9) == []


def test_a_card_that_pays_nothing_expires_without_a_word(memberships, card, travel_to):
    card("accepted", exp_year=2027, exp_month=6)
    assert told_on(memberships, travel_to, 7) == []


def test_a_card_that_the_network_renews_is_renewed_here_and_may_expire_again(memberships, expires, sandbox, travel_to):
    told_on(memberships, travel_to, 7)
    [token] = memberships.rows("SELECT token FROM cards")
    sandbox.ask("PATCH", f"/v1/cards/{token}", exp_year=2031, last_four="1111")
    body = orjson.dumps({"id": "evt_1", "account": "main", "kind": "card", "object": token})
    headers = {HEADER: signature(KEY, body)}
    memberships.anonymous().request("POST", "/api/v1/memberships/webhooks/sandbox", data=body, headers=headers)
    assert look_at_renewed(memberships.database) and not look_at_renewed(memberships.database)
    [said] = memberships.emitted(CARD_UPDATED)
    assert (said.data["exp_year"], said.data["last_four"]) == (2031, "1111")
    assert memberships.rows("SELECT exp_year, last_four, noticed_days FROM cards") == [(2031, "1111", None)]
    assert memberships.rows("SELECT look_at FROM webhook_events") == [None]
