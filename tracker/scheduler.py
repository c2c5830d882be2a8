"""When the steps run. All state is in the database, so a restart loses nothing.

APScheduler only wakes us: due times are in our own tables, missed wake-ups are folded into one,
and a lease in the database lets exactly one scheduler act (promises 15 and 16).
"""

import logging
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from tracker.app import App
from tracker.domain.errors import TrackerError
from tracker.domain.jobs import Job
from tracker.log import log
from tracker.pipeline.handing_out import ANALYSE, ASK, waiting_at_hosts, waiting_texts

LEASE = timedelta(seconds=30)
RENEW_EVERY = 5
LOOK_EVERY = 0.2
CLOCK_EVERY = 3600
HEALTH_EVERY = 600
HUBS_EVERY = 300
DOWNLOADS_EVERY = 60
POLLED_AT_ONCE = 5_000
POLLING_TURN = 300.0
READING_TURN = 60.0
"""Seconds after which a turn asks for nothing more, so that the next one can look at what has come
meanwhile: hosts that hang hold up themselves alone (promise 1)."""


class Scheduler:
    """Wakes the steps of an app until it is stopped; waits while another scheduler acts."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
        self._acts = threading.Event()
        self._stop = threading.Event()
        self._asked_to_end = False
        self._told = False
        self._jobs = BackgroundScheduler(timezone="UTC")
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a long turn is no fault

    def run(self) -> None:
        """Act until SIGTERM or SIGINT; what is under way is finished or taken up again later."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        schedule = self._app.settings.schedule
        self._lead()
        self._every(RENEW_EVERY, self._lead)
        for work in self._steps():
            self._every(schedule.poll_every, self._when_acting(work), now=True)
        self._every(schedule.deliver_every, self._when_acting(self._deliver), now=True)
        self._every(schedule.deliver_every, self._when_acting(self._post_hooks), now=True)
        self._every(CLOCK_EVERY, self._when_acting(self._turn_day), now=True)
        self._every(HEALTH_EVERY, self._when_acting(self._watch_health))
        self._every(HUBS_EVERY, self._when_acting(self._ask_hubs))
        self._every(DOWNLOADS_EVERY, self._when_acting(self._make_downloads))
        self._jobs.start()
        while not self._asked_to_end:
            self._stop.wait(LOOK_EVERY)
        self._stop.set()
        self._jobs.shutdown(wait=False)
        self._app.close_fetch()
        self._app.leave_lead(self._holder)

    def stop(self) -> None:
        """End `run` soon."""
        self._asked_to_end = True
        self._stop.set()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # Only noted: what was interrupted may hold the lock of the event. And a signal that comes
        # just before a wait without end is heard when that ends, so there is none such.
        self._asked_to_end = True

    def _every(self, seconds: int, step: Callable[[], None], *, now: bool = False) -> None:
        first = {"next_run_time": datetime.now(UTC)} if now else {}
        self._jobs.add_job(
            step,
            "interval",
            seconds=seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            **first,
        )

    def _lead(self) -> None:
        """Take or renew the lease; without it nothing else runs."""
        try:
            leads = self._app.take_lead(self._holder, LEASE)
        except TrackerError as error:
            log.error("the lease could not be renewed", reason=str(error))
            self._acts.clear()
            return
        if leads and not self._acts.is_set():
            log.info("this scheduler acts", holder=self._holder)
            self._told = False
            self._acts.set()
        elif not leads:
            if not self._told:
                log.info("another scheduler acts; this one waits")
            self._told = True
            self._acts.clear()

    def _when_acting(self, step: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            if not self._acts.is_set():
                return
            try:
                step()
            except TrackerError as error:
                log.error("step failed; it will be tried again", reason=str(error))

        return run

    def _steps(self) -> tuple[Callable[[], None], ...]:
        """What brings articles: done here, or handed to workers."""
        return (self._poll, self._read) if self._app.queue is None else (self._hand_out,)

    def _hand_out(self) -> None:
        """Tell the workers what waits; what they do not get to waits on, and is told again."""
        app, queue = self._app, self._app.queue
        asked = waiting_at_hosts(app.database, app.now())
        told = waiting_texts(app.database, app.now())
        jobs = [Job(ASK, share, what) for share, what in asked.items()]
        jobs += [Job(ANALYSE, share, {"articles": ids}) for share, ids in told.items()]
        if queue is not None and jobs and (added := queue.hand_out(jobs)):
            log.info("handed out", jobs=added)

    def _poll(self) -> None:
        """Ask every source that is due; articles are read beside it, for they may be slow.

        Many at once, so that the few that hang hold up no others: results are kept as they come.
        """
        while self._goes_on():
            polled = self._app.poll(POLLED_AT_ONCE, goes_on=self._for(POLLING_TURN))
            if polled["sources"] < POLLED_AT_ONCE or polled.bugs:
                return

    def _read(self) -> None:
        """Read, analyse and read again in turns, until nothing of it waits."""
        batch = self._app.settings.schedule.batch
        while self._goes_on():
            read = self._app.read(batch, goes_on=self._for(READING_TURN))
            analysed = self._app.analyse(batch)
            looked = self._app.recheck(batch, goes_on=self._for(READING_TURN))
            if not read.done and not analysed.done and not looked.done:
                return

    def _for(self, seconds: float) -> Callable[[], bool]:
        """Whether to go on, asked again and again: for so many seconds, while this one acts."""
        end = time.monotonic() + seconds
        return lambda: self._goes_on() and time.monotonic() < end

    def _goes_on(self) -> bool:
        return self._acts.is_set() and not self._stop.is_set()

    def _post_hooks(self) -> None:
        """Beside the mail: a slow program must not hold it up."""
        self._app.post_hooks()

    def _deliver(self) -> None:
        self._app.deliver()

    def _ask_hubs(self) -> None:
        self._app.ask_hubs()

    def _make_downloads(self) -> None:
        self._app.make_downloads()

    def _watch_health(self) -> None:
        self._app.watch_health()

    def _turn_day(self) -> None:
        self._app.turn_day()
        self._app.sweep_outbox()
