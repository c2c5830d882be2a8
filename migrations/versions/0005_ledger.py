"""What the ledger keeps beyond stances: spans with their steps, questions to a person, merges."""

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

from tracker.store.schema.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = (
    "ALTER TABLE stances ADD COLUMN known_on DATE NOT NULL DEFAULT '1990-01-01'",
    "ALTER TABLE stances ADD COLUMN merged_into TEXT",
    "ALTER TABLE position_spans ADD COLUMN steps JSON NOT NULL DEFAULT '[]'",
    "ALTER TABLE relations ADD COLUMN refused BOOLEAN NOT NULL DEFAULT false",
    "ALTER TABLE reviews ADD COLUMN question VARCHAR(40) NOT NULL DEFAULT 'record'"
    " CONSTRAINT ck_reviews_question"
    " CHECK (question IN ('record', 'relation', 'expired', 'condition'))",
    "ALTER TABLE reviews ADD COLUMN about TEXT",
    "ALTER TABLE topics ADD COLUMN split_by TEXT",
)
"""Columns as both databases take them; a batch rebuild would lose named checks and triggers."""

RANGES = {"month": 31, "quarter": 92, "year": 366}
"""At most so many days after the stored date an imprecise date still covers."""


def upgrade() -> None:
    """Bring the tables up to this revision."""
    for statement in COLUMNS:
        op.execute(statement)
    op.add_column("relations", sa.Column("decided_at", UtcDateTime(timezone=True)))
    _say_when_stances_were_known()
    op.create_index("ix_stances_known_on", "stances", ["known_on"])
    op.create_index("ix_stances_merged_into", "stances", ["merged_into"])
    _create_merges()
    _create_disputed_facts()
    # Spans without their steps are derived anew at the next start.
    op.execute("DELETE FROM position_spans")


def _say_when_stances_were_known() -> None:
    op.execute("UPDATE stances SET known_on = coalesce(first_reported, date)")
    stances = sa.table(
        "stances",
        sa.column("id", sa.Text),
        sa.column("date", sa.Date),
        sa.column("precision", sa.String),
        sa.column("first_reported", sa.Date),
        sa.column("known_on", sa.Date),
    )
    loose = sa.select(stances.c.id, stances.c.date, stances.c.precision).where(
        stances.c.first_reported.is_(None), stances.c.precision.in_(list(RANGES))
    )
    connection = op.get_bind()
    for id_, day, precision in connection.execute(loose).all():
        last = _last_day(day, precision)
        connection.execute(stances.update().where(stances.c.id == id_).values(known_on=last))


def _last_day(day: date, precision: str) -> date:
    if precision == "year":
        return day.replace(month=12, day=31)
    if precision == "quarter":
        return day + timedelta(days=91)
    return (day.replace(day=1) + timedelta(days=RANGES["month"])).replace(day=1) - timedelta(days=1)


def _create_merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Text(), nullable=False),
        sa.Column("new_id", sa.Text(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("merged_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("split_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("old_id <> new_id", name=op.f("ck_merges_not_itself")),
        sa.ForeignKeyConstraint(["old_id"], ["stances.id"], name=op.f("fk_merges_old_id")),
        sa.ForeignKeyConstraint(["new_id"], ["stances.id"], name=op.f("fk_merges_new_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index("ix_merges_old_id", "merges", ["old_id"])
    op.create_index("ix_merges_new_id", "merges", ["new_id"])


def _create_disputed_facts() -> None:
    op.create_table(
        "disputed_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("noted_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stance_id"], ["stances.id"], name=op.f("fk_disputed_facts_stance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputed_facts")),
        sa.UniqueConstraint(
            "stance_id", "field", "value", name=op.f("uq_disputed_facts_stance_id_field_value")
        ),
    )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
