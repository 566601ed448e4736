"""Preferences: where clients are reached, what they have chosen and agreed to, and what is never written to."""

from alembic import op
from sqlalchemy import text

from services.notifications.consents.defaults import DEFAULTS
from shared import clock

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    rows = [
        {"id": id, "channel": channel, "language": language, "text": words, "at": clock.now()}
        for (channel, language), (id, words) in DEFAULTS.items()
    ]
    op.get_bind().execute(WORDING, rows)


WORDING = text(
    "INSERT INTO consent_wordings (id, channel, language, number, text, created_at, created_by)"
    " VALUES (:id, :channel, :language, 1, :text, :at, 'service:notifications')"
)

STATEMENTS = (
    "ALTER TABLE clients ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE, ADD COLUMN merged_into UUID",
    "CREATE INDEX ix_clients_merged_into ON clients (merged_into) WHERE merged_into IS NOT NULL",
    """
    CREATE TABLE contact_points (
        client_id UUID NOT NULL,
        channel TEXT NOT NULL,
        rank INTEGER NOT NULL,
        address TEXT NOT NULL,
        address_hash TEXT NOT NULL,
        zones JSONB NOT NULL,
        CONSTRAINT pk_contact_points PRIMARY KEY (client_id, channel, rank)
    )
    """,
    "CREATE INDEX ix_contact_points_channel_address_hash ON contact_points (channel, address_hash)",
    """
    CREATE TABLE suppressions (
        id UUID NOT NULL,
        version INTEGER NOT NULL,
        channel TEXT NOT NULL,
        address_hash TEXT NOT NULL,
        address_masked TEXT NOT NULL,
        reason TEXT NOT NULL,
        note TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by TEXT NOT NULL,
        lifted_at TIMESTAMP WITH TIME ZONE,
        lifted_by TEXT,
        lift_reason TEXT,
        CONSTRAINT pk_suppressions PRIMARY KEY (id),
        CONSTRAINT ck_suppressions_reason CHECK (reason IN ('stop', 'hard_bounce', 'complaint', 'invalid', 'by_hand'))
    )
    """,
    "CREATE UNIQUE INDEX uq_suppressions_address ON suppressions (channel, address_hash) WHERE lifted_at IS NULL",
    "CREATE INDEX ix_suppressions_at ON suppressions (at)",
    """
    CREATE TABLE preference_sheets (
        client_id UUID NOT NULL,
        version INTEGER NOT NULL,
        CONSTRAINT pk_preference_sheets PRIMARY KEY (client_id)
    )
    """,
    """
    CREATE TABLE preferences (
        client_id UUID NOT NULL,
        kind TEXT NOT NULL,
        channel TEXT NOT NULL,
        is_on BOOLEAN NOT NULL,
        before_stop BOOLEAN,
        CONSTRAINT pk_preferences PRIMARY KEY (client_id, kind, channel)
    )
    """,
    """
    CREATE TABLE preference_changes (
        id UUID NOT NULL,
        client_id UUID NOT NULL,
        kind TEXT NOT NULL,
        channel TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by TEXT NOT NULL,
        source TEXT NOT NULL,
        was BOOLEAN NOT NULL,
        now BOOLEAN NOT NULL,
        address TEXT,
        address_hash TEXT,
        address_masked TEXT,
        wording_id UUID,
        given TEXT,
        CONSTRAINT pk_preference_changes PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_preference_changes_client_id ON preference_changes (client_id, id)",
    """
    CREATE TABLE consents (
        client_id UUID NOT NULL,
        channel TEXT NOT NULL,
        address_hash TEXT NOT NULL,
        given_at TIMESTAMP WITH TIME ZONE NOT NULL,
        given TEXT NOT NULL,
        wording_id UUID NOT NULL,
        CONSTRAINT pk_consents PRIMARY KEY (client_id, channel, address_hash)
    )
    """,
    """
    CREATE TABLE consent_wordings (
        id UUID NOT NULL,
        channel TEXT NOT NULL,
        language TEXT NOT NULL,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by TEXT NOT NULL,
        CONSTRAINT pk_consent_wordings PRIMARY KEY (id),
        CONSTRAINT uq_consent_wordings_channel_language_number UNIQUE (channel, language, number)
    )
    """,
    """
    CREATE TABLE settings (
        id UUID NOT NULL,
        version INTEGER NOT NULL,
        branch_id UUID,
        settings JSONB NOT NULL,
        CONSTRAINT pk_settings PRIMARY KEY (id),
        CONSTRAINT uq_settings_branch_id UNIQUE NULLS NOT DISTINCT (branch_id)
    )
    """,
)
