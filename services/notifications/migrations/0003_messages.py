"""Messages: what is sent, what was, in which words, how fast, and by which ways."""

from alembic import op

from services.notifications.delivery.waking import WAKE
from shared import clock

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in (*STATEMENTS, WAKE):
        op.execute(statement)
    # What happened before this moment was told by another, or by none: a stream read again tells nobody anything.
    op.execute(f"INSERT INTO beginning (id, at) VALUES (1, '{clock.now().isoformat()}')")


STATEMENTS = (
    """
    CREATE TABLE plans (
        id UUID NOT NULL,
        version INTEGER NOT NULL,
        name TEXT NOT NULL,
        CONSTRAINT pk_plans PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE memberships (
        id UUID NOT NULL,
        version INTEGER NOT NULL,
        client_id UUID NOT NULL,
        plan_id UUID NOT NULL,
        CONSTRAINT pk_memberships PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE templates (
        id UUID NOT NULL,
        type TEXT NOT NULL,
        channel TEXT NOT NULL,
        language TEXT NOT NULL,
        number INTEGER NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        compiled TEXT NOT NULL,
        is_default BOOLEAN NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by TEXT NOT NULL,
        CONSTRAINT pk_templates PRIMARY KEY (id),
        CONSTRAINT uq_templates_type_channel_language_number UNIQUE (type, channel, language, number),
        CONSTRAINT ck_templates_channel CHECK (channel IN ('email', 'sms', 'push'))
    )
    """,
    """
    CREATE TABLE messages (
        id UUID NOT NULL,
        version INTEGER NOT NULL,
        type TEXT NOT NULL,
        kind TEXT NOT NULL,
        channel TEXT NOT NULL,
        lane INTEGER NOT NULL,
        client_id UUID,
        recipient TEXT NOT NULL,
        business_key TEXT NOT NULL,
        branch_id UUID,
        about TEXT,
        event_id UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_by TEXT NOT NULL,
        data JSONB,
        secret JSONB,
        state TEXT NOT NULL,
        reason TEXT,
        answer JSONB,
        stale_after TIMESTAMP WITH TIME ZONE NOT NULL,
        not_after TIMESTAMP WITH TIME ZONE,
        due_at TIMESTAMP WITH TIME ZONE,
        claimed_at TIMESTAMP WITH TIME ZONE,
        called_at TIMESTAMP WITH TIME ZONE,
        attempts INTEGER NOT NULL,
        sent_at TIMESTAMP WITH TIME ZONE,
        ended_at TIMESTAMP WITH TIME ZONE,
        language TEXT,
        template_number INTEGER,
        subject TEXT,
        body TEXT,
        html TEXT,
        address TEXT,
        address_hash TEXT,
        provider TEXT,
        provider_id TEXT,
        purged_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_messages PRIMARY KEY (id),
        CONSTRAINT uq_messages_type_channel_recipient_business_key UNIQUE (type, channel, recipient, business_key),
        CONSTRAINT ck_messages_state CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'bounced', 'failed',
            'unknown', 'suppressed', 'withdrawn', 'expired', 'complained')),
        CONSTRAINT ck_messages_kind CHECK (kind IN ('appointment',
            'service', 'package', 'marketing', 'transaction', 'contract')),
        CONSTRAINT ck_messages_channel CHECK (channel IN ('email', 'sms', 'push'))
    )
    """,
    "CREATE INDEX ix_messages_about ON messages (about) WHERE state IN ('queued', 'sending')",
    "CREATE INDEX ix_messages_client_id ON messages (client_id, id)",
    "CREATE INDEX ix_messages_due ON messages (channel, lane, due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX ix_messages_kept ON messages (created_at) WHERE purged_at IS NULL",
    "CREATE INDEX ix_messages_provider ON messages (provider, id) WHERE provider IS NOT NULL",
    "CREATE INDEX ix_messages_provider_id ON messages (provider_id) WHERE provider_id IS NOT NULL",
    "CREATE UNIQUE INDEX uq_messages_marketing_address ON messages (type, channel, address_hash, business_key) "
    " WHERE lane = 2 AND address_hash IS NOT NULL",
    """
    CREATE TABLE beginning (
        id INTEGER NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_beginning PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE provider_rates (
        channel TEXT NOT NULL,
        tokens DOUBLE PRECISION NOT NULL,
        filled_at TIMESTAMP WITH TIME ZONE NOT NULL,
        paused_until TIMESTAMP WITH TIME ZONE,
        failures INTEGER NOT NULL,
        reason TEXT,
        CONSTRAINT pk_provider_rates PRIMARY KEY (channel)
    )
    """,
    """
    CREATE TABLE push_subscriptions (
        id UUID NOT NULL,
        client_id UUID NOT NULL,
        endpoint TEXT NOT NULL,
        p256dh TEXT NOT NULL,
        auth TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_push_subscriptions PRIMARY KEY (id),
        CONSTRAINT uq_push_subscriptions_endpoint UNIQUE (endpoint)
    )
    """,
    "CREATE INDEX ix_push_subscriptions_client_id ON push_subscriptions (client_id)",
    """
    CREATE TABLE replies (
        id UUID NOT NULL,
        client_id UUID,
        message_id UUID,
        number TEXT,
        body TEXT,
        provider_id TEXT NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        purged_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_replies PRIMARY KEY (id),
        CONSTRAINT uq_replies_provider_id UNIQUE (provider_id)
    )
    """,
    "CREATE INDEX ix_replies_client_id ON replies (client_id, id)",
)
