"""Step 2: entries lead to articles."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.domain.backfill import FRESH_FOR
from tracker.domain.codes import Tier
from tracker.domain.errors import Fault, FetchError, ParseError, TrackerError, without_frames
from tracker.domain.model import ArticleId, Entry, EntryId, EntryToRead, Page, SourceId
from tracker.domain.ports import Clock, Fetch, ParseEntry, ParsePage
from tracker.pipeline import indexing, stories
from tracker.pipeline.each import GoesOn, Tally, always, batches, guarded, run_each
from tracker.sources.urls import canonical_url, host_of, is_front_page, same_site
from tracker.store import articles, entries, topics
from tracker.store.articles import SourceOfEntry
from tracker.store.database import Database, Session
from tracker.store.locks import keep_alone

OUR_FAULT_WAIT = timedelta(minutes=5)
AT_ONCE = 200
"""How many entries are held at a time."""

LONGEST_AHEAD = timedelta(days=2)
"""A page dated later than this from now is dated wrongly."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of following one entry: a page, an article that is known, or an error."""

    entry: EntryToRead
    url: str | None = None
    page: Page | None = None
    taken_from: str = "page"
    known: ArticleId | None = None
    error: Exception | None = None
    left: bool = False
    """Not followed yet: it waits for the next turn."""


class RunAll(Protocol):
    """Do the slow part of many items at once; results come in any order (engine)."""

    def __call__(  # noqa: D102
        self,
        work: Callable[[EntryToRead], Opened],
        items: Sequence[EntryToRead],
        group: Callable[[EntryToRead], str],
    ) -> Iterator[Opened]: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts that reading is given; ``ask_robots`` raises FetchError where a site says no."""

    database: Database
    fetch: Fetch
    parse_page: ParsePage
    parse_entry: ParseEntry
    ask_robots: Callable[[str], None]
    now: Clock
    run_all: RunAll


def read_waiting(
    reading: Reading,
    limit: int,
    sources: Iterable[SourceId] | None = None,
    goes_on: GoesOn = always,
    *,
    only: Iterable[EntryId] | None = None,
) -> Tally:
    """Follow each waiting entry (of these ``sources``, or ``only`` these) to its article.

    When ``goes_on`` says no, no other one is begun: those that are left wait for the next turn.
    """
    with reading.database.reading() as session:
        waiting = entries.waiting(session, reading.now(), limit, sources, only)
    tally = Tally()

    def note(opened: Opened) -> None:
        tally.count("left" if opened.left else record_reading(reading, opened))

    def open_one(entry: EntryToRead) -> Opened:
        return open_entry(reading, entry) if goes_on() else Opened(entry, left=True)

    opening = guarded(open_one, lambda entry, bug: Opened(entry, error=bug))
    for ids in batches(waiting, AT_ONCE):
        with reading.database.reading() as session:
            some = entries.to_read(session, ids)
        for entries_now in _first_and_again(some):
            opened = reading.run_all(opening, entries_now, _host)
            run_each(opened, note, tally, lambda one, bug: _quarantine(reading, one.entry, bug))
    return tally


def _first_and_again(some: Sequence[EntryToRead]) -> tuple[list[EntryToRead], list[EntryToRead]]:
    """The first entry of each address, then the others: their article is known by then."""
    firsts = {entry.url or entry.id: entry for entry in reversed(some)}
    first = [entry for entry in some if firsts[entry.url or entry.id] is entry]
    return first, [entry for entry in some if firsts[entry.url or entry.id] is not entry]


def open_entry(reading: Reading, entry: EntryToRead) -> Opened:
    """Fetch and read the page of an entry; the feed's own text stands in where that fails."""
    try:
        url = canonical_url(entry.url) if entry.url else None
        if url is not None:
            with reading.database.reading() as session:
                known = articles.find(session, url)
            if known is not None:
                return Opened(entry, url, known=known)
        return Opened(entry, url, _fetch_page(reading, entry.url))
    except (FetchError, ParseError) as error:
        without_frames(error)
        if _may_be_ours(error, entry):
            return Opened(entry, error=error)  # the page may well be there: it is read later
        return _from_feed(reading, entry, error)
    except TrackerError as error:
        return Opened(entry, error=error)


