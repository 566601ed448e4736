"""A new message wakes the senders of its own channel, and no others.

The rules of a migration stand in the first one.
"""

from alembic import op

from services.notifications.delivery.waking import WAKE

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(WAKE)
