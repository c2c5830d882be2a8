"""How politely sources are asked: a score of 100 over a simulated fortnight (promise 7: 95).

    python benchmarks/etiquette.py [--peer PYTHON]

Publishers on loopback, each with a wish of its own (publishers.py), are watched for fourteen days
of a clock that jumps from one due time to the next; then one host more for some real seconds. The
publishers judge by what reached them. PYTHON is an interpreter that has lemon24/reader: it is asked
to update what is due each hour, as its manual says. Ends with 1 below 95.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import publishers
from publishers import BEGIN, END, Publisher

from tests.parts.clock import Clock
from tests.parts.site import Answer, Request, Site
from tracker import config
from tracker.app import App
from tracker.config import Settings
from tracker.domain.codes import Origin
from tracker.domain.model import Source
from tracker.store import migrate, sources
from tracker.store.database import Database

POINTS = {
    "validators": 9,
    "lying validators": 4,
    "max-age": 6,
    "Expires": 4,
    "ttl": 4,
    "skipHours": 3,
    "skipDays": 3,
    "Retry-After": 8,
    "back-off": 8,
    "gone": 5,
    "lasting moves": 5,
    "temporary moves": 2,
    "robots.txt": 6,
    "quiet feeds": 3,
    "busy feeds": 3,
    "says who asks": 5,
    "takes gzip": 3,
    "spread": 3,
    "a restart asks nobody": 4,
    "one at a time": 5,
    "a second apart": 5,
    "crawl-delay": 2,
}
GOAL = 95
TICK = timedelta(minutes=20)
"""Whoever is due within so long is asked together, as by a scheduler that wakes so often."""

MEMORY = "/dev/shm"
"""Thousands of small transactions should not wait for a disk."""

FEEDS_OF_ONE_HOST = 3
CRAWL_DELAY = 2.0

PEER = """
import datetime, sys
from reader import make_reader
from reader.core import Reader

told = {}
if len(sys.argv) > 2:
    Reader._now = staticmethod(lambda: told["now"])
reader = make_reader(sys.argv[1])
for line in sys.stdin:
    what, _, said = line.strip().partition(" ")
    if what == "at":
        told["now"] = datetime.datetime.fromisoformat(said)
    elif what == "add":
        reader.add_feed(said, exist_ok=True)
    else:
        list(reader.update_feeds_iter(scheduled=True))
    print(flush=True)
"""


class Program(Protocol):
    """A program that is watched: it asks what is due, and can be started anew."""

    def ask(self) -> None:
        """Ask whatever is due now."""

    def next(self) -> datetime:
        """When to call it again."""

    def restart(self) -> None:
        """End it and start it again."""


class Ours:
    """This program, over a database of its own."""

    def __init__(self, folder: Path, clock: Clock | None, urls: Sequence[str]) -> None:
        gap = {"host_gap": 0} if clock else {}
        self._settings = Settings.model_validate(
            {
                "database": {"url": f"sqlite:///{folder}/tracker.db"},
                "fetch": {"allow_networks": ["127.0.0.0/8"], **gap},
            }
        )
        self._clock = clock or config.clock
        database = Database(self._settings.database.url)
        migrate.upgrade(database)
        with database.transaction() as session:
            added = {
                url: sources.add(session, Source(url, "Wire"), self._clock(), Origin.EDITOR)[0]
                for url in urls
            }
        self._with_pages = [added[url] for url in urls if "/articles" in url]
        database.close()
        self._app = App(self._settings, now=self._clock)

    def ask(self) -> None:
        """What the scheduler does when it wakes."""
        self._app.poll(1000)
        self._app.read(100, self._with_pages)

    def next(self) -> datetime:
        """The next due time."""
        with self._app.database.reading() as session:
            active = [s.next_due for s in sources.every(session) if s.status == "active"]
        return min(active)

    def restart(self) -> None:
        """A new program over the same database."""
        self._app.close()
        self._app = App(self._settings, now=self._clock)


class Peer:
    """lemon24/reader in a process of its own, with its own schedule."""

    def __init__(self, python: str, folder: Path, clock: Clock | None, urls: Sequence[str]) -> None:
        self._command = [
            python,
            "-c",
            PEER,
            f"{folder}/peer.sqlite",
            *(["simulated"] * bool(clock)),
        ]
        self._clock = clock
        self._start()
        for url in urls:
            self._say(f"add {url}")

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if self._clock:
            self._say(f"at {self._clock().isoformat()}")

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(line, file=self._process.stdin, flush=True)
        if not self._process.stdout.readline():
            raise SystemExit("the peer ended before its time")

    def ask(self) -> None:
        """An update of what it holds to be due."""
        if self._clock:
            self._say(f"at {self._clock().isoformat()}")
        self._say("update")

    def next(self) -> datetime:
        """As often as a usual entry in crontab has it."""
        return (self._clock or config.clock)() + timedelta(hours=1)

    def restart(self) -> None:
        """Another process over the same database."""
        self.close()
        self._start()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def main() -> None:
    """Watch ours, then the peer; print each manner with its points."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="interpreter that has lemon24/reader")
    asked = parser.parse_args()
    scores = {"tracker": scored(Ours)}
    if asked.peer:
        scores["reader"] = scored(lambda *parts: Peer(asked.peer, *parts))
    print(f"{'manner':<24}{'points':>7}" + "".join(f"{who:>9}" for who in scores))
    for manner, points in POINTS.items():
        print(f"{manner:<24}{points:>7}" + "".join(f"{s[manner]:>9.1f}" for s in scores.values()))
    print(f"{'sum':<24}{100:>7}" + "".join(f"{sum(s.values()):>9.1f}" for s in scores.values()))
    sys.exit(sum(scores["tracker"].values()) < GOAL)


