"""Promises: what can be tested, which state may follow which, when they fall due."""

from dataclasses import replace
from datetime import date as Day
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.test_calls import a_stance
from tracker.domain.changes import last_day
from tracker.domain.codes import Act, Novelty, Precision, RelationKind, ReviewState
from tracker.domain.commitments import (
    Promise,
    first_step,
    is_due_soon,
    overdue_step,
    promise_of,
    propose_states,
    standing_on,
    with_step,
)
from tracker.domain.due_dates import due_in
from tracker.domain.errors import UsageError
from tracker.domain.model import (
    Commitment,
    CommitmentId,
    CommitmentStep,
    Relation,
    Stance,
    StanceId,
    TopicCode,
)
from tracker.domain.outcomes import CommitmentState
from tracker.starter.promises import load_commitments

SAID = Day(2020, 6, 10)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("It will be carbon negative by 2030.", (Day(2030, 1, 1), Precision.YEAR)),
        ("Gone by the end of May 2027", (Day(2027, 5, 1), Precision.MONTH)),
        ("by 31 December 2026, it said", (Day(2026, 12, 31), Precision.DAY)),
        ("by March 3, 2027, we", (Day(2027, 3, 3), Precision.DAY)),
        ("by February 31, 2027", (Day(2027, 2, 1), Precision.MONTH)),
        ("by 2027-05-31", (Day(2027, 5, 31), Precision.DAY)),
        ("within six months", (Day(2020, 12, 7), Precision.DAY)),
        ("within the next 30 days", (Day(2020, 7, 10), Precision.DAY)),
        ("within a year", (Day(2021, 6, 10), Precision.DAY)),
        ("by 2027-02-31", None),
        ("founded in 2030 by nobody", None),
        ("soon", None),
    ],
)
def test_the_day_that_a_sentence_names(text: str, due: tuple[Day, Precision] | None) -> None:
    assert due_in(text, SAID) == due


@pytest.mark.parametrize(
    ("first", "precision", "last"),
    [
        (Day(2030, 1, 1), Precision.YEAR, Day(2030, 12, 31)),
        (Day(2028, 2, 1), Precision.MONTH, Day(2028, 2, 29)),
        (Day(2028, 1, 1), Precision.QUARTER, Day(2028, 3, 31)),
        (Day(2027, 10, 1), Precision.QUARTER, Day(2027, 12, 31)),
        (SAID, Precision.DAY, SAID),
    ],
)
def test_a_promise_is_in_time_until_the_end_of_its_range(
    first: Day, precision: Precision, last: Day
) -> None:
    assert last_day(first, precision) == last


@pytest.mark.parametrize(
    ("stance", "texts", "promise"),
    [
        (
            a_stance(Act.COMMITS),
            ["We will stop by 2024."],
            Promise(Day(2024, 1, 1), Precision.YEAR),
        ),
        (a_stance(Act.COMMITS, effective_date=Day(2021, 1, 1)), [], Promise(Day(2021, 1, 1))),
        (a_stance(Act.COMMITS, term="until a law exists"), [], Promise(condition="a law exists")),
        (a_stance(Act.COMMITS, term="until 2021-06-10"), [], None),
        (a_stance(Act.COMMITS, term="open"), [], None),
        (a_stance(Act.COMMITS), ["We promised that by 2019."], None),
        (a_stance(Act.COMMITS), ["We care."], None),
        (a_stance(Act.COMMITS, -2), ["We will grow by 2024."], None),
        (a_stance(Act.COMMITS, novelty=Novelty.BACKGROUND), ["by 2024"], None),
        (a_stance(Act.ENDS), ["by 2024"], None),
    ],
)
def test_only_what_can_be_tested_is_a_promise(
    stance: Stance, texts: list[str], promise: Promise | None
) -> None:
    assert promise_of(stance, texts) == promise


def a_promise(**more: object) -> Commitment:
    promise = Promise(Day(2020, 12, 31))
    commitment = Commitment(
        id=CommitmentId("p"),
        company="amazon",
        company_name="Amazon",
        topic=TopicCode("facial_recognition"),
        stance=StanceId("promised"),
        promised="Stop selling it",
        date=SAID,
        steps=(first_step(SAID, promise),),
        due=promise.due,
        review_state=ReviewState.ACCEPTED,
    )
    return replace(commitment, **more)  # type: ignore[arg-type]


def a_step(state: str, day: Day, **more: object) -> CommitmentStep:
    return replace(CommitmentStep(CommitmentState(state), day), **more)  # type: ignore[arg-type]


def test_a_promise_is_overdue_on_the_day_after_its_last() -> None:
    promise = a_promise()
    assert overdue_step(promise, Day(2020, 12, 31)) is None
    step = overdue_step(promise, Day(2021, 3, 1))
    assert step is not None
    assert (step.state, step.date) == (CommitmentState.OVERDUE, Day(2021, 1, 1))
    late = with_step(promise, step)
    assert overdue_step(late, Day(2022, 1, 1)) is None
    assert standing_on(late, Day(2020, 12, 31)).state is CommitmentState.NOT_DUE


