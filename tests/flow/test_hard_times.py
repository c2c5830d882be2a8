"""A full disk, a locked file, kill -9: each step of watching stops clearly and loses nothing.

SQLite unless said otherwise: the kills of both databases are in test_kills. That a PostgreSQL whose
disk is really full behaves as the one here, benchmarks/full_disk.py shows.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, func, select

from tests.flow.conftest import PARAGRAPHS, TITLE, add_source, page, reading_here
from tests.parts.dying import DyingDatabase, Moment, survives
from tests.parts.site import Site
from tracker.app import App
from tracker.domain.codes import Origin, SourceKind
from tracker.domain.errors import StoreError
from tracker.domain.model import Page, Source, SourceId
from tracker.pipeline.backfill import backfill
from tracker.pipeline.read import keep_page
from tracker.store import sources
from tracker.store.database import Database
from tracker.store.schema import (
    ArticleCheckRow,
    ArticleRow,
    EntryRow,
    PageChangeRow,
    SnapshotRow,
    SourceRow,
)
from tracker.store.sources import WatchedSource

LONG = "This line was written to take up room on a disk that has none left. " * 3000
"""More than the free pages of a file hold."""

HTML = {"Content-Type": "text/html; charset=utf-8"}
MOST_TRANSACTIONS = 30


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def feed(name: str, more: str = "") -> str:
    return (
        f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>{name}"
        f"</title>{more}<item><title>{name} has news</title><guid>{name}</guid>"
        f"<pubDate>Mon, 02 Mar 2020 09:00:00 GMT</pubDate><description>{LONG}</description></item>"
        "</channel></rss>"
    )


@pytest.fixture
def busy(app: App, site: Site) -> App:
    """Two feeds that are due, one with an archive, a watched page that changed, one to recheck."""
    older = '<atom:link rel="prev-archive" href="SITE/older"/>'
    add_source(app, site.put("/one", feed("one", older)))
    add_source(app, site.put("/two", feed("two")))
    site.put("/older", feed("older"))
    article = site.put("/article", page(), headers=HTML)
    watched = Source(
        site.put("/terms", page("Our terms"), headers=HTML), "Terms", kind=SourceKind.WATCHED
    )
    kept = Page(article, TITLE, "\n\n".join(PARAGRAPHS))
    with app.database.transaction() as session:
        sources.add(session, watched, app.now(), Origin.EDITOR)
        number, _ = keep_page(session, kept, source=None, taken_from="page", now=app.now())
        row = session.get_one(ArticleRow, number)
        row.quoted_at, row.recheck_at = app.now(), app.now()
    reading_here(app).poll(100, ids(app, "/terms"))
    site.put("/terms", page("Our terms", (*PARAGRAPHS, LONG)), headers=HTML)
    site.put("/article", page(TITLE, (*PARAGRAPHS, LONG)), headers=HTML)
    return app


def ids(app: App, path: str) -> list[SourceId]:
    return [one.id for one in sources_at(app, path)]


def sources_at(app: App, path: str) -> list[WatchedSource]:
    with app.database.reading() as session:
        return [one for one in sources.every(session) if one.url.endswith(path)]


def steps(app: App) -> dict[str, Callable[[], Any]]:
    (filled,) = sources_at(app, "/one")
    return {
        "feeds": lambda: app.poll(100, [*ids(app, "/one"), *ids(app, "/two")]),
        "a watched page": lambda: app.poll(100, ids(app, "/terms")),
        "a recheck": lambda: app.recheck(100),
        "older entries": lambda: backfill(app.backfilling, filled, date(2020, 1, 1), 9),
    }


def shape(app: App) -> tuple[Any, ...]:
    with app.database.reading() as session:
        kinds = session.scalars(select(PageChangeRow.kind).order_by(PageChangeRow.id))
        return (
            sorted(session.scalars(select(EntryRow.title))),
            list(kinds),
            session.scalar(select(func.count()).select_from(SnapshotRow)),
            session.scalar(select(func.count()).select_from(ArticleCheckRow)),
            session.scalar(select(func.count()).where(SourceRow.last_error.is_not(None))),
        )


WHOLE = (["older has news", "one has news", "two has news"], ["first", "changed"], 4, 1, 0)


@contextmanager
def full(database: Database) -> Iterator[None]:
    """The file cannot grow."""

    def forbid(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    with opened_with(database, forbid):
        yield


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another process writes and does not come to an end."""

    def be_impatient(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 20")

    other = sqlite3.connect(str(database.file), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with opened_with(database, be_impatient):
            yield
    finally:
        other.close()


@contextmanager
def opened_with(database: Database, prepare: Callable[[sqlite3.Connection, Any], None]) -> Any:
    """Every connection is prepared so."""
    database.close()
    event.listen(database.engine, "connect", prepare)
    yield
    event.remove(database.engine, "connect", prepare)
    database.close()


@pytest.mark.parametrize(("trouble", "mend"), [(full, "free some space"), (locked, "try again")])
def test_a_step_that_cannot_write_says_so_and_is_done_afterwards(
    busy: App, site: Site, trouble: Callable[[Database], Any], mend: str
) -> None:
    before = shape(busy)
    for name, step in steps(busy).items():
        with trouble(busy.database):
            with pytest.raises(StoreError, match=mend):
                step()
            assert shape(busy) == before, f"{name}: something was kept by half"
        step()
        assert shape(busy) != before, f"{name}: nothing was kept though there was room"
        before = shape(busy)
    assert before == WHOLE


FULL = """
CREATE FUNCTION say_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device'
        USING ERRCODE = '53100';
END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON entries EXECUTE FUNCTION say_full();
"""


def test_a_postgresql_without_room_says_so_and_all_is_there_afterwards(
    make_app: Callable[..., App], postgresql_url: Callable[[], str], site: Site
) -> None:
    app = reading_here(make_app(database=Database(postgresql_url())))
    add_source(app, site.put("/one", feed("one")))
    with app.database.connecting() as connection:
        connection.exec_driver_sql(FULL)
        connection.commit()
    with pytest.raises(StoreError, match="free some space on the disk of that server"):
        app.poll(100, ids(app, "/one"))
    with app.database.connecting() as connection:
        connection.exec_driver_sql("DROP FUNCTION say_full() CASCADE")
        connection.commit()
    (source,) = ids(app, "/one")
    with app.database.reading() as session:
        assert session.get_one(SourceRow, source).last_error is None  # nobody of theirs is blamed
    assert app.poll(100, [source])["new_entries"] == 1


@pytest.mark.parametrize("after_commit", [False, True], ids=["before commit", "after commit"])
def test_a_kill_between_any_two_transactions_loses_and_doubles_nothing(
    busy: App,
    site: Site,
    make_app: Callable[..., App],
    copy_of: Callable[[Database], str],
    after_commit: bool,
) -> None:
    busy.database.close()

    def all_steps(app: App) -> None:
        for step in steps(app).values():
            step()

    killed = 0
    for number in count():
        assert number < MOST_TRANSACTIONS, "the steps never end by themselves"
        url = copy_of(busy.database)
        dying = reading_here(make_app(database=DyingDatabase(url, Moment(number, after_commit))))
        lived = survives(lambda: all_steps(dying))  # noqa: B023
        again = reading_here(make_app(database=Database(url)))
        all_steps(again)
        assert shape(again) == WHOLE
        again.close()
        if lived:
            break
        killed += 1
    assert killed >= 4
