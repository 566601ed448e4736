"""What the demo shows of notifications at its first start."""

from sqlalchemy import text

from services.notifications import demo_campaigns, demo_consents, demo_messages, demo_replies
from shared.actor import Context, acting
from shared.config import Config
from shared.db import Database
from shared.demo_ids import CLIENTS
from shared.roles import Duty

HOUSE = Context(actor="service:notifications", channel="import")


def load(config: Config) -> None:
    """Loads the demo where it is not there yet."""
    database = Database(config)
    with acting(HOUSE), database.transaction() as session:
        if not session.execute(text("SELECT EXISTS (SELECT FROM messages)")).scalar():
            demo_messages.fill(session)
    database.close()


def complete(database: Database, clients: int = CLIENTS) -> bool:
    """What needs the clients, who come by their events: consents as an import brings them, then the rest. Whether
    something was done, and there may be more."""
    with acting(HOUSE), database.transaction() as session:
        if demo_campaigns.are_there(session) or not demo_consents.has_everybody_come(session, clients):
            return False
        if not demo_consents.give_some(session, clients):
            demo_campaigns.fill(session)
            demo_replies.fill(session)
        return True


DUTIES = [Duty("demo.complete", 2.0, complete)]
"""Of a worker that only the demo has."""
