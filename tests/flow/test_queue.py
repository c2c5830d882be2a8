"""Workers of their own over one PostgreSQL database: the scheduler hands out, they do the work."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.flow.conftest import FEED, TITLE, add_source, page, subscribe
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tests.parts.site import Answer, Request, Site
from tracker.app import App
from tracker.cli.diagnosis import workers
from tracker.domain.errors import StoreError
from tracker.domain.jobs import SCHEMA, Job
from tracker.engine.queue import Queue, QueueState
from tracker.log import log
from tracker.pipeline.handing_out import (
    HOST_SHARES,
    TEXT_SHARES,
    share_of,
    still_due,
    waiting_at_hosts,
    waiting_texts,
)
from tracker.sources.held import HeldHosts
from tracker.sources.http import HttpFetch
from tracker.store.database import Database
from tracker.worker import told

pytestmark = pytest.mark.postgresql
GAP = 0.2
PATIENCE = 90.0
"""Seconds in which even a slow machine comes to the end."""

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def database(postgresql_url: Callable[[], str]) -> Iterator[Database]:
    """A database that may have more than one writer."""
    database = Database(postgresql_url())
    yield database
    database.close()


@pytest.fixture
def queue(database: Database) -> Queue:
    """The queue of that database."""
    return Queue(database.address)


@pytest.fixture
def start(database: Database, mailbox: Mailbox, tmp_path: Path) -> Iterator[Start]:
    """Starts a part of the program over the database."""
    made: list[subprocess.Popen[bytes]] = []
    environment = {name: value for name, value in os.environ.items() if "TRACKER_" not in name}
    environment |= {
        "TRACKER_DATABASE__URL": database.url,
        "TRACKER_FETCH__ALLOW_NETWORKS": "127.0.0.0/8",
        "TRACKER_FETCH__HOST_GAP": str(GAP),
        "TRACKER_SCHEDULE__ENGINE": "queue",
        "TRACKER_SCHEDULE__POLL_EVERY": "1",
        "TRACKER_SCHEDULE__DELIVER_EVERY": "1",
        "TRACKER_MAIL__SMTP_HOST": "127.0.0.1",
        "TRACKER_MAIL__SMTP_PORT": str(mailbox.port),
        "TRACKER_MAIL__SMTP_STARTTLS": "false",
        "TRACKER_NOW": "2020-06-09T20:00:00Z",
    }

    def begin(*words: str) -> "subprocess.Popen[bytes]":
        made.append(
            subprocess.Popen(
                [sys.executable, "-m", "tracker", *words], cwd=tmp_path, env=environment
            )
        )
        return made[-1]

    yield begin
    for process in made:
        process.kill()
        process.wait()


def until(holds: Callable[[], object]) -> None:
    """Return when it holds; fail when it does not in time."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come in time"


def test_two_workers_bring_one_stance_and_one_mail_and_no_host_is_hurried(
    app: App, site: Site, mailbox: Mailbox, start: Start
) -> None:
    asked: list[tuple[float, float]] = []

    def noted(body: str) -> Callable[[Request], Answer]:
        def answer(_request: Request) -> Answer:
            began = time.monotonic()
            asked.append((began, time.monotonic()))
            return Answer(body.replace("SITE", site.url).encode(), 200, HTML)

        return answer

    for number in range(3):
        add_source(
            app, site.answer(f"/feed-{number}", noted(FEED.format(title=TITLE, path="/ibm")))
        )
    site.answer("/ibm?utm_source=rss", noted(page()))
    subscribe(app, "ana@ngo.example", company="ibm")
    start("scheduler")
    both = [start("worker"), start("worker", "--at-once", "2")]
    until(lambda: mailbox.to("ana@ngo.example"))
    for worker in both:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(60) for worker in both] == [0, 0]

    subjects = [str(mail["subject"]) for mail in mailbox.to("ana@ngo.example")]
    assert len(subjects) == len(set(subjects))
    assert any("facial recognition" in subject for subject in subjects)
    assert [len(site.asked(f"/feed-{number}")) for number in range(3)] == [1, 1, 1]
    assert len(site.asked("/ibm?utm_source=rss")) == 1
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(sorted(asked))]
    assert min(gaps) >= GAP


HTML = {"Content-Type": "text/html; charset=utf-8"}


