"""The table of transport by behaviour has no empty cell."""

from pathlib import Path

import pytest

from shared.testing import behaviours

FOLDER = Path(__file__).parent


def test_every_behaviour_is_tried_on_every_transport(request: pytest.FixtureRequest) -> None:
    collected = request.session.stash[behaviours.COLLECTED]
    if {item.path for item in collected} < set(FOLDER.glob("test_*.py")):
        pytest.skip("only a part of the suite was collected")
    tried = {cell for item in collected if (cell := behaviours.cell_of(item))}
    assert tried == {(row, transport) for row in behaviours.BEHAVIOURS for transport in behaviours.TRANSPORTS}
