"""The older entries of a source, page by page: polite, resumable, and never news to anybody.

A page and the address of the next are written together, so that a stopped backfill goes on where it
was; a long one in several steps, of which none takes an entry twice. Only dated entries older than
a week are taken: no alert is owed for those.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import datetime, timedelta
from urllib.parse import urljoin

from tracker.domain.backfill import (
    Backfill,
    BackfillState,
    BackfillWay,
    is_old_news,
    page_after,
    reaches_back_to,
)
from tracker.domain.codes import SourceKind
from tracker.domain.errors import FetchError, ParseError, TrackerError, UsageError
from tracker.domain.model import Entry, Feed, Response
from tracker.domain.ports import Clock, Fetch, ParseFeed
from tracker.pipeline.each import batches
from tracker.store import backfills, entries
from tracker.store.database import Database
from tracker.store.sources import WatchedSource

DEFAULT_REACH = timedelta(days=365)
MOST_AHEAD = 5_000
"""Sitemaps of one index that are looked at; the newest usually come first."""

AT_ONCE = 1_000
"""Entries that are written in one transaction; a sitemap may hold 50,000."""

SITEMAP_PLACES = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
OLDER_LINKS = ("prev-archive", "next")


@dataclass(frozen=True, slots=True)
class Backfilling:
    """The parts that backfilling is given.

    ``read_dated`` gives the entries of a sitemap from a day on, ``ask_robots`` raises FetchError
    for a no, ``named_sitemaps`` gives those of robots.txt.
    """

    database: Database
    fetch: Fetch
    parse_feed: ParseFeed
    parse_sitemap: ParseFeed
    read_dated: Callable[[Response, datetime, Day], Feed]
    list_sitemaps: Callable[[Response], list[str]]
    ask_robots: Callable[[str], None]
    named_sitemaps: Callable[[str], list[str]]
    now: Clock


Tell = Callable[[Backfill], None]
"""Hears of every page."""


def backfill(
    parts: Backfilling,
    source: WatchedSource,
    until: Day | None,
    most_pages: int,
    way: BackfillWay | None = None,
    tell: Tell = lambda _backfill: None,
) -> Backfill:
    """Fetch the older entries of a source back to ``until``; return how far it has come.

    One that was stopped goes on where it was. ``until`` is a year ago if not given. Raises
    UsageError when the site gives no older entries in any way we know, FetchError when the feed
    cannot be had at all.
    """
    with parts.database.reading() as session:
        known = backfills.find(session, source.id)
    if (
        known is not None
        and known.state is BackfillState.UNDER_WAY
        and until in (None, known.until)
    ):
        done = known
    else:
        since = until or (parts.now() - DEFAULT_REACH).date()
        done = _begin(parts, source, since, way)
    for _ in range(most_pages):
        if done.state is not BackfillState.UNDER_WAY:
            break
        done = _take_page(parts, done)
        tell(done)
        if done.last_error is not None:
            break
    return done


def _begin(
    parts: Backfilling, source: WatchedSource, until: Day, way: BackfillWay | None
) -> Backfill:
    """Find out how the site gives its older entries."""
    possible = WAYS_OF[source.kind]
    for candidate in possible if way is None else [way] if way in possible else []:
        ahead = WAYS[candidate](parts, source.url)
        if ahead:
            begun = Backfill(source.id, candidate, until, tuple(ahead[:MOST_AHEAD]))
            with parts.database.transaction() as session:
                backfills.save(session, begun, parts.now())
            return begun
    raise UsageError(f"{source.url}: {NONE_OLDER[source.kind]}; {BY_HAND}")


def _by_archive(parts: Backfilling, url: str) -> list[str]:
    return _older(_feed_at(parts, url))


def _by_wordpress(parts: Backfilling, url: str) -> list[str]:
    """A page beyond the first must hold entries that the first does not."""
    first, second = _feed_at(parts, url), page_after(url)
    try:
        older = _feed_at(parts, second)
    except (FetchError, ParseError):
        return []
    known = {entry.key for entry in first.entries}
    return [second] if any(entry.key not in known for entry in older.entries) else []


def _by_sitemap(parts: Backfilling, url: str) -> list[str]:
    """What robots.txt names, for that is where sites tell; else the usual places, else itself."""
    named = parts.named_sitemaps(url)
    if named:
        return named
    for address in (*(urljoin(url, place) for place in SITEMAP_PLACES), url):
        try:
            response = _get(parts, address)
            return parts.list_sitemaps(response) or _one_sitemap(parts, response)
        except (FetchError, ParseError):
            continue
    return []


def _one_sitemap(parts: Backfilling, response: Response) -> list[str]:
    parts.parse_sitemap(response, parts.now())
    return [response.url]


NO_SITEMAP = "the site has no sitemap that we find"
NO_PAGES = "the feed links no older pages, the site pages none of its feeds"
NONE_OLDER = {
    SourceKind.FEED: f"{NO_PAGES} and has no sitemap that we find",
    SourceKind.PAGE: NO_SITEMAP,
    SourceKind.SITEMAP: NO_SITEMAP,
    SourceKind.WATCHED: "a watched page has no older entries, only the texts seen since",
}
BY_HAND = "`tracker ingest` takes single articles"

WAYS_OF: dict[SourceKind, tuple[BackfillWay, ...]] = {
    SourceKind.FEED: tuple(BackfillWay),
    SourceKind.PAGE: (BackfillWay.SITEMAP,),
    SourceKind.SITEMAP: (BackfillWay.SITEMAP,),
    SourceKind.WATCHED: (),
}
"""Only a feed has archives and pages; a list of links or a sitemap has the site's sitemaps."""

