"""Campaigns, how far each client has come in them, and when clients were last here.

The rules of a migration stand in the first one.
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
    """
    CREATE TABLE campaigns (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        state text NOT NULL,
        entry jsonb NOT NULL,
        audience jsonb NOT NULL,
        steps jsonb NOT NULL,
        stops jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        created_by text NOT NULL,
        cursor uuid,
        day date,
        entered_all boolean NOT NULL,
        CONSTRAINT pk_campaigns PRIMARY KEY (id),
        CONSTRAINT ck_campaigns_state CHECK (state IN ('draft', 'running', 'paused', 'ended'))
    )
    """,
    """
    CREATE TABLE campaign_runs (
        campaign_id uuid NOT NULL,
        client_id uuid NOT NULL,
        occasion text NOT NULL,
        state text NOT NULL,
        step integer NOT NULL,
        entered_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        CONSTRAINT pk_campaign_runs PRIMARY KEY (campaign_id, client_id),
        CONSTRAINT fk_campaign_runs_campaign_id FOREIGN KEY (campaign_id) REFERENCES campaigns (id),
        CONSTRAINT ck_campaign_runs_state CHECK (state IN ('running', 'done', 'stopped'))
    )
    """,
    "CREATE INDEX ix_campaign_runs_due_at ON campaign_runs (due_at) WHERE state = 'running'",
    "CREATE INDEX ix_campaign_runs_client_id ON campaign_runs (client_id) WHERE state = 'running'",
    """
    CREATE TABLE last_visits (
        client_id uuid NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_last_visits PRIMARY KEY (client_id)
    )
    """,
    "CREATE INDEX ix_messages_campaign ON messages (about) WHERE type = 'campaign'",
)
