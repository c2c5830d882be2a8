"""Who reads what publishers send: always a worker, never this process (promise 4).

Feeds, pages and sitemaps are taken apart by C libraries, and by patterns that can be made slow.
So each is read in a process that has a deadline and a limit of memory, and may be lost.
"""

import os
from collections.abc import Callable, Mapping
from datetime import date as Day
from datetime import datetime

from tracker.domain.codes import SourceKind
from tracker.domain.errors import BrokeReaderError
from tracker.domain.model import Entry, Feed, Page, Response
from tracker.domain.ports import ParseFeed
from tracker.engine.workers import workers_of
from tracker.sources.decode import refuse_huge
from tracker.sources.discovery import FeedLink


def readers() -> Mapping[SourceKind, ParseFeed]:
    """What reads the bytes of each kind of source."""
    return {
        SourceKind.FEED: _in_worker(_feed),
        SourceKind.PAGE: _in_worker(_listing),
        SourceKind.SITEMAP: _in_worker(_sitemap),
        SourceKind.WATCHED: _in_worker(_watched),
    }


def read_page(response: Response) -> Page:
    """Read the article out of a page; see ParsePage."""
    refuse_huge(response)
    return workers_of(os.getpid())(_page, response)


def read_visible(response: Response) -> str:
    """Read everything that a page shows; raises ParseError when it is no page."""
    refuse_huge(response)
    return workers_of(os.getpid())(_visible, response)


def read_entry(entry: Entry) -> Page | None:
    """Read the article out of an entry's own content; see ParseEntry."""
    try:
        return workers_of(os.getpid())(_entry, entry)
    except BrokeReaderError:
        return None


def rest() -> None:
    """Give back the memory of workers that have nothing to read."""
    workers_of(os.getpid()).rest()


def list_sitemaps(response: Response) -> list[str]:
    """The sitemaps that an index lists, none for a sitemap; raises ParseError when it is no XML."""
    return workers_of(os.getpid())(_sitemaps, response)


def read_dated(response: Response, now: datetime, since: Day) -> Feed:
    """Read every dated address of a sitemap from a day on; raises ParseError for no sitemap."""
    return workers_of(os.getpid())(_dated, response, now, since)


def feed_links(response: Response) -> list[FeedLink]:
    """The feeds that a page names in its head; none when no reader survives it."""
    try:
        return workers_of(os.getpid())(_feed_links, response)
    except BrokeReaderError:
        return []


def _in_worker(read: Callable[[Response, datetime], Feed]) -> ParseFeed:
    def parse(response: Response, now: datetime) -> Feed:
        return workers_of(os.getpid())(read, response, now)

    return parse


# --- what runs in a worker: this process does not even load the readers ---------------------------


def _feed(response: Response, now: datetime) -> Feed:
    from tracker.sources import feeds

    return feeds.parse(response, now)


def _listing(response: Response, now: datetime) -> Feed:
    from tracker.sources import listings

    return listings.parse(response, now)


def _sitemap(response: Response, now: datetime) -> Feed:
    from tracker.sources import sitemaps

    return sitemaps.parse(response, now)


def _dated(response: Response, now: datetime, since: Day) -> Feed:
    from tracker.sources import sitemaps

    return sitemaps.parse_dated(response, now, since)


def _watched(response: Response, now: datetime) -> Feed:
    from tracker.sources import watched

    return watched.parse(response, now)


def _page(response: Response) -> Page:
    from tracker.sources import pages

    return pages.parse(response)


def _entry(entry: Entry) -> Page | None:
    from tracker.sources import own_text

    return own_text.parse_content(entry)


def _visible(response: Response) -> str:
    from tracker.sources import pages

    return pages.visible_text(response)


def _sitemaps(response: Response) -> list[str]:
    from tracker.sources import sitemaps

    return sitemaps.children(response)


def _feed_links(response: Response) -> list[FeedLink]:
    from tracker.sources import listings

    return listings.feed_links(response)
