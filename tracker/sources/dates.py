"""Dates as publishers write them, with the publisher's own offset kept."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing on the web is older; an earlier date is a mistake."""

AHEAD = timedelta(days=2)
"""How far in the future a date may lie (clocks, zones); a later one is a mistake."""

LONGEST_DATE = 100
ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)?-?(?P<day>\d\d)?"
    r"(?:[Tt ]\s?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s?(?P<zone>[Zz]|[+-]\d\d:?(?:\d\d)?|GMT|UTC)?)?"
)
USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (GMT|[+-]\d{4})"
)
"""RFC 822 as nearly all feeds write it; the library's reader takes ten times as long."""

MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
ZONES = {
    "BST": "+0100",
    "IST": "+0530",
    "CET": "+0100",
    "CEST": "+0200",
    "MEZ": "+0100",
    "MESZ": "+0200",
    "WEST": "+0100",
    "EET": "+0200",
    "EEST": "+0300",
    "MSK": "+0300",
    "JST": "+0900",
    "KST": "+0900",
    "SGT": "+0800",
    "HKT": "+0800",
    "AEST": "+1000",
    "AEDT": "+1100",
    "NZST": "+1200",
    "NZDT": "+1300",
    "AKST": "-0900",
    "AKDT": "-0800",
    "HST": "-1000",
    "ET": "-0500",
    "PT": "-0800",
}
"""Zone names that feeds use and that RFC 822 does not know."""

ZONE_NAME = re.compile(r"\b([A-Z]{2,4})$")


def read_date(text: str, now: datetime | None = None) -> datetime | None:
    """Read an RFC 822 or ISO 8601 date; aware, in the offset it was written with.

    A date without offset is taken as UTC. None for anything else, for dates before 1990 and, where
    ``now`` is given, for dates more than two days after it.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_DATE:
        return None
    found = _read(text)
    return in_range(found, now) if found else None


@lru_cache(maxsize=1024)
def _read(text: str) -> datetime | None:
    """A feed's dates are looked at more than once."""
    return _read_usual(text) or _read_iso(text) or _read_rfc822(text)


def _read_usual(text: str) -> datetime | None:
    match = USUAL.fullmatch(text)
    if match is None or (place := MONTHS.find(match[2])) % 3:
        return None
    month = place // 3 + 1
    day, year, hour, minute, second = (int(match[part]) for part in (1, 3, 4, 5, 6))
    zone = match[7] if match[7] != "GMT" else None
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_offset(zone))
    except ValueError:
        return None  # the patient reader knows what to make of a 24th hour


def in_range(when: datetime, now: datetime | None = None) -> datetime | None:
    """Give ``when`` back if it can be true: from 1990 until two days from ``now``."""
    try:
        if when < EARLIEST or (now is not None and when > now + AHEAD):
            return None
        when.astimezone(UTC)
    except OverflowError:
        return None
    return when


def read_http_date(text: str) -> datetime | None:
    """Read a date of an HTTP header, in UTC."""
    found = _read_rfc822(text.strip()) if len(text) < LONGEST_DATE else None
    return found.astimezone(UTC) if found else None


def _read_iso(text: str) -> datetime | None:
    match = ISO.fullmatch(text)
    if not match:
        return None
    part = match.groupdict()
    try:
        return datetime(
            int(part["year"]),
            int(part["month"] or 1),
            int(part["day"] or 1),
            int(part["hour"] or 0) % 24,
            int(part["minute"] or 0),
            min(int(part["second"] or 0), 59),
            tzinfo=_offset(part["zone"]),
        )
    except (ValueError, OverflowError):
        return None


def _offset(zone: str | None) -> timezone:
    """Read ``Z``, ``+02``, ``+0200`` or ``+02:00``; ValueError for an offset of a day or more."""
    if not zone or zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if not size:
        return UTC
    return timezone(-size if zone[0] == "-" else size)


def _read_rfc822(text: str) -> datetime | None:
    name = ZONE_NAME.search(text)
    if name and name[1] in ZONES:
        text = text[: name.start()] + ZONES[name[1]]
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
