"""The starter data: every reference, code, date and link holds, and errors name the row."""

import time
from datetime import date as Day

import pytest

from tracker.domain.codes import (
    Act,
    Authority,
    CallStatus,
    Extent,
    Level,
    RelationKind,
    TopicKind,
    Track,
)
from tracker.domain.model import CallId, Topic
from tracker.starter import reader
from tracker.starter.reader import (
    StarterStance,
    load_calls,
    load_hosts,
    load_reactions,
    load_registry,
    load_sources,
    load_stances,
    load_topics,
)
from tracker.starter.rows import Row, StarterError, each_once, json_rows, toml_rows

STANCES = {found.stance.id: found for found in load_stances()}
TOPICS = {topic.code: topic for topic in load_topics()}
ORGANISATIONS = {found.slug: found for found in load_registry().organisations}


def stance(stance_id: str) -> StarterStance:
    return STANCES[stance_id]  # type: ignore[index]


def topic(code: str) -> Topic:
    return TOPICS[code]  # type: ignore[index]


def test_everything_is_there() -> None:
    assert len(TOPICS) == 54
    assert len(ORGANISATIONS) == 708
    assert len(load_registry().people) == 105
    assert len(load_hosts()) == 440
    assert len(load_sources()) == 204
    assert len(STANCES) == 235
    assert len(load_reactions()) == 162
    assert len(load_calls()) == 83
    assert sum(len(found.call.targets) for found in load_calls()) == 117


def test_a_whole_load_is_fast() -> None:
    load_registry.cache_clear()
    load_hosts.cache_clear()
    begun = time.process_time()
    for load in (load_topics, load_registry, load_hosts, load_sources):
        load()
    for load_history in (load_stances, load_reactions, load_calls):
        load_history()
    assert time.process_time() - begun < 0.9


def test_topics_have_their_kind_and_practice() -> None:
    assert topic("facial_recognition").name == "Facial recognition"
    assert topic("facial_recognition").slug == "facial-recognition"
    assert topic("facial_recognition").practice == "selling or using face recognition"
    assert topic("facial_recognition").kind is TopicKind.PRACTICE
    protection = {code for code, found in TOPICS.items() if found.kind is TopicKind.PROTECTION}
    assert len(protection) == 17
    assert {"dei", "climate", "ai_safety", "child_safety", "supply_chain_labour"} <= protection
    assert topic("dei").contested
    assert topic("genai_training_data").contested
    assert not topic("climate").contested
    assert not topic("other_tech_ethics").contested


def test_every_owner_and_publisher_is_known() -> None:
    for organisation in ORGANISATIONS.values():
        assert all(parent.slug in ORGANISATIONS for parent in organisation.parents)
    assert {person.organisation for person in load_registry().people} <= set(ORGANISATIONS)
    assert {source.organisation for source in load_sources()} <= set(ORGANISATIONS)


def test_every_reference_of_the_history_holds() -> None:
    calls = {found.call.id for found in load_calls()}
    reactions = {found.reaction.id for found in load_reactions()}
    for found in STANCES.values():
        assert all(relation.to in STANCES for relation in found.relations)
    for answer in load_reactions():
        reaction = answer.reaction
        assert (reaction.stance is None) != (reaction.practice is None)
        assert reaction.stance is None or reaction.stance in STANCES
        assert reaction.call is None or reaction.call in calls
        assert reaction.actor is None or reaction.actor in ORGANISATIONS
        assert set(answer.members) <= set(ORGANISATIONS)
    for asked in load_calls():
        assert asked.call.reaction in reactions
        for target in asked.call.targets:
            for status in (target.now, *target.history):
                assert all(found in STANCES for found in status.answered_by)
                assert set(status.met) <= set(range(1, len(asked.call.demands) + 1))


def test_a_call_for_several_things_has_words_for_each() -> None:
    calls = {found.call.id: found.call for found in load_calls()}
    several = {id_: call.demands for id_, call in calls.items() if call.demands}
    assert all(len({one.asked for one in demands}) > 1 for demands in several.values())
    assert [one.topic for one in several[CallId("c032")]] == [
        "facial_recognition",
        "home_surveillance",
        "border_tech",
    ]
    for call in (calls[id_] for id_ in several):
        assert {one.topic for one in call.demands} <= {call.topic, *call.topics}


def test_every_stance_has_links_and_every_link_a_tier() -> None:
    assert all(found.links for found in STANCES.values())
    links = [link for found in load_stances() for link in found.links]
    links += [link for answer in load_reactions() for link in answer.links]
    links += [link for asked in load_calls() for link in asked.links]
    assert all(link.tier is not None for link in links)


def test_levels_stay_as_given() -> None:
    levels = [found.stance.level for found in STANCES.values()]
    assert set(levels) == {Level.REPORTED, Level.UNCONFIRMED}
    assert levels.count(Level.REPORTED) == 183


def test_no_company_ignored_a_call_without_a_day_on_which_somebody_said_so() -> None:
    targets = [target for found in load_calls() for target in found.call.targets]
    ignored = [one.now for one in targets if one.now.status is CallStatus.IGNORED]
    assert ignored
    assert all(status.date for status in ignored)


