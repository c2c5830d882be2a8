"""A long backlog is worked off in pieces: all of it, each once."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from tests.flow.conftest import FEED, add_source, page
from tests.flow.test_recording import Planned
from tests.parts.site import Site
from tracker.app import App
from tracker.domain.codes import Origin
from tracker.domain.model import Entry, Page, Source
from tracker.pipeline import analyse, read
from tracker.store import articles, entries, sources
from tracker.store.database import Database
from tracker.store.schema import ArticleRow

HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def database(sqlite_url: Callable[[], str]) -> Database:
    """A database in a file."""
    return Database(sqlite_url())


def test_a_backlog_of_texts_is_analysed_whole(make_app: Callable[..., App]) -> None:
    many = 2 * analyse.AT_ONCE + 5
    planned = Planned()
    app = make_app(extract=planned)
    with app.database.transaction() as session:
        for number in range(many):
            page = Page(f"https://wire.example/{number}", f"{number}", "Some words.", "en", None)
            articles.record(
                session,
                page,
                host="wire.example",
                source=None,
                tier=None,
                taken_from="page",
                now=app.now(),
            )
    assert app.analyse(1_000_000)["analysed"] == many
    assert planned.asked == [str(number) for number in range(many)]
    assert app.analyse(1_000_000).done == 0


def test_a_backlog_of_entries_is_read_whole(make_app: Callable[..., App]) -> None:
    many = 2 * read.AT_ONCE + 5
    app = make_app()
    with app.database.transaction() as session:
        feed = Source("https://wire.example/feed", "Wire")
        source, _ = sources.add(session, feed, app.now(), Origin.EDITOR)
        backlog = (Entry(f"{n:064d}", None, f"Item {n}") for n in range(many))
        entries.add_new(session, [(source, backlog)], app.now())
    assert app.read(1_000_000).done == many
    with app.database.reading() as session:
        assert entries.waiting(session, app.now(), 10) == []


def test_a_turn_that_is_over_begins_nothing_more_and_loses_nothing(
    make_app: Callable[..., App], site: Site
) -> None:
    app = make_app()
    app.ask_robots(site.url)
    for name in ("/one", "/two"):
        words = (f"The council of the town of {name} met on Monday. " * 9,)
        site.put(f"{name}?utm_source=rss", page(name, words), headers=HTML)
        site.put(name, page(name, words), headers=HTML)
        add_source(app, site.put(f"{name}/feed", FEED.format(title=name, path=name)))
    for step in (app.poll, app.read, app.recheck):
        for left in (1, 0):
            site.requests.clear()
            told = step(10, goes_on=only_one())
            assert (len(site.requests), told["left"], told["failed"]) == (1, left, 0), step
        with app.database.transaction() as session:
            session.execute(update(ArticleRow).values(quoted_at=app.now(), recheck_at=app.now()))


def only_one() -> Callable[[], bool]:
    """A turn in which one thing may begin."""
    begun = iter((True,))
    return lambda: next(begun, False)
