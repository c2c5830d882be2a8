"""One event or two, what a stance changed, and which relations to propose."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date as Day

import pytest

from tracker.domain.changes import (
    NOTHING_SHARED,
    Sameness,
    Shared,
    change_of,
    days_between,
    find_same,
    marks_second_step,
    same_event,
)
from tracker.domain.codes import (
    Act,
    Authority,
    ChangeKind,
    Extent,
    Level,
    OrganisationKind,
    PositionWord,
    Precision,
    RelationKind,
    Track,
)
from tracker.domain.model import Organisation, Parent, Relation, Stance, StanceId, TopicCode
from tracker.domain.positions import positions_of
from tracker.domain.relations import propose_relations
from tracker.starter.reader import load_registry, load_stances, load_topics

ORGANISATIONS = {found.slug: found for found in load_registry().organisations}
STARTER = {found.stance.id: found.stance for found in load_stances()}
RELATIONS = [relation for found in load_stances() for relation in found.relations]
TOPICS = load_topics()
FACES, POLICE = TopicCode("facial_recognition"), TopicCode("police_tech")
LEAK = Authority.LEAK
STOPPED, CONTINUES = PositionWord.STOPPED, PositionWord.CONTINUES
NONE, LIMITED = PositionWord.NO_STATEMENT, PositionWord.LIMITED


def starter(name: str) -> Stance:
    return STARTER[StanceId(name)]


def a_stance(company: str, topic: TopicCode, act: Act, day: Day, **more: object) -> Stance:
    stance = Stance(
        id=StanceId("new"),
        company=company,
        company_name=company,
        topic=topic,
        act=act,
        date=day,
        direction=3,
        published=True,
    )
    return replace(stance, **more)  # type: ignore[arg-type]


JUNE_8 = Day(2020, 6, 8)
ENDS = a_stance("ibm", FACES, Act.ENDS, JUNE_8, topics=(POLICE,))
BACKS = a_stance("ibm", POLICE, Act.SUPPORTS_REGULATION, JUNE_8, direction=1)
EXIT, REFORM = starter("ibm-2020-06-08-fr-exit"), starter("ibm-2020-06-08-jpa")


def test_an_article_on_ibm_joins_the_two_starter_stances() -> None:
    known = [(stance, NOTHING_SHARED) for stance in STARTER.values()]
    assert find_same(ENDS, known, ORGANISATIONS) == (EXIT, Sameness.SAME)
    assert find_same(BACKS, known, ORGANISATIONS) == (REFORM, Sameness.SAME)
    assert same_event(ENDS, REFORM, ORGANISATIONS) is Sameness.DIFFERENT
    assert same_event(BACKS, EXIT, ORGANISATIONS) is Sameness.DIFFERENT


def test_a_second_outlet_on_the_next_day_joins() -> None:
    next_day = replace(ENDS, date=Day(2020, 6, 9))
    assert same_event(next_day, ENDS, ORGANISATIONS) is Sameness.SAME


@pytest.mark.parametrize(
    ("changed", "shared", "sameness"),
    [
        ({"date": Day(2020, 6, 11)}, NOTHING_SHARED, Sameness.PROPOSED),
        ({"date": Day(2020, 6, 11)}, Shared(story=True), Sameness.SAME),
        ({"date": Day(2020, 6, 11)}, Shared(url=True), Sameness.SAME),
        ({"date": Day(2020, 6, 11)}, Shared(quote=True), Sameness.SAME),
        ({"date": Day(2020, 6, 12)}, Shared(story=True), Sameness.DIFFERENT),
        ({"date": Day(2020, 6, 15), "authority": LEAK}, NOTHING_SHARED, Sameness.PROPOSED),
        ({"date": Day(2020, 6, 16), "authority": LEAK}, NOTHING_SHARED, Sameness.DIFFERENT),
        ({"act": Act.PAUSES}, NOTHING_SHARED, Sameness.PROPOSED),
        ({"act": Act.PAUSES}, Shared(story=True), Sameness.SAME),
        ({"act": Act.DEFENDS}, Shared(story=True), Sameness.DIFFERENT),
        ({"act": Act.COMMITS}, Shared(story=True), Sameness.DIFFERENT),
        ({"direction": -2}, Shared(story=True), Sameness.DIFFERENT),
        ({"direction": None}, NOTHING_SHARED, Sameness.SAME),
        ({}, Shared(second_step=True), Sameness.DIFFERENT),
        ({"topic": POLICE, "topics": (FACES,)}, NOTHING_SHARED, Sameness.PROPOSED),
        ({"topic": TopicCode("climate"), "topics": ()}, Shared(story=True), Sameness.DIFFERENT),
        ({"company": "amazon"}, Shared(story=True), Sameness.DIFFERENT),
        ({"date": Day(2020, 6, 1), "precision": Precision.MONTH}, NOTHING_SHARED, Sameness.SAME),
        ({"date": Day(2020, 1, 1), "precision": Precision.YEAR}, NOTHING_SHARED, Sameness.PROPOSED),
    ],
)
def test_what_joins_what_is_asked_and_what_is_another_event(
    changed: dict[str, object], shared: Shared, sameness: Sameness
) -> None:
    other = replace(ENDS, **changed)  # type: ignore[arg-type]
    assert same_event(other, ENDS, ORGANISATIONS, shared) is sameness
    assert same_event(ENDS, other, ORGANISATIONS, shared) is sameness


def test_filings_join_on_the_same_day_only() -> None:
    filed = replace(ENDS, authority=Authority.FILING)
    later = replace(filed, date=Day(2020, 6, 9))
    assert same_event(filed, filed, ORGANISATIONS) is Sameness.SAME
    assert same_event(later, filed, ORGANISATIONS, Shared(story=True)) is Sameness.DIFFERENT


def test_apple_did_two_things_on_one_day() -> None:
    dropped, encrypted = starter("apple-2022-12-07-csam-drop"), starter("apple-2022-12-07-adp")
    assert same_event(dropped, encrypted, ORGANISATIONS, Shared(story=True)) is Sameness.DIFFERENT


def test_no_two_starter_stances_of_a_company_join_by_themselves() -> None:
    joined = [
        (one.id, other.id)
        for one in STARTER.values()
        for other in STARTER.values()
        if one.id < other.id
        and one.company == other.company
        and same_event(one, other, ORGANISATIONS) is Sameness.SAME
    ]
    assert joined == []


def test_a_subsidiary_joins_its_owner_of_the_day() -> None:
    company = OrganisationKind.COMPANY
    bell = Organisation("bell", "Bell", company, parents=(Parent("acme", Day(2018, 1, 1)),))
    organisations = {"bell": bell, "acme": Organisation("acme", "Acme", company)}
    own = a_stance("bell", FACES, Act.ENDS, JUNE_8)
    branded = a_stance("acme", FACES, Act.ENDS, JUNE_8, brand="Bell")
    assert same_event(own, branded, organisations) is Sameness.SAME
    other_brand = replace(branded, brand="Chime")
    assert same_event(other_brand, branded, organisations) is Sameness.DIFFERENT
    before = replace(own, date=Day(2017, 1, 1))
    branded_before = replace(branded, date=Day(2017, 1, 1))
    assert same_event(before, branded_before, organisations) is Sameness.DIFFERENT


def test_the_best_match_has_the_same_act_and_the_nearest_day() -> None:
    pause = replace(ENDS, id=StanceId("pause"), act=Act.PAUSES)
    day_after = replace(ENDS, id=StanceId("after"), date=Day(2020, 6, 9))
    known = [(stance, Shared(story=True)) for stance in (pause, day_after)]
    assert find_same(ENDS, known, ORGANISATIONS) == (day_after, Sameness.SAME)
    assert find_same(ENDS, [], ORGANISATIONS) is None


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("Acme extended its pause on sales.", True),
        ("Acme widened the ban to schools.", True),
        ("Acme paused sales for the second time.", True),
        ("Acme will stop selling face matching.", False),
    ],
)
def test_a_second_step_is_marked_by_its_sentence(sentence: str, marked: bool) -> None:
    assert marks_second_step(sentence) is marked


def test_a_coarse_date_covers_its_range() -> None:
    quarter = replace(ENDS, date=Day(2020, 4, 1), precision=Precision.QUARTER)
    assert days_between(quarter, ENDS) == 0
    assert days_between(replace(ENDS, date=Day(2020, 6, 5)), ENDS) == 3


# --- what a stance changed -----------------------------------------------------------------------


def change_by(
    stance: Stance, known: Sequence[Stance], relations: Sequence[Relation] = ()
) -> object:
    before = positions_of(known, relations, TOPICS)
    after = positions_of([*known, stance], relations, TOPICS)
    change = change_of(before, after, stance)
    return change.kind, change.says, change.does, change.moved


def test_the_first_stance_sets_both_tracks() -> None:
    expected = (ChangeKind.FIRST, (NONE, STOPPED), (NONE, STOPPED), True)
    assert change_by(ENDS, []) == expected


def test_a_stance_that_sets_no_position_is_recorded() -> None:
    assert change_by(BACKS, []) == (ChangeKind.RECORDED, (NONE, NONE), (NONE, NONE), False)


def test_the_same_word_again_is_confirmed_and_moves_nothing() -> None:
    again = replace(ENDS, id=StanceId("again"), date=Day(2021, 1, 1))
    expected = (ChangeKind.CONFIRMED, (STOPPED, STOPPED), (STOPPED, STOPPED), False)
    assert change_by(again, [ENDS]) == expected


def test_a_leaked_launch_weakens_deeds_only() -> None:
    launch = replace(
        ENDS,
        id=StanceId("launch"),
        act=Act.LAUNCHES,
        direction=-2,
        date=Day(2023, 8, 1),
        authority=Authority.FILING,
    )
    weakened = (ChangeKind.WEAKENED, (STOPPED, STOPPED), (STOPPED, CONTINUES), True)
    assert change_by(launch, [ENDS]) == weakened
    decided = Relation(RelationKind.CONTRADICTS, launch.id, ENDS.id)
    assert change_by(launch, [ENDS], [decided]) == (ChangeKind.CONTRADICTED, *weakened[1:])


def test_news_of_the_past_tells_its_own_move_and_leaves_today() -> None:
    late = replace(ENDS, id=StanceId("late"), direction=2, date=Day(2019, 1, 1))
    expected = (ChangeKind.FIRST, (NONE, LIMITED), (NONE, LIMITED), False)
    assert change_by(late, [ENDS]) == expected


def test_a_brand_changes_its_own_line() -> None:
    plan = starter("ring-2025-10-flock")
    known = [s for s in STARTER.values() if s.company == "amazon" and s.id != plan.id]
    registry, levels = load_registry(), frozenset(Level)
    day = Day(2026, 1, 1)
    before = positions_of(known, RELATIONS, TOPICS, day, registry=registry, levels=levels)
    after = positions_of([*known, plan], RELATIONS, TOPICS, day, registry=registry, levels=levels)
    change = change_of(before, after, plan)
    assert change.kind is ChangeKind.WEAKENED
    assert change.does == (CONTINUES, PositionWord.EXPANDS)


def test_the_line_of_a_brand_under_another_spelling_is_found() -> None:
    registry = load_registry()
    ring = replace(starter("ring-2021-06-rfa-public"), brand="ring")
    after = positions_of([ring], [], TOPICS, registry=registry)
    change = change_of((), after, ring)
    assert change.says == (NONE, LIMITED)


# --- proposals -----------------------------------------------------------------------------------


def proposals() -> dict[tuple[str, str], RelationKind]:
    """What would be proposed for each starter stance when all others are known."""
    found: dict[tuple[str, str], RelationKind] = {}
    for new in STARTER.values():
        earlier = [
            relation
            for relation in RELATIONS
            if relation.stance != new.id and STARTER[relation.stance].date <= new.date
        ]
        for relation in propose_relations(new, STARTER.values(), earlier):
            assert not relation.decided
            found[(relation.stance, relation.to)] = relation.kind
    return found


def test_twelve_of_the_thirteen_reversals_are_proposed() -> None:
    proposed = {pair for pair, kind in proposals().items() if kind is RelationKind.REVERSES}
    known = {(r.stance, r.to) for r in RELATIONS if r.kind is RelationKind.REVERSES}
    assert known - proposed == {
        ("openai-2024-01-10-military-drop", "openai-2023-03-23-military-ban")
    }
    assert len(proposed) == 18


def test_every_contradiction_of_the_history_is_proposed() -> None:
    proposed = proposals()
    for relation in RELATIONS:
        if relation.kind is RelationKind.CONTRADICTS:
            assert proposed[(relation.stance, relation.to)] is RelationKind.CONTRADICTS


def test_a_defence_never_reverses_and_a_part_modifies() -> None:
    defence = replace(ENDS, id=StanceId("d"), act=Act.DEFENDS, direction=-1, date=Day(2021, 1, 1))
    (found,) = propose_relations(defence, [ENDS])
    assert found.kind is RelationKind.CONTRADICTS
    part = replace(defence, act=Act.WALKS_BACK, extent=Extent.PART)
    (found,) = propose_relations(part, [ENDS])
    assert found.kind is RelationKind.MODIFIES


def test_what_is_undone_already_is_no_target() -> None:
    back = replace(ENDS, id=StanceId("b"), act=Act.WALKS_BACK, direction=-3, date=Day(2021, 1, 1))
    undone = Relation(RelationKind.REVERSES, StanceId("x"), ENDS.id)
    assert propose_relations(back, [ENDS], [undone]) == ()
    waiting = replace(undone, decided=False)
    assert propose_relations(back, [ENDS], [waiting])[0].to == ENDS.id


@pytest.mark.parametrize(
    "changed",
    [
        {"company": "amazon"},
        {"topic": POLICE},
        {"date": JUNE_8},
        {"direction": 1},
        {"act": Act.SILENT},
        {"brand": "Watson"},
    ],
)
def test_no_proposal_without_the_same_matter_and_the_opposite_sign(
    changed: dict[str, object],
) -> None:
    back = replace(ENDS, id=StanceId("b"), act=Act.WALKS_BACK, direction=-3, date=Day(2021, 1, 1))
    known = replace(ENDS, brand="Cloud")
    assert propose_relations(back, [known])
    assert propose_relations(replace(back, **changed), [known]) == ()  # type: ignore[arg-type]


def test_the_track_of_a_change_is_never_both() -> None:
    spans = positions_of([ENDS], [], TOPICS)
    assert {span.track for span in spans} == {Track.SAYS, Track.DOES}
