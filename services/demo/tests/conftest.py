import pytest

from services.demo.tests.installation import Installation
from shared.testing.places import open_place


@pytest.fixture
def place():
    with open_place() as folder:
        yield folder


@pytest.fixture
def installation(place):
    """Makes installations, by default on one home, and ends them."""
    made = []

    def make(home=None, **settings):
        made.append(Installation(home or place / "home", **settings))
        return made[-1]

    yield make
    for one in made:
        one.end()
