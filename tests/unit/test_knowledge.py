"""What was known on a day, and what it must never use."""

from dataclasses import replace
from datetime import date as Day
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.codes import Act, Origin, Precision, RelationKind, Track
from tracker.domain.disputes import disputed_by
from tracker.domain.knowledge import decided_then, known_by, known_on, known_then
from tracker.domain.model import DisputedFact, Relation, Stance, StanceId, TopicCode
from tracker.domain.positions import position_on, positions_of
from tracker.starter.reader import load_topics

FACES = TopicCode("facial_recognition")
TOPICS = load_topics()
START = Day(2020, 1, 1)
ENDS = Stance(
    id=StanceId("end"),
    company="acme",
    company_name="Acme",
    topic=FACES,
    act=Act.ENDS,
    date=START,
    direction=3,
    published=True,
)


def test_a_stance_is_known_from_its_first_report() -> None:
    told = replace(ENDS, first_reported=Day(2020, 1, 3))
    assert known_on(told) == Day(2020, 1, 3)
    assert known_then([told], Day(2020, 1, 2)) == []


def test_without_a_first_report_the_end_of_its_range_counts() -> None:
    assert known_on(ENDS) == START
    month = replace(ENDS, precision=Precision.MONTH)
    assert known_on(month) == Day(2020, 1, 31)


@pytest.mark.parametrize(
    ("date", "precision", "origin", "reported", "known"),
    [
        (START, Precision.DAY, Origin.STARTER, None, True),
        (START, Precision.MONTH, Origin.STARTER, None, False),
        (START, Precision.MONTH, Origin.STARTER, Day(2020, 1, 3), True),
        (START, Precision.DAY, Origin.STARTER, Day(2020, 3, 1), True),
        (START, Precision.DAY, Origin.EXTRACTED, Day(2020, 3, 1), False),
        (START, Precision.DAY, Origin.EXTRACTED, Day(2020, 1, 5), True),
        (None, Precision.DAY, Origin.EXTRACTED, Day(2020, 3, 1), False),
        (None, Precision.DAY, Origin.STARTER, None, True),
    ],
)
def test_an_answer_is_known_from_its_first_report_too(
    date: Day | None, precision: Precision, origin: Origin, reported: Day | None, known: bool
) -> None:
    assert known_by(Day(2020, 1, 5), date, precision, origin, reported) is known


def test_a_decision_of_a_person_counts_from_its_day() -> None:
    shipped = Relation(RelationKind.REVERSES, StanceId("b"), StanceId("a"))
    ours = replace(shipped, decided_on=Day(2021, 1, 1))
    proposed = replace(shipped, decided=False)
    assert decided_then([shipped, ours, proposed], Day(2020, 6, 1)) == [shipped]
    assert decided_then([shipped, ours], Day(2021, 1, 1)) == [shipped, ours]


def test_reports_differ_only_on_what_both_tell() -> None:
    told = replace(ENDS, act=Act.PAUSES, date=START + timedelta(days=3))
    url = "https://wire.example/a"
    assert disputed_by(ENDS, told, url) == (
        DisputedFact("act", "pauses", url),
        DisputedFact("date", "2020-01-04", url),
    )
    assert disputed_by(ENDS, replace(ENDS, date=START + timedelta(days=1))) == ()
    assert disputed_by(ENDS, replace(told, act=Act.ENDS, precision=Precision.MONTH)) == ()
    effective = replace(ENDS, effective_date=Day(2020, 3, 1))
    assert disputed_by(ENDS, effective) == ()
    later = replace(effective, effective_date=Day(2020, 4, 1))
    assert disputed_by(effective, later) == (DisputedFact("effective_date", "2020-04-01"),)


_DAYS = st.integers(0, 40).map(lambda number: START + timedelta(days=number))


@st.composite
def told_histories(draw: st.DrawFn) -> tuple[list[Stance], list[Relation]]:
    """Stances, some first reported days after they were taken, and decisions of any day."""
    acts = st.sampled_from([Act.ENDS, Act.PAUSES, Act.LAUNCHES, Act.WALKS_BACK, Act.DEFENDS])
    stances = []
    for number in range(draw(st.integers(1, 7))):
        day = draw(_DAYS)
        late = draw(st.none() | st.integers(0, 20))
        stances.append(
            replace(
                ENDS,
                id=StanceId(f"s{number}"),
                act=draw(acts),
                direction=draw(st.sampled_from([-3, -2, -1, 1, 2, 3])),
                date=day,
                matter=draw(st.sampled_from([None, "plan"])),
                term=draw(st.none() | _DAYS.map(lambda end: f"until {end.isoformat()}")),
                first_reported=None if late is None else day + timedelta(days=late),
            )
        )
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(stances), st.sampled_from(stances)), max_size=4)
    )
    kinds = st.sampled_from([RelationKind.REVERSES, RelationKind.CONTRADICTS])
    relations = [
        Relation(draw(kinds), one.id, other.id, True, draw(st.none() | _DAYS))
        for one, other in pairs
        if one.id != other.id
    ]
    return stances, relations


@settings(max_examples=80, deadline=None)
@given(told_histories(), _DAYS)
def test_what_was_known_then_never_uses_what_came_later(
    found: tuple[list[Stance], list[Relation]], day: Day
) -> None:
    stances, relations = found
    later = [replace(ENDS, id=StanceId("late"), first_reported=day + timedelta(days=1))]
    undone = [
        Relation(RelationKind.REVERSES, StanceId("late"), stance.id, True, None)
        for stance in stances
    ]
    decided = [replace(one, decided_on=day + timedelta(days=1)) for one in undone]

    def then(all_stances: list[Stance], all_relations: list[Relation]) -> object:
        told = known_then(all_stances, day)
        return positions_of(told, decided_then(all_relations, day), TOPICS, day)

    assert then([*stances, *later], [*relations, *decided]) == then(stances, relations)


@settings(max_examples=80, deadline=None)
@given(told_histories(), _DAYS)
def test_a_look_back_at_todays_table_is_the_fold_of_that_day(
    found: tuple[list[Stance], list[Relation]], day: Day
) -> None:
    """Pages cut the stored spans at a day; deriving them for that day gives the same words."""
    stances, relations = found
    today = positions_of(stances, relations, TOPICS, START + timedelta(days=90))
    of_day = positions_of(stances, relations, TOPICS, day)

    def words(spans: object) -> set[tuple[Track, str, Day]]:
        held = position_on(spans, day)  # type: ignore[arg-type]
        return {(span.track, span.word.value, span.since) for span in held}

    assert words(today) == words(of_day)
