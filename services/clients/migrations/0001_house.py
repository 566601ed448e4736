"""The tables that every service has, copies of the directory, the chain's lists, and the clients.

The rules of a migration: it runs before the new code and must suit the code of the release before it, so it only adds,
and what it would remove is removed a release later. A lock is waited for 5 seconds at most; an index on a table that
may be large is built concurrently; rows are filled in batches, outside the migration that adds the column.
"""

from alembic import op

from shared.migrations.tables import platform_1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    platform_1()
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE TABLE branches (
        id uuid PRIMARY KEY,
        version integer NOT NULL,
        name text NOT NULL,
        country text NOT NULL,
        time_zone text NOT NULL,
        language text NOT NULL,
        weight_unit text NOT NULL,
        active boolean NOT NULL
    )
    """,
    "CREATE TABLE employees (id uuid PRIMARY KEY, version integer NOT NULL, name text NOT NULL, active bool NOT NULL)",
    "CREATE TABLE services (id uuid PRIMARY KEY, version integer NOT NULL, name text NOT NULL, active bool NOT NULL)",
    """
    CREATE TABLE statuses (
        id uuid PRIMARY KEY,
        version integer NOT NULL,
        name text NOT NULL UNIQUE,
        colour text NOT NULL,
        position integer NOT NULL,
        active boolean NOT NULL
    )
    """,
    """
    CREATE TABLE referral_methods (
        id uuid PRIMARY KEY,
        version integer NOT NULL,
        name text NOT NULL UNIQUE,
        by_client boolean NOT NULL,
        position integer NOT NULL,
        active boolean NOT NULL
    )
    """,
    """
    INSERT INTO statuses (id, version, name, colour, position, active) VALUES
        ('00000000-0000-7000-8000-000000000a01', 1, 'Active', '#2e7d32', 1, true),
        ('00000000-0000-7000-8000-000000000a02', 1, 'VIP', '#8e24aa', 2, true),
        ('00000000-0000-7000-8000-000000000a03', 1, 'Inactive', '#6c757d', 3, true),
        ('00000000-0000-7000-8000-000000000a04', 1, 'Do not serve', '#c62828', 4, true)
    """,
    """
    INSERT INTO referral_methods (id, version, name, by_client, position, active) VALUES
        ('00000000-0000-7000-8000-000000000b01', 1, 'Walk-in', false, 1, true),
        ('00000000-0000-7000-8000-000000000b02', 1, 'Web', false, 2, true),
        ('00000000-0000-7000-8000-000000000b03', 1, 'A friend', true, 3, true)
    """,
    """
    CREATE TABLE clients (
        id uuid PRIMARY KEY,
        version integer NOT NULL,
        first_name text NOT NULL,
        middle_name text NOT NULL,
        last_name text NOT NULL,
        phones jsonb NOT NULL,
        emails jsonb NOT NULL,
        address jsonb,
        birth_date date,
        gender text,
        gender_description text NOT NULL,
        referral_method_id uuid REFERENCES referral_methods,
        referred_by_client_id uuid REFERENCES clients,
        preferred_branch_id uuid,
        language text,
        status_id uuid NOT NULL REFERENCES statuses,
        booking_blocked boolean NOT NULL,
        booking_block_reason text,
        archived_at timestamptz,
        merged_into uuid REFERENCES clients,
        created_at timestamptz NOT NULL,
        search_text text NOT NULL,
        CHECK (booking_blocked = (booking_block_reason IS NOT NULL))
    ) WITH (fillfactor = 85)
    """,
    "CREATE INDEX ix_clients_phones ON clients USING gin (phones jsonb_path_ops)",
    "CREATE INDEX ix_clients_emails ON clients USING gin (emails jsonb_path_ops)",
    "CREATE INDEX ix_clients_search_text ON clients USING gin (search_text gin_trgm_ops)",
)
