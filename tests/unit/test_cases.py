"""Real dated cases of the starter history, seen on the days that matter (issue: the ledger)."""

from datetime import date as Day
from functools import lru_cache

import pytest

from tracker.domain.codes import CallStatus, ChangeKind, Level, RelationKind, Track
from tracker.domain.model import PositionSpan, StanceId
from tracker.domain.positions import positions_of, word_on
from tracker.domain.register import name_on, owners_on
from tracker.starter.reader import load_calls, load_registry, load_stances, load_topics

ROWS = {found.stance.id: found for found in load_stances()}
STANCES = tuple(found.stance for found in ROWS.values())
RELATIONS = tuple(relation for found in ROWS.values() for relation in found.relations)
REGISTRY = load_registry()
ORGANISATIONS = {one.slug: one for one in REGISTRY.organisations}


@lru_cache(maxsize=64)
def positions(day: Day) -> tuple[PositionSpan, ...]:
    """The starter history as of a day, with what still needs checking (``--level all``)."""
    levels = frozenset(Level)
    return positions_of(STANCES, RELATIONS, load_topics(), day, registry=REGISTRY, levels=levels)


# company, topic, brand ("-" for none), day, says, does
CASES = """
amazon home_surveillance Ring 2024-01-24 limited limited
amazon home_surveillance Ring 2025-06-01 continues continues
amazon home_surveillance Ring 2025-11-01 expands expands
amazon home_surveillance Ring 2026-03-01 continues continues
google military_ai - 2018-06-07 stopped no_statement
google military_ai - 2024-12-31 stopped limited
google military_ai - 2025-02-04 unclear limited
ibm facial_recognition - 2020-06-07 no_statement no_statement
ibm facial_recognition - 2020-06-12 stopped stopped
ibm facial_recognition - 2023-09-01 stopped continues
amazon facial_recognition - 2020-06-09 no_statement no_statement
amazon facial_recognition - 2021-06-11 paused paused
meta facial_recognition - 2021-11-02 stopped stopped
meta facial_recognition - 2024-10-21 limited limited
apple encryption_csam - 2021-08-06 continues no_statement
apple encryption_csam - 2021-09-03 paused no_statement
apple encryption_csam - 2022-12-07 stopped limited
zoom encryption_csam - 2020-06-16 continues continues
zoom encryption_csam - 2020-06-17 stopped unclear
zoom genai_training_data - 2023-08-11 stopped limited
openai military_ai - 2024-01-10 limited no_statement
openai military_ai - 2026-03-01 expands expands
x religious_profiling - 2016-12-02 stopped no_statement
booz-allen-hamilton religious_profiling - 2020-01-01 no_statement no_statement
oracle religious_profiling - 2020-01-01 no_statement no_statement
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_where_a_company_stood(case: str) -> None:
    company, topic, brand, day, says, does = case.split()
    named = None if brand == "-" else brand
    on = Day.fromisoformat(day)
    lane = [span for span in positions(on) if (span.company, span.topic) == (company, topic)]
    found = tuple(word_on(lane, track, on, named).value for track in (Track.SAYS, Track.DOES))
    assert found == (says, does)


def test_the_february_row_cancels_the_flock_plan_only() -> None:
    cancelled = ROWS[StanceId("ring-2026-02-12-flock-cancel")]
    assert [(r.kind, r.to) for r in cancelled.relations] == [
        (RelationKind.REVERSES, "ring-2025-10-flock")
    ]
    requests = [span for span in positions(Day(2026, 3, 1)) if span.brand == "Ring"]
    back = [span for span in requests if span.since == Day(2026, 2, 12)]
    assert {span.change for span in back} == {ChangeKind.REVERSED}
    assert all("ring-2025-axon" in span.rests_on for span in back)


def test_ibm_waits_for_a_person() -> None:
    (relation,) = ROWS[StanceId("ibm-2023-uk-biometrics")].relations
    assert (relation.kind, relation.decided) == (RelationKind.CONTRADICTS, False)


def test_the_election_accord_is_one_pledge_with_a_record_for_each() -> None:
    signed = [one for one in STANCES if one.joint_id == "munich-accord-2024-02-16"]
    assert len(signed) == len({one.company for one in signed}) == 19
    assert {one.date for one in signed} == {Day(2024, 2, 16)}
    for one in signed:
        lane = [
            span
            for span in positions(Day(2024, 3, 1))
            if (span.company, span.topic, span.stance) == (one.company, one.topic, one.id)
        ]
        confirmed = [
            step.stance
            for span in positions(Day(2024, 3, 1))
            if span.company == one.company
            for step in span.steps
        ]
        assert lane or one.id in confirmed, one.id


def test_every_company_asked_about_a_register_has_an_answer_of_its_own_or_none() -> None:
    (asked,) = [found.call for found in load_calls() if found.call.id == "c002"]
    statuses = {target.company: target.now for target in asked.targets}
    assert len(statuses) == 9
    for company, status in statuses.items():
        answers = [ROWS[id_].stance.company for id_ in status.answered_by]
        assert set(answers) <= {company}
        assert answers or status.status is CallStatus.OPEN, company


@pytest.mark.parametrize(
    ("day", "name", "owners"),
    [
        (Day(2016, 12, 2), "Twitter", ()),
        (Day(2024, 2, 16), "X", ()),
        (Day(2025, 6, 1), "X", ("xai",)),
    ],
)
def test_twitter_became_x_and_was_bought(day: Day, name: str, owners: tuple[str, ...]) -> None:
    assert name_on(ORGANISATIONS["x"], day) == name
    assert owners_on(ORGANISATIONS["x"], day) == owners
