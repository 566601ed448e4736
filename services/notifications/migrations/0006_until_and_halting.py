"""Campaigns that wait until something happens, and that pause by themselves; replies that somebody has read.

The rules of a migration stand in the first one.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    with op.get_context().autocommit_block():
        for statement in INDEXES:
            op.execute(statement)


# They may run again: what follows them is not of their transaction.
STATEMENTS = (
    "ALTER TABLE campaigns ADD COLUMN IF NOT EXISTS failed_in_a_row integer NOT NULL DEFAULT 0,"
    " ADD COLUMN IF NOT EXISTS pause_reason text",
    "ALTER TABLE campaign_runs ADD COLUMN IF NOT EXISTS waits_for text,"
    " DROP CONSTRAINT IF EXISTS ck_campaign_runs_state,"
    " ADD CONSTRAINT ck_campaign_runs_state CHECK (state IN ('running', 'done', 'stopped', 'left')) NOT VALID",
    "ALTER TABLE replies ADD COLUMN IF NOT EXISTS read_at timestamptz, ADD COLUMN IF NOT EXISTS read_by text",
)
# Dropped first: what a migration that was cut off left behind is no index.
INDEXES = (
    "ALTER TABLE campaign_runs VALIDATE CONSTRAINT ck_campaign_runs_state",
    "DROP INDEX CONCURRENTLY IF EXISTS ix_messages_held",
    """
    CREATE INDEX CONCURRENTLY ix_messages_held ON messages (about)
    WHERE type = 'campaign' AND state IN ('queued', 'sending') AND due_at IS NULL
    """,
    "DROP INDEX CONCURRENTLY IF EXISTS ix_replies_unread",
    "CREATE INDEX CONCURRENTLY ix_replies_unread ON replies (id) WHERE read_at IS NULL",
)
