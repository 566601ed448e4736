"""The one way in which a period is billed: by the clock in bulk, and at once when a membership starts today."""

from sqlalchemy.orm import Session

from services.memberships.dues.models import Due
from services.memberships.memberships.models import Membership


def raise_next_period(session: Session, membership: Membership) -> Due | None:
    """Raises the next period's due and begins to charge it; moves the membership on to the period after.

    `membership` is locked already. None when no further period comes: the membership ends with the last one.
    """
    raise NotImplementedError
