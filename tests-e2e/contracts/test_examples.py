"""The frozen example of every type goes through every reaction that listens to it, on a real database."""

import pytest

from shared.card import installed
from shared.contracts.contract import Contract
from shared.roles import reactions_of
from shared.testing.service import ReactionFailed

HEARD = [(card.name, type_) for card in installed() if "consumer" in card.roles for type_ in reactions_of(card).types()]


@pytest.mark.parametrize(("service", "type_"), HEARD)
def test_a_reaction_can_do_with_the_example(service_of, service, type_):
    under_test = service_of(service)
    try:
        under_test.deliver(Contract.known[type_])
    except ReactionFailed as failed:
        # A reaction may wait for a row that it needs; it may not stumble over what it reads.
        assert str(failed).startswith("Retry: ")
