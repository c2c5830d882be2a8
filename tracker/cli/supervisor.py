"""`tracker run`: scheduler and dashboard as two children of one parent that keeps them alive."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from tracker.domain.errors import TrackerError

if TYPE_CHECKING:
    from tracker.config import Settings

PARTS = ("scheduler", "web")
LOOK_EVERY = 0.1
ANSWER_WITHIN = 20.0
SHORTEST_LIFE = 5.0
GRACE = 15.0


class Child:
    """One part in a process of its own, started again when it dies."""

    def __init__(self, part: str, file: Path | None) -> None:
        config = ("--config", str(file)) if file else ()
        self.part = part
        self._command: Sequence[str] = (sys.executable, "-m", "tracker", *config, part)
        self.start()

    def start(self) -> None:
        """Start it, in the same process group, so that Ctrl-C reaches it too."""
        self._began = time.monotonic()
        self.process = subprocess.Popen(self._command)  # noqa: S603  # our own program

    @property
    def died_young(self) -> bool:
        """Whether it ended so soon that starting it again would not help."""
        return time.monotonic() - self._began < SHORTEST_LIFE

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Stopped(Exception):  # not an error: somebody asked us to end
    """SIGTERM or SIGINT arrived."""


def run_all(settings: "Settings", file: Path | None) -> None:
    """Start both parts, print the address when it answers, and stay until told to stop.

    Raises TrackerError when a part cannot stay alive.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    children: list[Child] = []
    try:
        children.extend(Child(part, file) for part in PARTS)
        _announce(settings, children)
        while True:
            time.sleep(LOOK_EVERY)
            _keep_alive(children)
    except Stopped:
        pass
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        for child in children:
            child.stop()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _keep_alive(children: Sequence[Child]) -> None:
    for child in children:
        code = child.process.poll()
        if code is None:
            continue
        if child.died_young:
            raise TrackerError(f"{child.part} ended at once (exit {code}); see the lines above")
        click.echo(f"{child.part} ended (exit {code}); starting it again", err=True)
        child.start()


def _announce(settings: "Settings", children: Sequence[Child]) -> None:
    address = f"http://{settings.web.host}:{settings.web.port}"
    deadline = time.monotonic() + ANSWER_WITHIN
    while time.monotonic() < deadline:
        _keep_alive(children)
        if _answers(f"{address}/healthz"):
            break
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
