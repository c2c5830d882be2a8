"""Hosts that asked to be left alone are remembered; copies know what they are copies of."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_held_hosts"),
    )
    op.add_column("articles", sa.Column("original_url", sa.Text(), nullable=True))
    op.create_index("ix_articles_original_url", "articles", ["original_url"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
