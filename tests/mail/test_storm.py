"""A small storm: every planned failure, senders that die, a day without server; nothing is lost.

``benchmarks/mail_storm.py`` is the large one, with processes that are killed.
"""

import random
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.mail.conftest import COMPANIES, World
from tests.parts.clock import Clock
from tests.parts.storm import HOST, StormyServer, judge
from tracker.domain.model import AlertToSend
from tracker.domain.ports import Notify
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters
from tracker.pipeline.alert import LEASE, send_due
from tracker.store.schema import AlertRow

READERS = [f"reader{number}@ngo.example" for number in range(9)]
STORIES = 9


class Killed(BaseException):
    """A sender ends here, with a mail in its hands."""


@pytest.fixture
def server() -> Iterator[StormyServer]:
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    server = StormyServer(port, share=0.4, gone=frozenset(READERS[:1]))
    server.up()
    yield server
    server.down()


class Senders:
    """Two at a time; each may die before or after a mail was handed over."""

    def __init__(self, world: World, notify: Notify) -> None:
        self.world, self.notify = world, notify
        self.random = random.Random(5)
        self.kills = 0

    def run(self, *, dying: float) -> None:
        with ThreadPoolExecutor(2) as two:
            for sender in [two.submit(self._send, dying) for _ in range(2)]:
                sender.result()

    def _send(self, dying: float) -> None:
        def hand_over(alert: AlertToSend) -> str:
            dies, after = self.random.random() < dying, self.random.random() < 0.5
            if dies and not after:
                raise Killed
            answer = self.notify(alert)
            if dies:
                raise Killed
            return answer

        try:
            send_due(self.world.database, hand_over, self.world.clock)
        except Killed:
            self.kills += 1


def test_a_storm_loses_and_doubles_nothing(
    world: World, server: StormyServer, letters: Letters, clock: Clock
) -> None:
    for name in READERS:
        world.follow(name)
    smtp = MailServer(HOST, server.port, starttls=False)
    senders = Senders(world, EmailNotify(smtp, letters))
    for number in range(1, STORIES + 1):
        company = list(COMPANIES)[number % 3]
        world.owe(f"{company}-{number}", company)
        if number == STORIES - 2:
            server.down()
        senders.run(dying=0.2)
        clock.advance(minutes=11)
    clock.advance(hours=24)
    server.up()
    world.withdraw(f"{company}-{STORIES}")
    server.share = 0.0
    for _ in range(20):
        senders.run(dying=0.0)
        clock.set(clock() + LEASE + timedelta(hours=1))
    check(world, server, senders.kills)
    assert min(senders.kills, sum(server.failed.values())) >= 3


def check(world: World, server: StormyServer, kills: int) -> None:
    with world.database.reading() as session:
        rows = session.query(AlertRow).order_by(AlertRow.id).all()
        counts = Counter(row.state for row in rows)
        assert counts["owed"] == 0
        assert counts["sent"] + counts["withdrawn_before_send"] + counts["failed"] == len(rows)
        assert counts["withdrawn_before_send"] >= len(READERS) - 1
        failed = [row for row in rows if row.state == "failed"]
        assert {row.subscriber.address for row in failed} == server.gone
        assert all(row.last_error for row in failed)
        sent = [row for row in rows if row.state == "sent"]
        told = [
            (row.subscriber.address, str(row.stance_id).split("-")[0], int(row.stance_id[-1]))
            for row in sent
            if row.stance_id
        ]
    verdict = judge(server.arrived, told, kills)
    assert (verdict.missing, verdict.doubled, verdict.out_of_order) == ([], [], [])
