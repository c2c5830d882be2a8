"""What would have been told of calls and promises in a time that is over."""

from datetime import date as Day

import pytest

from tracker.domain import looking_back
from tracker.domain.codes import CallStatus, Precision, ReviewState
from tracker.domain.looking_back import Period
from tracker.domain.model import (
    Call,
    CallId,
    CallTarget,
    Commitment,
    CommitmentId,
    CommitmentStep,
    StanceId,
    TargetStatus,
    TopicCode,
)
from tracker.domain.outcomes import CommitmentState

YEAR = Period(Day(2023, 12, 31), Day(2024, 12, 31))


def call(*statuses: TargetStatus, **fields: object) -> Call:
    """A letter of 10 January 2024 to Acme."""
    *earlier, now = (TargetStatus(CallStatus.OPEN), *statuses)
    target = CallTarget("acme", "Acme", now, tuple(earlier))
    given: dict[str, object] = {
        "date": Day(2024, 1, 10),
        "targets": (target,),
        "channel": "letter",
        "public_url": "https://group.example/letter",
    }
    return Call(CallId("c1"), ("Rights Now",), "advocacy_group", "Stop", **(given | fields))  # type: ignore[arg-type]


def promise(*steps: CommitmentStep, accepted: bool = True) -> Commitment:
    """Made on 1 February 2024, due at the end of June."""
    return Commitment(
        id=CommitmentId("p1"),
        company="acme",
        company_name="Acme",
        topic=TopicCode("facial_recognition"),
        stance=StanceId("acme-1"),
        promised="Delete the images",
        date=Day(2024, 2, 1),
        steps=(CommitmentStep(CommitmentState.NOT_DUE, Day(2024, 2, 1)), *steps),
        due=Day(2024, 6, 1),
        due_precision=Precision.MONTH,
        review_state=ReviewState.ACCEPTED if accepted else ReviewState.PROPOSED,
    )


ANSWERED = TargetStatus(CallStatus.ANSWERED, Day(2024, 3, 1))


def test_answers_are_told_on_their_day() -> None:
    told = [(status, day) for _, status, day in looking_back.answers(call(ANSWERED), YEAR)]
    assert told == [(CallStatus.ANSWERED, Day(2024, 3, 1))]
    later = Period(Day(2024, 3, 1), Day(2024, 12, 31))
    assert list(looking_back.answers(call(ANSWERED), later)) == []
    assert list(looking_back.answers(call(), YEAR)) == []


def test_a_deadline_is_told_a_week_before_while_an_answer_is_missing() -> None:
    due = Day(2024, 3, 5)
    assert [day for _, day in looking_back.deadlines(call(deadline=due), YEAR)] == [
        Day(2024, 2, 27)
    ]
    early = TargetStatus(CallStatus.ANSWERED, Day(2024, 2, 20))
    assert list(looking_back.deadlines(call(early, deadline=due), YEAR)) == []
    assert [day for _, day in looking_back.deadlines(call(ANSWERED, deadline=due), YEAR)]
    gone = call(deadline=due, withdrawn_on=Day(2024, 2, 1))
    assert list(looking_back.deadlines(gone, YEAR)) == []
    assert list(looking_back.deadlines(call(), YEAR)) == []


@pytest.mark.parametrize(
    ("asked", "days", "told"),
    [
        (call(), 90, [Day(2024, 4, 9)]),
        (call(ANSWERED), 90, []),
        (call(ANSWERED), 40, [Day(2024, 2, 19)]),
        (call(), 10, []),
        (call(), 3000, []),
        (call(channel="post"), 90, []),
        (call(withdrawn_on=Day(2024, 2, 1)), 90, []),
        (call(delivered_on=Day(2024, 1, 20)), 90, [Day(2024, 4, 19)]),
    ],
)
def test_a_silence_is_told_when_it_has_lasted(asked: Call, days: int, told: list[Day]) -> None:
    assert [day for _, day in looking_back.silences(asked, days, YEAR)] == told


def test_promises_are_told_before_they_fall_due_and_when_they_are_overdue() -> None:
    assert looking_back.due_soon(promise(), YEAR) == Day(2024, 5, 31)
    assert looking_back.overdue(promise(), YEAR) == Day(2024, 7, 1)
    kept = promise(CommitmentStep(CommitmentState.KEPT, Day(2024, 5, 1)))
    assert looking_back.due_soon(kept, YEAR) is None
    assert looking_back.overdue(kept, YEAR) is None
    late = CommitmentStep(CommitmentState.OVERDUE, Day(2024, 7, 1))
    at_last = promise(late, CommitmentStep(CommitmentState.KEPT, Day(2024, 9, 1)))
    assert looking_back.overdue(at_last, YEAR) == Day(2024, 7, 1)
    proposed = promise(accepted=False)
    assert looking_back.due_soon(proposed, YEAR) is None
    assert looking_back.overdue(proposed, YEAR) is None


def test_the_end_of_a_pause_is_told_a_month_before() -> None:
    end = Day(2024, 6, 30)
    assert looking_back.pause_ends(end, Day(2023, 6, 30), YEAR) == Day(2024, 5, 31)
    assert looking_back.pause_ends(end, Day(2024, 6, 20), YEAR) == Day(2024, 6, 20)
    assert looking_back.pause_ends(Day(2026, 6, 30), Day(2024, 6, 20), YEAR) is None
