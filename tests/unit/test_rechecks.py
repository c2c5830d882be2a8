"""When quoted articles are read again, and what became of a quote."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.codes import EvidenceState, QuoteField
from tracker.domain.model import Span
from tracker.domain.rechecks import (
    STEPS,
    compare_quote,
    editors_notes,
    is_another_article,
    next_recheck,
)
from tracker.domain.versions import edits_between, written

QUOTED = datetime(2020, 6, 9, 20, tzinfo=UTC)
QUOTE = "The firm will no longer sell face matching to police."
TEXT = f"It was a long week. {QUOTE} Its shares rose."


def span(quote: str = QUOTE, text: str = TEXT, field: QuoteField = QuoteField.TEXT) -> Span:
    start = text.index(quote)
    return Span(field, start, start + len(quote), quote)


def test_an_article_is_read_again_at_growing_distances() -> None:
    moments, now = [], QUOTED
    while (following := next_recheck(QUOTED, now)) is not None:
        moments.append(following - QUOTED)
        now = following
    assert tuple(moments) == STEPS


@pytest.mark.parametrize(
    ("late", "following"),
    [
        (timedelta(hours=-3), timedelta(hours=1)),  # the clock was set back
        (timedelta(days=2), timedelta(days=3)),  # a pause is not made up for
        (timedelta(days=400), None),
    ],
)
def test_a_clock_that_jumps_neither_skips_nor_repeats(
    late: timedelta, following: timedelta | None
) -> None:
    expected = QUOTED + following if following else None
    assert next_recheck(QUOTED, QUOTED + late) == expected


def test_a_quote_at_its_place_is_intact() -> None:
    assert compare_quote(span(), "Title", TEXT + " More was added.").state is EvidenceState.INTACT


def test_a_quote_that_moved_is_found_where_it_is_now() -> None:
    newer = f"Updated at noon.\n\n{TEXT}"
    found = compare_quote(span(), "Title", newer)
    assert found.state is EvidenceState.MOVED
    assert found.span is not None
    assert newer[found.span.start : found.span.end] == QUOTE


def test_of_two_places_the_nearest_is_taken() -> None:
    newer = f"{QUOTE} {'Some words stand between. ' * 20}{QUOTE} End."
    found = compare_quote(Span(QuoteField.TEXT, 20, 20 + len(QUOTE), QUOTE), "", newer)
    assert found.span is not None
    assert found.span.start == 0


@pytest.mark.parametrize(
    "set_otherwise",
    ["“We’ll stop – for now…”", '"We\'ll stop - for now..."', "“We’ll  stop\u00a0— for\nnow…”"],
)
def test_what_only_a_typesetter_changes_is_no_change(set_otherwise: str) -> None:
    quote = "“We’ll stop – for now…”"
    found = compare_quote(Span(QuoteField.TEXT, 0, len(quote), quote), "", f"Yes: {set_otherwise}")
    assert found.state in (EvidenceState.INTACT, EvidenceState.MOVED)


def test_an_edited_sentence_is_found_in_place_of_the_quote() -> None:
    newer = TEXT.replace("no longer sell", "for one year not sell")
    found = compare_quote(span(), "Title", newer)
    assert found.state is EvidenceState.CHANGED
    assert found.instead == "The firm will for one year not sell face matching to police."


def test_a_sentence_that_is_taken_out_has_vanished() -> None:
    found = compare_quote(span(), "Title", "It was a long week. Its shares rose.")
    assert (found.state, found.instead) == (EvidenceState.VANISHED, None)


def test_a_headline_that_reads_otherwise_has_changed() -> None:
    quoted = span("Firm drops face matching", "Firm drops face matching", QuoteField.TITLE)
    found = compare_quote(quoted, "Firm pauses face matching", TEXT)
    assert (found.state, found.instead) == (EvidenceState.CHANGED, "Firm pauses face matching")


@pytest.mark.parametrize(
    "note",
    [
        "Editor’s note: the first figure in this report was wrong.",
        "Correction: the firm has nine offices, not ten.",
        "Clarification (June 10): the pause is limited to police.",
        "An earlier version of this article misstated the year.",
        "This story was updated on Tuesday with a reply by the firm.",
        "This article has been corrected to reflect that the sale went on.",
        "UPDATE, 4 p.m.: The firm has answered.",
    ],
)
def test_editors_notes_are_recognised(note: str) -> None:
    assert editors_notes(f"It was a long week.\n\n{note}") == [note]


@pytest.mark.parametrize(
    "sentence",
    [
        "The firm issued a correction to its report to the stock exchange.",
        "The company updated its policy on Monday.",
        "An earlier version of the software failed the test.",
        "Editors of three papers signed the letter.",
    ],
)
def test_what_only_sounds_like_a_note_is_none(sentence: str) -> None:
    assert editors_notes(sentence) == []


def test_another_article_is_told_from_an_edited_one() -> None:
    edited = TEXT.replace("rose", "fell") + " A second firm followed."
    assert not is_another_article(TEXT, edited)
    assert is_another_article(TEXT, "Welcome to our front page. Read the news of today.")


def test_a_difference_is_written_sentence_by_sentence() -> None:
    edits = edits_between(
        "One stays. Two goes. Three stays.", "One stays. Three stays. Four comes."
    )
    assert written(edits) == "- Two goes.\n\n+ Four comes."


def test_huge_texts_are_compared_by_paragraphs() -> None:
    before = "\n\n".join(f"Paragraph {n} says a thing. And another." for n in range(3000))
    after = before.replace("Paragraph 7 says a thing.", "Paragraph 7 says nothing.")
    assert written(edits_between(before, after)) == (
        "- Paragraph 7 says a thing. And another.\n+ Paragraph 7 says nothing. And another."
    )
