"""The tags of clients, for the audience of a campaign.

The defaults serve the release before, which does not know the columns. A client of before has no tags until their next
event; `python -m services clients announce client --to notifications` tells of all at once.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE clients ADD COLUMN IF NOT EXISTS tag_ids uuid[] NOT NULL DEFAULT '{}',"
        " ADD COLUMN IF NOT EXISTS tags_version integer NOT NULL DEFAULT 0"
    )
