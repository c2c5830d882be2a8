"""Rows that an older program wrote are what they were, and more, after the migrations."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import MetaData, select, update
from sqlalchemy.exc import DBAPIError

from tracker.domain.model import ArticleId
from tracker.store import incidents, migrate, polls, rechecks, stories
from tracker.store.database import Database
from tracker.store.schema import ArticleRow, HistoryRow

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
