"""Brings every database of the installation up to date: what the `migrate` roles do one by one on Kubernetes.

Then it loads the demo's rows.
"""

from pathlib import Path

from services.demo import SERVICES_WITH_ROWS
from services.demo.data import fill_demo
from shared.card import card
from shared.config import load
from shared.roles import migrate

HOUSE = Path(__file__).parents[1]


def main() -> None:
    """Runs the migrations of each service. Safe to run again, and after a kill."""
    for service in SERVICES_WITH_ROWS:
        if (HOUSE / service / "migrations").exists():  # a service that is not built yet has none
            migrate(card(service), load(service))
    fill_demo()


if __name__ == "__main__":
    main()
