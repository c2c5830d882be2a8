"""Positions: the table on real dated cases, its rules, and independence of arrival."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date as Day
from functools import lru_cache
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.codes import (
    Act,
    Authority,
    ChangeKind,
    Extent,
    Level,
    OrganisationKind,
    PositionWord,
    RelationKind,
    ReviewState,
    TopicKind,
    Track,
    Trigger,
)
from tracker.domain.model import (
    Organisation,
    Parent,
    PositionSpan,
    Registry,
    Relation,
    Stance,
    StanceId,
    Topic,
    TopicCode,
)
from tracker.domain.position_rules import RULES, acts_in_words, conditions_in_words
from tracker.domain.position_table import MEANINGS, TABLE, WORDS, word_label
from tracker.domain.positions import position_on, positions_of, word_on
from tracker.starter.reader import load_registry, load_stances, load_topics

TODAY = Day(2026, 3, 15)
ALL = frozenset(Level)
STARTER = tuple(found.stance for found in load_stances())
RELATIONS = tuple(relation for found in load_stances() for relation in found.relations)
TOPICS = load_topics()
FACES, CLIMATE = TopicCode("facial_recognition"), TopicCode("climate")


@lru_cache(maxsize=32)
def starter_positions(day: Day = TODAY) -> tuple[PositionSpan, ...]:
    return positions_of(STARTER, RELATIONS, TOPICS, day, registry=load_registry(), levels=ALL)


def history(
    spans: Sequence[PositionSpan], company: str, topic: str, brand: str | None = None
) -> dict[Track, list[tuple[str, str]]]:
    """The words of both tracks with the day each began."""
    lines: dict[Track, list[tuple[str, str]]] = {Track.SAYS: [], Track.DOES: []}
    for span in spans:
        if (span.company, span.topic, span.brand) == (company, topic, brand):
            lines[span.track].append((span.since.isoformat(), str(span.word)))
    return lines


# company, topic, brand; then the words of both tracks with the day each began
EXPECTED = """
ibm facial_recognition
  says: 2020-06-08 stopped
  does: 2020-06-08 stopped, 2023-08-01 continues
ibm police_tech
amazon facial_recognition
  says: 2020-06-10 paused
  does: 2020-06-10 paused
microsoft facial_recognition
  says: 2020-03-27 limited, 2020-06-11 paused
  does: 2020-03-27 limited, 2020-06-11 paused
microsoft border_tech GitHub
  says: 2019-10-08 continues
  does: 2019-10-08 continues
microsoft border_tech
  does: 2019-10-08 continues
microsoft genai_training_data LinkedIn
  says: 2024-09-18 continues, 2024-09-20 limited
  does: 2024-09-18 continues, 2024-09-20 limited
google military_ai
  says: 2018-06-01 limited, 2018-06-07 stopped, 2025-02-04 unclear
  does: 2018-10-01 limited
google app_store
  says: 2025-10-01 continues
google dei
  says: 2025-02-05 limited
google facial_recognition
meta dei
  says: 2025-01-10 expands
  does: 2025-01-10 expands
meta facial_recognition
  says: 2021-11-02 stopped, 2024-10-21 limited
  does: 2021-11-02 stopped, 2024-10-21 limited
meta genai_training_data
  says: 2024-06-14 limited, 2024-09-13 continues
  does: 2024-06-14 limited, 2024-09-13 continues
apple encryption_csam
  says: 2021-08-01 continues, 2021-09-03 paused, 2022-12-07 stopped
  does: 2022-12-07 limited
amazon home_surveillance Ring
  says: 2021-06-01 limited, 2025-01-01 continues, 2025-10-01 expands, 2026-02-12 continues
  does: 2021-06-07 limited, 2025-01-01 continues, 2025-10-01 expands, 2026-02-12 continues
amazon home_surveillance
  does: 2021-06-07 limited, 2025-01-01 continues, 2025-10-01 expands, 2026-02-12 continues
