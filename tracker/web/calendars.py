"""Stances as a calendar (RFC 5545): a day each, for whoever keeps dates in a calendar."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from tracker.store.views.records import StanceLine
from tracker.web import wording

LONGEST_LINE = 75
"""Octets of a line before it is folded (RFC 5545, 3.1)."""


def calendar(name: str, stances: Iterable[StanceLine], base_url: str) -> str:
    """The calendar of these stances; its ids are those of our pages, so none shows twice."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Stance Tracker//EN", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_text(name)}")
    for stance in stances:
        lines.extend(_event(stance, base_url))
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(stance: StanceLine, base_url: str) -> Iterator[str]:
    url = f"{base_url}/e/{stance.id}"
    about = [wording.topic(stance.topic), wording.day(stance.date, stance.precision)]
    about += [f"“{stance.quote.text}”"] if stance.quote else []
    yield "BEGIN:VEVENT"
    yield f"UID:{stance.id}@stance-tracker"
    yield f"DTSTAMP:{stance.date:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{stance.date:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{stance.date + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(f'{stance.company.name}: {wording.headline(stance)}')}"
    yield f"DESCRIPTION:{_text(chr(10).join(about))}"
    yield f"URL:{url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(text: str) -> str:
    """A text as RFC 5545, 3.3.11 wants it."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterator[str]:
    """A long line as several; no character is torn apart."""
    part = ""
    for character in line:
        if len((part + character).encode()) > LONGEST_LINE:
            yield part
            part = " "
        part += character
    yield part
