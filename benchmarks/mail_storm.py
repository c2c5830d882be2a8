"""Thousands of alerts through a mail server that fails in every way, with senders that are killed.

    python benchmarks/mail_storm.py [--readers 100] [--stories 24] [--burst 2] [--seed 1]
        [--database URL]

Two senders in processes of their own share one outbox and are killed with SIGKILL at random. The
server refuses (421, 450, 451, and 550 for some addresses), accepts and hangs up, is slow, cuts the
connection in the text, and is down for a day by the clock that everybody is handed. When it is
over, nothing may be lost, doubled or out of order, and owed = sent + withdrawn + failed, with a
reason for each that failed. Ends with 1 if something of that is not so.
"""

import argparse
import json
import multiprocessing
import os
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import structlog

from tests.mail.conftest import BASE, DOMAIN, World
from tests.parts.clock import Clock
from tests.parts.storm import HOST, StormyServer, Verdict, judge
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters
from tracker.notifiers.mail import templates_folder
from tracker.pipeline.alert import LEASE, send_due
from tracker.store import migrate
from tracker.store.database import Database
from tracker.store.schema import AlertRow

COMPANIES = ("ibm", "amazon", "microsoft")
SENDERS = 2
FORKS = multiprocessing.get_context("forkserver")
"""Senders are forks of a process that has everything loaded, and no threads."""


