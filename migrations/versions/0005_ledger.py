"""What the ledger keeps beyond stances: spans, proposals, commitments and merges."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables up to this revision."""


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
