"""Timelines: where bands and marks stand, what they say, and that no mark hides another."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tests.web.conftest import Reader, Writing, fill
from tracker.domain.codes import TopicKind
from tracker.store.views.records import CompanyRef, SpanLine, StanceLine, TopicRef
from tracker.web.axis import NARROW, WIDE, axis, bin_of, crowded, shifts
from tracker.web.moments import shared_moments
from tracker.web.timeline import Line, chart

TOPIC = TopicRef(
    "facial_recognition",
    "facial-recognition",
    "Facial recognition",
    "Biometrics",
    TopicKind.PRACTICE,
    "selling face recognition",
    "less use",
    False,
)
ACME = CompanyRef(1, "acme", "Acme")
LAST = date(2025, 3, 1)


def span(word: str, since: date, until: date | None = None, track: str = "says") -> SpanLine:
    return SpanLine(
        ACME, None, TOPIC, track, word, "no_statement", since, "day", until, "first", None, since,
        None, None, False,
    )  # fmt: skip


def stance(id_: str, day: date, company: str = "Acme", begins: str | None = None) -> StanceLine:
    owner = CompanyRef(1, company.lower(), company)
    spans = (span(begins, day),) if begins else ()
    return StanceLine(
        id=id_, company=owner, brand=None, act="ends", topics=(TOPIC,), direction=3, date=day,
        precision="day", effective_date=None, scope=None, summary=f"{company} acted.",
        speaker=None, speaker_role=None, authority=None, trigger="voluntary", track=None,
        matter=None, joint_id=None, level="reported", review_state="accepted", origin="starter",
        extractor=None, breaks_promise=False, named=company, known_on=day, known_exactly=False,
        spans=spans, quote=None, links=(),
    )  # fmt: skip


def line(spans: list[SpanLine], stances: list[StanceLine]) -> Line:
    return Line("acme", "Acme", "/c/acme", TOPIC, spans, stances)


places = st.lists(st.floats(0, 98.6), min_size=1, max_size=11).map(sorted)


@given(places, st.sampled_from([WIDE, NARROW]))
def test_marks_that_are_no_crowd_stay_a_target_apart(found: list[float], width: float) -> None:
    if crowded(found):
        return
    moved = shifts(found, width)
    pixels = [x * width / 100 + shift for x, shift in zip(found, moved, strict=True)]
    for left, right in pairwise(pixels):
        assert right - left >= 24 - 1e-6


@given(st.lists(st.floats(0, 98.6), min_size=1, max_size=60).map(sorted))
def test_binned_marks_stay_a_target_apart(found: list[float]) -> None:
    last_of_bin = {bin_of(place): place for place in found}
    binned = [last_of_bin[number] for number in sorted(last_of_bin)]
    moved = shifts(binned, NARROW)
    pixels = [x * NARROW / 100 + shift for x, shift in zip(binned, moved, strict=True)]
    assert all(b - a >= 24 - 1e-6 for a, b in pairwise(pixels))


def test_a_lone_mark_stands_where_it_belongs() -> None:
    assert shifts([41.2], WIDE) == [0]
    assert shifts([], WIDE) == []


def test_the_axis_begins_with_a_year_and_ends_with_the_day() -> None:
    scale = axis([date(2018, 7, 1)], LAST)
    assert scale.first == date(2018, 1, 1)
    assert scale.x(date(2018, 1, 1)) == 0
    assert scale.x(LAST) == 98.6
    assert scale.x(date(2010, 1, 1)) == 0, "earlier days stay on the axis"
    assert [year.label for year in scale.years][:2] == ["2018", "2019"]
    assert len(axis([date(1990, 1, 1)], LAST).years) <= 9


def test_a_band_before_the_first_word_has_no_statement() -> None:
    drawn = chart([line([span("stopped", date(2024, 1, 1))], [])], LAST, frozenset())
    words = [part.word for part in drawn.lanes[0].segments]
    assert words == ["no_statement", "stopped"]
    assert drawn.lanes[0].segments[1].label == "Stopped (says)"


def test_the_band_splits_only_where_words_and_deeds_differ() -> None:
    spans = [
        span("stopped", date(2023, 6, 1)),
        span("stopped", date(2023, 6, 1), date(2024, 6, 1), "does"),
        span("continues", date(2024, 6, 1), None, "does"),
    ]
    parts = chart([line(spans, [])], LAST, frozenset()).lanes[0].segments
    assert [(part.word, part.other) for part in parts] == [
        ("no_statement", None),
        ("stopped", None),
        ("stopped", "continues"),
    ]
    assert parts[1].label == "Stopped"
    assert "Stopped (says), Continues (does)" in parts[2].title
    ends = [round(part.x + part.width, 2) for part in parts]
    assert ends[:-1] == [round(part.x, 2) for part in parts[1:]], "no gap, no overlap"
    assert ends[-1] == 98.6


def test_an_expired_word_leaves_no_statement_behind() -> None:
    spans = [span("paused", date(2023, 3, 1), date(2024, 3, 1))]
    lane = chart([line(spans, [])], LAST, frozenset()).lanes[0]
    assert [part.word for part in lane.segments] == ["no_statement", "paused", "no_statement"]
    assert lane.standing is None


def test_marks_link_to_the_list_or_to_the_event() -> None:
    stances = [stance("a", date(2024, 1, 1)), stance("b", date(2024, 9, 1))]
    marks = chart([line([], stances)], LAST, frozenset({"b"})).lanes[0].marks
    assert [mark.href for mark in marks] == ["/e/a", "#b"]
    assert marks[0].label == "1 Jan 2024, Acme (action): Acme acted."
    assert marks[0].word == "none", "it sets no position here"


def test_a_crowd_is_piled_and_says_how_many() -> None:
    stances = [stance(f"s{n:02}", date(2024, 1, 1 + n)) for n in range(20)]
    marks = chart([line([], stances)], LAST, frozenset()).lanes[0].marks
    assert sum(1 + mark.more for mark in marks) == 20
    assert any("more before it" in mark.label for mark in marks)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([8, 10, 11], "8–11 June 2020: three companies in four days"),
        ([8, 8, 8], "8 June 2020: three companies in one day"),
        ([8, 10], None),
        ([1, 8, 15], None),
    ],
)
def test_shared_moments(days: list[int], expected: str | None) -> None:
    stances = [
        stance(f"s{n}", date(2020, 6, day), f"Firm{n}", begins="stopped")
        for n, day in enumerate(days)
    ]
    found = shared_moments(stances, axis([date(2020, 1, 1)], LAST))
    some = shared_moments(stances, axis([date(2020, 1, 1)], LAST), every=False)
    assert [moment.label for moment in found] == ([expected] if expected else [])
    counted = expected.replace("three", "at least three") if expected else None
    assert [moment.label for moment in some] == ([counted] if counted else [])


@pytest.mark.parametrize(
    ("later", "above"),
    [
        (date(2023, 6, 9), "9 June 2023: three companies in one day"),
        (date(2022, 5, 9), "9 May 2022"),
        (date(2020, 12, 9), ""),
    ],
)
def test_labels_of_moments_do_not_run_into_each_other(later: date, above: str) -> None:
    stances = [
        stance(f"s{day}{n}", day, f"Firm{n}", begins="stopped")
        for day in (date(2020, 6, 8), later)
        for n in range(3)
    ]
    first, second = shared_moments(stances, axis([date(2020, 1, 1)], LAST))
    assert first.above == first.label == "8 June 2020: three companies in one day"
    assert second.above == above


def test_the_same_company_three_times_is_no_shared_moment() -> None:
    stances = [stance(f"s{n}", date(2020, 6, 8 + n), begins="stopped") for n in range(3)]
    assert shared_moments(stances, axis([date(2020, 1, 1)], LAST)) == ()


def test_the_chart_of_a_topic_has_a_text_for_every_mark(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        fill(ledger)
        ledger.relation("acme-sells", "contradicts", "acme-ends", decided=True)
    page = html.fromstring(reader.get("/t/facial-recognition"))
    marks = page.xpath("//a[starts-with(@class, 'mk')]")
    assert len(marks) == 3
    listed = set(page.xpath("//li[@class='ev']/@id"))
    assert {str(mark.get("href")).removeprefix("#") for mark in marks} == listed
    assert all(mark.get("aria-label") for mark in marks)
    lanes = page.xpath("//svg[@role='group']/@aria-label")
    assert any("Stopped in words, Continues in practice" in str(label) for label in lanes)
    assert len(page.xpath("//circle[@class='flag']")) == 2, "one on the mark, one in the key"
    assert "Breaks an earlier promise" in page.xpath("//li[@id='acme-sells']")[0].text_content()


def test_an_undecided_contradiction_has_no_crimson_dot(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        fill(ledger)
        ledger.relation("acme-sells", "contradicts", "acme-ends", decided=False)
    page = html.fromstring(reader.get("/t/facial-recognition"))
    assert len(page.xpath("//circle[@class='flag']")) == 1, "only the key"
    event = reader.get("/e/acme-sells")
    assert "Contradict" not in event


def test_how_long_a_word_holds_is_told_in_words(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.stance("waits", ids["acme"], date(2023, 6, 1), topic="dei")
        ledger.span(
            ids["acme"], "paused", date(2023, 6, 1), topic="dei", stance="waits",
            term="until 2026-06-10",
        )  # fmt: skip
    assert "Until 10 Jun 2026." in reader.get("/c/acme/dei")
