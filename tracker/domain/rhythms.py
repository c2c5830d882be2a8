"""When gathered mail goes to a reader: once a day or a week, at an hour of their own zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.domain.codes import Pace
from tracker.domain.errors import UsageError


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Hour (0 to 23) and weekday (0 is Monday) in a zone of the IANA list."""

    zone: str = "UTC"
    hour: int = 7
    weekday: int = 0


EARLY = Rhythm()
"""Seven in the morning, weekly on Mondays, UTC: what holds until a reader chooses."""


@lru_cache(maxsize=1_000)
def next_gathering(pace: Pace, rhythm: Rhythm, now: datetime) -> datetime:
    """When the next gathered mail of this pace is due, in UTC.

    An hour that a clock change skips is taken as if the clock had not changed yet; one that comes
    twice counts once, the first time.
    """
    zone = ZoneInfo(rhythm.zone)
    day = now.astimezone(zone).date()
    while True:
        due = datetime.combine(day, time(rhythm.hour), zone).astimezone(UTC)
        right_day = pace is not Pace.WEEKLY or day.weekday() == rhythm.weekday
        if due > now and right_day:
            return due
        day += timedelta(days=1)


def read_pace(text: str) -> Pace:
    """The pace that is written; nothing is at once. Raises UsageError."""
    try:
        return Pace(text.lower().replace("-", "_") or Pace.AT_ONCE)
    except ValueError:
        known = ", ".join(pace.value for pace in Pace)
        raise UsageError(f"pace: “{text[:40]}” is none of {known}") from None


def read_rhythm(zone: str, hour: str, weekday: str) -> Rhythm | None:
    """The rhythm that is written; None where nothing is. Raises UsageError."""
    if not (zone or hour or weekday):
        return None
    return Rhythm(
        _zone(zone) if zone else EARLY.zone,
        _number("hour", hour, 23) if hour else EARLY.hour,
        _number("weekday", weekday, 6) if weekday else EARLY.weekday,
    )


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"“{name[:40]}” is no time zone; write one such as Europe/Berlin or America/New_York"
        ) from None


def _number(name: str, text: str, most: int) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 2 and int(text) <= most:
        return int(text)
    raise UsageError(f"{name}: “{text[:40]}” is no number from 0 to {most}")
