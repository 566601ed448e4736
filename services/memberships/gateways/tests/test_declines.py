"""What a decline means."""

import pytest

from services.memberships.gateways.declines import CODES, OURS, decline_of
from services.memberships.gateways.sandbox.cards import CARDS


def test_every_code_means_one_thing():
    codes = [code for codes in CODES.values() for code in codes]
    assert len(codes) == len(set(codes))
    assert set(CODES) == set(OURS)


@pytest.mark.parametrize("decline", OURS, ids=lambda decline: decline.code)
def test_our_own_code_is_read_back(decline):
    assert decline_of(decline.code) is decline


def test_a_card_that_is_never_tried_again_needs_another():
    assert all(decline.category == "another_card" for decline in OURS if decline.hard)
    assert all(decline.hard for decline in OURS if decline.category == "another_card")


def test_a_code_that_nobody_knows_is_a_plain_refusal_that_may_be_tried_again():
    assert decline_of("something_new").code == "refused_by_bank"
    assert not decline_of(None).hard


def test_a_thief_does_not_learn_that_the_card_was_reported():
    assert decline_of("stolen_card").words == decline_of("restricted_card").words


def test_the_sandbox_declines_by_codes_of_the_table():
    known = {code for codes in CODES.values() for code in codes}
    assert {card.code for card in CARDS.values() if card.code} <= known
