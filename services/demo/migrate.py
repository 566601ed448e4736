"""Brings every database of the installation up to date: what the `migrate` roles do one by one on Kubernetes."""

from importlib.util import find_spec

from services.demo import SERVICES_WITH_ROWS


def main() -> None:
    """Runs the migrations of each service, which declare its queues too. Safe to run again, and after a kill."""
    if find_spec("shared.migrations") is None:  # the foundation has not landed yet
        return
    from shared.migrations.run import upgrade

    for service in SERVICES_WITH_ROWS:
        upgrade(service)


if __name__ == "__main__":
    main()
