"""kill -9 at random instants: what was committed is there afterwards (promise 9).

    python benchmarks/kills.py [--kills 110] [--seed N] [sqlite | postgresql]

A wire on loopback publishes a report at a time. A process polls, reads and analyses, and is killed
at an instant drawn from the time that such a run takes; then the next one. After each transaction
the process notes outside the database what it has committed. Every note must hold after the kill;
at the end every entry and article must be there once, analysed, each quote in its text, and SQLite
must find its file whole. Ends with 1 if not.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.flow.conftest import PARAGRAPHS, load_register_only, page, reading_here
from tests.parts import postgresql
from tests.parts.clock import Clock
from tests.parts.site import Site
from tracker import extraction
from tracker.app import App
from tracker.config import Settings
from tracker.domain.codes import Origin
from tracker.domain.model import Source
from tracker.store import evidence, migrate, sources
from tracker.store.database import Database
from tracker.store.schema import ArticleRow, EntryRow, HistoryRow, SnapshotRow, StanceRow
from tracker.store.schema.polling import WorkState

COUNTED = (EntryRow, ArticleRow, SnapshotRow, StanceRow, HistoryRow)
IN_PEACE = 10
"""After so many runs one is left alone."""

SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class Noting(Database):
    """Writes down how many rows there are as soon as a transaction is committed."""

    def __init__(self, url: str, notes: int) -> None:
        super().__init__(url)
        self._notes = notes

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """As ever, with a note when it is done."""
        with super().transaction() as session:
            yield session
            session.flush()
            counts = counted(session)
        os.write(self._notes, f"{' '.join(map(str, counts))}\n".encode())


def counted(session: Session) -> list[int]:
    """How many rows of each kind there are; none of them is ever taken away here."""
    return [session.scalar(select(func.count()).select_from(row)) or 0 for row in COUNTED]


class Drill:
    """One database, one wire, and processes that come and go."""

    def __init__(self, url: str, site: Site, folder: Path) -> None:
        self._url, self._site, self._clock = url, site, Clock()
        self._notes = folder / "notes"
        self._extract = extraction.build(use_model=False)
        self._published = self.killed = self.lost = 0
        database = Database(url)
        with database.transaction() as session:
            wire = Source(f"{site.url}/feed", "Wire")
            self._wire, _ = sources.add(session, wire, self._clock(), Origin.EDITOR)
        database.close()

    def publish(self) -> None:
        """One more report, of another day and town."""
        self._published += 1
        number = self._published
        words = (f"The council of harbour town {number} heard of it on day {number}.", *PARAGRAPHS)
        self._site.put(f"/{number}", page(f"Report {number} from the harbour", words))
        items = "".join(
            f"<item><guid>{n}</guid><link>{self._site.url}/{n}</link></item>"
            for n in range(1, number + 1)
        )
        self._site.put("/feed", f"<rss version='2.0'><channel>{items}</channel></rss>")

    def run(self, seconds: float | None) -> float:
        """Let a process do all that waits, killed after so many seconds; give how long it took."""
        self._clock.advance(hours=3)
        self._notes.unlink(missing_ok=True)
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            self._work()
        ended = 0
        while not ended and (seconds is None or time.monotonic() - begun < seconds):
            time.sleep(0.001)
            ended, status = os.waitpid(child, os.WNOHANG)
        if not ended:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
        took = time.monotonic() - begun
        self.killed += os.WIFSIGNALED(status)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            raise SystemExit("the work failed by itself")
        self._compare()
        return took

    def _work(self) -> None:
        code = 1
        try:
            notes = os.open(self._notes, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            app = self._app(Noting(self._url, notes))
            app.poll(1, [self._wire])
            app.read(1000)
            app.analyse(1000)
            code = 0
        finally:
            os._exit(code)

    def _app(self, database: Database) -> App:
        settings = Settings.model_validate(
            {
                "database": {"url": self._url},
                "fetch": {"allow_networks": ["127.0.0.0/8"], "host_gap": 0},
            }
        )
        made = App(settings, now=self._clock, database=database, extract=self._extract)
        return reading_here(made)

    def _compare(self) -> None:
        """What the last note says must be there."""
        lines = self._notes.read_text().split("\n") if self._notes.exists() else []
        told = [int(number) for number in lines[-2].split()] if len(lines) > 1 else [0]
        database = Database(self._url)
        with database.reading() as session:
            found = counted(session)
        database.close()
        self.lost += any(have < noted for have, noted in zip(found, told, strict=False))

    def faults(self) -> list[str]:
        """What is wrong when a last run was left in peace."""
        self.run(None)
        database = Database(self._url)
        with database.reading() as session:
            entries, articles, snapshots, stances, _ = counted(session)
            waiting = session.query(SnapshotRow).filter_by(state=WorkState.WAITING).count()
            broken = [check for check in evidence.check_all(session) if not check.holds]
            whole = database.file is None or session.scalar(text("PRAGMA integrity_check")) == "ok"
        database.close()
        found = {
            f"{self.lost} kills lost what was committed": self.lost,
            f"{entries} entries of {self._published}": entries != self._published,
            f"{articles} articles of {self._published}": articles != self._published,
            f"{snapshots} texts of {articles} articles": snapshots != articles,
            f"{waiting} texts wait": waiting,
            f"{len(broken)} quotes do not hold": broken,
            "no stance was found": not stances,
            "the file is not whole": not whole,
        }
        return [words for words, is_so in found.items() if is_so]


def main() -> None:
    """Kill so many runs, then look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kills", type=int, default=110)
    parser.add_argument("--seed", type=int, default=9)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'tracker.db'}"
        if asked.kind == "postgresql":
            postgresql.SETTINGS.update(SAFE)
            server = open_.enter_context(postgresql.server(folder))
            url = server.url(server.create())
        database = Database(url)
        migrate.upgrade(database)
        database.close()
        load_register_only(url)
        drill = Drill(url, open_.enter_context(Site()), folder)
        begun, runs = time.monotonic(), 0
        while drill.killed < asked.kills:
            drill.publish()
            if runs % IN_PEACE == 0:  # what was left waiting is done, and how long a run takes
                usual = drill.run(None)
                drill.publish()
            drill.run(draw.uniform(0, usual))
            runs += 1
        faults = drill.faults()
    print(
        f"{asked.kind}: {drill.killed} kills in {runs} runs, {time.monotonic() - begun:.0f} s; "
        f"{'; '.join(faults) or 'nothing lost, nothing doubled'}"
    )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
