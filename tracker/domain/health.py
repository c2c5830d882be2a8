"""Whether a source is well, by its own normal (promise 18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

FAILING_LONG = timedelta(hours=24)
FEWEST_WEEKS = 4
"""Weeks with entries that a source needs before anything about it is called normal."""

QUIET_SHARE = 0.5
"""A source that brought something in so many of its weeks is missed when it brings nothing."""

QUIET_WEEKS = 2
MAD_TIMES = 5
MAD_LEAST = 30
"""A week is mad with five times the usual number of entries, and at least thirty."""

MISSED_FOR = timedelta(days=7)
"""Entries that may have been missed are told of for so long."""


class IncidentKind(StrEnum):
    """What is wrong with a source."""

    FAILING = "failing"
    QUIET = "quiet"
    MAD = "mad"
    """Far more entries than its own normal."""
    MISSED = "missed"
    """Entries may have left the feed before they were seen."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a source has been doing. ``weeks`` are its new entries a week, the present one last.

    The first week of a source brings what lay in the feed, so it is left out of its normal.
    """

    weeks: Sequence[int]
    failing_since: datetime | None = None
    last_error: str | None = None
    overflowed_at: datetime | None = None


def usual(weeks: Sequence[int]) -> float | None:
    """New entries in a usual week before the present one; None where too little is known."""
    known = _known(weeks)[:-1]
    return median(known) if len(known) >= FEWEST_WEEKS else None


def is_quiet(weeks: Sequence[int]) -> bool:
    """Whether a source that had news in most of its weeks brought none in the last two."""
    before, last = _known(weeks)[:-QUIET_WEEKS], weeks[-QUIET_WEEKS:]
    busy = sum(1 for number in before if number)
    enough = len(before) >= FEWEST_WEEKS
    return enough and busy > QUIET_SHARE * len(before) and not any(last)


def is_mad(weeks: Sequence[int]) -> bool:
    """Whether a source brings far more than ever."""
    normal = usual(weeks)
    return normal is not None and weeks[-1] >= max(MAD_LEAST, MAD_TIMES * max(normal, 1))


def incidents(course: Course, now: datetime) -> dict[IncidentKind, str]:
    """What is wrong with a source now, each in a sentence."""
    found = {}
    since = course.failing_since
    if since is not None and now - since >= FAILING_LONG:
        found[IncidentKind.FAILING] = (
            f"not read since {since:%Y-%m-%d %H:%M} UTC: {course.last_error or 'unknown'}"
        )
    elif is_quiet(course.weeks):
        found[IncidentKind.QUIET] = (
            f"nothing new for {QUIET_WEEKS} weeks, usually {_usual(course)} a week"
        )
    if is_mad(course.weeks):
        found[IncidentKind.MAD] = f"{course.weeks[-1]} new this week, usually {_usual(course)}"
    lost = course.overflowed_at
    if lost is not None and now - lost < MISSED_FOR:
        found[IncidentKind.MISSED] = (
            f"on {lost:%Y-%m-%d %H:%M} UTC every entry that was read of it was new: "
            "others may have come and gone"
        )
    return found


def _usual(course: Course) -> str:
    return f"{usual(course.weeks) or 0:g}"


def _known(weeks: Sequence[int]) -> Sequence[int]:
    """The weeks since a source brought its first entries, less that week itself."""
    first = next((place for place, number in enumerate(weeks) if number), len(weeks))
    return weeks[first + 1 :] if first or not weeks else weeks
