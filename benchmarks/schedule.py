"""Whether sources are asked in time: many of them in a real database, some of which hang.

    python benchmarks/schedule.py [--sources 100000] [--hanging 0.05] [--seconds 180]

The network is a function that answers 'not changed' at once and lets the hanging ones wait for the
whole time limit of 30 s; all else is the program's own: its database, its threads, its clock.
Each source is due once an hour, evenly spread, and the clock is the real one. Prints how late the
latest was, as a share of its hour, what was polled, and the processor time of one core.
"""

import argparse
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from tracker import config
from tracker.app import App
from tracker.config import Settings
from tracker.domain.errors import FetchError
from tracker.domain.model import Response, Validators
from tracker.scheduler import POLLED_AT_ONCE
from tracker.store import migrate
from tracker.store.database import Database
from tracker.store.schema import SourceRow

HOUR = timedelta(hours=1)
LIMIT = 30.0


class Network:
    """Answers at once, or not at all; notes how late each was asked."""

    def __init__(self, every: int, due: dict[str, datetime]) -> None:
        self._every, self._due = every, due
        self.stop = threading.Event()
        self.late = timedelta(0)
        self.asked = 0

    def __call__(self, url: str, _validators: Validators, **_: Any) -> Response:
        """One request."""
        self.late = max(self.late, datetime.now(UTC) - self._due[url])
        self.asked += 1
        if self._every and int(url.rpartition("-")[2]) % self._every == 0:
            self.stop.wait(LIMIT)
            raise FetchError(f"{url}: no complete answer within {LIMIT:g} s", cause="timeout")
        return Response(url, 304, b"")


def main() -> None:
    """Fill a database, then poll for a while."""
    asked = _arguments()
    with _database() as database:
        now = datetime.now(UTC)
        due = _fill(database, asked.sources, now)
        network = Network(round(1 / asked.hanging) if asked.hanging else 0, due)
        settings = Settings.model_validate({"database": {"url": database.url}})
        app = App(settings, now=lambda: datetime.now(UTC), database=database, fetch=network)
        app.poll(1)  # loads what polling needs
        before, begun = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        polled = _poll_until(app, begun + asked.seconds, network)
        wall = time.monotonic() - begun
        after = resource.getrusage(resource.RUSAGE_SELF)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        app.close()
    rate = network.asked / wall * 3600
    print(f"{polled} polled in {wall:.0f} s ({rate:,.0f} an hour), {used / wall:.1%} of a core")
    print(
        f"latest: {network.late.total_seconds():.1f} s after its time = {network.late / HOUR:.3f}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--hanging", type=float, default=0.05)
    parser.add_argument("--seconds", type=float, default=180)
    return parser.parse_args()


@contextmanager
def _database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'tracker.db'}")
        migrate.upgrade(database)
        yield database
        database.close()


def _fill(database: Database, number: int, now: datetime) -> dict[str, datetime]:
    """As many sources as are due within the next hour, one host each."""
    due = {f"https://h-{n}.example/feed-{n}": now + HOUR * (n / number) for n in range(number)}
    usual = {"kind": "feed", "title": "", "tier": "reliable", "origin": "imported", "failures": 0}
    usual |= {"added_at": now, "status": "active", "interval_s": 3600, "moved_seen": 0}
    rows = [usual | {"url": url, "next_due": moment} for url, moment in due.items()]
    with database.transaction() as session:
        session.execute(insert(SourceRow), rows)
    return due


def _poll_until(app: App, end: float, network: Network) -> int:
    """What the scheduler does."""
    polled = 0
    every = config.ScheduleSettings().poll_every
    while time.monotonic() < end:
        begun = time.monotonic()
        polled += app.poll(POLLED_AT_ONCE, goes_on=lambda: time.monotonic() < end)["sources"]
        network.stop.wait(max(0.0, min(begun + every, end) - time.monotonic()))
    network.stop.set()
    return polled


if __name__ == "__main__":
    main()
