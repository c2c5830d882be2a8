"""The time axis of a chart, and where marks go on it so that none hides another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from functools import lru_cache

WIDE, NARROW = 700.0, 330.0
"""Widths in pixels for which places are solved: a desktop and a phone."""

MARK = 28.0
"""Pixels from one mark to the next: after rounding they stay 24 apart (WCAG 2.5.8)."""

STEP, FARTHEST = 4, 160
"""Shifts are whole steps up to the farthest, because each is a class of the stylesheet."""

CROWD, BINS = 6, 11
"""More marks than a crowd in one place are piled into bins, each as wide as a mark."""


@dataclass(frozen=True, slots=True)
class Year:
    """A line of the axis with its label; ``minor`` ones are left out where it is narrow."""

    x: float
    label: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """Days as per cent of the width; a little room is left after the last day."""

    first: Day
    last: Day

    def x(self, day: Day) -> float:
        """The place of a day, kept on the axis."""
        return _place(self.first, self.last, day)

    @property
    def years(self) -> tuple[Year, ...]:
        """One line a year, thinned out when there are many."""
        numbers = range(self.first.year, self.last.year + 1)
        every = 1 if len(numbers) <= 9 else 2 if len(numbers) <= 18 else 5
        shown = [year for year in numbers if (year - self.first.year) % every == 0]
        return tuple(
            Year(self.x(Day(year, 1, 1)), str(year), minor=place % 2 == 1)
            for place, year in enumerate(shown)
            if self.x(Day(year, 1, 1)) < 95
        )


@lru_cache(maxsize=20_000)
def _place(first: Day, last: Day, day: Day) -> float:
    whole = max(1, (last - first).days)
    share = (min(max(day, first), last) - first).days / whole
    return round(share * 98.6, 3)


def axis(days: Sequence[Day], last: Day) -> Axis:
    """From the start of the year of the earliest day, at least two years back, to the last."""
    first = min([*days, last - timedelta(days=730)])
    return Axis(Day(first.year, 1, 1), last)


def shifts(places: Sequence[float], width: float, gap: float = MARK) -> list[int]:
    """Pixels by which each mark moves so that neighbours keep their distance at this width.

    ``places`` are per cent in rising order. Marks that touch share a group, and a group stays
    centred over its own places.
    """
    wanted = [place * width / 100 for place in places]
    moved = [0] * len(wanted)
    for group in _groups(wanted, width, gap):
        start = _start(group, width, gap)
        for place, index in enumerate(group.members):
            moved[index] = _whole_step(start + place * gap - wanted[index])
    return moved


def crowded(places: Sequence[float]) -> bool:
    """Whether more marks than a crowd meet in one place of a narrow chart."""
    wanted = [place * NARROW / 100 for place in places]
    return any(len(group.members) > CROWD for group in _groups(wanted, NARROW, MARK))


def bin_of(place: float) -> int:
    """The bin of a place, of those that have room for one mark each."""
    return min(BINS - 1, int(place * BINS / 100))


def _groups(wanted: Sequence[float], width: float, gap: float) -> list["_Group"]:
    groups: list[_Group] = []
    for index, place in enumerate(wanted):
        groups.append(_Group([index], place))
        while len(groups) > 1 and _touch(groups[-2], groups[-1], width, gap):
            last = groups.pop()
            groups[-1].members.extend(last.members)
            groups[-1].places += last.places
    return groups


@dataclass(slots=True)
class _Group:
    """Marks that touch, and the sum of their places."""

    members: list[int]
    places: float


def _touch(left: _Group, right: _Group, width: float, gap: float) -> bool:
    end = _start(left, width, gap) + gap * len(left.members)
    return _start(right, width, gap) < end


def _start(group: _Group, width: float, gap: float) -> float:
    """Where the first mark of a group stands: centred over its places, and on the chart."""
    length = gap * (len(group.members) - 1)
    centre = group.places / len(group.members)
    return max(0.0, min(centre - length / 2, width - length))


def _whole_step(pixels: float) -> int:
    return max(-FARTHEST, min(FARTHEST, STEP * round(pixels / STEP)))
