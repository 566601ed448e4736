"""The rules of the house that can be read off its text."""

from pathlib import Path

import pytest

from shared.testing import rules

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "rule",
    [
        rules.imports_of_other_services,
        rules.imports_of_services,
        rules.readers_of_the_environment,
        rules.askers_of_the_time,
        rules.publishers,
    ],
    ids=lambda rule: rule.__name__,
)
def test_a_rule_of_the_house_is_kept(rule):
    assert rule(ROOT) == [], rule.__doc__