zoom encryption_csam
  says: 2020-06-01 continues, 2020-06-17 stopped
  does: 2020-06-01 continues, 2020-06-17 unclear
zoom genai_training_data
  says: 2023-03-01 continues, 2023-08-07 limited, 2023-08-11 stopped
  does: 2023-08-07 limited
openai military_ai
  says: 2023-03-23 stopped, 2024-01-10 limited, 2024-12-04 continues, 2026-02-27 expands
  does: 2024-12-04 continues, 2026-02-27 expands
clearview-ai facial_recognition
  does: 2022-05-09 limited
x religious_profiling
  says: 2016-12-01 stopped
ibm religious_profiling
  says: 2016-12-01 stopped
oracle religious_profiling
"""


@pytest.mark.parametrize("expected", re.split(r"\n(?! )", EXPECTED.strip()))
def test_the_starter_history_comes_out_right(expected: str) -> None:
    lane, *tracks = expected.splitlines()
    company, topic, *brand = lane.split()
    lines = history(starter_positions(), company, topic, brand[0] if brand else None)
    shown = [
        f"  {track}: " + ", ".join(" ".join(word) for word in found)
        for track, found in lines.items()
        if found
    ]
    assert shown == tracks


def span_of(stance: str, track: Track, brand: str | None = None) -> PositionSpan:
    found = [span for span in starter_positions() if span.stance == stance]
    return next(span for span in found if span.track is track and span.brand == brand)


def test_amazon_was_strengthened_from_a_year_to_open() -> None:
    span = span_of("amazon-2020-06-10-rekognition-pause", Track.DOES)
    assert [step.change for step in span.steps] == [ChangeKind.FIRST, ChangeKind.STRENGTHENED]
    assert span.term == "open"
    assert span.last_evidence == Day(2021, 5, 18)
    (then,) = position_on([span], Day(2020, 12, 1))
    assert (then.term, then.last_evidence) == ("until 2021-06-10", Day(2020, 6, 10))
    assert then.rests_on == ("amazon-2020-06-10-rekognition-pause",)


@pytest.mark.parametrize(
    ("day", "word"),
    [(Day(2021, 6, 10), PositionWord.PAUSED), (Day(2021, 6, 11), PositionWord.UNCLEAR)],
)
def test_amazon_without_its_second_row_expires(day: Day, word: PositionWord) -> None:
    alone = [found for found in STARTER if found.id != "amazon-2021-05-18-rekognition-extend"]
    spans = positions_of(alone, RELATIONS, TOPICS, day, levels=ALL)
    faces = [span for span in spans if span.company == "amazon" and span.topic == FACES]
    assert word_on(faces, Track.SAYS, day) is word
    assert word_on(faces, Track.DOES, day) is word
    if word is PositionWord.UNCLEAR:
        assert {span.change for span in faces if span.since == day} == {ChangeKind.EXPIRED}
        assert all(span.stance is None for span in faces if span.since == day)


def test_apple_in_britain_is_compelled_from_2025_only() -> None:
    span = span_of("apple-2022-12-07-adp", Track.DOES)
    assert span.compelled
    (before,) = position_on([span], Day(2024, 1, 1))
    assert not before.compelled


def test_ring_returns_to_what_it_did_before_the_cancelled_plan() -> None:
    back = span_of("ring-2026-02-12-flock-cancel", Track.DOES, "Ring")
    assert (back.before, back.word) == (PositionWord.EXPANDS, PositionWord.CONTINUES)
    assert back.change is ChangeKind.REVERSED
    assert back.rests_on == ("ring-2025-axon",)


def test_a_cancelled_plan_that_does_not_count_leaves_ring_where_it_was() -> None:
    spans = positions_of(STARTER, RELATIONS, TOPICS, TODAY, registry=load_registry())
    ring = [s for s in spans if s.brand == "Ring" and s.topic == "home_surveillance"]
    assert word_on(ring, Track.SAYS, TODAY, "Ring") is PositionWord.CONTINUES
    assert word_on(ring, Track.DOES, TODAY, "Ring") is PositionWord.CONTINUES
    assert "ring-2026-02-12-flock-cancel" not in {step.stance for s in ring for step in s.steps}


def test_clearview_is_compelled_and_runs_out() -> None:
    assert span_of("clearview-2022-05-09-settlement", Track.DOES).compelled
    later = positions_of(STARTER, RELATIONS, TOPICS, Day(2027, 5, 10), levels=ALL)
    faces = [span for span in later if span.company == "clearview-ai" and span.topic == FACES]
    assert word_on(faces, Track.DOES, Day(2027, 5, 9)) is PositionWord.LIMITED
    assert word_on(faces, Track.DOES, Day(2027, 5, 10)) is PositionWord.UNCLEAR


def test_unconfirmed_rows_do_not_count() -> None:
    spans = positions_of(STARTER, RELATIONS, TOPICS, TODAY)
    ring = history(spans, "amazon", "home_surveillance", "Ring")
    assert ring[Track.SAYS] == [("2021-06-01", "limited"), ("2025-01-01", "continues")]


def test_ibm_contradicts_only_after_a_person_decided() -> None:
    decided = [replace(relation, decided=True) for relation in RELATIONS]
    spans = positions_of(STARTER, decided, TOPICS, TODAY, levels=ALL)
    last = [s for s in spans if (s.company, s.topic, s.track) == ("ibm", FACES, Track.DOES)][-1]
    assert last.change is ChangeKind.CONTRADICTED
    assert span_of("ibm-2023-uk-biometrics", Track.DOES).change is ChangeKind.WEAKENED
    faces = [span for span in spans if (span.company, span.topic) == ("ibm", FACES)]
    assert word_on(faces, Track.SAYS, TODAY) is PositionWord.STOPPED


# --- single rules --------------------------------------------------------------------------------


def a_stance(
    name: str,
    act: Act,
    direction: int | None,
    day: Day = Day(2020, 1, 1),
    **more: object,
) -> Stance:
    stance = Stance(
        id=StanceId(name),
        company="acme",
        company_name="Acme",
        topic=FACES,
        act=act,
        date=day,
        direction=direction,
        published=True,
    )
    return replace(stance, **more)  # type: ignore[arg-type]


def words(
    *stances: Stance, relations: Sequence[Relation] = (), day: Day | None = None
) -> tuple[str, str]:
    """The last word of both tracks of acme."""
    spans = positions_of(stances, relations, TOPICS, day)
    topic = stances[0].topic
    last = {span.track: str(span.word) for span in spans if span.topic == topic}
    return last.get(Track.SAYS, "-"), last.get(Track.DOES, "-")


FULL_END = a_stance("end", Act.ENDS, 3)
LAUNCH = a_stance("launch", Act.LAUNCHES, -2)
LEAKED: dict[str, object] = {"authority": Authority.LEAK}
PRINTED: dict[str, object] = {"authority": Authority.PRESS}
ORDERED: dict[str, object] = {"trigger": Trigger.LEGAL_ORDER}
LATER, LATEST = Day(2020, 2, 1), Day(2020, 3, 1)


START: dict[str, list[Stance]] = {"-": [], "stopped": [FULL_END], "continues": [LAUNCH]}

# row of the table, word before, act, direction, more; the words after
ROWS: list[tuple[str, str, Act, int | None, dict[str, object], str, str]] = [
    ("1", "-", Act.ENDS, 3, {}, "stopped", "stopped"),
    ("1 in future", "-", Act.ENDS, 3, {"effective_date": Day(2030, 1, 1)}, "stopped", "-"),
    ("2", "-", Act.ENDS, 2, {}, "limited", "limited"),
    ("2 never lowers", "stopped", Act.ENDS, 2, {}, "stopped", "stopped"),
    ("3", "continues", Act.ENDS, 0, {}, "continues", "unclear"),
    ("4", "-", Act.PAUSES, 2, {"extent": Extent.FULL}, "paused", "paused"),
    ("5", "-", Act.PAUSES, 2, {}, "limited", "limited"),
    ("6", "-", Act.SAFEGUARDS, 3, {}, "limited", "limited"),
    ("7", "-", Act.COMMITS, 3, {}, "stopped", "-"),
    ("7 with term", "-", Act.COMMITS, 3, {"term": "until 2030-01-01"}, "paused", "-"),
    ("8", "-", Act.CHANGES_POLICY, 1, {}, "limited", "-"),
    ("9", "-", Act.UPHOLDS, 3, {}, "stopped", "-"),
    ("9 in part", "-", Act.UPHOLDS, 1, {}, "limited", "-"),
    ("10", "-", Act.COMPLIES, 2, {}, "-", "limited"),
    ("10 in full", "-", Act.COMPLIES, 3, {}, "-", "stopped"),
    ("11", "-", Act.COMPLIES, 0, {}, "-", "-"),
    ("12", "-", Act.COMPLIES, -2, {}, "-", "continues"),
    ("12 again", "continues", Act.COMPLIES, -2, {}, "continues", "expands"),
    ("13", "-", Act.DENIES, 1, {}, "unclear", "-"),
    ("13 confirms", "stopped", Act.DENIES, 1, {}, "stopped", "stopped"),
    ("14", "-", Act.DEFENDS, -1, {}, "continues", "continues"),
    ("14 after a stop", "stopped", Act.DEFENDS, -1, {}, "stopped", "stopped"),
    ("15", "stopped", Act.LAUNCHES, -1, {}, "limited", "limited"),
    ("16", "stopped", Act.LAUNCHES, -2, {}, "continues", "continues"),
    ("16 again", "continues", Act.LAUNCHES, -2, {}, "expands", "expands"),
    ("17", "stopped", Act.LAUNCHES, -2, LEAKED, "stopped", "continues"),
    ("17 minor", "stopped", Act.LAUNCHES, -1, PRINTED, "stopped", "limited"),
    ("18", "stopped", Act.CHANGES_POLICY, -2, {}, "continues", "stopped"),
    ("18 minor", "stopped", Act.CHANGES_POLICY, -1, {}, "limited", "stopped"),
    ("19", "stopped", Act.WALKS_BACK, -3, {}, "unclear", "stopped"),
    ("20", "stopped", Act.WALKS_BACK, -2, {}, "limited", "stopped"),
    ("21", "stopped", Act.WALKS_BACK, -3, {"track": Track.BOTH}, "continues", "continues"),
    ("22", "stopped", Act.WALKS_BACK, -1, ORDERED, "stopped", "limited"),
    ("22 in full", "stopped", Act.WALKS_BACK, -3, ORDERED, "stopped", "continues"),
    ("23", "stopped", Act.PAUSES, -1, {}, "limited", "stopped"),
    ("23 else", "continues", Act.RESTRICTS, -1, {}, "unclear", "continues"),
    ("24", "-", Act.OPPOSES_REGULATION, -1, {}, "-", "-"),
    ("24 silent", "stopped", Act.SILENT, -1, {}, "stopped", "stopped"),
    ("no sign", "-", Act.ENDS, None, {}, "-", "-"),
]


@pytest.mark.parametrize(("row", "before", "act", "direction", "more", "says", "does"), ROWS)
def test_each_row_of_the_table(
    row: str,
    before: str,
    act: Act,
    direction: int | None,
    more: dict[str, object],
    says: str,
    does: str,
) -> None:
    stance = a_stance("a", act, direction, LATER, **more)
    assert words(*START[before], stance, day=Day(2021, 1, 1)) == (says, does), row


@pytest.mark.parametrize(
    ("stance", "says", "does"),
    [
        (a_stance("a", Act.WALKS_BACK, -3, topic=CLIMATE), "expands", "-"),
        (a_stance("a", Act.WALKS_BACK, -2, topic=CLIMATE), "limited", "-"),
        (a_stance("a", Act.DEFENDS, -1, topic=CLIMATE), "continues", "continues"),
        (a_stance("a", Act.OPPOSES_REGULATION, -1, topic=CLIMATE), "continues", "-"),
        (a_stance("a", Act.SUPPORTS_REGULATION, 1, topic=CLIMATE), "limited", "-"),
    ],
)
def test_a_protection_can_be_refused_and_withdrawn(stance: Stance, says: str, does: str) -> None:
    assert words(stance) == (says, does)


def test_what_takes_back_a_thing_not_on_record_is_a_reversal() -> None:
    """R8: the predecessor of Meta's farewell to diversity goals may not be in the ledger."""
    back = a_stance("a", Act.WALKS_BACK, -3, topic=CLIMATE)
    launch = a_stance("a", Act.LAUNCHES, -2, topic=CLIMATE)
    for stance, change in ((back, ChangeKind.REVERSED), (launch, ChangeKind.FIRST)):
        spans = positions_of([stance], [], TOPICS)
        assert {(span.before, span.change) for span in spans} == {
            (PositionWord.NO_STATEMENT, change)
        }


