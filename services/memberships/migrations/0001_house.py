"""The tables of memberships: what all services have, copies of others' rows, plans, memberships, money, ledgers.

The rules of a migration: it runs before the new code and must suit the code of the release before it, so it only adds,
and what it would remove is removed a release later. A lock is waited for 5 seconds at most; an index on a table that
may be large is built concurrently; rows are filled in batches, outside the migration that adds the column.
"""

from alembic import op

from shared.migrations.tables import platform_1, platform_2, platform_3

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    platform_1()
    platform_2()
    platform_3()
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS = (
    # A period's days in one constraint with its membership.
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    CREATE TABLE balance_movements (
        id uuid NOT NULL,
        client_id uuid NOT NULL,
        currency text NOT NULL,
        kind text NOT NULL,
        amount bigint NOT NULL,
        balance bigint NOT NULL,
        description text NOT NULL,
        branch_id uuid NOT NULL,
        reference text,
        actor text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_balance_movements PRIMARY KEY (id),
        CONSTRAINT uq_balance_movements_client_id_currency_kind_reference UNIQUE (client_id, currency, kind,
            reference),
        CONSTRAINT ck_balance_movements_kind CHECK (kind IN ('added', 'subtracted', 'credited', 'spent', 'refunded'))
    )
    """,
    "CREATE INDEX ix_balance_movements_client_id ON balance_movements (client_id, id)",
    """
    CREATE TABLE balances (
        id uuid NOT NULL,
        client_id uuid NOT NULL,
        currency text NOT NULL,
        version integer NOT NULL,
        amount bigint NOT NULL,
        CONSTRAINT pk_balances PRIMARY KEY (id),
        CONSTRAINT uq_balances_client_id_currency UNIQUE (client_id, currency)
    )
    """,
    """
    CREATE TABLE branches (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        country text NOT NULL,
        time_zone text NOT NULL,
        currency text NOT NULL,
        language text NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_branches PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE cards (
        id uuid NOT NULL,
        version integer NOT NULL,
        client_id uuid NOT NULL,
        account text NOT NULL,
        token text NOT NULL,
        brand text NOT NULL,
        last_four text NOT NULL,
        exp_month integer NOT NULL,
        exp_year integer NOT NULL,
        is_default boolean NOT NULL,
        position integer NOT NULL,
        for_others boolean NOT NULL,
        agreement text NOT NULL,
        agreement_version text NOT NULL,
        agreed_at timestamptz NOT NULL,
        added_by text NOT NULL,
        noticed_days integer,
        removed_at timestamptz,
        forgotten_at timestamptz,
        CONSTRAINT pk_cards PRIMARY KEY (id),
        CONSTRAINT uq_cards_account_token UNIQUE (account, token),
        CONSTRAINT ck_cards_exp_month CHECK (exp_month BETWEEN 1 AND 12),
        CONSTRAINT ck_cards_last_four CHECK (last_four ~ '^[0-9]{4}$')
    )
    """,
    "CREATE INDEX ix_cards_client_id ON cards (client_id, position) WHERE removed_at IS NULL",
    "CREATE INDEX ix_cards_expiry ON cards (exp_year, exp_month) WHERE removed_at IS NULL",
    "CREATE INDEX ix_cards_to_forget ON cards (removed_at) WHERE removed_at IS NOT NULL AND forgotten_at IS NULL",
    """
    CREATE UNIQUE INDEX uq_cards_one_default ON cards (client_id, account) WHERE is_default AND removed_at IS NULL
    """,
    """
    CREATE TABLE catch_ups (
        id uuid NOT NULL,
        off_since timestamptz NOT NULL,
        found_at timestamptz NOT NULL,
        totals jsonb NOT NULL,
        state text NOT NULL,
        confirmed_at timestamptz,
        confirmed_by uuid,
        CONSTRAINT pk_catch_ups PRIMARY KEY (id),
        CONSTRAINT ck_catch_ups_state CHECK (state IN ('waiting', 'confirmed'))
    )
    """,
    "CREATE UNIQUE INDEX uq_catch_ups_one_waits ON catch_ups (state) WHERE state = 'waiting'",
    """
    CREATE TABLE clients (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        language text,
        preferred_branch_id uuid,
        booking_blocked boolean NOT NULL,
        archived boolean NOT NULL,
        CONSTRAINT pk_clients PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE clock_progress (
        id integer NOT NULL,
        caught_up_at timestamptz NOT NULL,
        CONSTRAINT pk_clock_progress PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE credit_holds (
        id uuid NOT NULL,
        version integer NOT NULL,
        client_id uuid NOT NULL,
        branch_id uuid NOT NULL,
        service_id uuid NOT NULL,
        quantity integer NOT NULL,
        reference text NOT NULL,
        state text NOT NULL,
        created_at timestamptz NOT NULL,
        ended_at timestamptz,
        CONSTRAINT pk_credit_holds PRIMARY KEY (id),
        CONSTRAINT uq_credit_holds_reference UNIQUE (reference),
        CONSTRAINT ck_credit_holds_quantity CHECK (quantity >= 0),
        CONSTRAINT ck_credit_holds_state CHECK (state IN ('held', 'used', 'released'))
    )
    """,
    "CREATE INDEX ix_credit_holds_client_id ON credit_holds (client_id, id)",
    """
    CREATE TABLE employees (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_employees PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE gateway_customers (
        client_id uuid NOT NULL,
        account text NOT NULL,
        token text NOT NULL,
        CONSTRAINT pk_gateway_customers PRIMARY KEY (client_id, account)
    )
    """,
    """
    CREATE TABLE gift_cards (
        id uuid NOT NULL,
        version integer NOT NULL,
        code_hash bytea NOT NULL,
        last_four text NOT NULL,
        buyer_id uuid,
        holder_id uuid,
        holder_name text NOT NULL,
        branch_id uuid NOT NULL,
        employee_id uuid,
        amount bigint NOT NULL,
        balance bigint NOT NULL,
        currency text NOT NULL,
        state text NOT NULL,
        expires_on date,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_gift_cards PRIMARY KEY (id),
        CONSTRAINT uq_gift_cards_code_hash UNIQUE (code_hash),
        CONSTRAINT ck_gift_cards_amount CHECK (amount > 0),
        CONSTRAINT ck_gift_cards_never_overdrawn CHECK (balance >= 0),
        CONSTRAINT ck_gift_cards_state CHECK (state IN ('awaits_payment', 'active', 'blocked', 'expired',
            'refunded'))
    )
    """,
    "CREATE INDEX ix_gift_cards_buyer_id ON gift_cards (buyer_id, id)",
    "CREATE INDEX ix_gift_cards_holder_id ON gift_cards (holder_id, id)",
    "CREATE INDEX ix_gift_cards_expires_on ON gift_cards (expires_on) WHERE state = 'active'",
    """
    CREATE TABLE gift_card_lookups (
        id uuid NOT NULL,
        caller text NOT NULL,
        at timestamptz NOT NULL,
        cost integer NOT NULL,
        CONSTRAINT pk_gift_card_lookups PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_gift_card_lookups_at ON gift_card_lookups (at)",
    "CREATE INDEX ix_gift_card_lookups_caller ON gift_card_lookups (caller, at)",
    """
    CREATE TABLE invoice_numbers (
        branch_id uuid NOT NULL,
        series text NOT NULL,
        last integer NOT NULL,
        CONSTRAINT pk_invoice_numbers PRIMARY KEY (branch_id, series)
    )
    """,
    """
    CREATE TABLE plans (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        description text NOT NULL,
        branch_ids uuid[] NOT NULL,
        terms_number integer NOT NULL,
        active boolean NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_plans PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE policies (
        id uuid NOT NULL,
        version integer NOT NULL,
        branch_id uuid,
        settings jsonb NOT NULL,
        CONSTRAINT pk_policies PRIMARY KEY (id),
        CONSTRAINT uq_policies_branch_id UNIQUE NULLS NOT DISTINCT (branch_id)
    )
    """,
    """
    CREATE TABLE services (
        id uuid NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        category text NOT NULL,
        active boolean NOT NULL,
        CONSTRAINT pk_services PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE webhook_events (
        account text NOT NULL,
        event_id text NOT NULL,
        kind text NOT NULL,
        object_id text NOT NULL,
        received_at timestamptz NOT NULL,
        look_at timestamptz,
        looks integer NOT NULL,
        CONSTRAINT pk_webhook_events PRIMARY KEY (account, event_id)
    )
    """,
    "CREATE INDEX ix_webhook_events_look_at ON webhook_events (look_at) WHERE look_at IS NOT NULL",
    """
    CREATE TABLE gift_card_movements (
        id uuid NOT NULL,
        gift_card_id uuid NOT NULL,
        kind text NOT NULL,
        amount bigint NOT NULL,
        balance bigint NOT NULL,
        branch_id uuid NOT NULL,
        reference text,
        of_movement_id uuid,
        reason text,
        actor text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_gift_card_movements PRIMARY KEY (id),
        CONSTRAINT ck_gift_card_movements_kind CHECK (kind IN ('sold', 'redeemed', 'reversed', 'refunded',
            'adjusted', 'blocked', 'unblocked', 'extended', 'expired')),
        CONSTRAINT fk_gift_card_movements_gift_card_id FOREIGN KEY(gift_card_id) REFERENCES gift_cards (id),
        CONSTRAINT fk_gift_card_movements_of_movement_id FOREIGN KEY(of_movement_id) REFERENCES gift_card_movements
            (id)
    )
    """,
    "CREATE INDEX ix_gift_card_movements_gift_card_id ON gift_card_movements (gift_card_id, id)",
    """
    CREATE UNIQUE INDEX uq_gift_card_movements_redeemed_once ON gift_card_movements (gift_card_id, reference)
        WHERE kind = 'redeemed'
    """,
    """
    CREATE UNIQUE INDEX uq_gift_card_movements_reversed_once ON gift_card_movements (of_movement_id)
        WHERE kind = 'reversed'
    """,
    """
    CREATE TABLE plan_terms (
        plan_id uuid NOT NULL,
        number integer NOT NULL,
        terms jsonb NOT NULL,
        published_at timestamptz NOT NULL,
        published_by uuid,
        CONSTRAINT pk_plan_terms PRIMARY KEY (plan_id, number),
        CONSTRAINT fk_plan_terms_plan_id FOREIGN KEY(plan_id) REFERENCES plans (id)
    )
    """,
    """
    CREATE TABLE memberships (
        id uuid NOT NULL,
        version integer NOT NULL,
        client_id uuid NOT NULL,
        payer_id uuid NOT NULL,
        branch_id uuid NOT NULL,
        plan_id uuid NOT NULL,
        terms_number integer NOT NULL,
        employee_id uuid,
        card_id uuid,
        note text NOT NULL,
        currency text NOT NULL,
        discounts jsonb NOT NULL,
        sold_on date NOT NULL,
        starts_on date NOT NULL,
        trial_ends_on date,
        anchor date NOT NULL,
        anchor_period integer NOT NULL,
        next_period integer NOT NULL,
        next_due_on date,
        next_due_at timestamptz,
        noticed_period integer NOT NULL DEFAULT 0,
        commitment_until date,
        ends_on date,
        ended_at timestamptz,
        end_reason text,
        lifecycle text NOT NULL,
        standing text NOT NULL,
        collection text NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid,
        CONSTRAINT pk_memberships PRIMARY KEY (id),
        CONSTRAINT fk_memberships_plan_id_terms_number FOREIGN KEY(plan_id, terms_number) REFERENCES plan_terms
            (plan_id, number),
        CONSTRAINT ck_memberships_lifecycle CHECK (lifecycle IN ('pending', 'trial', 'active', 'frozen', 'ended')),
        CONSTRAINT ck_memberships_standing CHECK (standing IN ('good', 'past_due', 'suspended')),
        CONSTRAINT ck_memberships_collection CHECK (collection IN ('none', 'retrying', 'needs_client',
            'waits_for_card', 'gave_up')),
        CONSTRAINT fk_memberships_card_id FOREIGN KEY(card_id) REFERENCES cards (id)
    )
    """,
    "CREATE INDEX ix_memberships_branch_id ON memberships (branch_id, id)",
    "CREATE INDEX ix_memberships_card_id ON memberships (card_id)",
    "CREATE INDEX ix_memberships_client_id ON memberships (client_id, id)",
    "CREATE INDEX ix_memberships_next_due_at ON memberships (next_due_at, id) WHERE next_due_at IS NOT NULL",
    "CREATE INDEX ix_memberships_plan_id ON memberships (plan_id, terms_number, id)",
    "CREATE INDEX ix_memberships_starts_on ON memberships (starts_on) WHERE lifecycle = 'pending'",
    "CREATE INDEX ix_memberships_ends_on ON memberships (ends_on) WHERE lifecycle <> 'ended'",
    """
    CREATE INDEX ix_memberships_to_notice ON memberships (next_due_at, id) WHERE next_due_at IS NOT NULL
        AND noticed_period < next_period
    """,
    """
    CREATE TABLE dues (
        id uuid NOT NULL,
        version integer NOT NULL,
        kind text NOT NULL,
        membership_id uuid,
        gift_card_id uuid,
        client_id uuid NOT NULL,
        payer_id uuid NOT NULL,
        branch_id uuid NOT NULL,
        employee_id uuid,
        number integer,
        starts_on date,
        ends_on date,
        plan_id uuid,
        terms_number integer,
        policy jsonb NOT NULL,
        due_on date NOT NULL,
        invoice_number text,
        amount bigint NOT NULL,
        from_balance bigint NOT NULL DEFAULT 0,
        currency text NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL,
        retry_at timestamptz,
        tender text,
        reference text,
        refunded bigint NOT NULL,
        raised_at timestamptz NOT NULL,
        closed_at timestamptz,
        CONSTRAINT pk_dues PRIMARY KEY (id),
        CONSTRAINT uq_dues_membership_id_number UNIQUE (membership_id, number),
        CONSTRAINT ck_dues_kind CHECK (kind IN ('period', 'cancellation_fee', 'freeze_fee', 'unfreeze',
            'plan_change', 'gift_card')),
        CONSTRAINT ck_dues_state CHECK (state IN ('open', 'paid', 'settled', 'skipped', 'written_off', 'refunded',
            'disputed', 'lost')),
        CONSTRAINT ck_dues_only_periods_are_numbered CHECK ((kind = 'period') = (number IS NOT NULL)),
        CONSTRAINT ck_dues_a_period_has_days CHECK ((number IS NULL) = (starts_on IS NULL)),
        CONSTRAINT ck_dues_refunded CHECK (amount >= 0 AND refunded >= 0 AND refunded <= amount),
        CONSTRAINT ex_dues_periods_never_overlap EXCLUDE USING gist (membership_id WITH =, daterange(starts_on,
            ends_on) WITH &&) WHERE (kind = 'period'),
        CONSTRAINT fk_dues_membership_id FOREIGN KEY(membership_id) REFERENCES memberships (id),
        CONSTRAINT fk_dues_gift_card_id FOREIGN KEY(gift_card_id) REFERENCES gift_cards (id)
    )
    """,
    "CREATE INDEX ix_dues_client_id ON dues (client_id, id)",
    "CREATE INDEX ix_dues_open ON dues (branch_id, due_on) WHERE state = 'open'",
    "CREATE INDEX ix_dues_retry_at ON dues (retry_at, id) WHERE state = 'open' AND retry_at IS NOT NULL",
    """
    CREATE TABLE freezes (
        id uuid NOT NULL,
        version integer NOT NULL,
        membership_id uuid NOT NULL,
        mode text NOT NULL,
        rule jsonb NOT NULL,
        starts_on date NOT NULL,
        ends_on date NOT NULL,
        fee bigint NOT NULL,
        fee_per text NOT NULL,
        fees integer NOT NULL,
        shifted_days integer NOT NULL,
        given_back jsonb NOT NULL,
        reason text NOT NULL,
        state text NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid,
        CONSTRAINT pk_freezes PRIMARY KEY (id),
        CONSTRAINT ck_freezes_state CHECK (state IN ('planned', 'running', 'over', 'withdrawn')),
        CONSTRAINT ck_freezes_days CHECK (ends_on > starts_on),
        CONSTRAINT ex_freezes_never_overlap EXCLUDE USING gist (membership_id WITH =, daterange(starts_on, ends_on)
            WITH &&) WHERE (state <> 'withdrawn'),
        CONSTRAINT fk_freezes_membership_id FOREIGN KEY(membership_id) REFERENCES memberships (id)
    )
    """,
    "CREATE INDEX ix_freezes_next ON freezes (state, starts_on, ends_on) WHERE state IN ('planned', 'running')",
    """
    CREATE TABLE plan_changes (
        id uuid NOT NULL,
        membership_id uuid NOT NULL,
        plan_id uuid NOT NULL,
        terms_number integer NOT NULL,
        effective_on date NOT NULL,
        state text NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid,
        done_at timestamptz,
        CONSTRAINT pk_plan_changes PRIMARY KEY (id),
        CONSTRAINT fk_plan_changes_plan_id_terms_number FOREIGN KEY(plan_id, terms_number) REFERENCES plan_terms
            (plan_id, number),
        CONSTRAINT ck_plan_changes_state CHECK (state IN ('waiting', 'done', 'withdrawn')),
        CONSTRAINT fk_plan_changes_membership_id FOREIGN KEY(membership_id) REFERENCES memberships (id)
    )
    """,
    "CREATE INDEX ix_plan_changes_due ON plan_changes (effective_on) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX uq_plan_changes_one_waits ON plan_changes (membership_id) WHERE state = 'waiting'",
    """
    CREATE TABLE plan_moves (
        id uuid NOT NULL,
        plan_id uuid NOT NULL,
        terms_number integer NOT NULL,
        from_terms integer[] NOT NULL,
        effective_on date NOT NULL,
        state text NOT NULL,
        members integer NOT NULL,
        moved integer NOT NULL,
        last_id uuid,
        created_at timestamptz NOT NULL,
        created_by uuid,
        done_at timestamptz,
        CONSTRAINT pk_plan_moves PRIMARY KEY (id),
        CONSTRAINT fk_plan_moves_plan_id_terms_number FOREIGN KEY(plan_id, terms_number) REFERENCES plan_terms
            (plan_id, number),
        CONSTRAINT ck_plan_moves_state CHECK (state IN ('running', 'done'))
    )
    """,
    "CREATE UNIQUE INDEX uq_plan_moves_one_runs ON plan_moves (plan_id) WHERE state = 'running'",
    """
    CREATE TABLE quotes (
        id uuid NOT NULL,
        act text NOT NULL,
        membership_id uuid,
        client_id uuid NOT NULL,
        branch_id uuid NOT NULL,
        inputs jsonb NOT NULL,
        versions jsonb NOT NULL,
        result jsonb NOT NULL,
        made_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        taken_at timestamptz,
        CONSTRAINT pk_quotes PRIMARY KEY (id),
        CONSTRAINT fk_quotes_membership_id FOREIGN KEY(membership_id) REFERENCES memberships (id)
    )
    """,
    "CREATE INDEX ix_quotes_expires_at ON quotes (expires_at)",
    """
    CREATE TABLE attempts (
        id uuid NOT NULL,
        due_id uuid NOT NULL,
        number integer NOT NULL,
        card_id uuid NOT NULL,
        account text NOT NULL,
        amount bigint NOT NULL,
        currency text NOT NULL,
        state text NOT NULL,
        gateway_id text,
        code text,
        client_url text,
        actor text NOT NULL,
        created_at timestamptz NOT NULL,
        sent_at timestamptz,
        finished_at timestamptz,
        look_at timestamptz,
        looks integer NOT NULL,
        cancel_asked_at timestamptz,
        next_card_id uuid,
        sealed_at timestamptz,
        CONSTRAINT pk_attempts PRIMARY KEY (id),
        CONSTRAINT uq_attempts_due_id_number UNIQUE (due_id, number),
        CONSTRAINT uq_attempts_account_gateway_id UNIQUE (account, gateway_id),
        CONSTRAINT ck_attempts_state CHECK (state IN ('written', 'sent', 'needs_client', 'processing', 'unknown',
            'succeeded', 'declined_soft', 'declined_hard', 'void')),
        CONSTRAINT ck_attempts_amount CHECK (amount > 0),
        CONSTRAINT fk_attempts_due_id FOREIGN KEY(due_id) REFERENCES dues (id),
        CONSTRAINT fk_attempts_card_id FOREIGN KEY(card_id) REFERENCES cards (id),
        CONSTRAINT fk_attempts_next_card_id FOREIGN KEY(next_card_id) REFERENCES cards (id)
    )
    """,
    "CREATE INDEX ix_attempts_card_id ON attempts (card_id, created_at)",
    """
    CREATE INDEX ix_attempts_look_at ON attempts (look_at, id) WHERE state IN ('written', 'sent', 'needs_client',
        'processing', 'unknown')
    """,
    """
    CREATE UNIQUE INDEX uq_attempts_one_is_open ON attempts (due_id) WHERE state IN ('written', 'sent',
        'needs_client', 'processing', 'unknown')
    """,
    """
    CREATE TABLE cancellations (
        id uuid NOT NULL,
        version integer NOT NULL,
        membership_id uuid NOT NULL,
        ends_on date NOT NULL,
        reason text NOT NULL,
        fee bigint NOT NULL,
        explanation jsonb NOT NULL,
        waived boolean NOT NULL,
        waive_reason text,
        fee_due_id uuid,
        state text NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid,
        done_at timestamptz,
        CONSTRAINT pk_cancellations PRIMARY KEY (id),
        CONSTRAINT ck_cancellations_state CHECK (state IN ('waiting', 'done', 'withdrawn')),
        CONSTRAINT ck_cancellations_waived CHECK (waived = (waive_reason IS NOT NULL)),
        CONSTRAINT fk_cancellations_membership_id FOREIGN KEY(membership_id) REFERENCES memberships (id),
        CONSTRAINT fk_cancellations_fee_due_id FOREIGN KEY(fee_due_id) REFERENCES dues (id)
    )
    """,
    "CREATE INDEX ix_cancellations_due ON cancellations (ends_on) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX uq_cancellations_one_waits ON cancellations (membership_id) WHERE state = 'waiting'",
    """
    CREATE TABLE credits (
        id uuid NOT NULL,
        version integer NOT NULL,
        client_id uuid NOT NULL,
        branch_id uuid NOT NULL,
        source text NOT NULL,
        membership_id uuid,
        due_id uuid,
        position integer,
        service_id uuid,
        category text,
        quantity integer NOT NULL,
        available integer NOT NULL,
        held integer NOT NULL,
        used integer NOT NULL,
        lapsed integer NOT NULL,
        status text NOT NULL,
        expires_on date,
        rollover_cap integer,
        rolled_over integer NOT NULL,
        comment text NOT NULL,
        issued_at timestamptz NOT NULL,
        CONSTRAINT pk_credits PRIMARY KEY (id),
        CONSTRAINT uq_credits_due_id_position UNIQUE (due_id, position),
        CONSTRAINT ck_credits_no_less CHECK (quantity > 0 AND available >= 0 AND held >= 0 AND used >= 0 AND lapsed
            >= 0),
        CONSTRAINT ck_credits_adds_up CHECK (available + held + used + lapsed = quantity),
        CONSTRAINT ck_credits_rolled_over CHECK (rolled_over >= 0 AND rolled_over <= lapsed),
        CONSTRAINT ck_credits_source CHECK (source IN ('membership', 'service_credit')),
        CONSTRAINT ck_credits_of_a_service_or_a_category CHECK ((service_id IS NULL) <> (category IS NULL)),
        CONSTRAINT ck_credits_status CHECK (status IN ('active', 'suspended', 'expired', 'withdrawn')),
        CONSTRAINT fk_credits_membership_id FOREIGN KEY(membership_id) REFERENCES memberships (id),
        CONSTRAINT fk_credits_due_id FOREIGN KEY(due_id) REFERENCES dues (id)
    )
    """,
    "CREATE INDEX ix_credits_client_id ON credits (client_id, expires_on, id)",
    "CREATE INDEX ix_credits_expires_on ON credits (expires_on) WHERE available > 0 AND status = 'active'",
    "CREATE INDEX ix_credits_membership_id ON credits (membership_id, id)",
    """
    CREATE TABLE credit_hold_parts (
        hold_id uuid NOT NULL,
        credit_id uuid NOT NULL,
        quantity integer NOT NULL,
        CONSTRAINT pk_credit_hold_parts PRIMARY KEY (hold_id, credit_id),
        CONSTRAINT fk_credit_hold_parts_hold_id FOREIGN KEY(hold_id) REFERENCES credit_holds (id),
        CONSTRAINT fk_credit_hold_parts_credit_id FOREIGN KEY(credit_id) REFERENCES credits (id)
    )
    """,
    """
    CREATE TABLE credit_movements (
        id uuid NOT NULL,
        credit_id uuid NOT NULL,
        kind text NOT NULL,
        quantity integer NOT NULL,
        available integer NOT NULL,
        hold_id uuid,
        reason text,
        actor text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pk_credit_movements PRIMARY KEY (id),
        CONSTRAINT ck_credit_movements_kind CHECK (kind IN ('issued', 'rolled_in', 'held', 'used', 'released',
            'expired', 'withdrawn', 'removed', 'restored', 'changed')),
        CONSTRAINT ck_credit_movements_quantity CHECK (quantity >= 0),
        CONSTRAINT fk_credit_movements_credit_id FOREIGN KEY(credit_id) REFERENCES credits (id),
        CONSTRAINT fk_credit_movements_hold_id FOREIGN KEY(hold_id) REFERENCES credit_holds (id)
    )
    """,
    "CREATE INDEX ix_credit_movements_credit_id ON credit_movements (credit_id, id)",
    """
    CREATE TABLE disputes (
        id uuid NOT NULL,
        due_id uuid NOT NULL,
        attempt_id uuid NOT NULL,
        account text NOT NULL,
        gateway_id text NOT NULL,
        amount bigint NOT NULL,
        currency text NOT NULL,
        reason text,
        state text NOT NULL,
        opened_at timestamptz NOT NULL,
        closed_at timestamptz,
        CONSTRAINT pk_disputes PRIMARY KEY (id),
        CONSTRAINT uq_disputes_account_gateway_id UNIQUE (account, gateway_id),
        CONSTRAINT ck_disputes_state CHECK (state IN ('open', 'won', 'lost')),
        CONSTRAINT fk_disputes_due_id FOREIGN KEY(due_id) REFERENCES dues (id),
        CONSTRAINT fk_disputes_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempts (id)
    )
    """,
    "CREATE INDEX ix_disputes_due_id ON disputes (due_id)",
    """
    CREATE TABLE refunds (
        id uuid NOT NULL,
        due_id uuid NOT NULL,
        attempt_id uuid,
        destination text NOT NULL,
        amount bigint NOT NULL,
        currency text NOT NULL,
        state text NOT NULL,
        account text,
        gateway_id text,
        code text,
        reason text NOT NULL,
        surplus boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL,
        created_by uuid,
        finished_at timestamptz,
        look_at timestamptz,
        looks integer NOT NULL,
        CONSTRAINT pk_refunds PRIMARY KEY (id),
        CONSTRAINT ck_refunds_state CHECK (state IN ('written', 'sent', 'unknown', 'succeeded', 'failed')),
        CONSTRAINT ck_refunds_amount CHECK (amount > 0),
        CONSTRAINT ck_refunds_destination CHECK ((destination = 'card') = (attempt_id IS NOT NULL)),
        CONSTRAINT fk_refunds_due_id FOREIGN KEY(due_id) REFERENCES dues (id),
        CONSTRAINT fk_refunds_attempt_id FOREIGN KEY(attempt_id) REFERENCES attempts (id)
    )
    """,
    "CREATE INDEX ix_refunds_due_id ON refunds (due_id)",
    "CREATE INDEX ix_refunds_look_at ON refunds (look_at, id) WHERE look_at IS NOT NULL",
    """
    CREATE TABLE invoices (
        id uuid NOT NULL,
        kind text NOT NULL,
        branch_id uuid NOT NULL,
        series text NOT NULL,
        number integer NOT NULL,
        due_id uuid NOT NULL,
        refund_id uuid,
        client_id uuid NOT NULL,
        payer_id uuid NOT NULL,
        currency text NOT NULL,
        lines jsonb NOT NULL,
        taxes jsonb NOT NULL,
        net bigint NOT NULL,
        tax bigint NOT NULL,
        total bigint NOT NULL,
        issued_on date NOT NULL,
        issued_at timestamptz NOT NULL,
        CONSTRAINT pk_invoices PRIMARY KEY (id),
        CONSTRAINT uq_invoices_branch_id_series_number UNIQUE (branch_id, series, number),
        CONSTRAINT uq_invoices_due_id_kind_refund_id UNIQUE NULLS NOT DISTINCT (due_id, kind, refund_id),
        CONSTRAINT ck_invoices_kind CHECK (kind IN ('invoice', 'credit_note')),
        CONSTRAINT ck_invoices_adds_up CHECK (net + tax = total),
        CONSTRAINT fk_invoices_due_id FOREIGN KEY(due_id) REFERENCES dues (id),
        CONSTRAINT fk_invoices_refund_id FOREIGN KEY(refund_id) REFERENCES refunds (id)
    )
    """,
    "CREATE INDEX ix_invoices_client_id ON invoices (client_id, id)",
)
