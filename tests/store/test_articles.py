"""What is kept of an article beside its text."""

from tests.parts.clock import Clock
from tracker.domain.codes import Origin
from tracker.domain.model import Page, Source
from tracker.store import articles, sources
from tracker.store.database import Database
from tracker.store.schema import ArticleRow

TEXT = "The council of the harbour town voted on Tuesday to end its contract."


def test_an_article_bears_the_licence_of_its_page_else_of_its_source(
    sqlite_database: Database, clock: Clock
) -> None:
    feed = Source("https://wire.example/feed", "Wire", licence="CC BY-ND 4.0")
    own = Page("https://wire.example/a", "Vote", TEXT, licence="https://wire.example/licence")
    silent = Page("https://wire.example/b", "Vote again", f"{TEXT} So it did.")
    with sqlite_database.transaction() as session:
        source, _ = sources.add(session, feed, clock(), Origin.EDITOR)
        for page, given in ((own, source), (silent, source)):
            articles.record(
                session,
                page,
                host="wire.example",
                source=given,
                tier=None,
                taken_from="page",
                now=clock(),
            )
        kept = dict(session.query(ArticleRow.url, ArticleRow.licence))
    assert kept == {own.url: "https://wire.example/licence", silent.url: "CC BY-ND 4.0"}
