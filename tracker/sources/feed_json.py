"""Read a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

import json
import re
from typing import Any

from tracker.domain.errors import ParseError
from tracker.domain.model import Response
from tracker.sources.feed_items import FoundFeed, FoundItem, join

MOST_BYTES = 10_000_000
MOST_OBJECTS = 100_000
LONGEST_NUMBER = 300

BETWEEN = re.compile(r"[\s,:]*")


def looks_like_json(response: Response) -> bool:
    """Whether the answer is JSON rather than XML, by its first sign."""
    return response.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read_json_feed(response: Response, most: int) -> FoundFeed:
    """Take the items as they stand; raises ParseError when this is no JSON Feed."""
    body = response.body
    if len(body) > MOST_BYTES or body.count(b"{") + body.count(b"[") > MOST_OBJECTS:
        raise ParseError(f"{response.url} holds more than a feed can")
    text, damaged = body.decode("utf-8-sig", "replace"), None
    try:
        document = json.loads(text, parse_int=_whole)
    except ValueError as error:
        document, damaged = _before_break(text), f"the JSON is broken: {error}"[:200]
        if not document.get("items"):
            raise ParseError(f"{response.url} holds broken JSON, no feed: {error}") from error
    except RecursionError as error:
        raise ParseError(f"{response.url} holds JSON that is nested too deeply") from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed" not in _text(document, "version"):
        raise ParseError(f"{response.url} is JSON, but no JSON Feed")
    found = [_item(item) for item in items[:most] if isinstance(item, dict)]
    links = {"next": join(response.url, link)} if (link := _text(document, "next_url")) else {}
    links |= _hub(document) | {"self": _text(document, "feed_url") or response.url}
    title = _text(document, "title")
    return FoundFeed(title, found, response.url, links=links, damaged=damaged)


def _before_break(text: str) -> dict[str, Any]:
    """The fields of a broken document that are whole, and the whole items of its list."""
    document: dict[str, Any] = {}
    at = text.find("{") + 1
    try:
        while True:
            name, at = DECODER.raw_decode(text, _next(text, at))
            at = _next(text, at)
            if name == "items" and text[at] == "[":
                document["items"] = []
                at = _take_items(text, at + 1, document["items"])
            else:
                document[str(name)], at = DECODER.raw_decode(text, at)
    except (ValueError, IndexError, RecursionError):
        return document


def _take_items(text: str, at: int, items: list[Any]) -> int:
    """Add the items of a list one by one; where it ends. Raises ValueError where it is broken."""
    while text[at := _next(text, at)] != "]":
        item, at = DECODER.raw_decode(text, at)
        items.append(item)
    return at + 1


def _next(text: str, at: int) -> int:
    """Where the next value begins."""
    found = BETWEEN.match(text, at)
    return found.end() if found else at


def _whole(digits: str) -> int | str:
    """A number that nobody means as one stays the text that it is: Python refuses to read it."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


DECODER = json.JSONDecoder(parse_int=_whole)


def _hub(document: dict[str, Any]) -> dict[str, str]:
    hubs = document.get("hubs")
    for hub in hubs if isinstance(hubs, list) else []:
        if isinstance(hub, dict) and _text(hub, "type").lower() == "websub":
            return {"hub": _text(hub, "url")}
    return {}


def _item(item: dict[str, Any]) -> FoundItem:
    html, text = _text(item, "content_html"), _text(item, "content_text")
    return FoundItem(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        summary_is_html=False,
        content=html or text,
        content_is_html=bool(html),
        author=_author(item),
        dates=[_text(item, "date_published"), _text(item, "date_modified")],
    )


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors")
    people = authors if isinstance(authors, list) else [item.get("author")]
    return ", ".join(_text(person, "name") for person in people if isinstance(person, dict))


def _text(where: dict[str, Any], name: str) -> str:
    """Read a text; an id may come as a number."""
    value = where.get(name)
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""
