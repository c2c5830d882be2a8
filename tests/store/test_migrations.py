"""What the migrations build is what the program declares, on both databases, whatever happens."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, Table, delete, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from tests.parts import killed_migration
from tracker.domain.errors import StoreError
from tracker.store import migrate
from tracker.store.database import Database
from tracker.store.schema import Base, HistoryRow

NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)


def drift(database: Database) -> list[Any]:
    """What would have to be done to turn the database's tables into the declared ones."""

    def counts(_thing: Any, name: str | None, kind: str, *_more: Any) -> bool:
        if kind == "column":
            return name != "vector"  # PostgreSQL makes it of the other columns
        return kind not in {"table", "index"} or not (name or "").startswith("search_index")

    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": counts}
        )
        return list(compare_metadata(context, Base.metadata))


def constraints(database: Database) -> dict[str, dict[str, Any]]:
    """The checks and the names of keys, which compare_metadata does not look at."""
    eye = inspect(database.engine)
    return {
        table: {
            "checks": {c["name"]: c["sqltext"] for c in eye.get_check_constraints(table)},
            "primary": eye.get_pk_constraint(table)["name"],
            "foreign": {key["name"] for key in eye.get_foreign_keys(table)},
            "unique": {key["name"] for key in eye.get_unique_constraints(table)},
        }
        for table in Base.metadata.tables
    }


def test_the_migrated_tables_are_the_declared_ones(database: Database) -> None:
    assert drift(database) == []


def test_a_missing_column_is_seen(sqlite_database: Database) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE facts DROP COLUMN value"))
    assert [difference[0] for difference in drift(sqlite_database)] == ["add_column"]


def test_migrated_and_declared_constraints_are_the_same(bare_database: Database) -> None:
    Base.metadata.create_all(bare_database.engine)
    declared = constraints(bare_database)
    Base.metadata.drop_all(bare_database.engine)
    migrate.upgrade(bare_database)
    assert constraints(bare_database) == declared


def test_every_constraint_has_a_name(database: Database) -> None:
    for table, named in constraints(database).items():
        assert named["primary"], table
        assert None not in {*named["checks"], *named["foreign"], *named["unique"]}, table


def test_a_killed_migration_completes_when_run_again(bare_database: Database) -> None:
    last_words = ("CREATE TABLE stances", "INSERT INTO alembic_version", "CREATE TRIGGER")
    subprocess.run(
        [sys.executable, killed_migration.__file__, bare_database.url, *last_words],
        check=True,
        cwd=Path(__file__).parents[2],
    )
    with pytest.raises(StoreError, match="tracker init"):
        migrate.require_newest(bare_database)
    migrate.upgrade(bare_database)
    migrate.require_newest(bare_database)
    assert drift(bare_database) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = migrate.present(database)
    migrate.upgrade(database)
    assert migrate.present(database) == before == migrate.newest()


def test_history_is_only_ever_added_to(database: Database) -> None:
    row = {"at": NOW, "by": "test", "record_kind": "stance", "record_id": "s1"}
    with database.transaction() as session:
        session.add(HistoryRow(**row, action="recorded", change={"level": "reported"}))
    for forbidden in (update(HistoryRow).values(by="somebody else"), delete(HistoryRow)):
        with (
            pytest.raises(DBAPIError, match="history is only ever added to"),
            database.transaction() as session,
        ):
            session.execute(forbidden)
    with database.reading() as session:
        assert [kept.by for kept in session.query(HistoryRow)] == ["test"]


ORGANISATION = {
    "slug": "ibm",
    "name": "IBM",
    "kind": "company",
    "origin": "starter",
    "standalone": False,
    "ambiguous": False,
}
SOURCE = {
    "url": "https://example.org/feed",
    "kind": "feed",
    "title": "",
    "tier": "weak",
    "origin": "editor",
    "added_at": NOW,
    "status": "active",
    "next_due": NOW,
    "interval_s": 3600,
    "failures": 0,
    "moved_seen": 0,
}


@pytest.mark.parametrize(
    ("table", "row", "wrong", "constraint"),
    [
        ("organisations", ORGANISATION, {"kind": "robot"}, "ck_organisations_kind"),
        ("organisations", ORGANISATION, {"slug": ""}, "ck_organisations_named"),
        ("organisations", ORGANISATION, {"origin": "hearsay"}, "ck_organisations_origin"),
        ("sources", SOURCE, {"status": "asleep"}, "ck_sources_status"),
        ("sources", SOURCE, {"tier": "excellent"}, "ck_sources_tier"),
        ("sources", SOURCE, {"error_fault": "nobody"}, "ck_sources_error_fault"),
    ],
)
def test_the_database_refuses_what_is_no_code(
    database: Database, table: str, row: dict[str, Any], wrong: dict[str, Any], constraint: str
) -> None:
    insert = Base.metadata.tables[table].insert()
    with (
        pytest.raises(IntegrityError, match=constraint),
        database.transaction() as session,
    ):
        session.execute(insert.values(row | wrong))
    with database.transaction() as session:
        session.execute(insert.values(row))


