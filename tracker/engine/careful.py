"""Who reads what: a document that could harm this process is read in one of its own."""

import os
from collections.abc import Mapping
from datetime import datetime

from tracker.domain.codes import SourceKind
from tracker.domain.model import Feed, Page, Response
from tracker.domain.ports import ParseFeed
from tracker.engine.workers import workers_of
from tracker.sources import feeds, listings, sitemaps, watched

LARGE_PAGE = 300_000
"""Bytes; a page beyond it is read in a process of its own."""


def readers() -> Mapping[SourceKind, ParseFeed]:
    """What reads the bytes of each kind of source."""
    return {
        SourceKind.FEED: read_feed,
        SourceKind.PAGE: listings.parse,
        SourceKind.SITEMAP: sitemaps.parse,
        SourceKind.WATCHED: watched.parse,
    }


def read_feed(response: Response, now: datetime) -> Feed:
    """Read a feed that is in order here, every other one in a worker; see ParseFeed."""
    feed = feeds.parse_quickly(response, now)
    return feed or workers_of(os.getpid())(feeds.parse_patiently, response, now)


def read_page(response: Response) -> Page:
    """Read the article out of a page, out of a large one in a worker; see ParsePage."""
    from tracker.sources import pages

    if len(response.body) > LARGE_PAGE:
        return workers_of(os.getpid())(pages.parse, response)
    return pages.parse(response)