def main() -> int:
    """Run the storm, or one sender of it."""
    asked = _arguments()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with tempfile.TemporaryDirectory() as folder:
        return Storm(asked, Path(folder)).run()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--stories", type=int, default=24)
    parser.add_argument("--burst", type=int, default=2, help="stories that come together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="default: a new SQLite file")
    return parser.parse_args()


def send_for_ever(url: str, port: int, clock: Path) -> None:
    """What a sender does until it is killed: the clock is a file that the drill writes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    database = Database(url)

    def now() -> datetime:
        return datetime.fromisoformat(clock.read_text())

    letters = Letters(f"Stance Tracker <alerts@{DOMAIN}>", BASE, templates_folder(), now)
    notify = EmailNotify(MailServer(HOST, port, starttls=False), letters)
    hold, idle = clock.with_name("hold"), clock.with_name(f"idle-{os.getpid()}")
    while True:
        while hold.exists():
            idle.touch()
            time.sleep(0.02)
        idle.unlink(missing_ok=True)
        with notify.reusing() as reusing:
            done = send_due(database, reusing, now, limit=20)
        if not done.sent:
            time.sleep(0.05)


class Storm:
    """The drill: one world, one server, two senders."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked = asked
        self.random = random.Random(asked.seed)
        self.url = asked.database or f"sqlite:///{folder / 'storm.db'}"
        self.file = folder / "clock"
        self.clock = Clock()
        self.kills = 0
        self.senders: list[BaseProcess] = []
        names = [f"reader{number}@d{number % 20}.example" for number in range(asked.readers)]
        self.names = names
        gone = frozenset(self.random.sample(names, max(len(names) // 20, 1)))
        with socket.create_server((HOST, 0)) as free:
            port = free.getsockname()[1]
        self.server = StormyServer(port, share=0.25, seed=asked.seed, gone=gone)

    def run(self) -> int:
        """Owe, storm, lie still for a day, clear up, count."""
        began = time.monotonic()
        database = Database(self.url)
        migrate.upgrade(database)
        self.world = World(database, self.clock)
        self.world.fill()
        FORKS.set_forkserver_preload(["__main__"])
        for name in self.names:
            self.world.follow(name)
        self._tell_time()
        self.server.up()
        try:
            self._rage()
            self._outage()
            self._clear_up()
        finally:
            for sender in self.senders:
                sender.kill()
                sender.join()
            self.server.down()
        verdict = judge(self.server.arrived, list(self._told()), self.kills)
        return self._report(verdict, time.monotonic() - began)

    def _rage(self) -> None:
        """Half of the stories, one after the other, while senders are killed."""
        half, burst = self.asked.stories // 2, self.asked.burst
        for first in range(1, half + 1, burst):
            for number in range(first, min(first + burst, half + 1)):
                self._owe(number)
            for _ in range(2):
                self._start_senders()
                self._wait_for_mails(self.random.randint(5, 30))
                self._kill(self.random.choice(self.senders))
                self._pass(timedelta(minutes=4))

    def _wait_for_mails(self, number: int) -> None:
        """Until so many more mails have arrived, or for some seconds."""
        enough, end = len(self.server.arrived) + number, time.monotonic() + 12
        while len(self.server.arrived) < enough and time.monotonic() < end:
            time.sleep(self.random.uniform(0, 0.1))

    def _outage(self) -> None:
        """The server is down for a day; the other stories become owed meanwhile."""
        self.server.down()
        later = list(range(self.asked.stories // 2 + 1, self.asked.stories + 1))
        self._start_senders()
        for hour in range(24):
            for _ in range(self.asked.burst if hour % 3 == 0 else 0):
                if later:
                    self._owe(later.pop(0))
            time.sleep(0.1)
            self._pass(timedelta(hours=1))
        for number in later:
            self._owe(number)
        self.world.withdraw(f"ibm-{self.asked.stories}")
        self.server.up()

    def _clear_up(self) -> None:
        """Fair weather: whatever is owed must get out."""
        self.server.share = 0.02
        end = time.monotonic() + 1200
        while self._counts()["owed"] and time.monotonic() < end:
            self._start_senders()
            time.sleep(2)
            self._pass(LEASE + timedelta(minutes=1))

    def _owe(self, number: int) -> None:
        company = COMPANIES[number % len(COMPANIES)]
        if number == self.asked.stories:
            company = "ibm"
        self.world.owe(f"{company}-{number}", company)

    def _start_senders(self) -> None:
        self.senders = [one for one in self.senders if one.is_alive()]
        while len(self.senders) < SENDERS:
            sender = FORKS.Process(
                target=send_for_ever, args=(self.url, self.server.port, self.file), daemon=True
            )
            sender.start()
            self.senders.append(sender)

    def _kill(self, sender: BaseProcess) -> None:
        sender.kill()
        sender.join()
        self.kills += 1

    def _pass(self, time_: timedelta) -> None:
        """Let time jump while nobody has a mail in hand: else a lease would end in a second."""
        hold = self.file.with_name("hold")
        hold.touch()
        end = time.monotonic() + 120
        while not all(map(self._is_idle, self.senders)) and time.monotonic() < end:
            time.sleep(0.02)
        self.clock.set(self.clock() + time_)
        self._tell_time()
        hold.unlink()

    def _is_idle(self, sender: BaseProcess) -> bool:
        return not sender.is_alive() or self.file.with_name(f"idle-{sender.pid}").exists()

    def _tell_time(self) -> None:
        part = self.file.with_suffix(".part")
        part.write_text(self.clock().astimezone(UTC).isoformat())
        part.replace(self.file)

    def _told(self):  # type: ignore[no-untyped-def]
        with self.world.database.reading() as session:
            for row in session.query(AlertRow).filter_by(state="sent"):
                company, _, number = str(row.stance_id).partition("-")
                yield row.subscriber.address, company, int(number)

    def _counts(self) -> Counter[str]:
        return Counter(self.world.states())

    def _report(self, verdict: Verdict, seconds: float) -> int:
        counts = self._counts()
        with self.world.database.reading() as session:
            failed = session.query(AlertRow).filter_by(state="failed").all()
            silent = [row.id for row in failed if not row.last_error]
            wrongly = [row.id for row in failed if row.subscriber.address not in self.server.gone]
        whole = sum(counts.values())
        right = (
            not (verdict.doubled or verdict.missing or verdict.out_of_order)
            and not (counts["owed"] or silent or wrongly)
            and whole == counts["sent"] + counts["withdrawn_before_send"] + counts["failed"]
        )
        print(
            json.dumps(
                {
                    "alerts": whole,
                    **counts,
                    "mails": verdict.mails,
                    "second copies, excused": verdict.copies,
                    "doubled": len(verdict.doubled),
                    "lost": len(verdict.missing),
                    "out of order": len(verdict.out_of_order),
                    "for example": [*verdict.doubled, *verdict.missing, *verdict.out_of_order][:5],
                    "reasons": sorted({str(row.last_error) for row in failed}),
                    "failed without reason": len(silent),
                    "failed without fault": len(wrongly),
                    "kills": self.kills,
                    "failures": dict(self.server.failed),
                    "seconds": round(seconds, 1),
                    "right": right,
                },
                indent=1,
            )
        )
        return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
