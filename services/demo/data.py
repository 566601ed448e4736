"""The chain that `make run` shows: branches, people, a menu, clients. Each service loads its own rows."""

from services.demo import SERVICES_WITH_ROWS
from shared.card import card, demo_of
from shared.config import load


def fill_demo() -> None:
    """Loads what is not there yet, so that what a person changed since stays as they left it."""
    for name in SERVICES_WITH_ROWS:
        if demo := demo_of(card(name)):
            demo.load(load(name))
