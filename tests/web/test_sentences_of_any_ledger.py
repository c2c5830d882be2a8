"""Sentences of any ledger: what each says is counted again from the data, another way."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.test_sentences import DAY, asked, move, ref, span, standing, topic
from tracker.domain.codes import TopicKind
from tracker.store.views.installation import Reading
from tracker.store.views.organisation import Group
from tracker.store.views.records import Move, Standing
from tracker.web import answered, compared, sentences

ORDER = ("expands", "continues", "limited", "paused", "stopped")
"""From the loosest to the tightest."""

OLD = date(2015, 5, 6)
NAMES = ("Ada", "Bolt", "Cobra", "Delta", "Echo", "Fox", "Golf")
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNT = "(?i:" + "|".join(NUMBERS) + ")"
LABEL = re.compile("“([^”]+)”")

quickly = settings(max_examples=40)
words = st.sampled_from(ORDER)
placed = st.tuples(
    st.sampled_from(NAMES), st.none() | words, st.none() | words, st.sampled_from((DAY, OLD))
).filter(lambda one: one[1] is not None or one[2] is not None)
ledgers = st.lists(placed, max_size=7, unique_by=lambda one: one[0])
moved = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(("no_statement", *ORDER)),
        words,
        st.integers(0, 1_500),
    ).filter(lambda one: one[1] != one[2]),
    max_size=8,
)


def standings(ledger: list[tuple[str, str | None, str | None, date]]) -> list[Standing]:
    return [standing(name, says, does, since) for name, says, does, since in ledger]


def number(word: str) -> int:
    return NUMBERS.index(word.lower())


def names(text: str) -> list[str]:
    return re.split(", | and ", text)


def name_of(word: str) -> str:
    return {"stopped": "Stopped", "paused": "Paused", "limited": "Limited",
            "continues": "Continues", "expands": "Expands"}[word]  # fmt: skip


@quickly
@given(ledgers)
def test_a_topic_says_who_stands_where(
    ledger: list[tuple[str, str | None, str | None, date]],
) -> None:
    text = sentences.of_topic(topic(), standings(ledger), [], DAY)
    fresh = [one for one in ledger if one[3] == DAY]
    old, alone = len(ledger) - len(fresh), sum(1 for one in fresh if one[1] is None)
    said = Counter(name_of(one[1]) for one in fresh if one[1])
    told = {label: number(n) for n, label in re.findall(f"({COUNT}) (?:stands? )?at “(.+?)”", text)}
    everybody = re.findall(r"\b(?:all stand|it stands) at “(.+?)”", text)
    assert told | dict.fromkeys(everybody, len(fresh)) == dict(said)
    among = re.findall(f"(?:Of|on) ({COUNT}) compan(?:y|ies) (?:with evidence )?from", text)
    assert [number(one) for one in among] == ([len(fresh)] if fresh else [])
    deeds = re.findall(f"({COUNT}|all|it) (?:is|are) known by deeds alone", text)
    known = [len(fresh) if one in ("all", "it") else number(one) for one in deeds]
    assert known == ([alone] if alone else [])
    aged = re.findall(f"For ({COUNT}) (?:more )?compan(?:y|ies) the last", text)
    assert [number(one) for one in aged] == ([old] if old else [])
    differ = differing(fresh)
    many = re.findall(f"For ({COUNT}) companies, words and deeds differ", text)
    assert [number(one) for one in many] == ([len(differ)] if len(differ) > 3 else [])
    named = re.findall(r"Words and deeds differ at (.+?)\.", text)
    assert [names(one) for one in named] == ([differ] if 0 < len(differ) < 4 else [])


def differing(ledger: list[tuple[str, str | None, str | None, date]]) -> list[str]:
    return [name for name, says, does, _since in ledger if says and does and says != does]


def moves(made: list[tuple[str, str, str, int]]) -> list[Move]:
    return [
        move(word, before, DAY - timedelta(days=days), company=name)
        for name, before, word, days in made
    ]


@quickly
@given(moved, st.booleans())
def test_a_topic_says_which_way_positions_went(
    made: list[tuple[str, str, str, int]], contested: bool
) -> None:
    about = topic(contested=contested, kind=TopicKind.PRACTICE)
    text = sentences.of_topic(about, [standing("Ada", "paused")], moves(made), DAY)
    recent = [one for one in made if one[3] < 730 and one[1] != "no_statement"]
    tighter = sum(1 for one in recent if ORDER.index(one[2]) > ORDER.index(one[1]))
    looser = len(recent) - tighter
    found = {way: number(n) for n, way in re.findall(f"({COUNT}) (tightened|loosened)", text)}
    if contested:
        assert found == {}
    else:
        assert found == {k: n for k, n in (("tightened", tighter), ("loosened", looser)) if n}
    counted = [number(one) for one in re.findall(f"({COUNT}) changes? of position since", text)]
    assert counted == ([len(recent)] if recent else [])
    assert ("No position has changed in the last two years." in text) == (not recent)


@quickly
@given(moved)
def test_home_counts_thirty_days(made: list[tuple[str, str, str, int]]) -> None:
    every = moves(made)
    text = sentences.of_home(every, every[0] if every else None, DAY)
    recent = [one for one in made if one[3] < 30]
    first = sum(1 for one in recent if one[1] == "no_statement")
    changed = [number(one) for one in re.findall(f"({COUNT}) positions? changed", text)]
    taken = re.findall(f"({COUNT}) (?:positions? )?came on record for the first time", text)
    assert changed == ([len(recent) - first] if len(recent) > first else [])
    assert [number(one) for one in taken] == ([first] if first else [])
    assert ("In the last 30 days" in text) == bool(recent)


@quickly
@given(ledgers.filter(lambda ledger: 0 < len(ledger) < 5), st.sampled_from(NAMES))
def test_a_comparison_places_every_company(
    ledger: list[tuple[str, str | None, str | None, date]], other: str
) -> None:
    chosen = list(dict.fromkeys([*(one[0] for one in ledger), other]))
    refs = [ref(name) for name in chosen]
    text = compared.of_comparison(topic(), refs, standings(ledger), DAY)
    in_words, _, in_deeds = text.partition(" In deeds, ")
    both = text.startswith("In words and in deeds, ")
    for place, part in ((1, in_words), (2, in_words if both else in_deeds)):
        told = {
            name: label
            for who, label in re.findall(
                r"(?:^In [a-z ]+, |; |^)([A-Za-z, ]+?) stands? at “(.+?)”", part
            )
            for name in names(who)
        }
        assert told == {one[0]: name_of(one[place]) for one in ledger if one[place]}
    silent = [name for name in chosen if name not in {one[0] for one in ledger if one[1]}]
    found = re.findall(r"[Nn]o words of (.+?) are on record", text)
    assert [names(one) for one in found] == ([silent] if silent else [])
    aged = re.findall(r"more than five years old: (.+?)\.", text)
    old = [one[0] for one in ledger if one[3] == OLD]
    assert [sorted(names(one)) for one in aged] == ([sorted(old)] if old else [])


@quickly
@given(placed)
def test_a_position_is_told_with_its_words_and_days(
    one: tuple[str, str | None, str | None, date],
) -> None:
    name, says, does, since = one
    text = sentences.of_position(name, topic(), standings([one]), DAY)
    labels = [name_of(word) for word in (says, does) if word]
    assert LABEL.findall(text) == (labels[:1] if says == does else labels)
    assert ("In words" in text, "n deeds" in text) == (says is not None, does is not None)
    day = {DAY: "1 Mar 2025", OLD: "6 May 2015"}[since]
    assert text.count(f"since {day}") == len(LABEL.findall(text))
    assert ("The last evidence is of 2015" in text) == (since == OLD)


@quickly
@given(st.lists(st.sampled_from(("open", "ignored", "acknowledged", "answered", "rejected",
                                 "partially_answered")), min_size=1, max_size=9))  # fmt: skip
def test_a_call_counts_who_answered(statuses: list[str]) -> None:
    text = answered.of_call([asked(f"C{n}", status) for n, status in enumerate(statuses)])
    substance = sum(1 for one in statuses if one in ("answered", "rejected", "partially_answered"))
    everybody = NUMBERS[len(statuses)]
    if substance == len(statuses):
        assert "has answered" in text
    elif substance == 0:
        assert text.startswith("No answer in substance of the ")
    else:
        said = re.findall(f"\\b({COUNT})\\b", text)
        assert [number(one) for one in said] == [len(statuses), substance]
    assert everybody in text.lower()


TOPICS = ("Face scans", "Drones", "Cookies", "Strikes", "Ads")
tracks = st.none() | st.tuples(words, st.integers(0, 3_000))
taken = st.tuples(st.sampled_from(TOPICS), tracks, tracks, st.booleans()).filter(
    lambda one: one[1] is not None or one[2] is not None
)
Taken = tuple[str, tuple[str, int] | None, tuple[str, int] | None, bool]


def position(name: str, says: tuple[str, int] | None, does: tuple[str, int] | None,
             of_brand: bool) -> Standing:  # fmt: skip
    about = replace(topic(), name=name)
    said, done = (
        span(one[0], since=DAY - timedelta(days=one[1]), track=track, company="Ada", about=about)
        if one
        else None
        for track, one in (("says", says), ("does", does))
    )
    return Standing(ref("Ada"), "Bell" if of_brand else None, about, said, done)


@quickly
@given(st.lists(taken, max_size=5, unique_by=lambda one: (one[0], one[3])))
def test_a_company_counts_its_topics_and_names_the_latest(ledger: list[Taken]) -> None:
    text = sentences.of_company("Ada", [position(*one) for one in ledger], DAY)
    own = {name.lower(): (says, does) for name, says, does, of_brand in ledger if not of_brand}
    told = re.findall(f"has a position on ({COUNT}) topics?", text)
    assert [number(one) for one in told] == ([len(own)] if own else [])
    for about, label, day in re.findall(r"(?:: |latest: )([a-z ]+), “(.+?)” since (.+?)\.", text):
        (words, said_ago), (deeds, done_ago) = (one or (None, 9_999) for one in own[about])
        ago = min(said_ago, done_ago)
        assert ago == min(one[1] for both in own.values() for one in both if one)
        assert label == name_of(str(words if said_ago <= done_ago else deeds))
        assert day == written(DAY - timedelta(days=ago))
    assert len(LABEL.findall(text)) == bool(own)
    split = [name for name, (says, does) in own.items() if says and does and says[0] != does[0]]
    found = re.findall(r"Words and deeds differ on (.+?)\.", text)
    assert [names(one) for one in found] == ([split] if split else [])
    old = [name for name, both in own.items() if not any(one and is_fresh(one[1]) for one in both)]
    found = re.findall(r"On (.+?) the last evidence is more than five years old", text)
    assert [names(one) for one in found] == ([old] if old else [])


def written(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def is_fresh(days_ago: int) -> bool:
    """Whether the day lies less than five years back, by the calendar."""
    return DAY - timedelta(days=days_ago) > date(DAY.year - 5, DAY.month, DAY.day)


answers = st.tuples(
    st.sampled_from(("c1", "c2", "c3")),
    st.sampled_from(NAMES),
    st.sampled_from(("open", "ignored", "acknowledged", "answered", "rejected", "reversed")),
    st.none() | st.integers(0, 400),
    st.booleans(),
)


@quickly
@given(st.lists(answers, max_size=9, unique_by=lambda one: (one[0], one[1])))
def test_a_group_counts_calls_companies_and_answers_and_how_fast_they_came(
    ledger: list[tuple[str, str, str, int | None, bool]],
) -> None:
    lines = []
    for call, company, status, days, coarse in ledger:
        line = asked(company, status, answered=None if days is None else DAY + timedelta(days=days))
        lines.append(replace(line, call=call, clocks=replace(line.clocks, approximate=coarse)))
    group = Group(ref("Golf"), "advocacy_group", None, (), tuple(lines), ())
    text = answered.of_group(group)
    if not ledger:
        assert text == "No call of Golf is on record."
        return
    substance = [one for one in ledger if one[2] in ("answered", "rejected", "reversed")]
    counted = re.match(r"(\d+) calls? to (\d+) compan(?:y|ies) on record, with (\d+|no) ans", text)
    assert counted is not None
    calls, companies = {one[0] for one in ledger}, {one[1] for one in ledger}
    assert counted.groups() == (str(len(calls)), str(len(companies)), str(len(substance) or "no"))
    dated = [one[3] for one in substance if one[3] is not None and not one[4]]
    assert_how_fast(text, dated)


def assert_how_fast(text: str, dated: list[int]) -> None:
    """Of up to four answers the first and the last, of more the half that came soonest."""
    few = re.findall(
        f"The ({COUNT}) dated answers? came after (?:(\\d+) to )?(\\d+) days?\\.", text
    )
    told = [(number(n), int(first or last), int(last)) for n, first, last in few]
    is_few = 0 < len(dated) <= 4
    assert told == ([(len(dated), min(dated), max(dated))] if is_few else [])
    (within,) = re.findall(r"Half of the dated answers came within (\d+) days?\.", text) or [None]
    assert (within is not None) == (len(dated) > 4)
    if within:
        assert sum(days <= int(within) for days in dated) * 2 >= len(dated)
        assert sum(days < int(within) for days in dated) * 2 < len(dated)


MINUTES = {"minute": 1, "hour": 60, "day": 1440}


@quickly
@given(st.integers(0, 1_200), st.integers(0, 1_200), st.integers(-5, 100_000))
def test_reading_counts_feeds_and_the_time_since(sources: int, read: int, ago: int) -> None:
    now = datetime(2025, 3, 1, 12, tzinfo=UTC)
    read = min(sources, read)
    last = now - timedelta(minutes=ago) if read else None
    text = sentences.of_reading(Reading(sources, read, 0, 0, last, last, None), now)
    counted = [int(one.replace(",", "")) for one in re.findall(r"[\d,]*\d", text)]
    assert counted[: 2 if read else 1] == [
        *([read] if read else []),
        *([sources] if sources else []),
    ]
    assert ("set up" in text) == (not read)
    found = re.search(r"the last (?:(\d+) (minute|hour|day)s? ago|just now)$", text)
    assert (found is not None) == bool(read)
    if found and found[1]:
        unit = MINUTES[found[2]]
        assert int(found[1]) * unit <= ago < (int(found[1]) + 1) * unit
        assert found[2] == max(
            (one for one in MINUTES if MINUTES[one] <= ago), key=MINUTES.__getitem__
        )
    elif found:
        assert ago < 1