def test_a_plan_that_was_put_off_is_words_only() -> None:
    for plan in ("discord-2026-02-09-age", "discord-2026-02-delay", "apple-2021-08-05-csam"):
        assert stance(plan).stance.track is Track.SAYS


def test_what_a_company_changes_is_the_topic() -> None:
    assert stance("apple-2025-10-02-iceblock").stance.topic == "app_store"
    assert stance("unilever-2020-06-fb-boycott").stance.topic == "advertising"
    assert stance("telenor-2022-myanmar-defend").stance.topic == "responsible_exit"


def test_what_only_critics_read_into_an_act_sets_no_position() -> None:
    assert stance("google-2025-03-25-gemini-no-card").stance.direction == 0
    assert stance("google-2025-08-29-gemini-defend").stance.act is Act.DENIES


def test_a_stance_comes_with_all_that_positions_need() -> None:
    pause = stance("amazon-2020-06-10-rekognition-pause").stance
    assert (pause.act, pause.extent, pause.term) == (Act.PAUSES, Extent.FULL, "until 2021-06-10")
    assert stance("google-2018-06-01-maven").stance.effective_date == Day(2019, 3, 1)
    assert stance("ring-2026-02-12-flock-cancel").stance.matter == "ring-flock"
    assert stance("apple-2021-08-05-csam").stance.track is Track.SAYS
    assert stance("ibm-2023-uk-biometrics").stance.authority is Authority.FILING
    assert stance("apple-2016-02-16-fbi").stance.topic == "government_access"
    assert stance("zoom-2023-08-11-no-training").reason


def test_the_removed_silences_are_gone() -> None:
    assert not [found for found in STANCES if "police-customers-silent" in found]


def test_a_person_speaks_and_an_institution_does_not() -> None:
    exit_ = stance("ibm-2020-06-08-fr-exit").stance
    assert (exit_.speaker, exit_.speaker_role) == ("Arvind Krishna", "CEO")
    assert exit_.authority is Authority.CEO
    brief = stance("cisco-2016-03-03-apple-amicus").stance
    assert (brief.speaker, brief.authority) == (None, Authority.FILING)


def test_a_company_has_the_name_of_the_day() -> None:
    assert stance("x-2016-10-11-geofeedia").stance.company_name == "Twitter"
    assert stance("x-2024-02-16-election-accord").stance.company_name == "X"
    assert stance("meta-2021-11-02-fr-shutdown").stance.company_name == "Meta"


def test_only_contradictions_wait_for_a_person() -> None:
    for found in STANCES.values():
        for relation in found.relations:
            assert relation.decided == (relation.kind is not RelationKind.CONTRADICTS)


def test_people_of_a_stance_are_no_notes() -> None:
    speakers = {found.stance.speaker for found in STANCES.values() if found.stance.speaker}
    assert not [name for name in speakers if name.split()[0].islower()]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"act": "halts"}, "'halts' is no Act"),
        ({"act": None}, "act is missing"),
        ({"act": "ends", "date": "2020", "seen": "yes"}, "seen is not true or false"),
        ({"act": "ends", "date": "2020", "targets": ["x"]}, "targets holds something"),
        ({"act": 3}, "act is not a text"),
        ({"act": "ends", "date": "2020-13-01"}, "date '2020-13-01' is no date"),
        ({"act": "ends", "date": "2020-06", "topics": "dei"}, "topics is not a list"),
        ({"act": "ends", "date": "2020", "topics": [1]}, "topics is not a list of texts"),
        ({"act": "ends", "date": "2020", "colour": "blue"}, "unknown field colour"),
        ({"act": "ends", "date": "2020", "direction": "up"}, "direction is not a whole number"),
    ],
)
def test_an_error_names_file_row_and_field(fields: dict[str, object], problem: str) -> None:
    def read(row: Row) -> None:
        row.code("act", Act)
        row.day("date")
        row.texts("topics")
        row.number("direction")
        row.flag("seen")
        row.rows("targets", "company")
        row.finish(None)

    with pytest.raises(StarterError) as raised:
        read(Row("stances.jsonl", "line 7 (x-1)", fields))
    assert str(raised.value).startswith("stances.jsonl, line 7 (x-1): " + problem)


def test_two_rows_with_one_key_are_an_error() -> None:
    with pytest.raises(StarterError, match=r"stances\.jsonl: a occurs twice"):
        each_once("stances.jsonl", ["a", "b", "a"], lambda text: text)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(StarterError, match=r"nothing\.jsonl cannot be read"):
        list(json_rows("nothing.jsonl"))
    with pytest.raises(StarterError, match=r"nothing\.toml cannot be read"):
        list(toml_rows("nothing.toml", "topic", "code"))


def test_the_version_is_known() -> None:
    assert reader.STARTER_VERSION


def test_every_company_has_one_sector() -> None:
    companies = [one for one in reader.load_registry().organisations if one.kind == "company"]
    assert {one.slug for one in companies if not one.sector} == set()
    assert next(one for one in companies if one.slug == "nso-group").sector == (
        "surveillance-technology"
    )
