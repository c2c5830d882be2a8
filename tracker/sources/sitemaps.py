"""Sitemaps (sitemaps.org, with Google's extension for news) read as if they were feeds."""

import re
from collections.abc import Iterable, Iterator
from datetime import date as Day
from datetime import datetime
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree

from tracker.domain.errors import FetchError, ParseError
from tracker.domain.identity import entry_key
from tracker.domain.model import Entry, Feed, Response
from tracker.sources.characters import NOT_TEXT, mend_references, one_line
from tracker.sources.dates import read_date
from tracker.sources.decode import decode
from tracker.sources.inflate import GZIP_MAGIC, Inflater
from tracker.sources.urls import canonical_url, host_of, registrable_domain, resolve, same_site

MOST_ENTRIES = 1000
"""The protocol allows 50,000; of those the newest are news."""

MOST_ITEMS = 50_000
MOST_BYTES = 30_000_000
MOST_MARKUP = 1_000_000
"""Tags that are read; 50,000 addresses with all that may be told of them have half of it."""

LONGEST_TITLE = 1000
NAMED = 5
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_Dated = tuple[str, datetime | None, etree._Element]
"""The date of an address as it was written, as it was read, and what is told of the address."""

WORDS_OF_PATH = re.compile(r"[-_+\s]+")
ENDING = re.compile(r"\.[a-z]{2,5}$")


def parse(response: Response, now: datetime) -> Feed:
    """Read the newest 1,000 addresses of a sitemap as entries; see ParseFeed.

    Only addresses of the sitemap's own site count. Raises ParseError when it is none, or an index
    of sitemaps.
    """
    root = _sitemap(response)
    entries: dict[str, Entry] = {}
    for entry in _entries(_newest_first(root, now), response.url):
        entries.setdefault(entry.key, entry)
        if len(entries) == MOST_ENTRIES:
            break
    if not entries:
        raise ParseError(f"{response.url} names no page of its own site")
    return Feed(_title(response.url), tuple(entries.values()))


def parse_dated(response: Response, now: datetime, since: Day) -> Feed:
    """Read all addresses of a sitemap that are dated, from a day on, as entries; see `parse`."""
    dated = [
        one
        for one in _newest_first(_sitemap(response), now)
        if one[1] is not None and one[1].date() >= since
    ]
    entries = {entry.key: entry for entry in _entries(dated, response.url)}
    return Feed(_title(response.url), tuple(entries.values()))


def _sitemap(response: Response) -> etree._Element:
    root = _root(response)
    if _name(root) == "sitemapindex":
        raise ParseError(_index(root, response.url))
    if _name(root) != "urlset":
        raise ParseError(f"{response.url} is no sitemap: it begins with <{_name(root)}>")
    return root


def _title(url: str) -> str:
    return f"{registrable_domain(url) or host_of(url)}: sitemap"


def _root(response: Response) -> etree._Element:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, encoding="utf-8"
    )
    text = DECLARATION.sub("", NOT_TEXT.sub("", decode(_unpacked(response))), count=1)
    text = _cut(text)
    if text.count("<") > MOST_MARKUP:
        raise ParseError(f"{response.url} holds more markup than a sitemap can")
    try:
        root = etree.fromstring(mend_references(text).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(f"{response.url} is no XML: {error}") from error
    if root is None:
        raise ParseError(f"{response.url} is no XML")
    return root


def _cut(text: str) -> str:
    """Leave out what follows the last address that is read: a tree of all would take 300 MB."""
    rest = text.split("</url>", MOST_ITEMS)[MOST_ITEMS:]
    return text[: len(text) - len(rest[0])] if rest else text


def _unpacked(response: Response) -> Response:
    """Undo the compression of a ``sitemap.xml.gz``, which servers send as a file."""
    if not response.body.startswith(GZIP_MAGIC):
        return response
    inflater = Inflater("gzip", MOST_BYTES)
    try:
        inflater.feed(response.body)
        return Response(response.url, response.status, inflater.finish(), response.headers)
    except FetchError as error:
        raise ParseError(f"{response.url}: {error}") from error


def _index(root: etree._Element, url: str) -> str:
    named = [text for place in root.iterfind("{*}sitemap/{*}loc") if (text := _text(place))]
    newest = ", ".join(named[:NAMED]) or "none"
    return f"{url} lists {len(named)} sitemaps; watch the one for news among them: {newest}"


def children(response: Response) -> list[str]:
    """The sitemaps that an index lists, of its own site; empty for a sitemap itself.

    Raises ParseError when it is no XML.
    """
    root = _root(response)
    if _name(root) != "sitemapindex":
        return []
    named = (resolve(response.url, _text(place)) for place in root.iterfind("{*}sitemap/{*}loc"))
    return [url for url in named if url is not None and same_site(response.url, url)]


def _entries(dated: Iterable[_Dated], base: str) -> Iterator[Entry]:
    """The pages of the sitemap's own site; each is looked at when it is asked for."""
    own, itself = registrable_domain(base), canonical_url(base)
    for raw, published, item in dated:
        url = resolve(base, _text(item.find("{*}loc")))
        if url is None or registrable_domain(url) != own or canonical_url(url) == itself:
            continue
        title = _text(item.find("{*}news/{*}title"))
        yield Entry(
            key=entry_key(None, url),
            url=url,
            title=(title or _words_of(url))[:LONGEST_TITLE],
            published=published,
            published_raw=raw[:100],
        )


def _newest_first(root: etree._Element, now: datetime) -> list[_Dated]:
    dated = [_dated(item, now) for item in islice(root.iterfind("{*}url"), MOST_ITEMS)]
    return sorted(dated, key=lambda one: one[1].timestamp() if one[1] else 0.0, reverse=True)


def _dated(item: etree._Element, now: datetime) -> _Dated:
    """An address with its day of publication, else that of its last change."""
    raw = _text(item.find("{*}news/{*}publication_date")) or _text(item.find("{*}lastmod"))
    return raw, read_date(raw, now), item


def _words_of(url: str) -> str:
    """Read a title out of an address: its longest step, in words."""
    steps = [unquote(step) for step in urlsplit(url).path.split("/")]
    return one_line(WORDS_OF_PATH.sub(" ", ENDING.sub("", max(steps, key=len))))


def _text(element: etree._Element | None) -> str:
    return one_line(str(element.text or "")) if element is not None else ""


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