def test_words_lift_what_only_a_defence_held() -> None:
    defence = a_stance("d", Act.DEFENDS, -1)
    promise = a_stance("p", Act.COMMITS, 3, LATER)
    assert words(defence, promise) == ("stopped", "unclear")
    assert words(LAUNCH, promise) == ("stopped", "continues")


def test_an_undo_needs_the_same_matter_and_a_decision() -> None:
    plan = a_stance("plan", Act.LAUNCHES, -2, LATER, matter="plan")
    cancel = a_stance("cancel", Act.ENDS, 2, LATEST, matter="plan")
    reverses = Relation(RelationKind.REVERSES, cancel.id, plan.id)
    assert words(LAUNCH, plan, cancel, relations=[reverses]) == ("continues", "continues")
    waiting = replace(reverses, decided=False)
    assert words(LAUNCH, plan, cancel, relations=[waiting]) == ("limited", "limited")
    other = replace(cancel, matter="another")
    assert words(LAUNCH, plan, other, relations=[reverses]) == ("limited", "limited")
    assert words(plan, cancel, relations=[reverses]) == ("no_statement", "no_statement")


def test_a_secondary_topic_needs_its_own_direction() -> None:
    silent = replace(FULL_END, topics=(CLIMATE,))
    speaking = replace(FULL_END, topics=(CLIMATE,), directions={CLIMATE: -2}, act=Act.LAUNCHES)
    assert {span.topic for span in positions_of([silent], [], TOPICS)} == {FACES}
    assert CLIMATE in {span.topic for span in positions_of([speaking], [], TOPICS)}


