"""What is forgotten by itself."""

from datetime import timedelta

from sqlalchemy import delete

from services.directory.sign_in import attempts
from services.directory.sign_in.models import Authorization, StaffSession
from shared import clock
from shared.db import Database
from shared.roles import Duty

KEPT = timedelta(days=1)


def forget_old(database: Database) -> bool:
    """Attempts outside the window, and sessions and authorizations that have expired."""
    now = clock.now()
    with database.transaction() as session:
        attempts.forget_old(session)
        session.execute(delete(StaffSession).where(StaffSession.expires_at < now - KEPT))
        session.execute(delete(Authorization).where(Authorization.expires_at < now))
    return False


DUTIES = [Duty("sign_in.forget_old", 600.0, forget_old)]
