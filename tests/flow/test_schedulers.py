"""Two schedulers in processes of their own: one acts, the other waits until the first is gone."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.flow.conftest import FEED, TITLE, add_source, page
from tests.parts.site import Answer, Request, Site
from tracker.app import App

Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start(app: App, tmp_path: Path) -> Iterator[Start]:
    """Starts a scheduler over the app's database."""
    made: list[subprocess.Popen[str]] = []
    environment = {name: text for name, text in os.environ.items() if "TRACKER_" not in name}
    environment |= {
        "TRACKER_DATABASE__URL": app.database.url,
        "TRACKER_FETCH__ALLOW_NETWORKS": "127.0.0.0/8",
        "TRACKER_FETCH__HOST_GAP": "0",
        "TRACKER_SCHEDULE__POLL_EVERY": "1",
        "TRACKER_LOG__JSON_LINES": "true",
        "TRACKER_NOW": "2020-06-09T20:00:00Z",
    }

    def begin() -> "subprocess.Popen[str]":
        made.append(
            subprocess.Popen(
                [sys.executable, "-m", "tracker", "scheduler"],
                stderr=subprocess.PIPE,
                text=True,
                cwd=tmp_path,
                env=environment,
            )
        )
        return made[-1]

    yield begin
    for process in made:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def first_event(process: "subprocess.Popen[str]", *wanted: str) -> str:
    """Read the log until one of these is said."""
    assert process.stderr is not None
    for line in process.stderr:
        said = str(json.loads(line).get("event")) if line.startswith("{") else line
        if said in wanted:
            return said
    raise AssertionError(f"the scheduler ended without saying one of {wanted}")


ACTS, WAITS = "this scheduler acts", "another scheduler acts; this one waits"


def test_one_acts_and_the_other_takes_over(app: App, site: Site, start: Start) -> None:
    site.put("/ibm?utm_source=rss", page(), headers={"Content-Type": "text/html"})
    add_source(app, site.put("/feed", FEED.format(title=TITLE, path="/ibm")))
    first = start()
    assert first_event(first, ACTS, WAITS) == ACTS
    second = start()
    assert first_event(second, ACTS, WAITS) == WAITS
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert first_event(second, ACTS) == ACTS
    second.send_signal(signal.SIGTERM)
    assert second.wait(60) == 0
    assert len(site.asked("/feed")) == 1


def test_an_article_that_does_not_come_keeps_no_other_source_waiting(
    app: App, site: Site, start: Start
) -> None:
    stuck, other, end = threading.Event(), threading.Event(), threading.Event()

    def hang(_request: Request) -> None:
        stuck.set()
        end.wait(60)

    def answer(_request: Request) -> Answer:
        other.set()
        return Answer(FEED.format(title="Nothing", path="/none").encode())

    site.answer("/ibm?utm_source=rss", hang)
    add_source(app, site.put("/feed", FEED.format(title=TITLE, path="/ibm")))
    process = start()
    with Site("127.0.0.2") as elsewhere:
        try:
            assert stuck.wait(30)
            add_source(app, elsewhere.answer("/other", answer))
            assert other.wait(15)
        finally:
            end.set()
            process.kill()
