"""A PostgreSQL whose disk is really full: what polling says, and whether anything is lost.

    python benchmarks/full_disk.py [--megabytes N]     (as root: it mounts a small file system)

A cluster lies on a file system of N MB in memory. Feeds are polled while a ballast takes the room
that is left; then the ballast goes. Ends with 1 unless polling failed with a message of ours, no
entry was kept by half, no publisher was blamed, and all entries are there within a minute after.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from tests.parts.postgresql import binaries
from tests.parts.site import Site
from tracker.app import App
from tracker.config import Settings
from tracker.domain.codes import Origin
from tracker.domain.errors import StoreError
from tracker.domain.model import Source, SourceId
from tracker.store import migrate, sources
from tracker.store.schema import EntryRow, SourceRow

FEEDS, ENTRIES = 40, 20
WORDS = "The council of the harbour town voted on Tuesday to end its contract. "


def main() -> None:
    """Fill the disk under a poll, make room, poll again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=140)
    asked = parser.parse_args()
    with ExitStack() as stack:
        disk = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-full-")))
        mount = ["mount", "-t", "tmpfs", "-o", f"size={asked.megabytes}m", "tmpfs", str(disk)]
        subprocess.run(mount, check=True)
        stack.callback(subprocess.run, ["umount", "--lazy", str(disk)], check=True)
        server = start(disk, stack)
        site = stack.enter_context(Site())
        app = App(Settings.model_validate(settings(server)), now=lambda: datetime.now(UTC))
        stack.callback(app.close)
        migrate.upgrade(app.database)
        sys.exit(0 if drill(app, site, disk) else 1)


def start(disk: Path, stack: ExitStack) -> str:
    """A cluster with durable writes on that disk; gives its address."""
    disk.chmod(0o777)
    as_owner = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    programs, data = binaries(), disk / "data"
    made = ["initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    small = ["--locale=C", "--wal-segsize=1", "--no-instructions"]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": str(disk)}
    subprocess.run([*as_owner, str(programs / made[0]), *made[1:], *small], **quiet)  # type: ignore[call-overload]
    with (data / "postgresql.conf").open("a") as more:
        more.write(f"listen_addresses = ''\nunix_socket_directories = '{disk}'\n")
        more.write("min_wal_size = 4MB\nmax_wal_size = 16MB\nshared_buffers = 16MB\n")
    control = [*as_owner, str(programs / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run([*control, "-l", str(disk / "log"), "start"], **quiet)  # type: ignore[call-overload]
    stack.callback(subprocess.run, [*control, "-m", "immediate", "stop"], **quiet)
    return f"postgresql://postgres@/postgres?host={disk}"


def settings(server: str) -> dict[str, dict[str, object]]:
    """What the program is told."""
    fetch = {"allow_networks": ["127.0.0.0/8"], "host_gap": 0}
    return {"database": {"url": server}, "fetch": fetch}


def drill(app: App, site: Site, disk: Path) -> bool:
    """Poll with a full disk, then with room; print what was seen, return whether it is right."""
    ids = watch(app, site)
    ballast = disk / "ballast"
    kept = 0
    said = ""
    fill(ballast, 0)
    try:
        app.poll(FEEDS, ids)
    except StoreError as error:
        said = str(error)
    kept = entries(app)
    blamed = failed(app)
    print(f"full: {kept} entries kept, {blamed} sources blamed, said: {said}")
    ballast.unlink()
    begun = time.monotonic()
    while entries(app) < FEEDS * ENTRIES and time.monotonic() - begun < 60:
        again(app, ids)
    there = entries(app)
    print(f"with room: {there} of {FEEDS * ENTRIES} entries after {time.monotonic() - begun:.1f} s")
    return bool(said) and kept % ENTRIES == 0 and not blamed and there == FEEDS * ENTRIES


def watch(app: App, site: Site) -> list[SourceId]:
    """Feeds of 20 entries, each of some thousand characters."""
    ids = []
    with app.database.transaction() as session:
        for feed in range(FEEDS):
            items = "".join(
                f"<item><title>Vote {feed} {n}</title><guid>{feed}-{n}</guid>"
                f"<description>{WORDS * 100}{os.urandom(20_000).hex()}</description></item>"
                for n in range(ENTRIES)
            )
            url = site.put(f"/{feed}", f"<rss version='2.0'><channel>{items}</channel></rss>")
            number, _ = sources.add(session, Source(url, "Wire"), app.now(), Origin.EDITOR)
            ids.append(number)
    return ids


def fill(ballast: Path, spare: int) -> None:
    """Take all room of the disk but ``spare`` bytes."""
    left = os.statvfs(ballast.parent)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, left.f_bavail * left.f_frsize - spare)


def entries(app: App) -> int:
    """How many entries are stored; asked until the server answers, for it may just come back."""
    while True:
        try:
            with app.database.reading() as session:
                return session.scalar(select(func.count()).select_from(EntryRow)) or 0
        except StoreError:
            time.sleep(0.2)


def failed(app: App) -> int:
    """How many sources were blamed for it."""
    with app.database.reading() as session:
        return session.scalar(select(func.count()).where(SourceRow.last_error.is_not(None))) or 0


def again(app: App, ids: list[SourceId]) -> None:
    """Poll once more; a server that is coming back may refuse."""
    try:
        app.poll(FEEDS, ids)
    except StoreError as error:
        print(f"  {error}")
        time.sleep(0.5)


if __name__ == "__main__":
    main()
