"""The list of clients by name and by last change: when each was changed, and an index for each order.

A row of before has no time of change; it counts as changed when it was registered, which the index says too, so
nothing has to be filled in. By registration is the order of the ids.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE clients ADD COLUMN IF NOT EXISTS changed_at timestamptz")
    with op.get_context().autocommit_block():
        for statement in INDEXES:
            op.execute(statement)


# Dropped first: what a migration that was cut off left behind is no index.
INDEXES = (
    "DROP INDEX CONCURRENTLY IF EXISTS ix_clients_by_name",
    """
    CREATE INDEX CONCURRENTLY ix_clients_by_name ON clients ((left(search_text, 200) COLLATE "C"), id)
    """,
    "DROP INDEX CONCURRENTLY IF EXISTS ix_clients_by_change",
    "CREATE INDEX CONCURRENTLY ix_clients_by_change ON clients ((coalesce(changed_at, created_at)), id)",
)