@pytest.mark.parametrize(
    "changed",
    [
        {"level": Level.UNCONFIRMED},
        {"level": Level.RETRACTED},
        {"review_state": ReviewState.REJECTED},
        {"published": False},
    ],
)
def test_what_is_not_attested_never_counts(changed: dict[str, object]) -> None:
    assert positions_of([replace(FULL_END, **changed)], [], TOPICS) == ()  # type: ignore[arg-type]
    assert positions_of([replace(FULL_END, level=Level.DISPUTED)], [], TOPICS)


def test_narrowed_strengthened_and_confirmed() -> None:
    first = a_stance("1", Act.RESTRICTS, 3)
    narrower = a_stance("2", Act.RESTRICTS, 1, LATER)
    wider = a_stance("3", Act.RESTRICTS, 3, LATEST)
    spans = positions_of([first, narrower, wider], [], TOPICS)
    assert len(spans) == 2
    assert [step.change for step in spans[0].steps] == [
        ChangeKind.FIRST,
        ChangeKind.NARROWED,
        ChangeKind.STRENGTHENED,
    ]


def test_two_changes_on_one_day_leave_one_word() -> None:
    start = a_stance("0", Act.ENDS, 2)
    launch, end = a_stance("1", Act.LAUNCHES, -2, LATER), a_stance("2", Act.ENDS, 3, LATER)
    spans = positions_of([start, launch, end], [], TOPICS)
    assert all(span.until is None or span.since < span.until for span in spans)
    says = [(s.word, s.before, s.since) for s in spans if s.track is Track.SAYS]
    assert says == [
        (PositionWord.LIMITED, PositionWord.NO_STATEMENT, Day(2020, 1, 1)),
        (PositionWord.CONTINUES, PositionWord.LIMITED, LATER),
    ]


