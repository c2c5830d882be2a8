"""What readers send in and what pages need to be fast."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision."""


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
