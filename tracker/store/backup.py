"""Copy the whole database into one file while it is in use, and put such a file in its place.

SQLite uses its online backup, PostgreSQL its own pg_dump. A file appears under its name only
when it is complete and on the disk; a database is replaced in one step or not at all.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from alembic.util.exc import CommandError
from sqlalchemy.engine import URL

from tracker.domain.errors import StoreError, UsageError
from tracker.domain.jobs import SCHEMA
from tracker.store import facts, migrate
from tracker.store.database import Database

LEAD = "scheduler"
SQLITE_HEAD = b"SQLite format 3\x00"
POSTGRESQL_HEAD = b"PGDMP"
EMPTY_FIRST = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


def back_up(database: Database, file: Path, *, overwrite: bool = False) -> None:
    """Copy the database as it stands now into a file that only its owner may read.

    Raises UsageError when the file exists, StoreError when it cannot be made.
    """
    _require_another(database, file)
    if file.exists() and not overwrite:
        raise UsageError(f"{file} exists; --force writes over it")
    with _new_file(file) as part:
        if database.is_sqlite:
            _require_file(database)
            _copy_sqlite(_file_of(database), part, writing=True)
        else:
            _run("pg_dump", database, "--format=custom", "--no-owner", "--no-privileges",
                 f"--exclude-schema={SCHEMA}", f"--file={part}")  # fmt: skip


def restore(database: Database, file: Path, now: datetime, *, overwrite: bool = False) -> None:
    """Put a backup in place of the database, checked and brought to this program's version.

    Raises UsageError when there is a database and ``overwrite`` is not set, StoreError while a
    scheduler holds the lease at ``now`` (wall clock), or when the file is no sound backup.
    """
    _require_another(database, file)
    _require_kind(database, file)
    if _exists(database):
        _require_idle(database, now)
        if not overwrite:
            raise UsageError(f"there is a database at {database.where}; --force replaces it")
    database.close()
    if database.is_sqlite:
        _restore_sqlite(_file_of(database), file)
    else:
        _restore_postgresql(database, file)


# --- what must hold before -----------------------------------------------------------------------


def _require_another(database: Database, file: Path) -> None:
    own = database.file
    if own is not None and file.resolve() == own.resolve():
        raise UsageError(f"{file} is the database itself; name another file")


def _require_kind(database: Database, file: Path) -> None:
    wanted = SQLITE_HEAD if database.is_sqlite else POSTGRESQL_HEAD
    try:
        with file.open("rb") as opened:
            head = opened.read(len(wanted))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    if head != wanted:
        kind = "SQLite" if database.is_sqlite else "PostgreSQL"
        raise UsageError(f"{file}: this is no backup of a {kind} database, which database.url is")


def _exists(database: Database) -> bool:
    if database.is_sqlite:
        return _file_of(database).exists()
    return migrate.present(database) is not None


def _require_idle(database: Database, now: datetime) -> None:
    holder = None
    with suppress(StoreError), database.reading() as session:  # empty or damaged: nobody works
        holder = facts.lease_holder(session, LEAD, now)
    if holder is not None:
        raise StoreError(
            f"a scheduler is at work ({holder}): stop it first; after a crash wait a minute"
        )


def _require_file(database: Database) -> None:
    if not _file_of(database).exists():
        raise StoreError(f"there is no database at {_file_of(database)}; run `tracker init` first")


def _file_of(database: Database) -> Path:
    if database.file is None:
        raise UsageError("a database in memory cannot be kept; set database.url")
    return database.file


# --- SQLite --------------------------------------------------------------------------------------


def _copy_sqlite(source: Path, target: Path, *, writing: bool) -> None:
    """Copy one consistent state; the copy is sound and stands alone, without a log beside it."""
    mode = "rw" if writing else "ro"
    address = f"{source.resolve().as_uri()}?mode={mode}"
    with (
        _as_store_error(source),
        closing(sqlite3.connect(address, uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
        found = new.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(f"{source} is damaged: {found}")


def _restore_sqlite(target: Path, file: Path) -> None:
    with _new_file(target) as part:
        _copy_sqlite(file, part, writing=False)
        prepared = Database(f"sqlite:///{part}")
        try:
            _migrate(prepared, file)
        finally:
            prepared.close()
        _take_away_log(target)
        if target.exists():
            shutil.copymode(target, part)


def _take_away_log(target: Path) -> None:
    """Fold the log of the old database into it, so that it is never played into the new one."""
    if not target.exists():
        return
    try:
        with closing(sqlite3.connect(target, timeout=5)) as old:
            old.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"another process uses {target} ({error}): stop `tracker run` and `tracker web` first"
        ) from error
    except sqlite3.DatabaseError:
        pass  # it is damaged, and about to be replaced
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)


@contextmanager
def _as_store_error(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{file}: {error}") from error


# --- PostgreSQL ----------------------------------------------------------------------------------


def _restore_postgresql(database: Database, file: Path) -> None:
    """Empty the database and fill it from the backup, in one transaction."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        _run("pg_restore", None, "--no-owner", "--no-privileges", f"--file={script}", str(file))
        _run("psql", database, "--no-psqlrc", "--quiet", "--single-transaction",
             "--set=ON_ERROR_STOP=1", f"--command={EMPTY_FIRST}", f"--file={script}")  # fmt: skip
    _migrate(database, file)


def _run(name: str, database: Database | None, *options: str) -> None:
    """Run a program of PostgreSQL; the password goes through the environment, never the list."""
    program = shutil.which(name)
    if program is None:
        raise StoreError(
            f"{name} is missing: install PostgreSQL's client programs (postgresql-client)"
        )
    address, secret = _address(database.engine.url) if database else ([], {})
    done = subprocess.run(  # noqa: S603  # no shell, our own options
        [program, *address, *options],
        env=os.environ | secret,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        reason = next((line for line in said if "error" in line.lower()), said[-1])
        raise StoreError(f"{name}: {reason.removeprefix(f'{name}: ')}")


def _address(url: URL) -> tuple[list[str], Mapping[str, str]]:
    """The address without its password, and the password as the variable that libpq reads."""
    in_query = url.query.get("password")
    password = url.password or (in_query if isinstance(in_query, str) else None)
    plain = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database
    ).update_query_dict({k: v for k, v in url.query.items() if k != "password"})
    shown = f"--dbname={plain.render_as_string(hide_password=False)}"
    return [shown], {"PGPASSWORD": password} if password else {}


# --- both ----------------------------------------------------------------------------------------


def _migrate(database: Database, file: Path) -> None:
    if migrate.present(database) is None:
        raise StoreError(f"{file}: this is no backup of Stance Tracker")
    try:
        migrate.upgrade(database)
    except CommandError as error:
        raise StoreError(f"{file} was made by a newer version of this program: {error}") from error


@contextmanager
def _new_file(file: Path) -> Iterator[Path]:
    """A file under a passing name; it takes its own name when all of it is on the disk."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}") from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _settle(part)
        part.replace(file)
        _settle(file.parent)
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror or error}") from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                part.with_name(part.name + ending).unlink(missing_ok=True)


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
