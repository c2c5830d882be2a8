"""What an alert may ask for, and what became of each mail."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision."""


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
