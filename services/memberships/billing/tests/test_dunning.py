from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.memberships.billing.dunning import MOST_PER_CARD, Step, Tried, after_failure, withheld
from services.memberships.policies.policy import Policy

POLICY = Policy(retry_days=(1, 3, 5, 7), attempts_before_suspension=3)
OWN, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
MARCH = date(2026, 3, 1)


def tried(*days, card=OWN, hard=False):
    return [Tried(card, MARCH + timedelta(days=day), hard) for day in days]


def test_a_card_without_money_is_tried_again_after_the_days_of_the_policy():
    assert after_failure(POLICY, tried(0), OWN) == Step(OWN, 1, "past_due", "retrying")
    assert after_failure(POLICY, tried(0, 1), OWN) == Step(OWN, 3, "past_due", "retrying")


def test_the_third_failure_suspends_and_the_attempts_go_on():
    assert after_failure(POLICY, tried(0, 1, 4), OWN) == Step(OWN, 5, "suspended", "retrying")


def test_a_card_is_asked_four_times_for_a_payment_and_never_more():
    assert after_failure(POLICY, tried(0, 1, 4, 9), OWN) == Step(None, None, "suspended", "waits_for_card")
    step = after_failure(POLICY, tried(0, 1, 4, 9), OWN, [OTHER])
    assert (step.card_id, step.days) == (OTHER, 0)


def test_a_card_refused_for_good_gives_way_to_the_clients_others_at_once():
    refused = tried(0, hard=True)
    assert after_failure(POLICY, refused, OWN, [OTHER]) == Step(OTHER, 0, "past_due", "retrying")
    both = [*refused, *tried(0, card=OTHER)]
    assert after_failure(POLICY, both, OWN, [OTHER]) == Step(OTHER, 1, "past_due", "retrying")


def test_other_cards_are_left_alone_when_the_policy_says_so():
    policy = Policy(other_cards=False)
    assert after_failure(policy, tried(0), OWN, [OTHER]) == Step(OWN, 1, "past_due", "retrying")


def test_without_a_card_it_waits_and_is_suspended_on_the_day_of_the_third_attempt():
    assert after_failure(POLICY, [], None) == Step(None, 4, "past_due", "waits_for_card")
    assert after_failure(POLICY, tried(0, hard=True), OWN) == Step(None, 4, "past_due", "waits_for_card")
    assert after_failure(POLICY, tried(0, 1, 4, hard=True), OWN) == Step(None, None, "suspended", "waits_for_card")


def test_what_the_client_must_confirm_is_not_tried_blindly():
    assert after_failure(POLICY, tried(0), OWN, [OTHER], asks_client=True) == Step(None, 4, "past_due", "needs_client")


def test_it_gives_up_when_the_days_of_the_policy_are_used_up():
    short = Policy(retry_days=(2,), attempts_before_suspension=5)
    assert after_failure(short, tried(0, 2), OWN) == Step(None, None, "past_due", "gave_up")


def test_benefits_are_withheld_as_the_policy_says():
    by_policy = {held: Policy(withhold_benefits=held) for held in ("past_due", "suspended", "never")}
    found = {
        held: [withheld(policy, s) for s in ("good", "past_due", "suspended")] for held, policy in by_policy.items()
    }
    assert found == {"past_due": [False, True, True], "suspended": [False, False, True], "never": [False] * 3}


@given(
    st.lists(st.integers(1, 10), max_size=8).map(tuple),
    st.integers(1, 6),
    st.lists(st.sampled_from([OWN, OTHER, THIRD]), min_size=1, max_size=3, unique=True),
    st.lists(st.booleans(), min_size=60, max_size=60),
    st.booleans(),
)
def test_dunning_ends_and_asks_no_card_too_often(retry_days, before, cards, hard, others):
    policy = Policy(retry_days=retry_days, attempts_before_suspension=before, other_cards=others)
    done, day = [Tried(cards[0], MARCH, hard[0])], MARCH
    for refused in hard[1:]:
        step = after_failure(policy, done, cards[0], cards[1:])
        if step.card_id is None:
            break
        day += timedelta(days=step.days or 0)
        done.append(Tried(step.card_id, day, refused))
    assert step.card_id is None
    assert all([each.card_id for each in done].count(card) <= MOST_PER_CARD for card in cards)
    assert not any(a.hard and a.card_id == b.card_id for i, a in enumerate(done) for b in done[i + 1 :])
    assert len({each.on for each in done}) <= len(retry_days) + 1
