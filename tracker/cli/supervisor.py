"""`tracker run`: scheduler and dashboard as two children of one parent that keeps them alive."""

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING

import click

from tracker.domain.errors import TrackerError

if TYPE_CHECKING:
    from tracker.config import Settings

LOOK_EVERY = 0.05
ANSWER_WITHIN = 20.0
SHORTEST_LIFE = 5.0
GRACE = 15.0
AT_ONCE = 4
"""Jobs that the worker does at a time."""
PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Child:
    """One part in a process of its own, started again when it dies.

    It is forked, for the parent has loaded most of what both parts need, and has no threads.
    """

    def __init__(self, part: str, work: Callable[[], None]) -> None:
        self.part = part
        self._work = work
        self.start()

    def start(self) -> None:
        """Start it, in the same process group, so that Ctrl-C reaches it too."""
        self._began = time.monotonic()
        self._code: int | None = None
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            os._exit(self._run(parent))

    def _run(self, parent: int) -> int:
        """Work as the child; what goes wrong is told, and ends this process only."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        _end_with_parent()
        if os.getppid() != parent:
            return 1  # it went before the kernel was asked to tell
        try:
            self._work()
        except TrackerError as error:
            click.echo(f"{self.part}: {error}", err=True)
            return 1
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 1
        finally:
            sys.stderr.flush()
        return 0

    def ended(self) -> int | None:
        """Its exit code, or None while it lives."""
        if self._code is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    @property
    def died_young(self) -> bool:
        """Whether it ended so soon that starting it again would not help."""
        return time.monotonic() - self._began < SHORTEST_LIFE

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        if self.ended() is None:
            os.kill(self._pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while self.ended() is None and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY)
        if self.ended() is None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def _end_with_parent() -> None:
    """Have the kernel send SIGTERM when the parent is gone, however it went (prctl(2), Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


class Stopped(Exception):  # not an error: somebody asked us to end
    """SIGTERM or SIGINT arrived."""


def run_all(settings: "Settings") -> None:
    """Start both parts, print the address when it answers, and stay until told to stop.

    Raises TrackerError when a part cannot stay alive.
    """
    for number in SIGNALS:
        signal.signal(number, _stop)
    children: list[Child] = []
    try:
        children.append(Child("web", lambda: _serve(settings)))
        children.append(Child("scheduler", lambda: _schedule(settings)))
        if settings.schedule.engine == "queue":
            children.append(Child("worker", lambda: _work(settings)))
        _announce(settings, children)
        while True:
            time.sleep(LOOK_EVERY)
            _keep_alive(children)
    except Stopped:
        pass
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for child in children:
            child.stop()


def _serve(settings: "Settings") -> None:
    from tracker.web.serving import serve

    serve(settings)


def _schedule(settings: "Settings") -> None:
    from tracker.app import App
    from tracker.scheduler import Scheduler

    Scheduler(App(settings)).run()


def _work(settings: "Settings") -> None:
    from tracker.app import App
    from tracker.worker import KINDS, Worker

    app = App(settings)
    if app.queue is not None:
        Worker(app, app.queue, KINDS, AT_ONCE).run()
        os._exit(0)  # threads may still wait for slow servers


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _keep_alive(children: Sequence[Child], *, begun: bool = True) -> None:
    """Start again what ended, unless it ended at once or, however slow the machine, never began."""
    for child in children:
        code = child.ended()
        if code is None:
            continue
        if child.died_young or not begun:
            raise TrackerError(f"{child.part} ended at once (exit {code}); see the lines above")
        click.echo(f"{child.part} ended (exit {code}); starting it again", err=True)
        child.start()


def _announce(settings: "Settings", children: Sequence[Child]) -> None:
    address = f"http://{settings.web.host}:{settings.web.port}"
    deadline = time.monotonic() + ANSWER_WITHIN
    while not _answers(f"{address}/healthz"):
        _keep_alive(children, begun=False)
        if time.monotonic() > deadline:
            click.echo(f"the dashboard does not answer yet at {address}", err=True)
            return
        time.sleep(LOOK_EVERY)
    click.echo(f"Stance Tracker answers at {settings.base_url}  (stop with Ctrl-C)", err=True)
    click.echo(settings.base_url)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310  # our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
