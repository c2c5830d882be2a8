"""Read RSS, RDF and Atom with feedparser, kept on a lead.

It reads what no strict reader can, and it can be made to raise. Its own cleaning and link
resolving are off (slow, and not safe enough); what it gets is a stream, never a text, for a text
could be taken for the name of a file or an address.
"""

import codecs
import io
import re
from calendar import timegm
from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.domain.errors import ParseError
from tracker.domain.model import Response, Skipped
from tracker.sources.decode import header_charset
from tracker.sources.feed_items import FoundFeed, FoundItem, asked_wait, skipped
from tracker.sources.mending import is_too_deep

ASKED = ("ttl", "sy_updateperiod", "sy_updatefrequency")
SKIPPED_HOURS = re.compile(rb"<skiphours>(.{0,2000}?)</skiphours>", re.I | re.S)
SKIPPED_DAYS = re.compile(rb"<skipdays>(.{0,2000}?)</skipdays>", re.I | re.S)
LISTED = re.compile(rb"<(?:hour|day)>([^<]{0,20})<", re.I)
HTML_TYPES = {"text/html", "application/xhtml+xml"}
HTML_PAGE = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
RAISED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What feedparser lets out of a feed that it was not made for; none is known once it is mended."""

HARMLESS = {"NonXMLContentType", "CharacterEncodingOverride"}


def read_xml_feed(body: bytes, response: Response, most: int) -> FoundFeed:
    """Take the items of a mended ``body`` as they stand; raises ParseError when it is no feed."""
    parsed = _parse(body, response)
    feed, entries = parsed["feed"], parsed["entries"]
    if not dict.get(parsed, "version") and not entries:
        raise ParseError(_no_feed(response))
    title = _detail(feed, "title")
    return FoundFeed(
        title=title[0],
        title_is_html=title[1],
        items=[_item(entry) for entry in entries[:most]],
        base=response.url,
        wait=asked_wait(*(_text(feed, name) for name in ASKED)),
        skipped=_skipped(response.body),
        links=_links(feed),
        damaged=_damage(parsed),
    )


def _parse(body: bytes, response: Response) -> Any:
    import feedparser

    if is_too_deep(body):
        raise ParseError(f"{response.url} nests its elements deeper than a feed can")
    charset = None if body.startswith(codecs.BOM_UTF8) else header_charset(response)
    kind = f"application/xml; charset={charset}" if charset else "application/xml"
    try:
        return feedparser.parse(
            io.BytesIO(body),
            response_headers={"content-location": response.url, "content-type": kind},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except RAISED as error:
        raise ParseError(f"{response.url} is a feed that nothing can read: {error}") from error


def _item(entry: Any) -> FoundItem:
    title, title_is_html = _detail(entry, "title")
    summary, summary_is_html = _summary(entry)
    content, content_is_html = _content(entry)
    return FoundItem(
        guid=_text(entry, "id"),
        link=_text(entry, "link"),
        title=title,
        title_is_html=title_is_html,
        summary=summary,
        summary_is_html=summary_is_html,
        content=content,
        content_is_html=content_is_html,
        author=_text(entry, "author"),
        dates=[_text(entry, name) for name in ("published", "updated", "created")],
        when=_moment(entry),
        base=_base(entry),
    )


def _text(where: Any, name: str) -> str:
    """Read a field past feedparser's own look-up, which warns and guesses."""
    value = dict.get(where, name)
    return value if isinstance(value, str) else ""


def _detail(where: Any, name: str) -> tuple[str, bool]:
    detail = dict.get(where, f"{name}_detail") or {}
    return _text(where, name), _text(detail, "type") in HTML_TYPES


def _summary(entry: Any) -> tuple[str, bool]:
    """Give the summary; where there is none, feedparser copies the content into its place."""
    return _detail(entry, "summary") if dict.get(entry, "summary_detail") else ("", False)


def _content(entry: Any) -> tuple[str, bool]:
    """Give the longest of an entry's contents, and whether it is HTML."""
    contents = dict.get(entry, "content") or []
    best: Any = max(contents, key=lambda content: len(_text(content, "value")), default={})
    return _text(best, "value"), _text(best, "type") in HTML_TYPES


def _base(entry: Any) -> str:
    """Give the address that links in the entry's text are relative to (xml:base)."""
    for detail in (*(dict.get(entry, "content") or ()), dict.get(entry, "summary_detail") or {}):
        if _text(detail, "base"):
            return _text(detail, "base")
    return ""


def _moment(entry: Any) -> datetime | None:
    """Convert what feedparser made of a date that only it can read.

    It gives years −1 and 10000, and days that are not in the text: those are no dates.
    """
    for name in ("published", "updated", "created"):
        parts = dict.get(entry, f"{name}_parsed")
        if not parts:
            continue
        try:
            when = datetime.fromtimestamp(timegm(parts), UTC)
        except (ValueError, OverflowError, OSError):
            continue
        if _is_written(when, _text(entry, name)):
            return when
    return None


def _is_written(when: datetime, text: str) -> bool:
    """Whether year and day stand in the text; zones move a day by one."""
    numbers = {int(number) for number in re.findall(r"\d{1,4}(?!\d)", text[:200])}
    days = {(when + timedelta(days=shift)).day for shift in (-1, 0, 1)}
    return when.year in numbers and not days.isdisjoint(numbers)


def _skipped(body: bytes) -> Skipped:
    """Read skipHours and skipDays, of which feedparser keeps the last one only."""
    hours, days = (
        b" ".join(LISTED.findall(part[1])).decode("latin-1") if part else ""
        for part in (SKIPPED_HOURS.search(body), SKIPPED_DAYS.search(body))
    )
    return skipped(hours, days)


def _links(feed: Any) -> dict[str, str]:
    links: dict[str, str] = {}
    for link in dict.get(feed, "links") or []:
        if _text(link, "href") and _text(link, "rel"):
            links.setdefault(_text(link, "rel"), _text(link, "href"))
    return links


def _damage(parsed: Any) -> str | None:
    error = dict.get(parsed, "bozo_exception")
    if error is None or type(error).__name__ in HARMLESS:
        return None
    return f"{type(error).__name__}: {error}"[:200]


def _no_feed(response: Response) -> str:
    if HTML_PAGE.match(response.body[:4096]):
        return f"{response.url} is an HTML page, no feed: give the address of the site's feed"
    return f"{response.url} is no RSS, Atom, RDF or JSON feed"
