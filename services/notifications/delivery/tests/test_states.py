"""States never go back: every pair, and any order of what may happen to a message."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.delivery import states
from services.notifications.delivery.states import NEXT, STATES, may_follow

ENDS = {"bounced", "failed", "suppressed", "withdrawn", "expired", "complained"}
RANK = {"queued": 0, "sending": 1, "unknown": 2, "sent": 3, "delivered": 4} | dict.fromkeys(ENDS, 5)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(STATES, STATES)))
def test_a_state_is_followed_by_later_ones_only(before, after):
    if may_follow(before, after):
        assert RANK[before] < RANK[after]
        assert before not in ENDS
    if before == "queued" and after not in ("queued", "sent", "delivered", "bounced", "unknown", "complained"):
        assert may_follow(before, after)


def test_what_may_have_gone_out_is_never_called_unsent():
    """Nor is it taken back to where it would be sent anew."""
    for state in ("unknown", "sent", "delivered"):
        assert not NEXT[state] & {"queued", "sending", "suppressed", "withdrawn", "expired"}


@given(st.lists(st.sampled_from(STATES), max_size=30))
def test_whatever_is_told_in_whatever_order_a_message_moves_forward_and_stops(told):
    state, way = "queued", ["queued"]
    for each in told:
        if may_follow(state, each):
            state = each
            way.append(state)
    assert [RANK[each] for each in way] == sorted({RANK[each] for each in way})
    assert sum(each in ENDS for each in way) <= 1


def test_the_table_can_be_read_backwards():
    assert {(before, after) for after in STATES for before in states.before(after)} == {
        (before, after) for before, following in NEXT.items() for after in following
    }
