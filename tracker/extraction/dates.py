"""The day an act was announced, counted in the publisher's zone (codebook section 6)."""

import re
from datetime import date as Day
from datetime import datetime, timedelta

from tracker.domain.codes import Precision
from tracker.domain.due_dates import MONTHS

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = re.compile(rf"\b(?P<last>last )?(?P<day>{'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)
_TODAY = re.compile(
    r"\b(?:today|this (?:morning|afternoon|evening)|earlier today|tonight)\b", re.IGNORECASE
)
_YESTERDAY = re.compile(r"\b(?:yesterday|last night)\b", re.IGNORECASE)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<year>(?:19|20)\d\d))?",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? (?P<year>(?:19|20)\d\d))?\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:by|until|before|from|starting|next|effective|deadline of|set for|beginning"
    r"|on or after|will \w+ (?:\w+ ){0,3}on)(?: on| of)? $",
    re.IGNORECASE,
)


def local_day(published: datetime | None) -> Day | None:
    """The publication day where the publisher is; the value carries the publisher's offset."""
    return published.date() if published else None


def day_of(text: str, at: int, published: Day | None) -> Day | None:
    """The past day that a sentence names nearest to offset ``at``; never a deadline or plan."""
    if published is None:
        return None
    found = [
        (abs(start - at), start, day)
        for start, day in _days(text, published)
        if not _FUTURE.search(text[:start]) and day <= published + timedelta(days=1)
    ]
    return min(found)[2] if found else None


def deadline_of(text: str, published: Day | None) -> Day | None:
    """The day after 'by' or 'before' in a demand (codebook section 4)."""
    if published is None:
        return None
    ahead = [
        day
        for start, day in _days(text, published, forward=True)
        if re.search(r"\b(?:by|before|until)(?: the end of)? $", text[:start], re.IGNORECASE)
    ]
    return ahead[0] if ahead else None


def precision_of(day: Day | None) -> Precision | None:
    """A resolved day is exact to the day."""
    return Precision.DAY if day else None


def _days(text: str, published: Day, forward: bool = False) -> list[tuple[int, Day]]:
    found = [(m.start(), published) for m in _TODAY.finditer(text)]
    found += [(m.start(), published - timedelta(days=1)) for m in _YESTERDAY.finditer(text)]
    for match in _WEEKDAY.finditer(text):
        found.append((match.start(), _weekday(match, published, forward)))
    for shape in (_MONTH_DAY, _DAY_MONTH):
        for match in shape.finditer(text):
            day = _calendar(match, published)
            if day:
                found.append((match.start(), day))
    return sorted(found)


def _weekday(match: re.Match[str], published: Day, forward: bool) -> Day:
    wanted = _WEEKDAYS.index(match.group("day").lower())
    if forward:
        return published + timedelta(days=(wanted - published.weekday()) % 7)
    back = (published.weekday() - wanted) % 7
    return published - timedelta(days=back or (7 if match.group("last") else 0))


def _calendar(match: re.Match[str], published: Day) -> Day | None:
    month = next(
        n for n, name in enumerate(MONTHS, 1) if name.startswith(match.group("month").lower()[:3])
    )
    year = int(match.group("year") or published.year)
    try:
        day = Day(year, month, int(match.group("day")))
    except ValueError:
        return None
    if not match.group("year") and day > published + timedelta(days=60):
        return day.replace(year=year - 1)
    return day
