"""Rows that an older program wrote are what they were, and more, after the migrations."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import MetaData, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.web.ledger import Ledger
from tracker.domain.clocks import asked_by
from tracker.domain.model import ArticleId
from tracker.store import calls, facts, incidents, migrate, polls, rechecks, stories
from tracker.store.database import Database
from tracker.store.schema import ArticleRow, HistoryRow
from tracker.store.views import installation, matrix
from tracker.store.views.records import Lens

NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)
SOURCE = {
    "id": 1,
    "url": "https://wire.example/feed",
    "kind": "feed",
    "title": "Wire",
    "tier": "reliable",
    "origin": "editor",
    "added_at": NOW,
    "status": "active",
    "etag": '"a"',
    "next_due": NOW,
    "interval_s": 3600,
    "failures": 2,
    "moved_seen": 1,
}
TEXT = {"title": "T", "fetched_at": NOW, "taken_from": "page", "state": "done", "next_try": NOW}
CALL = {
    "id": "asked",
    "caller_type": "ngo",
    "asked": "Stop.",
    "date": NOW.date(),
    "precision": "day",
    "disposition": "publish",
    "level": "reported",
    "review_state": "proposed",
    "origin": "extracted",
    "published": True,
}
QUOTE = {
    "call_id": "asked",
    "field": "text",
    "start_at": 0,
    "end_at": 4,
    "quote": "Text",
    "role": "report",
    "state": "intact",
    "found_at": NOW,
}


def write(database: Database, version: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Make the database as that version had it, with these rows."""
    migrate.upgrade(database, version)
    tables = MetaData()
    tables.reflect(database.engine)
    with database.engine.begin() as connection:
        for table, some in rows.items():
            needed = {"attempts": 0} if "attempts" in tables.tables[table].columns else {}
            for row in some:
                connection.execute(tables.tables[table].insert().values({**needed, **row}))


def test_sources_keep_their_place_and_gain_manners(bare_database: Database) -> None:
    """Migration 0003; the guards of 0002 outlive the tables that were built anew."""
    history = {"id": 1, "at": NOW, "by": "t", "record_kind": "stance", "record_id": "s"}
    rows = {"sources": [SOURCE], "history": [history | {"action": "recorded", "change": {}}]}
    write(bare_database, "0002", rows)
    migrate.upgrade(bare_database)
    with bare_database.reading() as session:
        (source,) = polls.due(session, NOW, 10)
        assert (source.url, source.validators.etag, source.failures) == (SOURCE["url"], '"a"', 2)
        assert (source.distrusted, source.read_whole_at, source.pushed) == (False, None, False)
        assert incidents.open_ones(session) == []
    with (
        pytest.raises(DBAPIError, match="only ever added to"),
        bare_database.transaction() as session,
    ):
        session.execute(update(HistoryRow).values(by="somebody else"))


def test_articles_keep_their_texts_and_copies_their_first(bare_database: Database) -> None:
    """Migration 0004: what shared a story were copies of a text; what was quoted is looked at."""
    urls = ("https://one.example/a", "https://two.example/a", "urn:sha256:0")
    articles = [
        {"id": n, "url": url, "host": "h", "title": "T", "first_seen": NOW, "story_id": 1}
        for n, url in enumerate(urls, 1)
    ]
    texts = [
        TEXT | {"id": n, "article_id": n, "text": f"Text {n}", "sha256": f"{n:064}"}
        for n in (1, 2, 3)
    ]
    write(
        bare_database,
        "0003",
        {
            "sources": [SOURCE],
            "stories": [{"id": 1, "title": "T", "first_seen": NOW}],
            "articles": articles,
            "snapshots": texts,
            "calls": [CALL],
            "evidence": [QUOTE | {"id": 1, "snapshot_id": 2}],
        },
    )
    migrate.upgrade(bare_database)
    with bare_database.reading() as session:
        copies = session.execute(select(ArticleRow.id, ArticleRow.copy_of).order_by(ArticleRow.id))
        assert [tuple(row) for row in copies] == [(1, None), (2, 1), (3, 1)]
        assert [one.id for one in rechecks.due(session, NOW, 10)] == [2]
        (span,) = rechecks.spans_of(session, ArticleId(2))
        assert (span.record, span.span.quote) == ("asked", "Text")
        told = stories.find(session, 1)
        assert told is not None
        assert told.reports == 1
        assert [rechecks.newest_text(session, one.article) for one in told.members] == [
            "Text 1",
            "Text 2",
            "Text 3",
        ]


def test_what_was_there_is_summed_up_and_calls_have_their_day(bare_database: Database) -> None:
    """Migrations 0018 and 0019."""
    coarse = ("day", "month", "quarter", "year")
    asked = [CALL | {"id": f"of a {one}", "precision": one} for one in coarse]
    handed_over = CALL | {
        "id": "handed over",
        "precision": "year",
        "delivered_on": date(2020, 7, 1),
    }
    write(bare_database, "0017", {"calls": [*asked, handed_over]})
    with bare_database.transaction() as session:
        ledger = Ledger(session)
        ledger.topic()
        company = ledger.organisation("Acme")
        for n, day in enumerate((date(2019, 12, 31), date(2020, 1, 1), date(2020, 6, 9))):
            ledger.stance(f"s{n}", company, day)
        ledger.stance("hidden", company, date(2020, 1, 2), published=False)
        ledger.reaction("r", "Watchers", "welcomes", stance="s0")
        ledger.span(company, "stopped", date(2020, 1, 1), stance="s1")
        session.execute(text("UPDATE reactions SET date = NULL"))
        facts.touch(session, NOW)
    migrate.upgrade(bare_database)
    lens = Lens(NOW.date())
    with bare_database.reading() as session:
        stored = dict(session.execute(text("SELECT id, asked_by FROM calls")).all())
        assert {id_: str(day) for id_, day in stored.items()} == {
            one.id: str(asked_by(one)) for one in calls.every(session)
        }
        found = installation.totals(session, lens)
        assert (found.stances, found.reactions) == (3, 1)
        assert installation.totals(session, Lens(date(2020, 1, 31))).stances == 2
        assert len(matrix.read(session, lens, rows=9, columns=9).rows) == 1
