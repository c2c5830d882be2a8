"""When readers would have been told of what follows calls and promises, in a time that is over.

The rules are those by which it is told day by day; which sources were read is not looked at, so a
silence here is one by what is on record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta

from tracker.domain.calls import WAITING as MAY_STILL_ANSWER
from tracker.domain.calls import target_on
from tracker.domain.changes import last_day
from tracker.domain.clocks import asked_from, is_delivered, pending_until
from tracker.domain.codes import CallStatus
from tracker.domain.commitments import REMIND_BEFORE, RUNNING, overdue_step, standing_on
from tracker.domain.model import Call, CallTarget, Commitment
from tracker.domain.outcomes import CommitmentState
from tracker.domain.silence import WITHOUT_ANSWER

DEADLINE_BEFORE = timedelta(days=7)
"""How long before the deadline of a call word of it is owed."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days after ``first``, up to ``last``."""

    first: Day
    last: Day

    def __contains__(self, day: Day) -> bool:
        """Whether a day is one of them."""
        return self.first < day <= self.last


def answers(call: Call, period: Period) -> Iterator[tuple[CallTarget, CallStatus, Day]]:
    """Every status that a target came to have, and from which day on."""
    for target in call.targets:
        for step in target.steps:
            day = step.date
            if day is not None and day in period and step.status not in WITHOUT_ANSWER:
                yield target, step.status, day


def deadlines(call: Call, period: Period) -> Iterator[tuple[CallTarget, Day]]:
    """The targets that had not answered in full a week before the deadline, and that day."""
    if call.deadline is None:
        return
    day = max(call.date, call.deadline - DEADLINE_BEFORE)
    if day in period and not _withdrawn(call, day):
        for target in call.targets:
            if target_on(target, day).now.status in MAY_STILL_ANSWER:
                yield target, day


def silences(call: Call, days: int, period: Period) -> Iterator[tuple[CallTarget, Day]]:
    """The named targets that had not answered so many days after the asking, and that day."""
    day = asked_from(call) + timedelta(days=days)
    if day not in period or day <= pending_until(call):
        return
    if is_delivered(call) and not _withdrawn(call, day):
        for target in call.targets:
            quiet = target_on(target, day).now.status in WITHOUT_ANSWER
            if target.of_class is None and quiet:
                yield target, day


def due_soon(promise: Commitment, period: Period) -> Day | None:
    """The day on which word was owed that a running promise falls due."""
    if not promise.shown or promise.due is None:
        return None
    day = max(promise.date, last_day(promise.due, promise.due_precision) - REMIND_BEFORE)
    running = standing_on(promise, day).state in RUNNING
    return day if running and day in period else None


def overdue(promise: Commitment, period: Period) -> Day | None:
    """The day from which on a promise was overdue."""
    late = [step for step in promise.held if step.state is CommitmentState.OVERDUE]
    found = overdue_step(promise, period.last)
    step = late[0] if late else found
    if not promise.shown or step is None or step.date not in period:
        return None
    return step.date


def pause_ends(end: Day, since: Day, period: Period) -> Day | None:
    """The day on which word was owed that a pause ends."""
    day = max(since, end - REMIND_BEFORE)
    return day if day in period else None


def _withdrawn(call: Call, day: Day) -> bool:
    return call.withdrawn_on is not None and call.withdrawn_on <= day
