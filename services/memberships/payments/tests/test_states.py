"""Every pair of a state and an event has a result, and the tables say what the database allows."""

import pytest

from services.memberships.dues.models import STATES
from services.memberships.payments import states
from services.memberships.payments.models import ATTEMPT_STATES, OPEN, REFUND_STATES
from services.memberships.payments.states import Impossible, Table, after

TABLES = [(states.ATTEMPTS, ATTEMPT_STATES), (states.DUES, STATES), (states.REFUNDS, REFUND_STATES)]


@pytest.mark.parametrize(("table", "known"), TABLES, ids=["attempts", "dues", "refunds"])
def test_every_pair_of_a_state_and_an_event_has_a_result_that_the_database_knows(
    table: Table, known: tuple[str, ...]
) -> None:
    assert set(table) == set(known)
    events = {event for row in table.values() for event in row}
    for state in table:
        assert set(table[state]) == events
        for event in events:
            result = table[state][event]
            if result is None:
                with pytest.raises(Impossible):
                    after(table, state, event)
            else:
                assert after(table, state, event) in known


@pytest.mark.parametrize(("table", "known"), TABLES, ids=["attempts", "dues", "refunds"])
def test_the_same_event_twice_changes_nothing_the_second_time(table: Table, known: tuple[str, ...]) -> None:
    for state in table:
        for event, result in table[state].items():
            if result and result != state:
                assert table[result][event] in (result, None), (state, event)


def test_an_attempt_that_is_over_is_never_open_again_and_what_was_taken_stays_taken() -> None:
    for state, row in states.ATTEMPTS.items():
        if state not in OPEN:
            assert not {result for result in row.values() if result} & set(OPEN)
    assert {result for result in states.ATTEMPTS["succeeded"].values() if result} == {"succeeded"}


def test_a_success_is_believed_in_every_state_in_which_the_gateway_knows_the_payment() -> None:
    for state, row in states.ATTEMPTS.items():
        assert row["succeeded"] == ("succeeded" if state != "written" else None)


def test_a_due_that_nobody_owes_any_more_is_never_open_again() -> None:
    for row in states.DUES.values():
        assert "open" not in {result for event, result in row.items()} or row is states.DUES["open"]
