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
        name text NOT NULL,
        names jsonb NOT NULL,
        colour text NOT NULL,
        position integer NOT NULL,
        active boolean NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX uq_statuses_name ON statuses (lower(name))",
    """
    CREATE TABLE referral_methods (
        id uuid PRIMARY KEY,
        version integer NOT NULL,
        name text NOT NULL,
        names jsonb NOT NULL,
        by_client boolean NOT NULL,
        position integer NOT NULL,
        active boolean NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX uq_referral_methods_name ON referral_methods (lower(name))",
    """
    INSERT INTO statuses (id, version, name, names, colour, position, active) VALUES
        ('00000000-0000-7000-8000-000000000a01', 1, 'Active', '{"es": "Activo"}', '#2e7d32', 1, true),
        ('00000000-0000-7000-8000-000000000a02', 1, 'VIP', '{"es": "VIP"}', '#8e24aa', 2, true),
        ('00000000-0000-7000-8000-000000000a03', 1, 'Inactive', '{"es": "Inactivo"}', '#6c757d', 3, true),
        ('00000000-0000-7000-8000-000000000a04', 1, 'Do not serve', '{"es": "No atender"}', '#c62828', 4, true)
    """,
    """
    INSERT INTO referral_methods (id, version, name, names, by_client, position, active) VALUES
        ('00000000-0000-7000-8000-000000000b01', 1, 'Walk-in', '{"es": "Pasaba por aquí"}', false, 1, true),
        ('00000000-0000-7000-8000-000000000b02', 1, 'Web', '{"es": "Web"}', false, 2, true),
        ('00000000-0000-7000-8000-000000000b03', 1, 'A friend', '{"es": "Un amigo"}', true, 3, true)
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
        booking_block_by uuid,
        booking_block_at timestamptz,
        archived_at timestamptz,
        merged_into uuid REFERENCES clients,
        created_at timestamptz NOT NULL,
        search_text text NOT NULL,
        CONSTRAINT ck_clients_booking_block CHECK (
            booking_blocked = (booking_block_reason IS NOT NULL)
            AND booking_blocked = (booking_block_at IS NOT NULL)
        )
    ) WITH (fillfactor = 85)
    """,
    "CREATE INDEX ix_clients_search_text ON clients USING gin (search_text gin_trgm_ops)",
    "CREATE INDEX ix_clients_preferred_branch_id_id ON clients (preferred_branch_id, id)",
    "CREATE INDEX ix_clients_status_id_id ON clients (status_id, id)",
    # No foreign key: it is a part of the client's own row, written by the same statement.
    """
    CREATE TABLE search_keys (
        key text COLLATE "C" NOT NULL,
        client_id uuid NOT NULL,
        PRIMARY KEY (key, client_id)
    )
    """,
    """
    CREATE TABLE imported_lines (
        key text COLLATE "C" PRIMARY KEY,
        client_id uuid NOT NULL,
        digest bytea NOT NULL,
        file bytea NOT NULL,
        line bigint NOT NULL
    )
    """,
    """
    CREATE TABLE weights (
        id uuid PRIMARY KEY,
        client_id uuid NOT NULL REFERENCES clients,
        grams integer NOT NULL CHECK (grams > 0),
        value numeric(7, 3) NOT NULL,
        unit text NOT NULL CHECK (unit IN ('kg', 'lb')),
        taken_on date NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by uuid
    )
    """,
    "CREATE INDEX ix_weights_client_id ON weights (client_id, taken_on, id)",
    """
    CREATE TABLE dislikes (
        id uuid PRIMARY KEY,
        version integer NOT NULL,
        client_id uuid NOT NULL REFERENCES clients,
        service_id uuid NOT NULL,
        comment text NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid,
        CONSTRAINT uq_dislikes_client_id_service_id UNIQUE (client_id, service_id)
    )
    """,
)
