"""What the demo shows of notifications at its first start."""

from sqlalchemy import text

from services.notifications import demo_messages
from shared.actor import Context, acting
from shared.config import Config
from shared.db import Database

HOUSE = Context(actor="service:notifications", channel="import")


def load(config: Config) -> None:
    """Loads the demo where it is not there yet."""
    database = Database(config)
    with acting(HOUSE), database.transaction() as session:
        if not session.execute(text("SELECT EXISTS (SELECT FROM messages)")).scalar():
            demo_messages.fill(session)
    database.close()
