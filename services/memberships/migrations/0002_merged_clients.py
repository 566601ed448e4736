"""Who was merged into whom, and of every payment by card what the gateway calls it."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE clients ADD COLUMN merged_into UUID")
    op.execute(
        "UPDATE dues SET reference = attempts.gateway_id FROM attempts"
        " WHERE attempts.due_id = dues.id AND attempts.state = 'succeeded'"
        " AND dues.tender = 'card' AND dues.reference IS NULL"
    )
