"""Shared moments: days within which several companies took a stance on one topic (ux.md)."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import timedelta

from tracker.store.views.records import Marked
from tracker.web import wording
from tracker.web.axis import Axis
from tracker.web.language import gettext as _

DAYS, COMPANIES, MOST = 7, 3, 2
"""At least so many companies within so many days; at most so many moments on a chart."""

LETTER = 0.81
"""Percent of a wide chart that a letter of a label takes."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A stripe over the lanes, with what happened in it; ``above`` is what stands over it."""

    x: float
    width: float
    label_x: float
    label: str
    days: str
    above: str = ""


def shared_moments(
    stances: Iterable[Marked], scale: Axis, *, every: bool = True
) -> tuple[Moment, ...]:
    """The moments with the most companies, in order of time.

    Where ``every`` company is not among these stances, a moment says "at least".
    """
    dated = sorted(
        {
            (stance.date, stance.company.name)
            for stance in stances
            if stance.precision == "day" and stance.spans
        }
    )
    found = [_from(dated, day) for day in sorted({day for day, __ in dated})]
    found = [one for one in found if one[2] >= COMPANIES]
    kept: list[tuple[Day, Day, int]] = []
    for first, last, number in sorted(found, key=lambda one: (-one[2], one[0])):
        if len(kept) < MOST and all(last < one[0] or first > one[1] for one in kept):
            kept.append((first, last, number))
    return _labelled([_moment(*one, scale, every) for one in sorted(kept)])


def _labelled(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Over a stripe stands its label; where that would run into the one before, its days alone, or
    nothing: all of it stands in the key below the chart.
    """
    shown: list[Moment] = []
    for moment in moments:
        fitting = (text for text in (moment.label, moment.days) if _fits(moment, text, shown))
        shown.append(replace(moment, above=next(fitting, "")))
    return tuple(shown)


def _fits(moment: Moment, text: str, shown: Sequence[Moment]) -> bool:
    return all(
        moment.label_x - one.label_x > LETTER * (len(text) + len(one.above)) / 2 + 1
        for one in shown
        if one.above
    )


def _from(dated: Sequence[tuple[Day, str]], first: Day) -> tuple[Day, Day, int]:
    start, end = (bisect_left(dated, (day, "")) for day in (first, first + timedelta(days=DAYS)))
    inside = dated[start:end]
    return first, inside[-1][0], len({name for _, name in inside})


def _moment(first: Day, last: Day, number: int, scale: Axis, every: bool) -> Moment:
    start, end = scale.x(first), scale.x(last)
    return Moment(
        x=round(start - 0.35, 3),
        width=round(end - start + 0.7, 3),
        label_x=round(min(max((start + end) / 2, 17), 80), 3),
        label=_label(first, last, number, every),
        days=wording.between(first, last),
    )


def _label(first: Day, last: Day, companies: int, every: bool) -> str:
    when, many = wording.between(first, last), wording.number(companies)
    if not every:
        many = _("at least %(number)s", number=many)
    days = (last - first).days + 1
    if days == 1:
        return _("%(when)s: %(number)s companies in one day", when=when, number=many)
    return _(
        "%(when)s: %(number)s companies in %(days)s days",
        when=when,
        number=many,
        days=wording.number(days),
    )
