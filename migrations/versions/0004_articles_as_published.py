"""What is kept of an article as it changes: versions, rechecks and stories."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision."""


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