def test_what_a_lost_worker_had_is_handed_out_again(queue: Queue, database: Database) -> None:
    job = Job("ask", 1, {"sources": [7], "entries": [], "quoted": []})
    assert queue.hand_out([job, job]) == 1
    assert queue.hand_out([job]) == 0  # its like still waits
    assert queue.state() == QueueState(waiting=1)
    with database.transaction() as session:  # as a worker leaves it that is killed
        session.execute(text(f"SET search_path TO {SCHEMA}"))
        gone = text(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 hour') RETURNING id"
        )
        worker = session.execute(gone).scalar_one()
        session.execute(text(f"SELECT procrastinate_fetch_job_v2(NULL, {worker})"))
    assert queue.state() == QueueState(under_way=1)

    assert queue.hand_out([job]) == 1

    assert queue.state() == QueueState(waiting=1)
    (line,) = workers(queue)
    assert str(line).startswith("FAULT  workers: 0 alive, 0 jobs under way, 1 wait → start")


def test_who_has_an_event_loop_may_ask_as_well(queue: Queue) -> None:
    async def ask() -> QueueState:
        return queue.state()

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, ask()).result() == QueueState()


def test_the_queue_of_another_version_is_made_anew(queue: Queue, database: Database) -> None:
    assert queue.state() == QueueState()  # nobody has made it yet
    queue.hand_out([Job("ask", 1, {})])
    with database.transaction() as session:
        session.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '2.0'"))
    assert queue.state() == QueueState()
    assert queue.hand_out([Job("ask", 2, {})]) == 1
    assert queue.state() == QueueState(waiting=1)


def test_a_server_that_is_away_is_named_with_the_mend() -> None:
    away = Queue("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1", patience=0.5)
    with pytest.raises(StoreError, match=r"the queue: .*; check that PostgreSQL runs"):
        away.state()


def test_what_waits_falls_into_the_share_of_its_host(
    make_app: Callable[..., App], clock: Clock
) -> None:
    app = make_app()
    with Site() as one, Site("127.0.0.2") as other:
        one.put("/ibm?utm_source=rss", page(), headers=HTML)
        add_source(app, one.put("/feed", FEED.format(title=TITLE, path="/ibm")))
        add_source(app, other.put("/feed", FEED.format(title="Nothing", path="/none")))
        here, there = share_of(one.url), share_of(other.url)
        assert here != there
        found = waiting_at_hosts(app.database, clock())
        assert {share: len(what["sources"]) for share, what in found.items()} == {here: 1, there: 1}
        due = still_due(app.database, clock(), found[here]["sources"])
        assert app.poll(10, due)["new_entries"] == 1

        assert still_due(app.database, clock(), due) == []
        found = waiting_at_hosts(app.database, clock())
        assert (len(found[here]["entries"]), len(found[there]["sources"])) == (1, 1)
        assert app.read(10, only=[])["articles"] == 0
        assert app.read(10, only=found[here]["entries"])["articles"] == 1
        (texts,) = waiting_texts(app.database, clock()).values()
        assert app.analyse(10, texts)["analysed"] == 1
        assert waiting_texts(app.database, clock()) == {}


def test_shares_are_the_same_everywhere_and_an_entry_without_address_has_one() -> None:
    assert share_of("https://ibm.example/a") == share_of("http://ibm.example:80/b?c")
    assert 0 <= share_of(None) < HOST_SHARES
    assert TEXT_SHARES > 1


def test_a_host_that_another_process_was_asked_to_leave_alone_is_held(
    site: Site, clock: Clock
) -> None:
    url = site.put("/feed", "x")
    fetch = HttpFetch(
        user_agent="x",
        clock=clock,
        host_gap=30,
        allow_networks=["127.0.0.0/8"],
        held=HeldHosts(clock),
    )
    assert fetch(url) is not None
    assert 29 < fetch.resting()["127.0.0.1"] <= 30
    fetch.hear_of({f"127.0.0.1:{site.port}": clock().replace(year=2030)})
    with pytest.raises(Exception, match="asked to be left alone until 2030"):
        fetch(url)


def test_a_bug_in_a_job_is_told_and_ends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("info", json_lines=False)

    def break_down(**_what: list[int]) -> None:
        raise ZeroDivisionError("nine by none")

    told(break_down)(articles=[1])
    said = capsys.readouterr().err
    assert "bug in a job" in said
    assert "nine by none" in said
