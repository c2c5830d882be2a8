"""The clocks of a call, in calendar days, and when anybody may speak of silence (ledger D, E)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta

from tracker.domain.answers import ACKNOWLEDGED, ANSWERED, PARTLY, REJECTED, is_question
from tracker.domain.calls import answers_of
from tracker.domain.changes import last_day
from tracker.domain.codes import Act, CallStatus, Precision
from tracker.domain.model import Call, CallTarget, Stance, StanceId

UNDECIDED_FOR = timedelta(days=30)
UNANSWERED_FOR = timedelta(days=14)
"""How long a demand, and a question, are pending without a deadline (ledger E)."""

ADDRESSED = frozenset({"letter", "open_letter", "petition"})
"""Channels that address a company by themselves, once they are public."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Calendar days from delivery (else the asking) to reply, decision and effect.

    ``approximate`` tells that one of the dates is coarser than a day.
    """

    reply: int | None
    decision: int | None
    effect: int | None
    approximate: bool = False


def pending_until(call: Call) -> Day:
    """Return the last day on which nobody may speak of silence: deadline, 14 or 30 days."""
    if call.deadline is not None:
        return call.deadline
    return asked_by(call) + (UNANSWERED_FOR if is_question(call) else UNDECIDED_FOR)


def is_delivered(call: Call) -> bool:
    """Tell whether delivery is shown: a proof, or a public letter or petition (ledger E)."""
    proven = call.delivery_proof not in (None, "", "none")
    return proven or (call.public_url is not None and call.channel in ADDRESSED)


def days_open(call: Call, target: CallTarget, today: Day) -> int:
    """Return the calendar days from delivery (else the asking) to the decision, else to today.

    Of an open call whose date is coarse, those that have passed in any case.
    """
    decided = _decided(target)
    if decided is not None:
        return (decided - asked_from(call)).days
    return max((today - asked_by(call)).days, 0)


def is_open_at_least(call: Call, target: CallTarget) -> bool:
    """Tell whether a call may be open for more days than are counted: its date is coarse."""
    return _decided(target) is None and asked_by(call) > asked_from(call)


def clocks(call: Call, target: CallTarget, known: Mapping[StanceId, Stance]) -> Clocks:
    """Return the three clocks of a target; ``known`` gives the answering stances."""
    replied = _first_date(target, {ACKNOWLEDGED, ANSWERED, PARTLY, REJECTED})
    decided = _first_date(target, {ANSWERED, PARTLY, REJECTED})
    effects = [_effect(known[found]) for found in answers_of(target) if found in known]
    precisions = {status.precision for status in target.steps if status.date}
    return Clocks(
        reply=_days(call, replied),
        decision=_days(call, decided),
        effect=_days(call, min((day for day in effects if day is not None), default=None)),
        approximate=({call.precision} | precisions) != {Precision.DAY},
    )


def asked_from(call: Call) -> Day:
    """Return the day from which on every clock runs: that of delivery, else of the asking."""
    return call.delivered_on or call.date


def asked_by(call: Call) -> Day:
    """Return the day on which it had been asked for certain: of a coarse date, its last one."""
    return certainly_asked(call.date, call.precision, call.delivered_on)


def certainly_asked(day: Day, precision: Precision, delivered_on: Day | None) -> Day:
    """Return the same of a call's own date, how exactly that is known, and its delivery."""
    return delivered_on or last_day(day, precision)


def _decided(target: CallTarget) -> Day | None:
    return _first_date(target, {ANSWERED, PARTLY, REJECTED, CallStatus.SUPERSEDED})


def _days(call: Call, day: Day | None) -> int | None:
    return None if day is None else (day - asked_from(call)).days


def _first_date(target: CallTarget, statuses: Collection[CallStatus]) -> Day | None:
    dates = [
        step.date for step in target.steps if step.status in statuses and step.date is not None
    ]
    return min(dates, default=None)


def _effect(stance: Stance) -> Day | None:
    """When an answer bites: a promise without a date has not."""
    if stance.effective_date is not None:
        return stance.effective_date
    return None if stance.act is Act.COMMITS else stance.date
