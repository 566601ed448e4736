"""What a service's queue is bound to, remembered in its database.

AMQP cannot list bindings, and code that was rolled back does not know the types that a newer release has bound.
"""

from collections.abc import Sequence

from sqlalchemy import text

from shared.db import Database
from shared.events.transport import Transport


def bind(database: Database, transport: Transport, queue: str, types: Sequence[str]) -> None:
    """Binds the queue to exactly these types, whatever another release has bound it to. Repeatable.

    What was bound is forgotten only once it is unbound, so that one that was cut off is made good by the next.
    """
    wanted = {"types": list(types)}
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO bound_types SELECT unnest(CAST(:types AS text[])) ON CONFLICT DO NOTHING"), wanted
        )
        bound = session.execute(text("SELECT type FROM bound_types")).scalars().all()
    transport.declare(queue, types, no_more=set(bound) - set(types))
    with database.transaction() as session:
        session.execute(text("DELETE FROM bound_types WHERE type != ALL(:types)"), wanted)
