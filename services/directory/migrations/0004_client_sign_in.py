"""The links and sessions of clients, and what clients are called, for an address that several of them have.

It only adds: the release before writes contacts without a name, and `announce client` of clients fills it in.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = (
    "ALTER TABLE client_contacts ADD COLUMN name text",
    """
    CREATE TABLE client_links (
        id uuid NOT NULL,
        secret_hash bytea NOT NULL,
        browser_hash bytea NOT NULL,
        code_hash bytea NOT NULL,
        client_ids uuid[] NOT NULL,
        used boolean NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_client_links PRIMARY KEY (id),
        CONSTRAINT uq_client_links_secret_hash UNIQUE (secret_hash)
    )
    """,
    "CREATE INDEX ix_client_links_expires_at ON client_links (expires_at)",
    """
    CREATE TABLE client_sessions (
        id uuid NOT NULL,
        client_id uuid NOT NULL,
        machine_id uuid NOT NULL,
        renewal_hash bytea NOT NULL,
        opened_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        ended_at timestamptz,
        CONSTRAINT pk_client_sessions PRIMARY KEY (id),
        CONSTRAINT fk_client_sessions_machine_id FOREIGN KEY (machine_id) REFERENCES machines (id)
    )
    """,
    "CREATE INDEX ix_client_sessions_client_id ON client_sessions (client_id)",
    "CREATE INDEX ix_client_sessions_expires_at ON client_sessions (expires_at)",
)
