"""Open the database, and say where a transaction begins and ends."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from tracker.domain.errors import StoreError
from tracker.store import grounds

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

__all__ = ["Database", "Session", "insert_into", "on_sqlite"]

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another one on SQLite."""

CACHE_MB = 32
"""What a connection to SQLite may keep of the file."""


class Database:
    """Hands out sessions: one that reads, one that writes all or nothing.

    ``url`` is an SQLAlchemy address, ``sqlite:///FILE`` or ``postgresql://…``; ``cache_mb`` is what
    a connection to SQLite may keep of the file. Raises StoreError when it is no address of a
    database that we know.
    """

    def __init__(self, url: str, cache_mb: int = CACHE_MB) -> None:
        self.url = url
        self.engine = _open(url)
        self._reader = self.engine.execution_options(reading=True)
        event.listen(self.engine, "after_cursor_execute", grounds.note)
        if self.is_sqlite:
            event.listen(self.engine, "connect", partial(_prepare_sqlite, cache_mb))
            event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def is_sqlite(self) -> bool:
        """Whether the rows are in a file of our own."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @property
    def where(self) -> str:
        """The address in words, without any password."""
        plain = self.engine.url.difference_update_query(["password"])
        return plain.render_as_string(hide_password=True)

    @property
    def address(self) -> str:
        """The address with its password, as the tools of the database take it."""
        plain = self.engine.url.set(drivername=self.engine.url.get_backend_name())
        return plain.render_as_string(hide_password=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write all or nothing. Do nothing slow inside, and never use the network."""
        with _expected_faults(self), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read one consistent state; nothing done here is kept."""
        with _expected_faults(self), Session(self._reader) as session:
            yield session

    @contextmanager
    def reading_one_state(self) -> Iterator[Session]:
        """Read one consistent state however long it takes: what is written meanwhile stays out.

        On SQLite every reader does; on PostgreSQL each question of a reader would see the newest.
        """
        with self.reading() as session:
            if not self.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def connecting(self) -> Iterator[Connection]:
        """A bare connection, for migrations."""
        with _expected_faults(self), self.engine.connect() as connection:
            yield connection

    def weigh(self) -> None:
        """Let SQLite look at what its tables hold, so that it takes the right index.

        A look at some hundred rows of each; PostgreSQL does it by itself.
        """
        if self.is_sqlite:
            with self.connecting() as connection:
                connection.exec_driver_sql("PRAGMA analysis_limit=400")
                connection.exec_driver_sql("ANALYZE")
                connection.commit()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def on_sqlite(session: Session) -> bool:
    """Whether a session is one of SQLite, else of PostgreSQL."""
    return session.get_bind().dialect.name == "sqlite"


def insert_into(session: Session, table: Any) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that can say what is done where a row is there already.

    Only the words of the database in use are loaded: those of the other take long.
    """
    if on_sqlite(session):
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def _open(url: str) -> Engine:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            "database.url is no database address; "
            "write sqlite:///FILE or postgresql://USER@HOST/NAME"
        ) from error
    kind = address.get_backend_name()
    if kind not in {"sqlite", "postgresql"}:
        raise StoreError(
            f"database.url: {kind!r} is not supported; "
            "use sqlite:///FILE or postgresql://USER@HOST/NAME"
        )
    if kind == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(
        address,
        pool_pre_ping=kind == "postgresql",
        hide_parameters=True,  # messages of errors reach logs; parameters hold addresses and tokens
    )


def _prepare_sqlite(cache_mb: int, connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{cache_mb}000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _expected_faults(database: Database) -> Iterator[None]:
    """Turn what an operator can mend (full, locked, missing, unreachable) into a StoreError."""
    try:
        yield
    except OperationalError as error:
        raise StoreError(_explain(database, error)) from error
    except DBAPIError as error:
        reason = str(error.orig)
        if error.connection_invalidated or any(sign in reason for sign in UNUSABLE):
            raise StoreError(_explain(database, error)) from error
        raise


UNUSABLE = ("does not exist", "is not a database", "is malformed")
MENDS = {
    "is not a database": "check database.url, or put a backup in its place with `tracker restore`",
    "is malformed": "stop the program and put a backup in its place with `tracker restore`",
    "no such table": "run `tracker init` first",
    "no such column": "run `tracker init` to bring it up to date",
    "database or disk is full": "free some space on that disk; nothing is lost",
    "No space left on device": "free some space on the disk of that server; nothing is lost",
    "unable to open database file": "check that the folder exists and may be written to",
    "database is locked": "another process is writing for very long; try again",
    "connection": "check that the server runs and that database.url is right",
    "does not exist": "run `tracker init` first, or check database.url",
}


def _explain(database: Database, error: DBAPIError) -> str:
    reason = str(error.orig).strip().splitlines()[0]
    mend = next((text for sign, text in MENDS.items() if sign in reason), "see the log")
    return f"database {database.where}: {reason}; {mend}"