class Make(Protocol):
    """Makes a program in a folder, over a clock (None: the real one), that watches addresses."""

    def __call__(self, folder: Path, clock: Clock | None, urls: Sequence[str], /) -> Program: ...  # noqa: D102


def scored(make: Make) -> dict[str, float]:
    """The points of a program, by manner."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        kept = fortnight(make, Path(folder))
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        kept |= real_seconds(make, Path(folder))
    return {manner: points * kept[manner] for manner, points in POINTS.items()}


def fortnight(make: Make, folder: Path) -> dict[str, float]:
    """Two weeks of a clock that jumps."""
    clock, every = Clock(BEGIN), publishers.every_publisher()
    with ExitStack() as stack:
        urls = []
        for number, publisher in enumerate(every, 1):
            site = stack.enter_context(publisher.open(f"127.4.0.{number}", clock))
            urls.append(site.url + publisher.path)
        program = make(folder, clock, urls)
        while clock.now < END:
            program.ask()
            before = clock.now
            clock.set(max(program.next(), clock.now + TICK))
        clock.set(before)
        asked = sum(len(publisher.seen) for publisher in every)
        program.restart()
        program.ask()
        again = sum(len(publisher.seen) for publisher in every) - asked
        program.restart()
    return judged(every) | {"a restart asks nobody": float(not again)}


def judged(every: Sequence[Publisher]) -> dict[str, float]:
    """What part of each manner was kept: the mean of the publishers that wish it."""
    kept: dict[str, list[float]] = {}
    for publisher in every:
        kept.setdefault(publisher.manner, []).append(publisher.judge(publisher.seen))
    means = {manner: sum(parts) / len(parts) for manner, parts in kept.items()}
    whole = [asked for publisher in every for asked in publisher.seen]
    quiet = [publisher.seen for publisher in every if publisher.manner == "quiet feeds"]
    return means | {
        "says who asks": publishers.says_who_asks(whole),
        "takes gzip": publishers.takes_gzip(whole),
        "spread": publishers.apart(quiet),
    }


class Busy:
    """One host that notes when each request came, and how many at once."""

    def __init__(self) -> None:
        self.came: list[tuple[float, str]] = []
        self.most = self._now = 0
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """Take a while, so that a second request meets the first."""
        with self._lock:
            self.came.append((time.monotonic(), request.path))
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(0.1)
        with self._lock:
            self._now -= 1
        if request.path == "/robots.txt":
            return Answer(f"User-agent: *\nCrawl-delay: {CRAWL_DELAY:g}\n".encode())
        if request.path.startswith("/page"):
            return Answer(b"<html><body><p>Short.</p></body></html>")
        link = f"<item><guid>{request.path}</guid><link>/page{request.path}</link></item>"
        return Answer(f"<rss version='2.0'><channel>{link}</channel></rss>".encode())

    def gaps(self, beginning: str) -> list[float]:
        """Seconds between two requests of paths that begin so."""
        moments = [moment for moment, path in self.came if path.startswith(beginning)]
        return [later - earlier for earlier, later in pairwise(moments)]


@contextmanager
def busy_host() -> Iterator[tuple[Busy, list[str]]]:
    """Several feeds of one host, each of which leads to a page of it."""
    busy = Busy()
    names = [f"/articles{n}" for n in range(FEEDS_OF_ONE_HOST)]
    with Site("127.4.1.1") as site:
        urls = [site.answer(name, busy.answer) for name in names]
        for path in ("/robots.txt", *(f"/page{name}" for name in names)):
            site.answer(path, busy.answer)
        yield busy, urls


def real_seconds(make: Make, folder: Path) -> dict[str, float]:
    """What only the real clock shows."""
    with busy_host() as (busy, urls):
        program = make(folder, None, urls)
        program.ask()
        program.restart()
    pages = busy.gaps("/page")
    return {
        "one at a time": float(busy.most == 1),
        "a second apart": publishers.share([gap >= 0.99 for gap in busy.gaps("/")]),
        "crawl-delay": publishers.share([gap >= CRAWL_DELAY - 0.01 for gap in pages] or [True]),
    }


if __name__ == "__main__":
    main()
