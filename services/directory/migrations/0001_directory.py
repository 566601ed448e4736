"""The directory's first tables

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
    for statement in TABLES:
        op.execute(statement)


TABLES = (
    """
    CREATE TABLE branches (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        sorting text COLLATE "C" NOT NULL,
        address jsonb,
        country text NOT NULL,
        time_zone text NOT NULL,
        currency text NOT NULL,
        language text NOT NULL,
        weight_unit text NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_branches PRIMARY KEY (id),
        CONSTRAINT uq_branches_sorting UNIQUE (sorting),
        CONSTRAINT uq_branches_id_currency UNIQUE (id, currency),
        CONSTRAINT ck_branches_weight_unit CHECK (weight_unit IN ('kg', 'lb'))
    )
    """,
    """
    CREATE TABLE client_contacts (
        client_id uuid NOT NULL,
        version integer NOT NULL,
        phones text[] NOT NULL,
        emails text[] NOT NULL,
        language text,
        state text NOT NULL,
        CONSTRAINT pk_client_contacts PRIMARY KEY (client_id)
    )
    """,
    "CREATE INDEX ix_client_contacts_emails ON client_contacts USING gin (emails)",
    "CREATE INDEX ix_client_contacts_phones ON client_contacts USING gin (phones)",
    """
    CREATE TABLE employees (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        sorting text COLLATE "C" NOT NULL,
        username text,
        password_hash text,
        active boolean NOT NULL,
        CONSTRAINT pk_employees PRIMARY KEY (id),
        CONSTRAINT uq_employees_username UNIQUE (username)
    )
    """,
    """
    CREATE TABLE machines (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        sorting text COLLATE "C" NOT NULL,
        client_id text NOT NULL,
        secret_hash bytea NOT NULL,
        permissions text[] NOT NULL,
        active boolean NOT NULL,
        session_id uuid NOT NULL,
        CONSTRAINT pk_machines PRIMARY KEY (id),
        CONSTRAINT uq_machines_client_id UNIQUE (client_id)
    )
    """,
    """
    CREATE TABLE oidc_authorizations (
        state_hash bytea NOT NULL,
        nonce text NOT NULL,
        verifier text NOT NULL,
        redirect_uri text NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_oidc_authorizations PRIMARY KEY (state_hash)
    )
    """,
    "CREATE INDEX ix_oidc_authorizations_expires_at ON oidc_authorizations (expires_at)",
    """
    CREATE TABLE roles (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        sorting text COLLATE "C" NOT NULL,
        permissions text[] NOT NULL,
        everything boolean NOT NULL,
        CONSTRAINT pk_roles PRIMARY KEY (id),
        CONSTRAINT uq_roles_sorting UNIQUE (sorting)
    )
    """,
    """
    CREATE TABLE services (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        sorting text COLLATE "C" NOT NULL,
        category text NOT NULL,
        duration_minutes integer NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_services PRIMARY KEY (id),
        CONSTRAINT uq_services_category_sorting UNIQUE (category, sorting),
        CONSTRAINT ck_services_duration CHECK (duration_minutes > 0)
    )
    """,
    """
    CREATE TABLE sign_in_attempts (
        id bigint GENERATED ALWAYS AS IDENTITY,
        name_hash bytea NOT NULL,
        address text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_sign_in_attempts PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_sign_in_attempts_address_at ON sign_in_attempts (address, at)",
    "CREATE INDEX ix_sign_in_attempts_name_hash_at ON sign_in_attempts (name_hash, at)",
    """
    CREATE TABLE employee_branches (
        employee_id uuid NOT NULL,
        branch_id uuid NOT NULL,
        CONSTRAINT pk_employee_branches PRIMARY KEY (employee_id, branch_id),
        CONSTRAINT fk_employee_branches_employee_id FOREIGN KEY (employee_id) REFERENCES employees (id),
        CONSTRAINT fk_employee_branches_branch_id FOREIGN KEY (branch_id) REFERENCES branches (id)
    )
    """,
    "CREATE INDEX ix_employee_branches_branch_id ON employee_branches (branch_id)",
    """
    CREATE TABLE employee_roles (
        id uuid NOT NULL,
        employee_id uuid NOT NULL,
        role_id uuid NOT NULL,
        branch_id uuid,
        CONSTRAINT pk_employee_roles PRIMARY KEY (id),
        CONSTRAINT uq_employee_roles_employee_id_role_id_branch_id
            UNIQUE NULLS NOT DISTINCT (employee_id, role_id, branch_id),
        CONSTRAINT fk_employee_roles_employee_id FOREIGN KEY (employee_id) REFERENCES employees (id),
        CONSTRAINT fk_employee_roles_role_id FOREIGN KEY (role_id) REFERENCES roles (id),
        CONSTRAINT fk_employee_roles_branch_id FOREIGN KEY (branch_id) REFERENCES branches (id)
    )
    """,
    "CREATE INDEX ix_employee_roles_role_id ON employee_roles (role_id)",
    """
    CREATE TABLE service_prices (
        service_id uuid NOT NULL,
        branch_id uuid NOT NULL,
        currency text NOT NULL,
        amount bigint NOT NULL,
        CONSTRAINT pk_service_prices PRIMARY KEY (service_id, branch_id),
        CONSTRAINT fk_service_prices_branch_id_currency
            FOREIGN KEY (branch_id, currency) REFERENCES branches (id, currency),
        CONSTRAINT ck_service_prices_amount CHECK (amount >= 0),
        CONSTRAINT fk_service_prices_service_id FOREIGN KEY (service_id) REFERENCES services (id)
    )
    """,
    "CREATE INDEX ix_service_prices_branch_id ON service_prices (branch_id)",
    """
    CREATE TABLE staff_sessions (
        id uuid NOT NULL,
        employee_id uuid NOT NULL,
        machine_id uuid,
        renewal_hash bytea,
        opened_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        ended_at timestamptz,
        CONSTRAINT pk_staff_sessions PRIMARY KEY (id),
        CONSTRAINT fk_staff_sessions_employee_id FOREIGN KEY (employee_id) REFERENCES employees (id),
        CONSTRAINT fk_staff_sessions_machine_id FOREIGN KEY (machine_id) REFERENCES machines (id)
    )
    """,
    "CREATE INDEX ix_staff_sessions_employee_id ON staff_sessions (employee_id)",
    "CREATE INDEX ix_staff_sessions_expires_at ON staff_sessions (expires_at)",
)
