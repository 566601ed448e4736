"""The types that the queue is bound to, so that a release that is rolled back can unbind what a newer one has bound."""

from shared.migrations.tables import platform_3

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    platform_3()
