"""The day by which a sentence promises something: by 2030, by the end of May, within a year."""

import re
from datetime import date as Day
from datetime import timedelta

from tracker.domain.changes import last_day
from tracker.domain.codes import Precision

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ISO = re.compile(r"\bby (20\d\d-\d\d-\d\d)\b")
_BY = re.compile(
    r"\bby (?:the )?(?:end of )?(?:(?P<day>\d{1,2}) )?"
    rf"(?:(?P<month>{'|'.join(MONTHS)}) (?:(?P<day_after>\d{{1,2}}), )?)?(?P<year>20\d\d)\b"
)
_WITHIN = re.compile(
    rf"\bwithin (?:the next )?(?P<number>an?|\d{{1,3}}|{'|'.join(_NUMBERS)}) "
    r"(?P<unit>day|week|month|year)s?\b"
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def due_in(text: str, said: Day) -> tuple[Day, Precision] | None:
    """Return the first such day with its precision, or None; ``said`` is when it was promised."""
    folded = " ".join(text.casefold().split())
    if found := _ISO.search(folded):
        return _exact(found.group(1))
    if found := _BY.search(folded):
        return _named(found)
    if found := _WITHIN.search(folded):
        days = _count(found.group("number")) * _DAYS[found.group("unit")]
        return said + timedelta(days=days), Precision.DAY
    return None


def _exact(text: str) -> tuple[Day, Precision] | None:
    try:
        return Day.fromisoformat(text), Precision.DAY
    except ValueError:
        return None


def _named(found: re.Match[str]) -> tuple[Day, Precision]:
    year, month = int(found.group("year")), found.group("month")
    if month is None:
        return Day(year, 1, 1), Precision.YEAR
    first = Day(year, MONTHS.index(month) + 1, 1)
    day = int(found.group("day") or found.group("day_after") or 0)
    if not 1 <= day <= last_day(first, Precision.MONTH).day:
        return first, Precision.MONTH
    return first.replace(day=day), Precision.DAY


def _count(number: str) -> int:
    if number in ("a", "an"):
        return 1
    return int(number) if number.isdigit() else _NUMBERS.index(number) + 1
