"""What a page points at: articles, read as if it were a feed, or the feeds of its site."""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree
from lxml.html import HtmlElement

from tracker.domain.errors import ParseError
from tracker.domain.identity import entry_key
from tracker.domain.model import Entry, Feed, Response
from tracker.sources.characters import one_line
from tracker.sources.decode import LARGEST_PAGE, decode
from tracker.sources.discovery import FeedLink
from tracker.sources.trees import html_tree
from tracker.sources.urls import canonical_url, resolve, same_site

MOST_ENTRIES = 200
FEWEST_WORDS = 4
"""A link with fewer words leads to a section, a tag or a share button, not to an article."""

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
MOST_LINKS = 10
AROUND = ("nav", "header", "footer", "aside", "form", "dialog", "noscript", "template")


def parse(response: Response, now: datetime) -> Feed:  # noqa: ARG001  # the shape of ParseFeed
    """Read the links to articles of the same site as entries; see ParseFeed.

    Raises ParseError when the page links none.
    """
    tree = _tree(response)
    entries = {entry.key: entry for entry in _entries(tree, response.url)}
    if not entries:
        raise ParseError(f"{response.url} links no articles of its own site")
    title = one_line(tree.findtext(".//title") or "")
    return Feed(title, tuple(entries.values())[:MOST_ENTRIES])


def feed_links(response: Response) -> list[FeedLink]:
    """The feeds that a page names in its head (``<link rel="alternate">``), each once."""
    try:
        tree = _tree(response)
    except ParseError:
        return []
    found: dict[str, FeedLink] = {}
    for link in tree.iterfind(".//link[@href]"):
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        if "alternate" in (link.get("rel") or "").lower().split() and kind in FEED_TYPES:
            url = resolve(response.url, link.get("href") or "")
            if url:
                found.setdefault(url, FeedLink(url, one_line(link.get("title") or "")))
    return list(found.values())[:MOST_LINKS]


def _tree(response: Response) -> HtmlElement:
    try:
        return html_tree(decode(response)[:LARGEST_PAGE])
    except (etree.ParserError, ValueError) as error:
        raise ParseError(f"{response.url} is no HTML page: {error}") from error


def _entries(tree: HtmlElement, base: str) -> Iterator[Entry]:
    here = canonical_url(base)
    for link in tree.iterfind(".//a[@href]"):
        url = resolve(base, link.get("href") or "")
        title = one_line(link.text_content())
        if url is None or len(title.split()) < FEWEST_WORDS or not same_site(base, url):
            continue
        if canonical_url(url) != here and not _stands_around(link):
            yield Entry(key=entry_key(None, url), url=url, title=title[:1000])


def _stands_around(link: HtmlElement) -> bool:
    return any(above.tag in AROUND for above in link.iterancestors())
