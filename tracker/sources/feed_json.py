"""Read a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

import json
from typing import Any

from tracker.domain.errors import ParseError
from tracker.domain.model import Response
from tracker.sources.feed_items import FoundFeed, FoundItem, join

MOST_BYTES = 10_000_000
MOST_OBJECTS = 100_000
LONGEST_NUMBER = 300


def looks_like_json(response: Response) -> bool:
    """Whether the answer is JSON rather than XML, by its first sign."""
    return response.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read_json_feed(response: Response, most: int) -> FoundFeed:
    """Take the items as they stand; raises ParseError when this is no JSON Feed."""
    body = response.body
    if len(body) > MOST_BYTES or body.count(b"{") + body.count(b"[") > MOST_OBJECTS:
        raise ParseError(f"{response.url} holds more than a feed can")
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"), parse_int=_whole)
    except ValueError as error:
        raise ParseError(f"{response.url} holds broken JSON, no feed: {error}") from error
    except RecursionError as error:
        raise ParseError(f"{response.url} holds JSON that is nested too deeply") from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed" not in _text(document, "version"):
        raise ParseError(f"{response.url} is JSON, but no JSON Feed")
    found = [_item(item) for item in items[:most] if isinstance(item, dict)]
    links = {"next": join(response.url, link)} if (link := _text(document, "next_url")) else {}
    links |= _hub(document) | {"self": _text(document, "feed_url") or response.url}
    return FoundFeed(_text(document, "title"), found, response.url, links=links)


def _whole(digits: str) -> int | str:
    """A number that nobody means as one stays the text that it is: Python refuses to read it."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


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
