"""Calls that are dated by a quarter had been asked by its last day, not by one some days later."""

from calendar import monthrange
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    calls = sa.table(
        "calls",
        sa.column("id", sa.Text),
        sa.column("date", sa.Date),
        sa.column("asked_by", sa.Date),
        sa.column("precision"),
        sa.column("delivered_on"),
    )
    coarse = (calls.c.precision == "quarter") & calls.c.delivered_on.is_(None)
    rows = op.get_bind().execute(sa.select(calls.c.id, calls.c.date).where(coarse))
    for id_, day in rows.all():
        op.execute(calls.update().where(calls.c.id == id_).values(asked_by=_end(day)))


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")


def _end(day: date) -> date:
    month = -(-day.month // 3) * 3
    return day.replace(month=month, day=monthrange(day.year, month)[1])