def test_a_row_that_points_nowhere_is_refused(database: Database) -> None:
    with (
        pytest.raises(IntegrityError),
        database.transaction() as session,
    ):
        _add_name(session, organisation_id=999)


def _add_name(session: Session, organisation_id: int) -> None:
    names = Base.metadata.tables["organisation_names"]
    row = {"organisation_id": organisation_id, "text": "Big Blue", "kind": "alias"}
    session.execute(names.insert().values(row | {"since": date(1980, 1, 1)}))


def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "tracker.db"
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    database.close()
    assert file.stat().st_mode & 0o777 == 0o600


def _reach(database: Database, revision: str) -> None:
    """Bring an empty database to an old revision, as an old version of the program did."""
    config = migrate._config()
    with database.connecting() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def _old_rows() -> dict[str, list[dict[str, Any]]]:
    """A small ledger as it was stored before merges, questions and demands."""
    attested = {"disposition": "publish", "level": "reported", "review_state": "accepted"}
    attested |= {"origin": "extracted", "published": True}
    stance = {"company_id": 1, "act": "ends", "trigger_code": "voluntary", "novelty": "new"}
    stance |= {"modality": "asserted", **attested}
    day, month = {"precision": "day"}, {"precision": "month"}
    told = {"first_reported": date(2020, 6, 9)}
    asked = {"caller_type": "advocacy_group", "asked": "stop", **day, **attested}
    span = {"company_id": 1, "topic": "faces", "track": "says", "word": "stopped"}
    span |= {"word_before": "no_statement", "change": "first", "stance_id": "a", "rests_on": ["a"]}
    return {
        "organisations": [{"id": 1, **ORGANISATION}],
        "stances": [
            {"id": "a", "date": date(2020, 6, 8), **day, **stance, **told},
            {"id": "b", "date": date(2020, 2, 1), **month, **stance},
        ],
        "relations": [
            {"stance_id": "a", "to_id": "b", "kind": "extends", "decided": True, "origin": "editor"}
        ],
        "position_spans": [{"since": date(2020, 6, 8), "compelled": False, **day, **span}],
        "reviews": [{"record_kind": "stance", "record_id": "a", "reason": "r", "proposed": {}}],
        "calls": [{"id": "c", "date": date(2020, 6, 1), **asked}],
        "call_targets": [{"id": 1, "call_id": "c", "organisation_id": 1, "status": "open", **day}],
        "call_target_statuses": [{"target_id": 1, "status": "open", "answered_by": [], **day}],
    }


def test_a_ledger_of_an_old_version_keeps_its_rows(bare_database: Database) -> None:
    """From 0004 to the newest: only positions, which are derived anew, are left out."""
    _reach(bare_database, "0004")
    old = MetaData()
    old.reflect(bare_database.engine)
    with bare_database.engine.begin() as connection:
        faces = {"code": "faces", "name": "Faces", "kind": "practice"}
        connection.execute(old.tables["topics"].insert(), _filled(old.tables["topics"], faces))
        for table, rows in _old_rows().items():
            for row in rows:
                connection.execute(old.tables[table].insert(), _filled(old.tables[table], row))
    migrate.upgrade(bare_database)
    migrate.upgrade(bare_database)
    with bare_database.engine.connect() as connection:
        for table, rows in _old_rows().items():
            now = Base.metadata.tables[table]
            kept = connection.execute(select(now)).mappings().all()
            assert len(kept) == (0 if table == "position_spans" else len(rows)), table
            for before, after in zip(rows, kept, strict=False):
                assert {name: after[name] for name in before} == before
        stances = Base.metadata.tables["stances"]
        days = dict(connection.execute(select(stances.c.id, stances.c.known_on)).all())
        reviews = connection.execute(select(Base.metadata.tables["reviews"].c.question)).scalars()
        assert list(reviews) == ["record"]
    assert days == {"a": date(2020, 6, 9), "b": date(2020, 2, 29)}
    assert drift(bare_database) == []


def _filled(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """With something in every column that must hold something."""
    values: dict[type, Any] = {str: "x", int: 1, bool: False, date: date(2020, 1, 1)}
    values |= {datetime: NOW, dict: {}, float: 0.0}
    empty = {
        column.name: values[column.type.python_type]
        for column in table.columns
        if not column.nullable and column.name not in row and not column.primary_key
    }
    return empty | row
