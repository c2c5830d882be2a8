"""Bring a database to the newest version of the schema, and tell which version it has.

Alembic is loaded only where a migration runs: every start asks for the version.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from tracker.domain.errors import StoreError
from tracker.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

FOLLOWS = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)
PACKAGE = Path(__file__).resolve().parent.parent


def migrations_folder() -> Path:
    """migrations/ of the checkout, or the copy inside an installed package."""
    packaged = PACKAGE / "_migrations"
    return packaged if packaged.is_dir() else PACKAGE.parent / "migrations"


def upgrade(database: Database, to: str = "head") -> None:
    """Run the migrations that are missing; each is one transaction, so a killed one starts anew.

    ``to`` names a version on the way, for a database as older programs left it.
    """
    from alembic import command

    if database.file is not None:
        _make_file(database.file)
    with database.connecting() as connection, _tables_may_be_rebuilt(connection):
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by putting a new one in its place, to which others refer meanwhile.

    The keys are checked when all is done. A pragma counts only outside a transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise StoreError(f"after the migration a row of {broken[0]} refers to none")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


@cache
def newest() -> str:
    """The version this program needs: the migration (versions/NNNN_what.py) that none follows.

    Read from the files' text: loading the migrations themselves takes a third of a second.
    """
    files = list((migrations_folder() / "versions").glob("[0-9]*.py"))
    followed = {before for file in files for before in FOLLOWS.findall(file.read_text("utf-8"))}
    return max({file.name[:4] for file in files} - followed)


def present(database: Database) -> str | None:
    """The version that the database has; None when it is empty."""
    with database.connecting() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version


def require_newest(database: Database) -> None:
    """Raise StoreError when the database is missing, older or newer than this program."""
    if database.file is not None and not database.file.exists():
        raise StoreError(f"there is no database at {database.file}; run `tracker init` first")
    found = present(database)
    if found != newest():
        raise StoreError(
            f"the database is at version {found or 'none'}, this program needs {newest()}; "
            "run `tracker init` to bring it up to date"
        )


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    return config


def _make_file(file: Path) -> None:
    """Make the file for its owner only: it holds the addresses of subscribers."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise StoreError(f"cannot make the database {file}: {error.strerror}") from error
