"""Evidence: quotes are found verbatim or not at all, and little of a text is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.codes import QuoteField
from tracker.domain.evidence import LONGEST_SHOWN, context, cut, locate
from tracker.domain.model import Span

TITLE = "Acme ends face matching"
TEXT = (
    "Acme met Sen. Doe on Monday. Acme will stop selling face matching. "
    "“It is over,” the U.S. chief said. Shares rose.\nRelated stories"
)
QUOTE = "Acme will stop selling face matching."


def span(quote: str, start: int, field: QuoteField = QuoteField.TEXT) -> Span:
    return Span(field, start, start + len(quote), quote)


def test_a_quote_at_its_place_is_kept() -> None:
    right = span(QUOTE, TEXT.index(QUOTE))
    assert locate(right, TITLE, TEXT) is right


def test_a_quote_at_another_place_is_found_when_it_is_the_only_one() -> None:
    found = locate(span(QUOTE, 3), TITLE, TEXT)
    assert found is not None
    assert TEXT[found.start : found.end] == QUOTE


@pytest.mark.parametrize(
    "wrong",
    [
        span("Acme stopped selling face matching.", 0),
        span("Acme", 3),
        span("", 0),
        span(" ", 4),
        span(QUOTE, 0, QuoteField.TITLE),
        Span(QuoteField.TEXT, -16, -1, "xRelated stories"),
    ],
)
def test_a_quote_that_is_not_there_or_there_twice_is_not_found(wrong: Span) -> None:
    assert locate(wrong, TITLE, TEXT) is None


def test_a_quote_of_the_title_is_sought_in_the_title() -> None:
    found = locate(span("face matching", 0, QuoteField.TITLE), TITLE, TEXT)
    assert found == span("face matching", 10, QuoteField.TITLE)


def test_the_neighbours_are_one_sentence_each() -> None:
    start = TEXT.index(QUOTE)
    shown = context(TEXT, start, start + len(QUOTE))
    assert shown.before == "Acme met Sen. Doe on Monday."
    assert shown.quote == QUOTE
    assert shown.after == "“It is over,” the U.S. chief said."


def test_a_part_of_a_sentence_has_the_rest_of_it_as_neighbour() -> None:
    start = TEXT.index("stop selling")
    shown = context(TEXT, start, start + len("stop selling"))
    assert shown.before == "Acme will"
    assert shown.after == "face matching."


def test_a_paragraph_ends_a_sentence() -> None:
    start = TEXT.index("Shares rose.")
    assert context(TEXT, start, start + len("Shares rose.")).after == "Related stories"
    head = "Headline\nAcme stops."
    assert context(head, 9, len(head)).before == "Headline"


def test_a_long_neighbour_keeps_the_end_that_touches_the_quote() -> None:
    head = "word " * 100 + "last words "
    shown = context(head + QUOTE, len(head), len(head + QUOTE))
    assert shown.before.startswith("…word")
    assert shown.before.endswith("last words")
    assert len(shown.before) <= LONGEST_SHOWN


def test_at_the_borders_there_is_nothing() -> None:
    shown = context(QUOTE, 0, len(QUOTE))
    assert (shown.before, shown.after) == ("", "")


def test_a_long_quote_is_cut_at_a_word() -> None:
    long = "word " * 100
    assert cut(long) == ("word " * 59).strip() + "…"
    assert cut("x" * 400) == "x" * 299 + "…"
    assert cut("short") == "short"


@given(st.text(alphabet="ab .\n", max_size=1500), st.data())
def test_never_more_than_three_cuts_is_shown(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = context(text, start, end)
    for part in (shown.before, shown.quote, shown.after):
        assert len(part) <= LONGEST_SHOWN
        assert "\n" not in part or part == shown.quote
