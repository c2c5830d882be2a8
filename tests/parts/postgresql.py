"""A throw-away PostgreSQL server, shared by the workers of one test run.

The first worker that needs it starts a keeper (this file, run as a program), which makes the
cluster, starts it, and waits on a pipe that every worker holds open. When the last worker is gone,
even by SIGKILL, the keeper reads the end of the pipe, stops the server and removes its files.
"""

import errno
import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy.engine import URL, make_url

SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "timezone": "UTC",
}


KEEP = """
DROP SCHEMA IF EXISTS kept CASCADE;
CREATE SCHEMA kept;
CREATE FUNCTION kept.mark(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE mark text;
BEGIN
    EXECUTE format('SELECT (count(*), max(xmin::text::bigint))::text FROM public.%I', name)
        INTO mark;
    RETURN mark;
END $$;
CREATE TABLE kept.sequences AS
    SELECT sequencename AS name, start_value AS start, last_value AS last FROM pg_sequences;
CREATE TABLE kept.marks AS
    SELECT tablename AS name, kept.mark(tablename) AS mark FROM pg_tables
    WHERE schemaname = 'public';
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT name FROM kept.marks LOOP
        EXECUTE format('CREATE TABLE kept."of %1$s" AS TABLE public.%1$I', one.name);
    END LOOP;
END $$
"""
"""Keeps what a template holds in a schema of its own; the mark of a table differs once it changed.

Rows have the number of the transaction that wrote them (``xmin``), which only ever rises. A
template that was made from another one may still hold what that one kept.
"""

RESTORE = """
DO $$
DECLARE one record; own text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;  -- no guard and no key stands in the way
    FOR one IN SELECT name FROM kept.marks WHERE mark <> kept.mark(name) LOOP
        SELECT string_agg(quote_ident(attname), ', ') INTO own FROM pg_attribute
            WHERE attrelid = format('public.%I', one.name)::regclass
            AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        EXECUTE format('DELETE FROM public.%I', one.name);
        EXECUTE format(
            'INSERT INTO public.%1$I (%2$s) SELECT %2$s FROM kept."of %1$s"', one.name, own
        );
        UPDATE kept.marks SET mark = kept.mark(name) WHERE name = one.name;
    END LOOP;
    PERFORM setval(format('public.%I', s.name), coalesce(s.last, s.start), s.last IS NOT NULL)
        FROM kept.sequences s JOIN pg_sequences now ON now.sequencename = s.name
        WHERE now.last_value IS DISTINCT FROM s.last;
END $$
"""
"""Makes a copy what the template was, whoever still uses it."""

SHAPE = """
SELECT (SELECT (count(*), max(oid)) FROM pg_class), (SELECT count(*) FROM pg_attribute),
       (SELECT (count(*), max(oid)) FROM pg_trigger), (SELECT (count(*), max(oid)) FROM pg_proc)
"""
"""What differs after anybody changed a table, an index, a trigger or a function."""


class NoServerError(Exception):
    """PostgreSQL cannot be had on this machine; the text says why."""


@dataclass(frozen=True)
class Server:
    """A running server on which databases may be made."""

    address: URL

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return self.address.set(database=name).render_as_string(hide_password=False)

    def create(self, template: str = "template0") -> str:
        """Make a database like another one; gives its name."""
        name = f"tracker_test_{uuid4().hex[:16]}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever still uses it."""
        self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


class Copies:
    """Databases like a template, used again and again: making one takes longer than most tests."""

    def __init__(self, server: Server, template: str) -> None:
        self.server, self._template = server, template
        self._free: list[str] = []
        with psycopg.connect(server.url(template), autocommit=True) as connection:
            connection.execute(KEEP)
            self._shape = connection.execute(SHAPE).fetchone()

    def take(self) -> str:
        """The name of a copy that holds what the template holds."""
        return self._free.pop() if self._free else self.server.create(self._template)

    def give_back(self, name: str) -> None:
        """Restore a copy for the next test; one whose tables were changed is removed."""
        with psycopg.connect(self.server.url(name), autocommit=True) as connection:
            changed = connection.execute(SHAPE).fetchone() != self._shape
            if not changed:
                connection.execute(RESTORE)
                self._free.append(name)
        if changed:
            self.server.drop(name)


