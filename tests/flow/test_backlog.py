"""A long backlog is worked off in pieces: all of it, each once."""

from collections.abc import Callable

import pytest

from tests.flow.test_recording import Planned
from tracker.app import App
from tracker.domain.codes import Origin
from tracker.domain.model import Entry, Page, Source
from tracker.pipeline import analyse, read
from tracker.store import articles, entries, sources
from tracker.store.database import Database


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
