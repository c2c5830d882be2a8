"""Where the feeds of a site are: what its page points at, and where feeds usually lie."""

from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from tracker.domain.model import Response
from tracker.sources.characters import one_line
from tracker.sources.decode import decode
from tracker.sources.trees import html_tree
from tracker.sources.urls import resolve

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
COMMON_PATHS = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/rss", "/index.xml", "/feed.json")
MOST_LINKS = 10
LARGEST_PAGE = 5_000_000


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address where a feed may be, with the title that the page gives it."""

    url: str
    title: str = ""

    @property
    def is_for_comments(self) -> bool:
        """Whether it carries what readers say in place of what the site says."""
        return "comment" in f"{self.url} {self.title}".lower()


def is_page(response: Response) -> bool:
    """Whether an answer is HTML: by what the server says, or by how it begins."""
    start = response.body[:2000].lstrip().lower()
    said = response.headers.get("content-type", "").lower()
    return "html" in said or start.startswith((b"<!doctype html", b"<html"))


def feed_links(response: Response) -> list[FeedLink]:
    """The feeds that a page names in its head (``<link rel="alternate">``), each once."""
    text = decode(response)[:LARGEST_PAGE]
    if "<" not in text:
        return []
    try:
        tree = html_tree(text)
    except (etree.ParserError, ValueError):
        return []
    found: dict[str, FeedLink] = {}
    for link in tree.iterfind(".//link[@href]"):
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        if "alternate" in (link.get("rel") or "").lower().split() and kind in FEED_TYPES:
            url = resolve(response.url, link.get("href") or "")
            if url:
                found.setdefault(url, FeedLink(url, one_line(link.get("title") or "")))
    return list(found.values())[:MOST_LINKS]


def common_places(address: str) -> list[FeedLink]:
    """Where the feed of a site usually lies."""
    return [FeedLink(urljoin(address, path)) for path in COMMON_PATHS]
