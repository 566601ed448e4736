"""What is forgotten by itself."""

from services.directory.client_sign_in import links, sessions
from shared.db import Database
from shared.roles import Duty


def forget_old(database: Database) -> bool:
    """Links that are over, and sessions that have expired."""
    with database.transaction() as session:
        links.forget_old(session)
        sessions.forget_old(session)
    return False


DUTIES = [Duty("client_sign_in.forget_old", 600.0, forget_old)]
