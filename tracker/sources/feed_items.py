"""What a reader finds in a feed, before anything is cleaned: the seam between readers and parse."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urljoin

from tracker.domain.model import Skipped

UPDATE_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
MORE_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)/+")
PLAIN_ADDRESS = re.compile(
    r"https?://(?:[\w-]+\.)+[\w-]+(?::\d{1,5})?/(?:[\w./%~+,=&;@-]+\?)?[\w/%~+,=&;@-]+", re.ASCII
)
"""An address that is absolute and stays what it is when it is joined to another."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(slots=True)
class FoundItem:
    """One item as it stands in the feed; ``base`` is what its relative links are meant against.

    ``dates`` are the dates as written, best first; ``when`` is what the reader itself made of one.
    """

    guid: str = ""
    link: str = ""
    title: str = ""
    title_is_html: bool = False
    summary: str = ""
    summary_is_html: bool = True
    content: str = ""
    content_is_html: bool = True
    author: str = ""
    dates: list[str] = field(default_factory=list)
    when: datetime | None = None
    base: str = ""


@dataclass(slots=True)
class FoundFeed:
    """A feed as it stands; ``wait`` and ``skipped`` are asked of us, ``damaged`` tells a fault.

    ``links`` are the feed's own links by their relation (self, hub, next, prev-archive …).
    """

    title: str
    items: list[FoundItem]
    base: str
    title_is_html: bool = False
    wait: timedelta | None = None
    skipped: Skipped = field(default_factory=Skipped)
    links: dict[str, str] = field(default_factory=dict)
    damaged: str | None = None


def asked_wait(ttl: str, period: str, frequency: str) -> timedelta | None:
    """Read ttl (minutes, RSS 2.0), else sy:updatePeriod and sy:updateFrequency (RSS 1.0)."""
    minutes = count(ttl)
    if minutes:
        return timedelta(minutes=minutes)
    each = UPDATE_PERIODS.get(period.strip().lower())
    return each / (count(frequency) or 1) if each else None


def count(text: str) -> int:
    """Read a whole number up to 999,999; 0 for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def skipped(hours: str, days: str) -> Skipped:
    """Read skipHours and skipDays (RSS 2.0): hours of the day in UTC, names of weekdays."""
    numbers = {int(hour) % 24 for hour in hours.split() if hour.isdecimal() and int(hour) <= 24}
    names = {DAYS.index(day) for day in days.lower().split() if day in DAYS}
    if len(numbers) == 24 or len(names) == 7:
        return Skipped()
    return Skipped(frozenset(numbers), frozenset(names))


def join(base: str, link: str) -> str:
    """Make a link absolute, whatever it is; too many slashes are put right, as browsers do."""
    if PLAIN_ADDRESS.fullmatch(link):
        return link
    try:
        return urljoin(base, MORE_SLASHES.sub(r"\1", link))
    except ValueError:
        return ""