def test_a_brand_goes_with_its_owner() -> None:
    company = OrganisationKind.COMPANY
    bell = Organisation(
        "bell",
        "Bell",
        company,
        parents=(
            Parent("acme", Day(2018, 1, 1), Day(2022, 1, 1)),
            Parent("bolt", Day(2022, 1, 1)),
        ),
    )
    owners = (Organisation("acme", "Acme", company), Organisation("bolt", "Bolt", company))
    registry = Registry((*owners, bell))
    before = a_stance("1", Act.LAUNCHES, -2, Day(2017, 1, 1), company="bell")
    after = a_stance("2", Act.ENDS, 2, Day(2020, 1, 1), brand="Bell")
    own = a_stance("3", Act.ENDS, 3, Day(2019, 1, 1))
    spans = positions_of([before, after, own], [], TOPICS, TODAY, registry=registry)
    assert history(spans, "bell", FACES)[Track.DOES] == [("2017-01-01", "continues")]
    assert history(spans, "acme", FACES, "Bell")[Track.DOES] == [
        ("2018-01-01", "continues"),
        ("2020-01-01", "limited"),
    ]
    assert history(spans, "bolt", FACES, "Bell")[Track.DOES] == [("2022-01-01", "limited")]
    assert history(spans, "acme", FACES)[Track.SAYS] == [("2019-01-01", "stopped")]
    assert history(spans, "acme", FACES)[Track.DOES] == [
        ("2018-01-01", "continues"),
        ("2020-01-01", "limited"),
        ("2022-01-01", "stopped"),
    ]


