"""What readers send in about what is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = "record_kind IN ('stance', 'reaction', 'call', 'page_change', 'submission')"


def upgrade() -> None:
    """Bring the tables up to this revision."""
    with op.batch_alter_table("reviews") as reviews:
        reviews.drop_constraint(op.f("ck_reviews_record_kind"), type_="check")
        reviews.create_check_constraint(op.f("ck_reviews_record_kind"), KINDS)
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "sender IN ('reader', 'company', 'advocate')", name=op.f("ck_submissions_sender")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.UniqueConstraint("token", name="uq_submissions_token"),
    )
    op.create_index("ix_submissions_sent_at", "submissions", ["sent_at"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
