"""Counts of published records by month, and a version of the positions of each company; the day by
which a call had been asked, by which calls are ordered.

Triggers keep both, in the transaction of whoever writes. A migration that puts a new table in the
place of stances, reactions or position_spans (as batch mode does on SQLite) drops the triggers of
the old one and has to create them again: ``create_triggers``.
"""

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CODE = sa.String(length=40)
COUNTED = {"stances": "stance", "reactions": "reaction"}
"""The tables of which records are counted, and what one of their records is called."""

UNDATED = "0001-01-01"
CHANGES = ("insert", "update", "delete")


def upgrade() -> None:
    op.create_table(
        "month_counts",
        sa.Column("record", CODE, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("level", CODE, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record", "month", "level", name="pk_month_counts"),
    )
    op.create_table(
        "position_versions",
        sa.Column("company_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_position_versions"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _say_when_calls_had_been_asked()
    for table, record in COUNTED.items():
        op.execute(
            f"INSERT INTO month_counts SELECT '{record}', {_month('date', is_sqlite)}, level, "
            f"count(*) FROM {table} WHERE published GROUP BY 2, level"
        )
    op.execute("INSERT INTO position_versions SELECT DISTINCT company_id, 1 FROM position_spans")
    create_triggers(is_sqlite)
    op.drop_index("ix_reactions_stance_id", table_name="reactions")
    op.create_index(
        "ix_reactions_stance_id_shown", "reactions", ["stance_id", "published", "level", "date"]
    )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")


def _say_when_calls_had_been_asked() -> None:
    """Of a date that is known by its month alone, the last day of that month."""
    op.execute("ALTER TABLE calls ADD COLUMN asked_by DATE NOT NULL DEFAULT '1990-01-01'")
    op.execute("UPDATE calls SET asked_by = coalesce(delivered_on, date)")
    columns = (sa.column("id", sa.Text), sa.column("date", sa.Date))
    more = (sa.column("asked_by", sa.Date), sa.column("precision"), sa.column("delivered_on"))
    calls = sa.table("calls", *columns, *more)
    coarse = calls.c.precision.in_(("month", "quarter", "year")) & calls.c.delivered_on.is_(None)
    rows = op.get_bind().execute(
        sa.select(calls.c.id, calls.c.date, calls.c.precision).where(coarse)
    )
    for id_, day, precision in rows.all():
        last = _last_day(day, precision)
        op.execute(calls.update().where(calls.c.id == id_).values(asked_by=last))
    op.create_index("ix_calls_published_asked_by", "calls", ["published", "asked_by"])


def _last_day(day: date, precision: str) -> date:
    if precision == "year":
        return day.replace(month=12, day=31)
    if precision == "quarter":
        return day + timedelta(days=91)
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def create_triggers(is_sqlite: bool) -> None:
    """Let the database keep the summaries."""
    for statement in _sqlite() if is_sqlite else _postgresql():
        op.execute(statement)


def _month(day: str, is_sqlite: bool) -> str:
    """The first day of a month as an expression."""
    if is_sqlite:
        return f"coalesce(substr({day}, 1, 8) || '01', '{UNDATED}')"
    return f"coalesce(date_trunc('month', {day})::date, DATE '{UNDATED}')"


def _sqlite() -> list[str]:
    """A trigger looks at one row."""
    found = []
    for table, record in COUNTED.items():
        more, fewer = _counted("new", record, "+"), _counted("old", record, "-")
        what = {"insert": more, "update": f"{fewer} {more}", "delete": fewer}
        found += [
            f"CREATE TRIGGER {table}_counted_on_{change} AFTER {change.upper()}"
            f"{' OF date, level, published' if change == 'update' else ''} ON {table} "
            f"BEGIN {what[change]} END"
            for change in CHANGES
        ]
    new, old = _risen("new"), _risen("old")
    risen = {"insert": new, "update": f"{old} {new}", "delete": old}
    return found + [
        f"CREATE TRIGGER position_versions_on_{change} AFTER {change.upper()} ON position_spans "
        f"BEGIN {risen[change]} END"
        for change in CHANGES
    ]


def _counted(row: str, record: str, sign: str) -> str:
    return (
        f"INSERT INTO month_counts SELECT '{record}', {_month(f'{row}.date', True)}, {row}.level, "
        f"{sign}1 WHERE {row}.published "
        f"ON CONFLICT (record, month, level) DO UPDATE SET number = number {sign} 1;"
    )


def _risen(row: str) -> str:
    return (
        f"INSERT INTO position_versions VALUES ({row}.company_id, 1) "
        "ON CONFLICT (company_id) DO UPDATE SET version = version + 1;"
    )


def _postgresql() -> list[str]:
    """A trigger looks at all rows of a statement: thousands are written at once."""
    seen = {
        "insert": "SELECT *, 1 AS sign FROM new_rows",
        "update": "SELECT *, 1 AS sign FROM new_rows UNION ALL SELECT *, -1 FROM old_rows",
        "delete": "SELECT *, -1 AS sign FROM old_rows",
    }
    rows = {
        "insert": "NEW TABLE AS new_rows",
        "update": "NEW TABLE AS new_rows OLD TABLE AS old_rows",
        "delete": "OLD TABLE AS old_rows",
    }
    found = []
    for change in CHANGES:
        found += [
            _function(
                f"count_on_{change}",
                f"INSERT INTO month_counts SELECT TG_ARGV[0], {_month('date', False)}, level, "
                "sum(sign) FROM "
                f"({seen[change].replace('*', 'date, level, published')}) AS seen "
                "WHERE published GROUP BY 2, level HAVING sum(sign) <> 0 "
                "ON CONFLICT (record, month, level) "
                "DO UPDATE SET number = month_counts.number + excluded.number",
            ),
            _function(
                f"raise_versions_on_{change}",
                "INSERT INTO position_versions SELECT DISTINCT company_id, 1 FROM "
                f"({seen[change].replace('*', 'company_id')}) AS seen "
                "ON CONFLICT (company_id) DO UPDATE SET version = position_versions.version + 1",
            ),
        ]
        each = [(table, f"count_on_{change}('{record}')") for table, record in COUNTED.items()]
        each.append(("position_spans", f"raise_versions_on_{change}()"))
        found += [
            f"CREATE TRIGGER {table}_summed_up_on_{change} AFTER {change.upper()} ON {table} "
            f"REFERENCING {rows[change]} FOR EACH STATEMENT EXECUTE FUNCTION {call}"
            for table, call in each
        ]
    return found


def _function(name: str, statement: str) -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {statement}; RETURN NULL; END $$"
    )
