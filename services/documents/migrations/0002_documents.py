"""Documents: the chain's list of types, files of clients with their bytes' whereabouts, and who opened what.

The rules of a migration stand in the first one.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = (
    """
    CREATE TABLE document_types (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        names jsonb NOT NULL,
        position integer NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_document_types PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX uq_document_types_name ON document_types (lower(name))",
    """
    INSERT INTO document_types VALUES
        ('00000000-0000-7000-8000-000000000d01', 1, 'Consent', '{"es": "Consentimiento"}', 10, true),
        ('00000000-0000-7000-8000-000000000d02', 1, 'Identity document', '{"es": "Documento de identidad"}', 20, true),
        ('00000000-0000-7000-8000-000000000d03', 1, 'Medical report', '{"es": "Informe médico"}', 30, true),
        ('00000000-0000-7000-8000-000000000d04', 1, 'Photo', '{"es": "Foto"}', 40, true),
        ('00000000-0000-7000-8000-000000000d05', 1, 'Contract', '{"es": "Contrato"}', 50, true),
        ('00000000-0000-7000-8000-000000000d06', 1, 'Other', '{"es": "Otro"}', 90, true)
    """,
    """
    CREATE TABLE blobs (
        id uuid NOT NULL,
        client_id uuid NOT NULL,
        sha256 text NOT NULL,
        size bigint NOT NULL,
        media_type text NOT NULL,
        scan text NOT NULL,
        preparation text NOT NULL,
        problem text,
        due_at timestamptz,
        attempts integer NOT NULL,
        has_thumbnail boolean NOT NULL,
        has_rendition boolean NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_blobs PRIMARY KEY (id),
        CONSTRAINT uq_blobs_client_id_sha256 UNIQUE (client_id, sha256),
        CONSTRAINT ck_blobs_size CHECK (size > 0),
        CONSTRAINT ck_blobs_scan CHECK (scan IN ('none', 'waiting', 'clean', 'infected')),
        CONSTRAINT ck_blobs_preparation CHECK (preparation IN ('none', 'waiting', 'made', 'failed'))
    )
    """,
    "CREATE INDEX ix_blobs_due_at ON blobs (due_at, id) WHERE due_at IS NOT NULL",
    """
    CREATE TABLE documents (
        id uuid NOT NULL,
        version integer NOT NULL,
        client_id uuid NOT NULL,
        branch_id uuid NOT NULL,
        type_id uuid NOT NULL,
        name text NOT NULL,
        size bigint NOT NULL,
        visible_to_client boolean NOT NULL,
        state text NOT NULL,
        blob_id uuid,
        ticket_hash bytea,
        ticket_until timestamptz,
        created_at timestamptz NOT NULL,
        created_by text NOT NULL,
        deleted_at timestamptz,
        deleted_by text,
        CONSTRAINT pk_documents PRIMARY KEY (id),
        CONSTRAINT fk_documents_type_id FOREIGN KEY (type_id) REFERENCES document_types (id),
        CONSTRAINT fk_documents_blob_id FOREIGN KEY (blob_id) REFERENCES blobs (id),
        CONSTRAINT ck_documents_state CHECK (state IN ('awaits_content', 'ready', 'deleted', 'purged')),
        CONSTRAINT ck_documents_has_bytes CHECK ((blob_id IS NOT NULL) = (state IN ('ready', 'deleted')))
    )
    """,
    "CREATE INDEX ix_documents_client_id ON documents (client_id, id)",
    "CREATE INDEX ix_documents_blob_id ON documents (blob_id)",
    "CREATE INDEX ix_documents_deleted_at ON documents (deleted_at) WHERE state = 'deleted'",
    "CREATE INDEX ix_documents_ticket_until ON documents (ticket_until) WHERE state = 'awaits_content'",
    """
    CREATE TABLE openings (
        id uuid NOT NULL,
        document_id uuid NOT NULL,
        how text NOT NULL,
        actor text NOT NULL,
        channel text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_openings PRIMARY KEY (id),
        CONSTRAINT fk_openings_document_id FOREIGN KEY (document_id) REFERENCES documents (id),
        CONSTRAINT ck_openings_how CHECK (how IN ('viewed', 'downloaded'))
    )
    """,
    "CREATE INDEX ix_openings_document_id ON openings (document_id, id)",
)
