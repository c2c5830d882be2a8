"""Indexes for what pages ask most: who stands where today, and the newest stances first."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_stances_published_level_date", table_name="stances")
    op.create_index("ix_stances_published_date_level", "stances", ["published", "date", "level"])
    op.create_index(
        "ix_position_spans_in_force",
        "position_spans",
        ["until", "company_id", "topic", "brand", "since"],
    )


def downgrade() -> None:
    op.drop_index("ix_position_spans_in_force", table_name="position_spans")
    op.drop_index("ix_stances_published_date_level", table_name="stances")
    op.create_index("ix_stances_published_level_date", "stances", ["published", "level", "date"])
