"""tracker backup and restore: the same dump, also while somebody writes (promise 30)."""

import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.cli.conftest import Tracker
from tracker.pipeline.leading import take_lead
from tracker.store import facts
from tracker.store.database import Database
from tracker.store.schema import OrganisationRow, PositionSpanRow
from tracker.store.views import positions
from tracker.store.views.records import Lens

Open = Callable[[str], Database]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens databases by their address and closes them after the test."""
    databases: list[Database] = []

    def open_one(url: str) -> Database:
        databases.append(Database(url))
        return databases[-1]

    yield open_one
    for database in databases:
        database.close()


def dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def file_of(tracker: Tracker) -> Path:
    return Path(tracker.url.removeprefix("sqlite:///"))


def at(tracker: Tracker, name: str) -> Tracker:
    return Tracker(tracker.folder, f"sqlite:///{tracker.folder / name}")


def test_a_backup_restores_to_the_same_dump(loaded: Tracker) -> None:
    kept = loaded.folder / "kept.db"

    loaded("backup", kept)
    at(loaded, "new.db")("restore", kept)

    assert dump(loaded.folder / "new.db") == dump(kept) == dump(file_of(loaded))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in loaded.folder.glob("*kept.db*")] == ["kept.db"]


def test_a_backup_taken_while_somebody_writes_is_one_state(tracker: Tracker, opened: Open) -> None:
    """Two facts are always written together; a backup never holds one without the other."""
    database, stop = opened(tracker.url), threading.Event()
    begun = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with database.transaction() as session:
                facts.remember(session, "one", str(number))
                facts.remember(session, "other", str(number))
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(20)
        for turn in range(3):
            tracker("backup", tracker.folder / f"{turn}.db")
    finally:
        stop.set()
        writer.join()

    for turn in range(3):
        with closing(sqlite3.connect(tracker.folder / f"{turn}.db")) as connection:
            known = dict(connection.execute("SELECT name, value FROM facts").fetchall())
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert known["one"] == known["other"]


def test_nothing_is_written_over_without_force(tracker: Tracker) -> None:
    kept = tracker.folder / "kept.db"
    kept.write_text("precious")

    assert "--force" in tracker("backup", kept, code=2).stderr
    assert kept.read_text() == "precious"
    tracker("backup", kept, "--force")
    assert dump(kept) == dump(file_of(tracker))


def test_a_database_is_replaced_only_with_force(tracker: Tracker, opened: Open) -> None:
    kept = tracker.folder / "kept.db"
    tracker("backup", kept)
    with opened(tracker.url).transaction() as session:
        facts.remember(session, "later", "yes")

    assert "--force replaces it" in tracker("restore", kept, code=2).stderr
    assert "later" in "".join(dump(file_of(tracker)))


def test_what_was_written_since_is_gone_after_a_restore(tracker: Tracker) -> None:
    kept = tracker.folder / "kept.db"
    tracker("backup", kept)
    database = Database(tracker.url)
    with database.transaction() as session:
        facts.remember(session, "later", "yes")
    database.close()

    tracker("restore", kept, "--force")

    assert dump(file_of(tracker)) == dump(kept)
    assert "later" not in "".join(dump(kept))


def test_nothing_is_replaced_while_a_scheduler_acts(tracker: Tracker) -> None:
    kept = tracker.folder / "kept.db"
    tracker("backup", kept)
    database = Database(tracker.url)
    assert take_lead(database, "host/1", datetime.now(UTC), timedelta(minutes=1))
    database.close()

    refused = tracker("restore", kept, "--force", code=1)

    assert "a scheduler is at work (host/1)" in refused.stderr
    assert "host/1" in "".join(dump(file_of(tracker)))


def test_nothing_is_replaced_while_a_page_is_read(tracker: Tracker, opened: Open) -> None:
    kept = tracker.folder / "kept.db"
    tracker("backup", kept)
    before = dump(kept)

    with opened(tracker.url).reading() as session:
        facts.fact(session, "any")
        refused = tracker("restore", kept, "--force", code=1)

    assert "another process uses" in refused.stderr
    assert dump(file_of(tracker)) == before


def test_a_damaged_backup_leaves_the_database_alone(loaded: Tracker) -> None:
    kept = loaded.folder / "kept.db"
    loaded("backup", kept)
    content = bytearray(kept.read_bytes())
    content[20_000:120_000] = bytes(100_000)
    kept.write_bytes(content)
    before = dump(file_of(loaded))

    loaded("restore", kept, "--force", code=1)

    assert dump(file_of(loaded)) == before
    assert list(loaded.folder.glob(".*.part*")) == []


def test_a_damaged_database_can_be_replaced(tracker: Tracker) -> None:
    kept = tracker.folder / "kept.db"
    tracker("backup", kept)
    file_of(tracker).write_bytes(b"no database at all" * 1000)

    assert "is not a database" in tracker("export", "stances", code=1).stderr
    tracker("restore", kept, "--force")
    tracker("export", "stances")


def test_a_backup_of_a_newer_program_is_refused(tracker: Tracker) -> None:
    kept = tracker.folder / "kept.db"
    tracker("backup", kept)
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    assert "newer version" in at(tracker, "new.db")("restore", kept, code=1).stderr
    assert not (tracker.folder / "new.db").exists()


@pytest.mark.parametrize("content", [b"", b"id,act\n", b"PGDMP\x01"])
def test_a_file_that_is_no_backup_is_refused(tracker: Tracker, content: bytes) -> None:
    file = tracker.folder / "odd"
    file.write_bytes(content)

    assert "no backup of a SQLite database" in tracker("restore", file, "--force", code=2).stderr


def test_a_database_of_another_program_is_refused(tracker: Tracker) -> None:
    file = tracker.folder / "other.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.commit()

    assert "no backup of Stance Tracker" in at(tracker, "new.db")("restore", file, code=1).stderr


def test_missing_files_and_folders_are_named(tracker: Tracker) -> None:
    nowhere = at(tracker, "nowhere.db")
    (tracker.folder / "file").write_text("")

    assert "No such file" in tracker("restore", "none.db", code=2).stderr
    assert "no database at" in nowhere("backup", tracker.folder / "kept.db", code=1).stderr
    assert "Not a directory" in tracker("backup", tracker.folder / "file/kept.db", code=1).stderr
    assert not (tracker.folder / "kept.db").exists()


# --- PostgreSQL ----------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_postgresql_is_kept_and_restored_with_its_own_programs(
    bare_postgresql_url: Callable[[], str], tracker: Tracker, opened: Open
) -> None:
    here, there = (Tracker(tracker.folder, bare_postgresql_url()) for _ in range(2))
    here("init")
    kept = tracker.folder / "kept.dump"

    here("backup", kept)
    there("restore", kept)
    there("verify")
    there("doctor")

    for what in ("sources", "stances", "reactions", "calls", "positions", "entries", "alerts"):
        assert there("export", what).stdout == here("export", what).stdout
    assert "--force replaces it" in there("restore", kept, code=2).stderr
    dashboard = opened(there.url)
    require_shown(dashboard, "unclear")
    there("restore", kept, "--force")
    assert there("export", "positions").stdout == here("export", "positions").stdout
    require_shown(dashboard, "limited")


def require_shown(dashboard: Database, word: str) -> None:
    """Write a word for a company: a dashboard at work shows it, whatever it had kept."""
    with dashboard.transaction() as session:
        company = select(OrganisationRow.id).where(OrganisationRow.slug == "microsoft")
        id_ = session.execute(company).scalar_one()
        of_it = PositionSpanRow.company_id == id_
        session.execute(update(PositionSpanRow).where(of_it).values(word=word))
        facts.touch(session, datetime.now(UTC))
    with dashboard.reading() as session:
        today = Lens(datetime.now(UTC).date())
        assert {one.word for one in positions.of_company(session, today, id_)} == {word}


def test_a_missing_program_of_postgresql_is_named_and_no_password_told(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tracker.folder))
    elsewhere = Tracker(tracker.folder, "postgresql://ana:hunter2@127.0.0.1:1/tracker")

    refused = elsewhere("backup", tracker.folder / "kept.dump", code=1)

    assert "pg_dump is missing" in refused.stderr
    assert "hunter2" not in refused.output
