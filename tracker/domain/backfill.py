"""Fetching the older entries of a source: in which way, and how far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.domain.model import SourceId

FRESH_FOR = timedelta(days=7)
"""What is older alerts nobody (interface: an alert is owed within 7 days of publication)."""


class BackfillWay(StrEnum):
    """How a site gives its older entries."""

    ARCHIVE = "archive"
    """Pages and archives that the feed links (RFC 5005)."""
    WORDPRESS = "wordpress"
    SITEMAP = "sitemap"


class BackfillState(StrEnum):
    """How far a backfill is."""

    UNDER_WAY = "under_way"
    DONE = "done"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Backfill:
    """How far the older entries of a source have been fetched, back to the day ``until``.

    ``ahead`` are the addresses still to be asked, next one first.
    """

    source: SourceId
    way: BackfillWay
    until: Day
    ahead: tuple[str, ...]
    state: BackfillState = BackfillState.UNDER_WAY
    pages: int = 0
    entries: int = 0
    last_error: str | None = None


def page_after(url: str) -> str:
    """The next older page of a WordPress feed: ``?paged=2``, then 3 and so on."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    number = query.get("paged", "1")
    query["paged"] = str(int(number) + 1) if number.isdecimal() and len(number) < 6 else "2"
    return urlunsplit(parts._replace(query=urlencode(query)))


def is_old_news(published: datetime | None, until: Day, now: datetime) -> bool:
    """Whether a backfill takes an entry: dated, from ``until`` on, and too old to alert anybody."""
    return published is not None and until <= published.date() and now - published > FRESH_FOR


def reaches_back_to(published: Iterable[datetime | None], until: Day) -> bool:
    """Whether a page holds an entry older than wanted, so that further ones are older still."""
    return any(moment is not None and moment.date() < until for moment in published)