@pytest.mark.parametrize(
    "promise",
    [
        a_promise(due=None, condition="a law exists"),
        a_promise(review_state=ReviewState.PROPOSED),
        with_step(a_promise(), a_step("kept", Day(2020, 9, 1))),
    ],
)
def test_nothing_else_falls_due(promise: Commitment) -> None:
    assert overdue_step(promise, Day(2030, 1, 1)) is None
    assert not is_due_soon(promise, Day(2020, 12, 15))


@pytest.mark.parametrize(
    ("today", "soon"),
    [
        (Day(2020, 11, 30), False),
        (Day(2020, 12, 1), True),
        (Day(2020, 12, 31), True),
        (Day(2021, 1, 1), False),
    ],
)
def test_thirty_days_before_its_last_day_a_promise_is_due_soon(today: Day, soon: bool) -> None:
    assert is_due_soon(a_promise(), today) is soon


def test_a_state_that_was_wrong_is_corrected_with_a_reason() -> None:
    broken = with_step(a_promise(), a_step("broken", Day(2020, 9, 1)))
    with pytest.raises(UsageError, match="cannot follow broken"):
        with_step(broken, a_step("in_progress", Day(2020, 10, 1)))
    with pytest.raises(UsageError, match="needs a reason"):
        with_step(broken, a_step("in_progress", Day(2020, 9, 1), corrects=True))
    right = a_step("in_progress", Day(2020, 9, 1), corrects=True, why="another product")
    corrected = with_step(broken, right)
    assert corrected.steps == (*broken.steps, right)
    assert corrected.now == right
    assert standing_on(corrected, Day(2020, 9, 2)) == right


def test_a_step_lies_after_the_promise_and_after_the_step_before() -> None:
    with pytest.raises(UsageError, match="is before"):
        with_step(a_promise(), a_step("in_progress", SAID - timedelta(days=1)))
    with pytest.raises(UsageError, match="newer than the promise"):
        with_step(a_promise(), a_step("kept", SAID))


STEPS = st.builds(
    CommitmentStep,
    state=st.sampled_from(CommitmentState),
    date=st.dates(SAID, Day(2022, 1, 1)),
    why=st.just("because"),
    corrects=st.booleans(),
)


@settings(deadline=None)
@given(st.lists(STEPS, max_size=8))
def test_steps_are_only_ever_added(wanted: list[CommitmentStep]) -> None:
    promise = a_promise()
    for step in wanted:
        before = promise.steps
        try:
            promise = with_step(promise, step)
        except UsageError:
            continue
        assert promise.steps == (*before, step)


@pytest.mark.parametrize(
    ("stance", "kind", "state"),
    [
        (a_stance(Act.WALKS_BACK, -2, date=Day(2020, 9, 1)), None, "withdrawn"),
        (a_stance(Act.ENDS, 3, date=Day(2020, 9, 1)), RelationKind.IMPLEMENTS, "kept"),
        (a_stance(Act.PAUSES, 2, date=Day(2020, 9, 1)), RelationKind.SUPERSEDES, "superseded"),
        (a_stance(Act.LAUNCHES, -2, date=Day(2020, 9, 1)), RelationKind.REVERSES, "withdrawn"),
        (a_stance(Act.LAUNCHES, -2, date=Day(2020, 9, 1)), None, None),
        (a_stance(Act.WALKS_BACK, -2, date=SAID), None, None),
        (a_stance(Act.WALKS_BACK, -2, date=Day(2020, 9, 1), topic=TopicCode("dei")), None, None),
    ],
)
def test_what_a_later_stance_may_mean_for_a_promise(
    stance: Stance, kind: RelationKind | None, state: str | None
) -> None:
    relations = [Relation(kind, stance.id, StanceId("promised"))] if kind else []
    found = propose_states(stance, [a_promise()], relations)
    assert [one.state.value for one in found] == ([state] if state else [])
    settled = with_step(a_promise(), a_step("withdrawn", Day(2020, 8, 1)))
    assert propose_states(stance, [settled], relations) == ()


def test_the_shipped_promises_can_be_tested_and_follow_the_law() -> None:
    shipped = {one.id: one for one in load_commitments()}
    assert len(shipped) == 6
    for one in shipped.values():
        assert one.due or one.condition, one.id
        replayed = replace(one, steps=one.steps[:1])
        for step in one.steps[1:]:
            replayed = with_step(replayed, step)
        assert replayed == one
    clinics = shipped[CommitmentId("google-2022-07-01-clinic-visits")]
    assert clinics.now.state is CommitmentState.PARTLY_KEPT