def _fetch_page(reading: Reading, url: str | None) -> Page:
    if url is None:
        raise ParseError("the entry has no address")
    reading.ask_robots(url)
    response = reading.fetch(url)
    if response is None:
        raise FetchError("the server says 'not modified', though nothing was asked", cause="status")
    if is_front_page(response.url) and not is_front_page(url):
        raise ParseError(f"{url} leads to the front page of its site: the article is not there")
    return reading.parse_page(response)


def _from_feed(reading: Reading, entry: EntryToRead, error: TrackerError) -> Opened:
    own = reading.parse_entry(_as_entry(entry))
    if own is None:
        return Opened(entry, error=error)
    return Opened(entry, own.url, own, taken_from="feed")


def _as_entry(entry: EntryToRead) -> Entry:
    return Entry(
        key="",
        url=entry.url,
        title=entry.title,
        summary=entry.summary,
        content=entry.content,
        published=entry.published,
    )


def record_reading(reading: Reading, opened: Opened) -> str:
    """Write what came of one entry in one transaction; return it in a word."""
    if opened.error is not None:
        return _give_up(reading, opened.entry, opened.error)
    now = reading.now()
    with reading.database.transaction() as session:
        keep_alone(session)
        if opened.known is not None:
            entries.record_read(session, opened.entry.id, opened.known)
            return "known"
        assert opened.page is not None
        source = articles.source_of(session, opened.entry.source)
        page = _with_date(opened.page, opened.entry, source, now)
        article, new = keep_page(
            session, page, source=opened.entry.source, taken_from=opened.taken_from, now=now
        )
        entries.record_read(session, opened.entry.id, article)
    return "articles" if new else "known"


def keep_page(
    session: Session,
    page: Page,
    *,
    source: SourceId | None,
    taken_from: str,
    now: datetime,
    tier: Tier | None = None,
) -> tuple[ArticleId, bool]:
    """Store a page as an article with a snapshot, in its story, findable by search."""
    host = host_of(page.url) or ""
    article, new = articles.record(
        session,
        page,
        host=host,
        source=source,
        tier=tier or _tier(session, page.url, host, source),
        taken_from=taken_from,
        now=now,
    )
    if new:
        indexing.index_article(session, article, page, host)
        stories.place(session, article, page, now)
    return article, new


def _tier(session: Session, url: str, host: str, source: SourceId | None) -> Tier | None:
    """The host's own tier; a host nobody rated is trusted as its own source is, no further."""
    rated = topics.tier_of(session, host)
    if rated is not None or source is None:
        return rated
    feed = articles.source_of(session, source)
    return feed.tier if same_site(feed.url, url) else None


def _with_date(page: Page, entry: EntryToRead, source: SourceOfEntry, now: datetime) -> Page:
    """The page's own date counts, unless it lies ahead; else the entry's, in the source's zone.

    What the feed calls old stays old, whatever date its page bears by now: old news alerts nobody.
    """
    published = entry.published
    was_old = published is not None and now - published > FRESH_FOR
    dated = page.published is not None and page.published <= now + LONGEST_AHEAD
    if dated and not (was_old and published < page.published):  # type: ignore[operator]
        return page
    if published is not None and source.timezone and not published.utcoffset():
        published = published.astimezone(_zone(source.timezone))
    return replace(page, published=published)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _give_up(reading: Reading, entry: EntryToRead, error: Exception) -> str:
    """Try again later; after three failures of theirs the entry waits for a person."""
    now = reading.now()
    ours = _is_ours(error)
    wait = OUR_FAULT_WAIT if ours else timedelta(hours=1) * 4**entry.attempts
    asked = error.retry_at if isinstance(error, FetchError) else None
    with reading.database.transaction() as session:
        gone = entries.record_failure(
            session, entry.id, str(error), max(now + wait, asked or now), counts=not ours
        )
    return "quarantined" if gone else "unread"


def _is_ours(error: Exception) -> bool:
    return isinstance(error, FetchError) and error.fault is Fault.OURS


def _may_be_ours(error: Exception, entry: EntryToRead) -> bool:
    """Whether we may be to blame: a name, or a robots.txt, that is not found is sought twice."""
    if _is_ours(error) or not isinstance(error, FetchError):
        return _is_ours(error)
    unheard = error.cause == "dns" or (error.cause == "robots" and error.retry_at is not None)
    return unheard and not entry.attempts


def _quarantine(reading: Reading, entry: EntryToRead, bug: Exception) -> None:
    _give_up(reading, entry, bug)


def _host(entry: EntryToRead) -> str:
    return (host_of(entry.url) if entry.url else None) or f"entry-{entry.id}"
