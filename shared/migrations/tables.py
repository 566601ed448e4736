"""The tables that every service has, as functions that each service's own chain calls in its first migrations.

They grow by new functions (`platform_2`, …), never by a change of one that was released; a test sees to it that every
chain calls all of them.
"""

from alembic import op

from shared import clock
from shared.events.relay import WAKE


def platform_1() -> None:
    """Outbox, inbox, failures, consumers' lives and progress, audit, ended sessions, announcements."""
    for statement in PLATFORM_1:
        op.execute(statement)
    op.execute(WAKE)
    op.execute(f"INSERT INTO consumer_progress (caught_up_at) VALUES ('{clock.now().isoformat()}')")


def platform_2() -> None:
    """The answers that are kept under an Idempotency-Key."""
    for statement in PLATFORM_2:
        op.execute(statement)


def platform_3() -> None:
    """The types that the service's queue is bound to."""
    op.execute("CREATE TABLE bound_types (type text PRIMARY KEY)")


PLATFORM_1 = (
    """
    CREATE TABLE outbox (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL,
        type text NOT NULL,
        body text NOT NULL,
        at timestamptz NOT NULL,
        queue text
    ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)
    """,
    """
    CREATE TABLE inbox (
        reaction text NOT NULL,
        event_id uuid NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (reaction, event_id)
    )
    """,
    "CREATE INDEX ix_inbox_at ON inbox (at)",
    """
    CREATE TABLE failures (
        id uuid PRIMARY KEY,
        reaction text NOT NULL,
        event_id uuid NOT NULL,
        type text NOT NULL,
        body text NOT NULL,
        attempts integer NOT NULL,
        due_at timestamptz,
        dead boolean NOT NULL,
        reason text NOT NULL,
        failed_at timestamptz NOT NULL,
        UNIQUE (reaction, event_id)
    )
    """,
    "CREATE INDEX ix_failures_due_at ON failures (due_at) WHERE NOT dead",
    """
    CREATE TABLE consumer_lives (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY
    )
    """,
    """
    CREATE TABLE consumer_progress (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        caught_up_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE audit (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        about uuid NOT NULL,
        kind text NOT NULL,
        row_id uuid NOT NULL,
        version integer NOT NULL,
        at timestamptz NOT NULL,
        actor text NOT NULL,
        on_behalf_of text,
        channel text NOT NULL,
        correlation_id text NOT NULL,
        reason text,
        changes jsonb NOT NULL
    )
    """,
    "CREATE INDEX ix_audit_about ON audit (about, position)",
    """
    CREATE TABLE ended_sessions (
        session_id uuid PRIMARY KEY,
        at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE announcements (
        subject text NOT NULL,
        queue text NOT NULL,
        last_id uuid,
        stated bigint NOT NULL,
        finished_at timestamptz,
        PRIMARY KEY (subject, queue)
    )
    """,
)

PLATFORM_2 = (
    """
    CREATE TABLE idempotency_keys (
        principal text NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        body_hash bytea NOT NULL,
        status integer NOT NULL,
        headers jsonb NOT NULL,
        answer bytea NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (principal, route, key)
    )
    """,
    "CREATE INDEX ix_idempotency_keys_at ON idempotency_keys (at)",
)
