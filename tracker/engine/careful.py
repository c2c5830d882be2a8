"""Who reads what: a document that could harm this process is read in one of its own.

Feeds of usual size that are in order are read here, by a strict reader with narrow bounds; larger
ones, what it doubts, and every page and sitemap go to a worker with a deadline and a limit of
memory (promise 4).
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime

from tracker.domain.codes import SourceKind
from tracker.domain.model import Feed, Page, Response
from tracker.domain.ports import ParseFeed
from tracker.engine.workers import workers_of
from tracker.sources import feeds, listings, pages, sitemaps, watched

LARGEST_HERE = 1_000_000
"""Bytes of a feed that is read in this process; most have less than a tenth of that."""


def readers() -> Mapping[SourceKind, ParseFeed]:
    """What reads the bytes of each kind of source."""
    return {
        SourceKind.FEED: read_feed,
        SourceKind.PAGE: _in_worker(listings.parse),
        SourceKind.SITEMAP: _in_worker(sitemaps.parse),
        SourceKind.WATCHED: _in_worker(watched.parse),
    }


def read_feed(response: Response, now: datetime) -> Feed:
    """Read a feed that is in order and no larger than usual here, every other one in a worker."""
    workers = workers_of(os.getpid())
    if len(response.body) > LARGEST_HERE:
        return workers(feeds.parse, response, now)
    feed = feeds.parse_quickly(response, now)
    return feed or workers(feeds.parse_patiently, response, now)


def read_page(response: Response) -> Page:
    """Read the article out of a page; see ParsePage."""
    pages.refuse_huge(response)
    return workers_of(os.getpid())(pages.parse, response)


def read_visible(response: Response) -> str:
    """Read everything that a page shows; raises ParseError when it is no page."""
    pages.refuse_huge(response)
    return workers_of(os.getpid())(pages.visible_text, response)


def _in_worker(read: Callable[[Response, datetime], Feed]) -> ParseFeed:
    def parse(response: Response, now: datetime) -> Feed:
        return workers_of(os.getpid())(read, response, now)

    return parse