def test_a_brand_that_is_set_free_stands_for_itself() -> None:
    bell = Organisation(
        "bell",
        "Bell",
        OrganisationKind.COMPANY,
        parents=(Parent("acme", Day(2018, 1, 1), Day(2022, 1, 1)),),
    )
    stance = a_stance("1", Act.ENDS, 3, Day(2019, 1, 1), brand="bell")
    spans = positions_of([stance], [], TOPICS, TODAY, registry=Registry((bell,)))
    assert history(spans, "acme", FACES, "Bell")[Track.SAYS] == [("2019-01-01", "stopped")]
    assert history(spans, "bell", FACES)[Track.SAYS] == [("2022-01-01", "stopped")]


def test_a_decided_contradiction_by_words_lets_deeds_continue() -> None:
    defence = a_stance("d", Act.DEFENDS, -1, LATER)
    decided = Relation(RelationKind.CONTRADICTS, defence.id, FULL_END.id)
    assert words(FULL_END, defence, relations=[decided]) == ("stopped", "continues")
    leaked = a_stance("l", Act.LAUNCHES, -2, LATER, **LEAKED)
    decided = replace(decided, stance=leaked.id)
    assert words(FULL_END, leaked, relations=[decided]) == ("stopped", "continues")


def test_each_word_has_a_label_and_a_meaning() -> None:
    assert word_label(PositionWord.STOPPED, TopicKind.PRACTICE) == "Stopped"
    assert word_label(PositionWord.STOPPED, TopicKind.PROTECTION) == "In force"
    pledged = word_label(PositionWord.STOPPED, TopicKind.PROTECTION, only_said=True)
    assert pledged == "Pledged in full"
    assert word_label(PositionWord.STOPPED, TopicKind.PRACTICE, only_said=True) == "Stopped"
    assert word_label(PositionWord.CONTINUES, TopicKind.PROTECTION) == "Refuses"
    assert word_label(PositionWord.EXPANDS, TopicKind.PROTECTION) == "Withdrawn"
    assert {word for words_ in WORDS.values() for word in words_} == set(PositionWord)
    assert set(MEANINGS) == set(PositionWord)
    assert {act for rule in TABLE for act in rule.acts} <= set(Act)


