"""What polling keeps beside the feed: etiquette, health and quarantine."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision."""


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
