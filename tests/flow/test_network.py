"""Whose fault it is when sources cannot be had: a publisher is never blamed for our own."""

import socket
from collections.abc import Callable

import pytest

from tests.flow.conftest import FEED, PARAGRAPHS, TITLE, add_source, page
from tests.parts.clock import Clock
from tests.parts.site import Site
from tracker.app import App
from tracker.domain.codes import Origin
from tracker.domain.errors import Fault, FetchError
from tracker.domain.model import Source
from tracker.pipeline import watching
from tracker.sources.http import HttpFetch
from tracker.store import sources
from tracker.store.schema import ArticleRow, SnapshotRow
from tracker.store.views import installation

NAMES = ("one.example", "two.example", "three.example")


def no_such_name(host: str, port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.fixture
def offline(make_app: Callable[..., App], clock: Clock) -> App:
    """An app on a machine whose resolver finds no name, with the starter sources paused."""
    fetch = HttpFetch(
        user_agent="test",
        clock=clock,
        host_gap=0,
        allow_networks=["127.0.0.0/8"],
        resolve=no_such_name,
    )
    app = make_app(fetch=fetch)
    with app.database.reading() as session:
        known = [source.id for source in sources.every(session)]
    watching.pause(app.database, known, app.now())
    return app


def watch(app: App, *urls: str) -> None:
    with app.database.transaction() as session:
        for url in urls:
            sources.add(session, Source(url, url), app.now(), Origin.EDITOR)


def faults(app: App) -> dict[str, Fault | None]:
    with app.database.reading() as session:
        return {s.url: s.error_fault for s in sources.every(session) if s.last_polled}


def test_when_no_name_is_found_at_all_the_fault_is_ours(offline: App) -> None:
    watch(offline, *(f"https://{name}/feed" for name in NAMES))
    tally = offline.poll(100)
    assert tally["failed"] == 3
    assert set(faults(offline).values()) == {Fault.OURS}
    with offline.database.reading() as session:
        reading = installation.reading(session)
        lines = [s for s in installation.sources(session, offline.now().date()) if s.last_polled]
    assert reading.network_down
    assert {line.health for line in lines} == {"ours"}


def test_one_name_that_does_not_exist_is_its_own_fault(offline: App, site: Site) -> None:
    watch(offline, *(f"https://{name}/feed" for name in NAMES))
    watch(offline, site.put("/feed", FEED.format(title=TITLE, path="/ibm")))
    offline.poll(100)
    found = faults(offline)
    assert found.pop(f"{site.url}/feed") is None
    assert set(found.values()) == {Fault.THEIRS}


def test_a_fault_of_ours_is_tried_again_soon_and_is_not_counted(offline: App, clock: Clock) -> None:
    watch(offline, *(f"https://{name}/feed" for name in NAMES))
    offline.poll(100)
    with offline.database.reading() as session:
        polled = [s for s in sources.every(session) if s.last_polled]
    assert {s.failures for s in polled} == {0}
    assert all((s.next_due - clock.now).total_seconds() < 600 for s in polled)


WORDS = (
    "<p>" + "The council voted to end the use of cameras in its streets this week. " * 12 + "</p>"
)
FULL = FEED.replace("A short teaser.", WORDS.replace("<", "&lt;"))


def texts_of(app: App) -> list[tuple[str, str]]:
    with app.database.reading() as session:
        rows = session.query(ArticleRow.url, SnapshotRow.taken_from)
        return [(url, taken) for url, taken in rows.filter(SnapshotRow.article_id == ArticleRow.id)]


def test_text_of_a_feed_does_not_stand_in_for_a_page_that_we_could_not_ask(
    app: App, make_app: Callable[..., App], site: Site, clock: Clock
) -> None:
    add_source(app, site.put("/feed", FULL.format(title=TITLE, path="/ibm")))
    app.poll(100)

    def no_network(*_words: object) -> None:
        raise FetchError("no network", cause="no_network", fault=Fault.OURS)

    assert make_app(fetch=no_network).read(100)["unread"] == 1
    assert texts_of(app) == []
    clock.advance(minutes=5)
    site.put("/ibm?utm_source=rss", page(), headers={"Content-Type": "text/html"})
    app.read(100)
    assert texts_of(app) == [(f"{site.url}/ibm", "page")]


def test_the_front_page_of_a_site_is_not_taken_for_an_article(app: App, site: Site) -> None:
    """Many sites lead there from what they took away; its headlines are other news."""
    leads_there = {"status": 302, "headers": {"Location": "/?utm_source=x"}}
    add_source(app, site.put("/feed", FULL.format(title=TITLE, path="/ibm")))
    teaser = FEED.format(title=TITLE, path="/other")
    add_source(app, site.put("/teasers", teaser))
    for path in ("/", "/?utm_source=x"):
        site.put(path, page("The Wire", PARAGRAPHS), headers={"Content-Type": "text/html"})
    for path in ("/ibm", "/other"):
        site.put(f"{path}?utm_source=rss", "", **leads_there)
    app.poll(100)
    assert app.read(100)["unread"] == 1
    assert texts_of(app) == [(f"{site.url}/ibm", "feed")]


def test_a_name_that_is_not_found_twice_lets_the_text_of_the_feed_stand(
    app: App, offline: App, site: Site, clock: Clock
) -> None:
    feed = FULL.format(title=TITLE, path="/ibm").replace("SITE/ibm", "https://one.example/ibm")
    add_source(app, site.put("/feed", feed))
    app.poll(100)
    assert offline.read(100)["unread"] == 1
    clock.advance(hours=1)
    offline.read(100)
    assert texts_of(app) == [("https://one.example/ibm", "feed")]  # its campaign mark is gone
