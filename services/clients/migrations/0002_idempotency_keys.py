"""The answers that are kept under an Idempotency-Key, in a table that every service has."""

from shared.migrations.tables import platform_2

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    platform_2()
