"""What polling keeps beside the feed: etiquette, health, pushes, backfills."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CODE = sa.String(length=40)


def upgrade() -> None:
    with op.batch_alter_table("sources") as sources:
        sources.add_column(sa.Column("read_whole_at", MOMENT, nullable=True))
        sources.add_column(
            sa.Column("distrusted", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        sources.add_column(sa.Column("skipped", sa.Text(), nullable=True))
        sources.add_column(sa.Column("window_s", sa.Integer(), nullable=True))
        sources.add_column(sa.Column("overflowed_at", MOMENT, nullable=True))
        sources.add_column(sa.Column("broke_reader", sa.Text(), nullable=True))
    _make_incidents()
    _make_pushes()
    _make_backfills()


def _make_incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('failing', 'quiet', 'mad', 'missed')", name=op.f("ck_incidents_kind")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_incidents_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
    )
    op.create_index("ix_incidents_source_id", "incidents", ["source_id"])
    op.create_index("ix_incidents_closed_at", "incidents", ["closed_at"])


def _make_pushes() -> None:
    op.create_table(
        "pushes",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("next_try", MOMENT, nullable=False),
        sa.Column("verified_until", MOMENT, nullable=True),
        sa.Column("last_push", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_pushes_source_id"),
        sa.PrimaryKeyConstraint("source_id", name="pk_pushes"),
        sa.UniqueConstraint("token", name="uq_pushes_token"),
    )
    op.create_index("ix_pushes_next_try", "pushes", ["next_try"])


def _make_backfills() -> None:
    op.create_table(
        "backfills",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("way", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("next_url", sa.Text(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "way IN ('archive', 'wordpress', 'sitemap')", name=op.f("ck_backfills_way")
        ),
        sa.CheckConstraint(
            "state IN ('under_way', 'done', 'given_up')", name=op.f("ck_backfills_state")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_backfills_source_id"),
        sa.PrimaryKeyConstraint("source_id", name="pk_backfills"),
    )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
