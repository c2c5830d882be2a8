"""Every generated sentence is true of the data that it speaks of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zlib import crc32

import pytest

from tracker.domain.clocks import Clocks
from tracker.domain.codes import TopicKind
from tracker.store.views.installation import Reading
from tracker.store.views.organisation import Group
from tracker.store.views.records import CallLine, CompanyRef, Move, SpanLine, Standing, TopicRef
from tracker.web import answered, compared, sentences, wording

DAY = date(2025, 3, 1)


def topic(*, contested: bool = False, kind: TopicKind = TopicKind.PRACTICE) -> TopicRef:
    return TopicRef("x", "x", "Face recognition", "G", kind, "p", "less use", contested)


def ref(name: str) -> CompanyRef:
    """A company; the same name has the same id, and no other has it."""
    return CompanyRef(crc32(name.encode()), name.lower(), name)


def span(word: str, *, before: str = "no_statement", since: date = DAY, track: str = "says",
         company: str = "Acme", about: TopicRef | None = None) -> SpanLine:  # fmt: skip
    return SpanLine(
        ref(company), None, about or topic(), track,
        word, before, since, "day", None, "first", None, since, None, None, False,
    )  # fmt: skip


def standing(
    company: str, says: str | None = None, does: str | None = None, since: date = DAY
) -> Standing:
    said = span(says, company=company, since=since) if says else None
    done = span(does, company=company, since=since, track="does") if does else None
    one = said or done
    assert one is not None
    return Standing(one.company, None, one.topic, said, done)


def move(
    word: str, before: str, day: date, about: TopicRef | None = None, company: str = "Acme"
) -> Move:
    one = span(word, before=before, since=day, about=about, company=company)
    return Move(one.company, None, one.topic, day, "day", None, (one,))


def test_home_counts_what_changed_and_what_was_first_taken_in_thirty_days() -> None:
    recent = [move("paused", "continues", DAY - timedelta(days=days)) for days in (1, 29, 30, 300)]
    assert sentences.of_home(recent, recent[0], DAY) == (
        "In the last 30 days, two positions changed (Acme on face recognition)."
    )
    first = move("limited", "no_statement", DAY, company="Other")
    assert sentences.of_home([first, *recent], first, DAY) == (
        "In the last 30 days, two positions changed (Acme on face recognition)"
        " and one came on record for the first time (Other on face recognition)."
    )
    assert sentences.of_home([first], first, DAY) == (
        "In the last 30 days,"
        " one position came on record for the first time (Other on face recognition)."
    )
    many = [move("paused", "continues", DAY, company=name) for name in "ABCD"]
    assert sentences.of_home(many, many[0], DAY) == "In the last 30 days, four positions changed."


def test_a_pledge_of_several_companies_counts_once_and_is_nobodys_alone() -> None:
    both = [
        replace(move("limited", "continues", DAY), joint=joint)
        for joint in ("accord", "accord", None)
    ]
    assert sentences.of_home(both, both[0], DAY) == "In the last 30 days, two positions changed."
    told = sentences.of_topic(topic(), [standing("Acme", "limited")], both, DAY)
    assert "Two changes of position since March 2023: two tightened." in told


def test_home_names_the_last_move_when_nothing_is_recent() -> None:
    old = [move("paused", "continues", date(2024, 1, 5))]
    assert sentences.of_home(old, old[0], DAY) == (
        "No position changed in the last 30 days."
        " The last one on record: Acme on face recognition, 5 Jan 2024."
    )
    assert sentences.of_home([], None, DAY) == "No position is on record yet."


def test_a_topic_counts_companies_by_their_words() -> None:
    found = [
        standing("A", "stopped", "continues"),
        standing("B", "stopped", "stopped"),
        standing("C", "paused"),
        standing("D", None, "limited"),
        standing("E", "stopped", since=date(2019, 1, 1)),
    ]
    text = sentences.of_topic(topic(), found, [], DAY)
    assert text == (
        "Of four companies with evidence from the last five years,"
        " two stand at “Stopped” in words and one at “Paused”; one is known by deeds alone."
        " For one more company the last evidence is more than five years old."
        " Words and deeds differ at A."
        " No position has changed in the last two years."
    )


def test_a_topic_says_all_where_all_say_the_same() -> None:
    text = sentences.of_topic(topic(), [standing("A", "paused"), standing("B", "paused")], [], DAY)
    assert text.startswith(
        "Of two companies with evidence from the last five years, all stand at “Paused” in words. "
    )
    one = sentences.of_topic(topic(), [standing("A", "paused")], [], DAY)
    assert one.startswith(
        "There is evidence on one company from the last five years;"
        " it stands at “Paused” in words. "
    )
    done = [standing(name, None, "paused") for name in "AB"]
    assert sentences.of_topic(topic(), done, [], DAY).startswith(
        "Of two companies with evidence from the last five years, all are known by deeds alone. "
    )


def test_a_topic_counts_directions_only_where_civil_society_is_not_split() -> None:
    moves = [
        move("paused", "continues", date(2024, 1, 1)),
        move("continues", "paused", date(2024, 2, 1)),
        move("continues", "stopped", date(2024, 3, 1)),
        move("stopped", "no_statement", date(2024, 4, 1)),
        move("stopped", "continues", date(2020, 1, 1)),
    ]
    text = sentences.of_topic(topic(), [standing("A", "stopped")], moves, DAY)
    assert (
        "Three changes of position since March 2023:"
        " one tightened (Acme) and two loosened (Acme)." in text
    )
    more = [*moves, move("paused", "stopped", date(2024, 1, 1), company="B")]
    text = sentences.of_topic(topic(), [standing("A", "stopped")], more, DAY)
    assert "one tightened and three loosened." in text
    split = sentences.of_topic(topic(contested=True), [standing("A", "stopped")], moves, DAY)
    assert "tightened" not in split
    assert "loosened" not in split
    assert "since March 2023 (Acme); civil society is split" in split


def test_a_topic_without_positions_says_so() -> None:
    assert sentences.of_topic(topic(), [], [], DAY) == (
        "No position on face recognition is on record."
    )


def test_only_old_evidence_is_called_old() -> None:
    text = sentences.of_topic(topic(), [standing("A", "stopped", since=date(2015, 1, 1))], [], DAY)
    assert text.startswith("For one company the last evidence is more than five years old.")


def test_words_depend_on_the_kind_of_topic() -> None:
    protection = topic(kind=TopicKind.PROTECTION)
    assert wording.position("expands", protection) == "Withdrawn"
    assert wording.position("expands", topic()) == "Expands"


def test_a_company_names_its_latest_position_where_it_differs_and_what_is_old() -> None:
    found = [standing("A", "stopped", "continues"), standing("A", "paused", since=date(2020, 1, 1))]
    assert sentences.of_company("A", found, DAY) == (
        "A has a position on two topics. The latest: face recognition, “Stopped” since 1 Mar 2025."
        " Words and deeds differ on face recognition."
        " On face recognition the last evidence is more than five years old."
    )
    assert sentences.of_company("A", found[:1], DAY).startswith(
        "A has a position on one topic: face recognition, “Stopped” since 1 Mar 2025. Words"
    )
    assert sentences.of_company("A", [], DAY) == "No stance on record sets a position of A."


def test_a_position_is_told_track_by_track_and_once_where_they_agree() -> None:
    text = sentences.of_position("A", topic(), [standing("A", "stopped", "continues")], DAY)
    assert text == "In words: “Stopped” since 1 Mar 2025. In deeds: “Continues” since 1 Mar 2025."
    text = sentences.of_position("A", topic(), [standing("A", "paused", "paused")], DAY)
    assert text == "In words and in deeds: “Paused” since 1 Mar 2025."
    text = sentences.of_position("A", topic(), [standing("A", None, "paused")], DAY)
    assert text == "In deeds: “Paused” since 1 Mar 2025."
    old = [standing("A", "stopped", since=date(2019, 10, 30))]
    assert sentences.of_position("A", topic(), old, DAY) == (
        "In words: “Stopped” since 30 Oct 2019."
        " The last evidence is of 2019; whether it still holds is not on record."
    )


def asked(company: str, status: str, day: date = DAY, answered: date | None = None) -> CallLine:
    clocks = Clocks(None, (answered - day).days if answered else None, None)
    return CallLine(
        "c", ("G",), "advocacy_group", "Stop", day, "day", None, "letter", True, (topic(),),
        ref(company), status, answered, "day", (),
        "starter", "reported", None, (), 0, False, clocks, None, None,
    )  # fmt: skip


def test_a_comparison_names_who_says_and_does_the_same_and_who_said_nothing() -> None:
    companies = [ref(name) for name in "ABCD"]
    found = [standing("A", "stopped", "continues"), standing("B", "paused"),
             standing("C", "stopped"), standing("D", None, "continues")]  # fmt: skip
    assert compared.of_comparison(topic(), companies, found, DAY) == (
        "In words, A and C stand at “Stopped”; B stands at “Paused”; no words of D are on record."
        " In deeds, A and D stand at “Continues”."
    )
    alike = [standing("A", "paused", "paused"), standing("B", "paused", "paused")]
    assert compared.of_comparison(topic(), companies[:2], alike, DAY) == (
        "In words and in deeds, A and B stand at “Paused”."
    )
    old = [standing("A", "paused", since=date(2019, 1, 1))]
    assert compared.of_comparison(topic(), companies[:1], old, DAY) == (
        "In words, A stands at “Paused”. The last evidence is more than five years old: A."
    )
    none = compared.of_comparison(topic(), companies[:2], [], DAY)
    assert none == "No words of A and B are on record."


def test_a_call_counts_answers_in_substance_only() -> None:
    open_ones = [asked("A", "open"), asked("B", "ignored"), asked("C", "acknowledged")]
    assert answered.of_call(open_ones[:1]) == (
        "No answer in substance of the one company that was asked is on record."
    )
    assert "the three companies" in answered.of_call(open_ones)
    assert answered.of_call([*open_ones, asked("D", "rejected")]) == (
        "Of four companies asked, one has an answer in substance on record."
    )
    assert answered.of_call([asked("D", "answered"), asked("E", "partially_answered")]) == (
        "Each of the two companies that were asked has answered."
    )


def test_a_group_counts_its_calls_and_says_how_fast_answers_came() -> None:
    lines = (
        asked("A", "answered", date(2024, 1, 1), date(2024, 1, 3)),
        asked("B", "rejected", date(2024, 1, 1), date(2024, 1, 11)),
        asked("C", "answered", date(2024, 1, 1), date(2024, 4, 1)),
        asked("D", "open", date(2024, 1, 1)),
    )
    group = Group(CompanyRef(1, "g", "G"), "advocacy_group", None, (), lines, ())
    assert group.days_to_answer == (2, 10, 91)
    assert answered.of_group(group) == (
        "1 call to 4 companies on record, with 3 answers in substance."
        " The three dated answers came after 2 to 91 days."
    )
    more = (
        *lines,
        asked("E", "answered", date(2024, 1, 1), date(2024, 1, 4)),
        asked("F", "answered", date(2024, 1, 1), date(2024, 1, 5)),
    )
    assert "Half of the dated answers came within 4 days." in answered.of_group(
        replace(group, calls=more)
    )
    assert "The one dated answer came after 2 days." in answered.of_group(
        replace(group, calls=lines[:1])
    )
    silent = Group(CompanyRef(1, "g", "G"), "advocacy_group", None, (), (), ())
    assert answered.of_group(silent) == "No call of G is on record."


def test_tighter_and_looser_are_said_only_where_civil_society_agrees() -> None:
    moved = span("paused", before="continues")
    assert wording.change(replace(moved, change="tightened")) == "tightened"
    split = replace(moved, change="tightened", topic=topic(contested=True))
    assert wording.change(split) is None
    assert wording.change(replace(split, change="expired")) == "expired"
    assert wording.change(moved) is None


@pytest.mark.parametrize(
    ("sources", "read", "expected"),
    [
        (0, 0, "no feed is set up"),
        (3, 0, "3 feeds set up, none read yet"),
        (3, 2, "2 of 3 feeds read, the last 6 minutes ago"),
    ],
)
def test_reading_claims_nothing_of_sources_never_read(
    sources: int, read: int, expected: str
) -> None:
    now = datetime(2025, 3, 1, 12, tzinfo=UTC)
    last = now - timedelta(minutes=6) if read else None
    reading = Reading(sources, read, 0, 0, last, last, None)
    assert sentences.of_reading(reading, now) == expected


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [
        (date(2020, 6, 1), "day", "1 Jun 2020"),
        (date(2020, 6, 1), "month", "Jun 2020"),
        (date(2020, 4, 1), "quarter", "Q2 2020"),
        (date(2020, 1, 1), "year", "2020"),
        (date(2020, 1, 3), "range", "from 3 Jan 2020"),
        (None, "day", "date unknown"),
    ],
)
def test_dates_say_no_more_than_is_known(value: date, precision: str, expected: str) -> None:
    assert wording.day(value, precision) == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2025, 2, 28), "1 day"),
        (date(2025, 1, 20), "40 days"),
        (date(2024, 9, 15), "5 mo"),
        (date(2023, 9, 1), "1 yr 6 mo"),
        (date(2020, 3, 1), "5 yr"),
    ],
)
def test_ages(since: date, expected: str) -> None:
    assert wording.age(since, DAY) == expected


def test_every_code_has_its_words() -> None:
    from tracker.domain import codes
    from tracker.web import vocabulary

    assert set(vocabulary.ACTS) == {one.value for one in codes.Act}
    assert set(vocabulary.REACTIONS) == {one.value for one in codes.ReactionKind}
    assert set(vocabulary.STATUSES) == {one.value for one in codes.CallStatus}
    assert set(vocabulary.LEVELS) == {one.value for one in codes.Level}
    assert set(vocabulary.CHANGES) == {one.value for one in codes.ChangeKind}
    assert set(vocabulary.RELATIONS) == {one.value for one in codes.RelationKind}
    assert set(vocabulary.ACTOR_TYPES) == {one.value for one in codes.ActorType} | {"research"}
    assert set(vocabulary.CORRECTIONS) == {one.value for one in codes.CorrectionKind}
    assert set(vocabulary.TRIGGERS) == {one.value for one in codes.Trigger}
    assert set(vocabulary.TRUST) == {one.value for one in codes.Tier}
    assert set(vocabulary.TIERS) - {None} == {one.value for one in codes.Tier}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "", None, "//x.example"]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert wording.outside(url) is None
