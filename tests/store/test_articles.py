"""What is kept of an article beside its text."""

from tests.parts.clock import Clock
from tracker.domain.codes import Origin
from tracker.domain.model import Entry, Page, Source, SourceId
from tracker.store import articles, entries, rechecks, sources
from tracker.store.database import Database, Session
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
            keep(session, page, given, clock)
        kept = dict(session.query(ArticleRow.url, ArticleRow.licence))
    assert kept == {own.url: "https://wire.example/licence", silent.url: "CC BY-ND 4.0"}


def test_what_waits_is_taken_in_turns_so_that_one_with_much_holds_up_no_other(
    database: Database, clock: Clock
) -> None:
    loud, calm = (Source(f"https://{name}.example/feed", name) for name in ("loud", "calm"))
    with database.transaction() as session:
        for feed, many in ((loud, 5), (calm, 1)):
            source, _ = sources.add(session, feed, clock(), Origin.EDITOR)
            brought = [Entry(f"{feed.title}{n}", None, f"{feed.title} {n}") for n in range(many)]
            entries.add_new(session, [(source, brought)], clock())
            for entry in brought:
                keep(session, Page(f"https://{entry.title}/", entry.title, TEXT), source, clock)
            clock.advance(minutes=1)
        for number, article in enumerate(session.query(ArticleRow).order_by(ArticleRow.id)):
            article.host = "calm" if number == 5 else "loud"
            article.recheck_at = article.first_seen
        read = entries.to_read(session, entries.waiting(session, clock(), 2))
        analysed = articles.to_analyse(session, articles.unread(session, clock(), 2))
        looked_at = rechecks.due(session, clock(), 2)
    assert [entry.title for entry in read] == ["loud 0", "calm 0"]
    assert [snapshot.title for snapshot in analysed] == ["loud 0", "calm 0"]
    assert [article.url for article in looked_at] == ["https://loud 0/", "https://calm 0/"]


def keep(session: Session, page: Page, source: SourceId | None, clock: Clock) -> None:
    articles.record(
        session,
        page,
        host="wire.example",
        source=source,
        tier=None,
        taken_from="page",
        now=clock(),
    )
