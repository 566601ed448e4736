"""Forms: what they ask, in versions; rules that assign them; who has which; what was signed; who read it.

The rules of a migration stand in the first one.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = (
    """
    CREATE TABLE forms (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        names jsonb NOT NULL,
        valid_months integer,
        number integer NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_forms PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX uq_forms_name ON forms (lower(name))",
    """
    CREATE TABLE form_versions (
        form_id uuid NOT NULL,
        number integer NOT NULL,
        questions jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        created_by text NOT NULL,
        CONSTRAINT pk_form_versions PRIMARY KEY (form_id, number),
        CONSTRAINT fk_form_versions_form_id FOREIGN KEY (form_id) REFERENCES forms (id)
    )
    """,
    """
    CREATE TABLE form_images (
        id uuid NOT NULL,
        sha256 text NOT NULL,
        media_type text NOT NULL,
        content bytea NOT NULL,
        CONSTRAINT pk_form_images PRIMARY KEY (id),
        CONSTRAINT uq_form_images_sha256 UNIQUE (sha256)
    )
    """,
    """
    CREATE TABLE form_rules (
        id uuid NOT NULL,
        version integer NOT NULL,
        form_id uuid NOT NULL,
        trigger text NOT NULL,
        plan_id uuid,
        service_id uuid,
        branch_id uuid,
        first_visit_only boolean NOT NULL,
        renews boolean NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_form_rules PRIMARY KEY (id),
        CONSTRAINT fk_form_rules_form_id FOREIGN KEY (form_id) REFERENCES forms (id),
        CONSTRAINT ck_form_rules_trigger CHECK (trigger IN ('new_client', 'new_membership', 'booked_service'))
    )
    """,
    "CREATE INDEX ix_form_rules_form_id ON form_rules (form_id)",
    """
    CREATE TABLE first_visits (
        client_id uuid NOT NULL,
        appointment_id uuid NOT NULL,
        CONSTRAINT pk_first_visits PRIMARY KEY (client_id)
    )
    """,
    """
    CREATE TABLE form_assignments (
        id uuid NOT NULL,
        version integer NOT NULL,
        client_id uuid NOT NULL,
        branch_id uuid,
        form_id uuid NOT NULL,
        number integer NOT NULL,
        state text NOT NULL,
        rule_id uuid,
        due_at timestamptz,
        assigned_at timestamptz NOT NULL,
        assigned_by text NOT NULL,
        opened_at timestamptz,
        completed_at timestamptz,
        valid_until timestamptz,
        answers jsonb NOT NULL,
        CONSTRAINT pk_form_assignments PRIMARY KEY (id),
        CONSTRAINT fk_form_assignments_form_id FOREIGN KEY (form_id) REFERENCES forms (id),
        CONSTRAINT ck_form_assignments_state
            CHECK (state IN ('assigned', 'opened', 'completed', 'removed', 'expired'))
    )
    """,
    "CREATE INDEX ix_form_assignments_client_id ON form_assignments (client_id, id)",
    """
    CREATE UNIQUE INDEX uq_form_assignments_open ON form_assignments (client_id, form_id)
        WHERE state IN ('assigned', 'opened')
    """,
    "CREATE INDEX ix_form_assignments_valid_until ON form_assignments (valid_until) WHERE state = 'completed'",
    """
    CREATE TABLE form_readings (
        id uuid NOT NULL,
        assignment_id uuid NOT NULL,
        how text NOT NULL,
        actor text NOT NULL,
        channel text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_form_readings PRIMARY KEY (id),
        CONSTRAINT fk_form_readings_assignment_id FOREIGN KEY (assignment_id) REFERENCES form_assignments (id)
    )
    """,
    "CREATE INDEX ix_form_readings_assignment_id ON form_readings (assignment_id, id)",
    """
    CREATE TABLE form_submissions (
        assignment_id uuid NOT NULL,
        answers jsonb NOT NULL,
        answers_sha256 text NOT NULL,
        language text NOT NULL,
        signed_at timestamptz NOT NULL,
        signed_by text NOT NULL,
        address text NOT NULL,
        browser text NOT NULL,
        handed_over_by text,
        paper text NOT NULL,
        blob_id uuid,
        due_at timestamptz,
        attempts integer NOT NULL,
        CONSTRAINT pk_form_submissions PRIMARY KEY (assignment_id),
        CONSTRAINT fk_form_submissions_assignment_id FOREIGN KEY (assignment_id) REFERENCES form_assignments (id),
        CONSTRAINT fk_form_submissions_blob_id FOREIGN KEY (blob_id) REFERENCES blobs (id),
        CONSTRAINT ck_form_submissions_paper CHECK (paper IN ('waiting', 'made', 'failed'))
    )
    """,
    "CREATE INDEX ix_form_submissions_due_at ON form_submissions (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX ix_form_submissions_blob_id ON form_submissions (blob_id)",
    """
    CREATE TABLE form_handovers (
        token_hash bytea NOT NULL,
        assignment_id uuid NOT NULL,
        by text NOT NULL,
        until timestamptz NOT NULL,
        CONSTRAINT pk_form_handovers PRIMARY KEY (token_hash),
        CONSTRAINT fk_form_handovers_assignment_id FOREIGN KEY (assignment_id) REFERENCES form_assignments (id)
    )
    """,
)