def test_the_table_can_be_read_aloud() -> None:
    told = {rule.row: (acts_in_words(rule), conditions_in_words(rule)) for rule in TABLE}
    assert told["1"] == ("divests, ends", "+, full")
    assert told["13"] == ("denies", "any direction")
    assert told["7, with term"] == ("changes policy, commits", "+, full, with a term")
    assert told["21"][1] == "-, practice resumed or protection switched off"
    assert told["22, part"][1] == "-, part, compelled"
    assert all(rule.says.text and rule.does.text for rule in TABLE)
    assert [name for name, _ in RULES] == [f"R{number}" for number in range(1, 11)]


def test_an_unknown_topic_counts_as_a_practice() -> None:
    spans = positions_of([FULL_END], [], list[Topic]())
    assert {span.word for span in spans} == {PositionWord.STOPPED}


# --- properties ----------------------------------------------------------------------------------

_DAYS = st.dates(Day(2020, 1, 1), Day(2020, 1, 20))


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Stance], list[Relation]]:
    stances = [
        a_stance(
            f"s{number:02}",
            draw(st.sampled_from(list(Act))),
            draw(st.integers(-3, 3)),
            draw(_DAYS),
            extent=draw(st.sampled_from([None, *Extent])),
            track=draw(st.sampled_from([None, *Track])),
            trigger=draw(st.sampled_from([Trigger.VOLUNTARY, Trigger.SETTLEMENT])),
            term=draw(st.sampled_from([None, "open", "until 2020-01-10", "until a law"])),
            matter=draw(st.sampled_from([None, "m"])),
            effective_date=draw(st.none() | _DAYS),
            brand=draw(st.sampled_from([None, None, "Bell"])),
        )
        for number in range(draw(st.integers(1, 7)))
    ]
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(stances), st.sampled_from(stances)), max_size=4)
    )
    kinds = [RelationKind.REVERSES, RelationKind.CONTRADICTS]
    relations = [
        Relation(draw(st.sampled_from(kinds)), later.id, earlier.id, draw(st.booleans()))
        for later, earlier in pairs
        if later.id != earlier.id
    ]
    return stances, relations


@settings(max_examples=60, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(
    found: tuple[list[Stance], list[Relation]], chance: Random
) -> None:
    stances, relations = found
    expected = positions_of(stances, relations, TOPICS, Day(2020, 2, 1))
    shuffled, turned = list(stances), list(relations)
    chance.shuffle(shuffled)
    chance.shuffle(turned)
    assert positions_of(shuffled, turned, TOPICS, Day(2020, 2, 1)) == expected


@settings(max_examples=60, deadline=None)
@given(histories())
def test_spans_of_a_track_follow_each_other(found: tuple[list[Stance], list[Relation]]) -> None:
    lines: dict[tuple[str | None, Track], list[PositionSpan]] = {}
    for span in positions_of(*found, TOPICS, Day(2020, 2, 1)):
        assert span.until is None or span.since < span.until
        assert span.word is not span.before
        lines.setdefault((span.brand, span.track), []).append(span)
    for spans in lines.values():
        for earlier, later in pairwise(spans):
            assert earlier.until is not None
            assert earlier.until <= later.since


@settings(max_examples=60, deadline=None)
@given(histories(), _DAYS)
def test_the_past_never_uses_what_came_later(
    found: tuple[list[Stance], list[Relation]], day: Day
) -> None:
    stances, relations = found
    earlier = [stance for stance in stances if stance.date <= day]
    assert positions_of(stances, relations, TOPICS, day) == positions_of(
        earlier, relations, TOPICS, day
    )