WAYS: dict[BackfillWay, Callable[[Backfilling, str], list[str]]] = {
    BackfillWay.ARCHIVE: _by_archive,
    BackfillWay.WORDPRESS: _by_wordpress,
    BackfillWay.SITEMAP: _by_sitemap,
}


def _feed_at(parts: Backfilling, url: str) -> Feed:
    return parts.parse_feed(_get(parts, url), parts.now())


def _get(parts: Backfilling, url: str) -> Response:
    parts.ask_robots(url)
    response = parts.fetch(url)
    if response is None:
        raise FetchError(f"{url}: the server sent nothing", cause="status")
    return response


def _older(feed: Feed) -> list[str]:
    found = (feed.links.get(relation) for relation in OLDER_LINKS)
    return [link for link in found if link][:1]


def _take_page(parts: Backfilling, done: Backfill) -> Backfill:
    """Fetch one page, keep its entries and what comes after it."""
    here, rest = done.ahead[0], done.ahead[1:]
    try:
        response = _get(parts, here)
        feed, more = _read(parts, done, response)
    except TrackerError as error:
        return _stop_at(parts, done, error)
    now = parts.now()
    old = [entry for entry in feed.entries if is_old_news(entry.published, done.until, now)]
    enough = reaches_back_to((entry.published for entry in feed.entries), done.until)
    if done.way is not BackfillWay.SITEMAP:
        more = () if enough or not feed.entries else more
    ahead = (*more, *rest)
    for some in batches(old, AT_ONCE):
        done = _keep(parts, done, some)
    done = replace(
        done,
        ahead=ahead,
        pages=done.pages + 1,
        state=BackfillState.UNDER_WAY if ahead else BackfillState.DONE,
        last_error=None,
    )
    with parts.database.transaction() as session:
        backfills.save(session, done, now)
    return done


def _keep(parts: Backfilling, done: Backfill, some: Sequence[Entry]) -> Backfill:
    """Keep entries of a page. Who is stopped before its last ones takes the page once more."""
    now = parts.now()
    with parts.database.transaction() as session:
        new = entries.add_new(session, [(done.source, some)], now)[done.source]
        done = replace(done, entries=done.entries + new)
        backfills.save(session, done, now)
    return done


def _read(parts: Backfilling, done: Backfill, response: Response) -> tuple[Feed, tuple[str, ...]]:
    """A page's entries, and the addresses of what is older."""
    now, way = parts.now(), done.way
    if way is BackfillWay.SITEMAP:
        listed = tuple(url for url in parts.list_sitemaps(response) if url != response.url)
        listed = listed[:MOST_AHEAD]
        return (
            (Feed("", ()), listed) if listed else (parts.read_dated(response, now, done.until), ())
        )
    feed = parts.parse_feed(response, now)
    if way is BackfillWay.WORDPRESS:
        return feed, (page_after(response.url),)
    return feed, tuple(link for link in _older(feed) if link != response.url)


def _stop_at(parts: Backfilling, done: Backfill, error: TrackerError) -> Backfill:
    """The page after the last one is not there; anything else is tried again when asked to."""
    is_end = isinstance(error, FetchError) and error.status in (404, 410)
    rest = done.ahead[1:]
    if is_end or isinstance(error, ParseError):
        state = BackfillState.UNDER_WAY if rest else BackfillState.DONE
        stopped = replace(done, ahead=rest, state=state, pages=done.pages + 1)
    else:
        stopped = replace(done, last_error=str(error))
    with parts.database.transaction() as session:
        backfills.save(session, stopped, parts.now())
    return stopped


def describe(done: Backfill, now: datetime) -> str:
    """Say in a line how far a backfill is."""
    line = f"{done.way}: {done.pages} pages, {done.entries} entries taken since {done.until}"
    if done.last_error is not None:
        return f"{line}; stopped at {now:%Y-%m-%d %H:%M} UTC: {done.last_error}"
    return f"{line}; {'there is more' if done.state is BackfillState.UNDER_WAY else 'all there is'}"
