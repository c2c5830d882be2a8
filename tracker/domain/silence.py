"""What this installation may say of a call without an answer, and for how many days (ledger E).

Only days on which coverage of the company was healthy count as ours: at least one channel of its
own and three news sources that speak of it were read without error within twice their interval.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta

from tracker.domain.clocks import asked_by, is_delivered, pending_until
from tracker.domain.codes import CallStatus
from tracker.domain.model import Call, CallTarget

NEWS_SOURCES_NEEDED = 3
ONE_DAY = timedelta(days=1)

WITHOUT_ANSWER = frozenset({CallStatus.OPEN, CallStatus.IGNORED})
"""Statuses in which no answer at all is on record."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A source that speaks of a company: the days (UTC) on which it was read without error.

    ``own`` is a channel of the company itself; ``interval`` is how often it is asked.
    """

    own: bool
    interval: timedelta
    good: frozenset[Day]
    last_ok: datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """How well this installation watches one company: its channels and its healthy days."""

    channels: tuple[Channel, ...] = ()
    healthy: frozenset[Day] = frozenset()
    healthy_now: bool = False

    @property
    def first(self) -> Day | None:
        """The first day that counts as ours."""
        return min(self.healthy, default=None)

    @property
    def sources(self) -> int:
        """How many sources are read."""
        return len(self.channels)

    @property
    def last_checked(self) -> datetime | None:
        """When one of them was last read without error."""
        return max((channel.last_ok for channel in self.channels), default=None)


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer found in ``sources`` sources, last checked then, ``days`` days since ``since``.

    ``missed`` are the days, from and to, on which coverage failed: they are not among ``days``.
    """

    days: int
    since: Day
    sources: int
    last_checked: datetime
    missed: tuple[tuple[Day, Day], ...] = ()


def watch(channels: Iterable[Channel], now: datetime) -> Watch:
    """Return how well a company is watched, from every source that speaks of it."""
    every = tuple(channels)
    fresh = tuple(one for one in every if now - one.last_ok <= 2 * one.interval)
    own: set[Day] = set()
    news: Counter[Day] = Counter()
    for channel in every:
        (own if channel.own else news).update(_covered(channel, now.date()))
    enough = (day for day, number in news.items() if number >= NEWS_SOURCES_NEEDED)
    return Watch(fresh, frozenset(own.intersection(enough)), _is_enough(fresh))


def silence_of(
    call: Call, target: CallTarget, watched: Watch, today: Day, *, worded: bool
) -> Silence | None:
    """Return what may be said of a target that has not answered, or None while nothing may.

    ``worded`` tells that the call's wording is stored or has a public address. A company that is
    only one of a class was not named, so nothing is said of it.
    """
    first, checked = watched.first, watched.last_checked
    due = today > pending_until(call) and call.withdrawn_on is None
    named = target.of_class is None and target.now.status in WITHOUT_ANSWER
    proven = worded and is_delivered(call) and watched.healthy_now
    if not (due and named and proven) or first is None or checked is None:
        return None
    since = max(asked_by(call), first)
    missed = tuple(_missed(watched.healthy, since + ONE_DAY, today))
    lost = sum((last - begun).days + 1 for begun, last in missed)
    days = (today - since).days - lost
    return Silence(days, since, watched.sources, checked, missed) if days > 0 else None


def _covered(channel: Channel, today: Day) -> frozenset[Day]:
    """A good reading covers its own day, and the days within twice the interval after it."""
    if 2 * channel.interval < ONE_DAY:
        return channel.good
    more = range(int(2 * channel.interval / ONE_DAY) + 1)
    days = (day + timedelta(days=number) for day in channel.good for number in more)
    return frozenset(day for day in days if day <= today)


def _is_enough(channels: Collection[Channel]) -> bool:
    news = sum(1 for channel in channels if not channel.own)
    return news < len(channels) and news >= NEWS_SOURCES_NEEDED


def _missed(healthy: Collection[Day], first: Day, last: Day) -> Iterator[tuple[Day, Day]]:
    begun: Day | None = None
    day = first
    while day <= last:
        if day in healthy:
            if begun is not None:
                yield begun, day - ONE_DAY
            begun = None
        elif begun is None:
            begun = day
        day += ONE_DAY
    if begun is not None:
        yield begun, last
