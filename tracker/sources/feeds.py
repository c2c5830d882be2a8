"""From an answer to a Feed: RSS, RDF, Atom or JSON Feed, in whatever state (promises 4 to 6, 10).

A reader finds the items, ``_entry`` makes entries of them. Feeds that are in order are read by a
quick and strict reader, which leaves every other one to feedparser.
"""

import html
from collections.abc import Iterator
from datetime import datetime

from tracker.domain.errors import ParseError
from tracker.domain.identity import entry_key
from tracker.domain.model import Entry, Feed, Response
from tracker.sources.characters import one_line
from tracker.sources.dates import in_range, read_date
from tracker.sources.decode import header_charset
from tracker.sources.feed_items import PLAIN_ADDRESS, FoundFeed, FoundItem
from tracker.sources.feed_json import looks_like_json, read_json_feed
from tracker.sources.feed_strict import read_strict
from tracker.sources.feed_xml import read_xml_feed
from tracker.sources.markup import plain_text, safe_html
from tracker.sources.mending import mend
from tracker.sources.urls import resolve

MOST_ENTRIES = 1000
LONGEST_TITLE = 1000
LONGEST_AUTHOR = 300
LONGEST_RAW_DATE = 100


def parse(response: Response, now: datetime) -> Feed:
    """Read a feed; see ParseFeed. At most 1,000 entries, the first of each key.

    An entry keeps whatever of its fields can be read; ``published`` lies between 1990 and two days
    after ``now``, in the publisher's own offset. Raises ParseError when there is no feed.
    """
    found = find(response)
    return Feed(
        title=_line(found.title, found.title_is_html),
        entries=tuple(_entries(found, now)),
        wait=found.wait,
        damaged=found.damaged,
        skipped=found.skipped,
        links=found.links,
    )


def find(response: Response) -> FoundFeed:
    """Find the items as they stand, before anything is cleaned; raises ParseError."""
    return _find_quickly(response) or _find_patiently(response)


def _find_quickly(response: Response) -> FoundFeed | None:
    if not response.body.strip():
        raise ParseError(f"{response.url} is empty")
    if looks_like_json(response):
        return read_json_feed(response, MOST_ENTRIES)
    if header_charset(response) not in (None, "utf-8"):
        return None
    body = mend(response.body, MOST_ENTRIES, response.url)
    return read_strict(body, response.url, MOST_ENTRIES)


def _find_patiently(response: Response) -> FoundFeed:
    body = mend(response.body, MOST_ENTRIES, response.url)
    return read_xml_feed(body, response, MOST_ENTRIES)


def _entries(found: FoundFeed, now: datetime) -> Iterator[Entry]:
    keys: set[str] = set()
    for item in found.items:
        entry = _entry(item, item.base or found.base, now)
        if entry and entry.key not in keys:
            keys.add(entry.key)
            yield entry


def _entry(item: FoundItem, base: str, now: datetime) -> Entry | None:
    """Make an entry; None when there is nothing that could name it."""
    link = _link(item.link, base)
    title = _line(item.title, item.title_is_html)
    summary = _html(item.summary, item.summary_is_html, link or base)
    content = _html(item.content, item.content_is_html, link or base)
    if not (item.guid.strip() or link or title or summary or content):
        return None
    raw = next((date for date in item.dates if date.strip()), "")
    return Entry(
        key=entry_key(item.guid, link, title, raw, summary, content),
        url=link,
        title=title,
        summary=summary,
        content=content,
        author=one_line(item.author[:LONGEST_AUTHOR]),
        published=_published(item, now),
        published_raw=one_line(raw[:LONGEST_RAW_DATE]),
    )


def _link(link: str, base: str) -> str | None:
    if PLAIN_ADDRESS.fullmatch(link):
        return link
    return resolve(base, link) if link.strip() else None


def _published(item: FoundItem, now: datetime) -> datetime | None:
    readable = (read_date(date, now) for date in item.dates)
    when = next((date for date in readable if date), None)
    return when or (in_range(item.when, now) if item.when else None)


def _line(text: str, is_html: bool) -> str:
    return (plain_text(text) if is_html else one_line(text))[:LONGEST_TITLE]


def _html(text: str, is_html: bool, base: str) -> str:
    return safe_html(text if is_html else html.escape(text, quote=False), base)