def binaries() -> Path:
    """The folder with initdb and pg_ctl: the newest one of the system, else of PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[4])
    )
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise NoServerError(
            "no PostgreSQL: install it (Debian: `apt-get install postgresql`) or set "
            "TRACKER_TEST_POSTGRESQL to the address of a server"
        )
    return Path(found).resolve().parent


@contextmanager
def server(shared: Path) -> Iterator[Server]:
    """The server of TRACKER_TEST_POSTGRESQL, else a throw-away one; ``shared`` is the run's folder.

    Raises NoServerError.
    """
    if given := os.environ.get("TRACKER_TEST_POSTGRESQL"):
        yield Server(make_url(given).set(drivername="postgresql"))
        return
    folder, pipe = _attach(shared)
    try:
        yield Server(make_url(f"postgresql://postgres@/postgres?host={folder}"))
    finally:
        os.close(pipe)


def _attach(shared: Path) -> tuple[Path, int]:
    with _locked(shared / "postgresql.lock"):
        note = shared / "postgresql.folder"
        if note.exists():
            folder = Path(note.read_text())
            held = _hold(folder / "held")
            if held is not None:
                return folder, held
        folder = _start(shared)
        note.write_text(str(folder))
        held = _hold(folder / "held")
        assert held is not None, "the keeper listens before it says that it is ready"
        return folder, held


def _hold(pipe: Path) -> int | None:
    try:
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in {errno.ENXIO, errno.ENOENT}:  # its keeper is gone
            return None
        raise


def _start(shared: Path) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))  # short: socket paths end at 107 bytes
    if os.geteuid() == 0:  # initdb refuses to run as root
        owner = _unprivileged()
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    log = folder / "keeper.log"
    with log.open("wb") as talk:
        done = subprocess.run(
            [sys.executable, __file__, str(binaries()), str(folder), str(shared)],
            stdin=subprocess.DEVNULL,
            stdout=talk,
            stderr=talk,
            check=False,
        )
    if done.returncode != 0:
        raise NoServerError(f"PostgreSQL does not start: {log.read_text()[-2000:]}")
    return folder


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServerError("PostgreSQL refuses to run as root, and there is no user postgres")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _keep(programs: Path, folder: Path, shared: Path) -> None:
    """Make the cluster, start it, return to the caller; stay behind until nobody holds it."""
    data = folder / "data"
    _run(folder, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
         "--locale=C", "--no-sync", "--no-instructions")  # fmt: skip
    with (data / "postgresql.conf").open("a") as settings:
        settings.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
        settings.write(f"unix_socket_directories = '{folder}'\n")
    _run(folder, programs / "pg_ctl", "-D", data, "-l", folder / "server.log", "-w", "start")
    os.mkfifo(folder / "held")
    pipe = os.open(folder / "held", os.O_RDONLY | os.O_NONBLOCK)
    if os.fork() != 0:
        return
    os.setsid()
    _wait_until_free(pipe, shared)
    _run(folder, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder)


def _wait_until_free(pipe: int, shared: Path) -> None:
    lock = shared / "postgresql.lock"
    while lock.exists():
        with _locked(lock):  # nobody attaches now, so "free" stays true
            os.set_blocking(pipe, False)
            if _nobody_writes(pipe):
                (shared / "postgresql.folder").unlink(missing_ok=True)
                return
        os.set_blocking(pipe, True)
        os.read(pipe, 1)


def _nobody_writes(pipe: int) -> bool:
    try:
        return os.read(pipe, 1) == b""
    except BlockingIOError:
        return False


def _run(folder: Path, *command: object) -> None:
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = _unprivileged()
        owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    subprocess.run([str(word) for word in command], check=True, cwd=folder, **owner)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
