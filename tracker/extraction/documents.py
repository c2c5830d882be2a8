"""Documents in and findings out as JSON, as ``tracker extract`` speaks it (interface.md)."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tracker.domain.errors import TrackerError
from tracker.domain.model import Announcement, Document, Findings, FoundCall, FoundReaction, Span

ReadHtml = Callable[[str, str | None], tuple[str, str, datetime | None]]
"""Reads HTML (and its address) into title, text and publication time."""

_SHAPES = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d %Y",
    "%b. %d, %Y",
    "%A, %B %d, %Y",
    "%a, %d %b %Y",
    "%d.%m.%Y",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%B %d, %Y %H:%M",
)


class DocumentError(TrackerError):
    """A document for ``tracker extract`` that cannot be read."""


def document_from_json(line: str, read_html: ReadHtml | None = None) -> Document:
    """A document from one JSON object. Raises DocumentError naming the field and the mend."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise DocumentError(f"not JSON: {error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise DocumentError("not a JSON object: too many brackets inside each other") from error
    if not isinstance(row, dict):
        raise DocumentError('not a JSON object: give {"id": …, "title": …, "text": …}')
    identity, url, title = _text(row, "id"), _text(row, "url") or None, _text(row, "title")
    published = parse_published(_text(row, "published"))
    if row.get("html") is not None and row.get("text") is None:
        if read_html is None:
            raise DocumentError(f"document {identity}: 'html' cannot be read here; give 'text'")
        found_title, text, found_time = read_html(_text(row, "html"), url)
        title, published = title or found_title, published or found_time
    elif "text" in row:
        text = _text(row, "text")
    else:
        raise DocumentError(f"document {identity}: neither 'text' nor 'html'; give one of them")
    return Document(identity, title, text, url, published, _text(row, "language") or None)


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if key == "id" and isinstance(value, int):
        return str(value)
    raise DocumentError(f"field '{key}' must be a string, not {type(value).__name__}")


def parse_published(text: str) -> datetime | None:
    """A publication time in any usual form, aware; None when empty or unreadable.

    An offset is kept, because weekdays are counted where the publisher is; without one, UTC.
    """
    raw = re.sub(r"\s+", " ", text).strip()
    if not raw:
        return None
    for read in (_iso, _mail, _shaped, _epoch, _within):
        found = read(raw)
        if found is not None:
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _iso(raw: str) -> datetime | None:
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _mail(raw: str) -> datetime | None:
    try:
        return parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError):
        return None


def _shaped(raw: str) -> datetime | None:
    plain = (
        re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", raw)
        .replace("Sept ", "Sep ")
        .replace("Sept.", "Sep.")
    )
    for shape in _SHAPES:
        try:
            return datetime.strptime(plain, shape).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


_DAY = re.compile(
    r"\d{4}-\d\d-\d\d|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)? (?:of )?[A-Z][a-z]{2,8},? \d{4}"
)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)(?::\d\d)?\s*([ap]m)?\s*(GMT|UTC|Z)?\b", re.IGNORECASE)


def _within(raw: str) -> datetime | None:
    """A day somewhere in a longer line such as 'Published July 26, 2021 -- 10:36 GMT'."""
    day = _DAY.search(raw)
    found = _shaped(day.group().replace(" of ", " ")) if day else None
    if found is None or day is None:
        return found
    clock = _CLOCK.search(raw, day.end())
    if clock is None or not clock.group(4):
        return found
    hour = int(clock.group(1)) % 24
    return found.replace(hour=hour, minute=int(clock.group(2)) % 60)


def _epoch(raw: str) -> datetime | None:
    if not re.fullmatch(r"\d{10}(?:\d{3})?", raw):
        return None
    return datetime.fromtimestamp(int(raw[:10]), UTC)


def findings_to_json(document: Document, findings: Findings, from_html: bool = False) -> str:
    """One line of JSON, keys in the order of interface.md; the same bytes for the same findings."""
    row: dict[str, Any] = {"id": document.id, "extractor": findings.extractor}
    if from_html:
        row["text"] = document.text
    row["announcements"] = [_announcement(each) for each in findings.announcements]
    row["reactions"] = [_reaction(each) for each in findings.reactions]
    row["calls"] = [_call(each) for each in findings.calls]
    return json.dumps(row, ensure_ascii=False)


def _announcement(each: Announcement) -> dict[str, Any]:
    row: dict[str, Any] = {
        "company": each.company,
        "brand": each.brand,
        "topic": each.topic,
        "act": each.act.value,
        "status": each.novelty.value,
        "modality": each.modality.value,
        "direction": each.direction,
        "date": _day(each.date),
        "precision": each.precision.value if each.precision else None,
        "speaker": each.speaker,
        "speaker_role": each.speaker_role,
        "scope": each.scope,
        **_span(each.span),
        "confidence": each.confidence,
        "disposition": each.disposition.value,
        "topics": list(each.topics),
        "trigger": each.trigger.value,
    }
    for key, value in (
        ("authority", each.authority),
        ("extent", each.extent),
        ("term", each.term),
        ("track", each.track),
        ("matter", each.matter),
        ("effective_date", _day(each.effective_date)),
    ):
        if value is not None:
            row[key] = str(value)
    return _with_more(row, each.more)


def _reaction(each: FoundReaction) -> dict[str, Any]:
    row: dict[str, Any] = {
        "actor": each.actor,
        "actor_type": str(each.actor_type),
        "reaction": each.reaction.value,
        "about": list(each.about),
        "topic": each.topic,
        "speaker": each.speaker,
        "status": each.novelty.value,
        **_span(each.span),
        "confidence": each.confidence,
        "disposition": each.disposition.value,
        "date": _day(each.date),
    }
    return _with_more(row, each.more)


def _call(each: FoundCall) -> dict[str, Any]:
    row: dict[str, Any] = {
        "caller": each.caller,
        "caller_type": str(each.caller_type),
        "targets": list(each.targets),
        "target_class": each.target_class,
        "asked": each.asked,
        "topic": each.topic,
        "deadline": _day(each.deadline),
        **_span(each.span),
        "confidence": each.confidence,
        "disposition": each.disposition.value,
        "status": each.novelty.value,
        "date": _day(each.date),
    }
    return _with_more(row, each.more)


def _with_more(row: dict[str, Any], more: tuple[Span, ...]) -> dict[str, Any]:
    if more:
        row["more"] = [_span(each) for each in more]
    return row


def _span(span: Span) -> dict[str, Any]:
    return {"field": span.field.value, "quote": span.quote, "start": span.start, "end": span.end}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
