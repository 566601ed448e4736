"""The tables of documents: what all services have, and copies of others' rows.

The rules of a migration: it runs before the new code and must suit the code of the release before it, so it only adds,
and what it would remove is removed a release later. A lock is waited for 5 seconds at most; an index on a table that
may be large is built concurrently; rows are filled in batches, outside the migration that adds the column.
"""

from alembic import op

from shared.migrations.tables import platform_1, platform_2, platform_3

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    platform_1()
    platform_2()
    platform_3()
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = (
    """
    CREATE TABLE clients (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        language text,
        preferred_branch_id uuid,
        archived boolean NOT NULL,
        profile jsonb NOT NULL,
        CONSTRAINT pk_clients PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE branches (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        country text NOT NULL,
        time_zone text NOT NULL,
        language text NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_branches PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE employees (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_employees PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE services (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        category text NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_services PRIMARY KEY (id)
    )
    """,
)
