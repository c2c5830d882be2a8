"""A worker of many: it takes jobs of the queue, and does with the same steps what they name."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from tracker.app import App
from tracker.domain.errors import TrackerError
from tracker.domain.model import ArticleId, EntryId, SourceId
from tracker.engine.queue import Queue
from tracker.log import log
from tracker.pipeline.analyse import AT_ONCE
from tracker.pipeline.each import batches
from tracker.pipeline.handing_out import ANALYSE, ASK, still_due
from tracker.pipeline.holding import held_hosts, hold_host
from tracker.sources.http import HttpFetch

KINDS = (ASK, ANALYSE)

TURN = 300.0
"""Seconds after which a job asks for nothing more: what is left is handed out again."""


class Worker:
    """Does jobs of some ``kinds``, ``at_once`` at a time; texts are analysed one at a time."""

    def __init__(self, app: App, queue: Queue, kinds: Sequence[str], at_once: int) -> None:
        self._app, self._queue = app, queue
        self._kinds, self._at_once = kinds, at_once
        self._ended = threading.Event()
        self._analyses = threading.Lock()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is under way is finished, or handed out again."""
        does: dict[str, Callable[..., None]] = {ASK: self._ask_hosts, ANALYSE: self._analyse}
        app = self._app
        # Made here, before several threads ask for them at once.
        self._parts = (app.fetch, app.readers, app.reading, app.read_visible, app.robots)
        self._queue.work({kind: told(does[kind]) for kind in self._kinds}, self._at_once, self._end)

    def _end(self) -> None:
        self._ended.set()
        self._app.close_fetch()

    def _ask_hosts(
        self, sources: Sequence[SourceId], entries: Sequence[EntryId], quoted: Sequence[ArticleId]
    ) -> None:
        """Poll and read what is still due, and let the hosts rest before another worker asks."""
        app, end = self._app, time.monotonic() + TURN

        def goes_on() -> bool:
            return not self._ended.is_set() and time.monotonic() < end

        if isinstance(app.fetch, HttpFetch):
            app.fetch.hear_of(held_hosts(app.database, app.now()))
        due = still_due(app.database, app.now(), sources)
        app.poll(len(due), due, goes_on=goes_on)
        app.read(len(entries), goes_on=goes_on, only=entries)
        app.recheck(len(quoted), goes_on=goes_on, only=quoted)
        self._let_rest()

    def _let_rest(self) -> None:
        """Wait for the usual rest of hosts; those that asked for a longer one are held for all."""
        app, usual = self._app, self._app.settings.fetch.host_gap
        resting = app.fetch.resting() if isinstance(app.fetch, HttpFetch) else {}
        for host, seconds in resting.items():
            if seconds > usual:
                until = app.now() + timedelta(seconds=seconds)
                hold_host(app.database, host, until, app.now())
        self._ended.wait(min(usual, max(resting.values(), default=0.0)))

    def _analyse(self, articles: Sequence[ArticleId]) -> None:
        with self._analyses:
            for some in batches(articles, AT_ONCE):
                if not self._ended.is_set():
                    self._app.analyse(len(some), some)


def told(do: Callable[..., None]) -> Callable[..., None]:
    """A job that fails is told of; what it was about still waits, and is handed out again.

    Also one that fails by a bug: the queue would drop it without a word, and the others go on.
    """

    def job(**what: Sequence[int]) -> None:
        try:
            do(**what)
        except TrackerError as error:
            log.error("job failed; it will be handed out again", reason=str(error))
        except Exception:
            log.exception("bug in a job; it will be handed out again", job=do.__name__)

    return job
