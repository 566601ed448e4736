"""Weights in the branch's unit."""

from decimal import Decimal

import pytest

from services.web.profile.weights import converted


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "shown"),
    [(63.5, "kg", "kg", "63.5"), (63.5, "kg", "lb", "140"), (140, "lb", "kg", "63.5"), (100.0, "kg", "kg", "100")],
)
def test_a_weight_is_shown_to_a_tenth_in_the_branchs_unit(value, unit, wanted, shown):
    assert converted(value, unit, wanted) == Decimal(shown)
