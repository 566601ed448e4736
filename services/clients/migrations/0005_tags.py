"""The chain's tags, and which of them each client has.

They are a list in the client's own row, since every answer and every event of a client tells them: a table beside it
would be read with each. A GIN index finds who has one, and holds only those who have any: whoever has none, as most,
costs it nothing. The column's default serves the release before, which does not know it.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    with op.get_context().autocommit_block():
        for statement in INDEXES:
            op.execute(statement)


STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS tags (
        id uuid PRIMARY KEY,
        version integer NOT NULL,
        name text NOT NULL,
        names jsonb NOT NULL,
        colour text NOT NULL,
        position integer NOT NULL,
        active boolean NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS uq_tags_name ON tags (lower(name))",
    "ALTER TABLE clients ADD COLUMN IF NOT EXISTS tag_ids uuid[] NOT NULL DEFAULT '{}'",
)
# Dropped first: what a migration that was cut off left behind is no index.
INDEXES = (
    "DROP INDEX CONCURRENTLY IF EXISTS ix_clients_tag_ids",
    "CREATE INDEX CONCURRENTLY ix_clients_tag_ids ON clients USING gin (tag_ids) WHERE tag_ids <> '{}'",
)
