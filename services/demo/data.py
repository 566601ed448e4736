"""The chain that `make run` shows: branches, people, a menu, clients. Each service loads its own rows."""

from services.directory import demo as directory
from shared.config import demo_settings, load
from shared.db import Database


def fill_demo() -> None:
    """Loads what is not there yet, so that what a person changed since stays as they left it."""
    config = load("directory")
    database = Database(config)
    with database.transaction() as session:
        directory.fill(session, demo_settings().password, config.secret("web-machine-secret"))
    database.close()
