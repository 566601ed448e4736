"""${message}

The rules of a migration: it runs before the new code and must suit the code of the release before it, so it only adds,
and what it would remove is removed a release later. A lock is waited for 5 seconds at most; an index on a table that
may be large is built concurrently; rows are filled in batches, outside the migration that adds the column.
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
