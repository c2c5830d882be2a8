"""One grammar of filters: as an address, as a question, as a condition on a record."""

from datetime import date as Day

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import filters, terms
from tracker.domain.filters import Attested, Facts, FilterError, Filters, Kind


def test_an_address_and_a_question_say_the_same() -> None:
    asked = Filters(
        words="face -school",
        company=("amazon", "ibm"),
        topic=("facial-recognition",),
        kind=("stance",),
        country=("US",),
        after=Day(2024, 5, 1),
    )
    address = (
        "q=face+-school&company=amazon&company=ibm&topic=facial-recognition&kind=stance"
        "&country=US&after=2024-05-01"
    )
    assert filters.to_address(asked) == address
    assert filters.from_address(address) == asked
    question = (
        "face -school company:ibm,amazon topic:facial_recognition kind:stance country:us"
        " after:2024-05"
    )
    assert filters.from_question(question) == asked
    assert filters.from_question(filters.to_question(asked)) == asked
    mixed = "q=face+-school+company:ibm&company=amazon&topic=facial-recognition&country=us"
    assert filters.from_address(f"{mixed}&after=2024-05&kind=stance&as_of=2020-01-01") == asked


def test_a_year_is_a_period() -> None:
    asked = filters.from_address("year=2024")
    assert (asked.after, asked.before) == (Day(2024, 1, 1), Day(2025, 1, 1))
    assert asked == filters.from_address("after=2024&before=2025")
    assert filters.to_address(asked) == "year=2024"
    assert filters.from_address("after=2024").year is None
    assert filters.from_address("year=9999").year == 9999


def test_nothing_asked_is_nothing() -> None:
    assert not filters.from_address("company=&q=&level=reported&page=2")
    assert filters.from_question("-police")
    assert filters.to_address(Filters()) == ""


def test_words_that_look_like_fields_stay_words() -> None:
    asked = filters.from_question('title:police "company:ibm" company: a:b')
    assert not asked.company
    assert [term.words for term in asked.terms] == [
        ("title", "police"),
        ("company", "ibm"),
        ("company",),
        ("a", "b"),
    ]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("kind=stances", "did you mean stance?"),
        ("kind=qqqq", "it is one of stance, reaction, call"),
        ("act=ended", "did you mean ends?"),
        ("level=maybe", "is no level"),
        ("level=all&level=confirmed", "level may be given once"),
        ("track=thinks", "is no track"),
        ("country=Germany", "two letters"),
        ("company=%22", "is no company"),
        ("source=a+b", "is no source"),
        ("after=yesterday", "write 2024, 2024-05 or 2024-05-31"),
        ("after=2024-13", "is no day"),
        ("after=2024&before=2023", "no day is after 2024-01-01 and before 2023-01-01"),
        ("year=2024&after=2023", "either a year or a period"),
        ("year=0000", "is no day"),
        ("q=-company%3Aibm", "only words can be left out"),
        ("q=" + "x" * 501, "up to 500 characters"),
        ("q=" + "+".join(["word"] * 13), "up to 12 words"),
        ("company=" + ",".join(f"c{n}" for n in range(41)), "up to 40 values"),
    ],
)
def test_what_cannot_be_understood_says_what_can(address: str, said: str) -> None:
    with pytest.raises(FilterError) as error:
        filters.from_address(address)
    assert said in str(error.value)


RECORD = Facts(
    kind=Kind.STANCE,
    day=Day(2024, 5, 2),
    company=frozenset({"ring", "amazon"}),
    topic=frozenset({"police-technology"}),
    act=frozenset({"ends"}),
    track=frozenset({"does"}),
    country=frozenset({"US"}),
    source=frozenset({"news.example"}),
    level="reported",
    text="Ring ends the Café requests of the police.",
)


@pytest.mark.parametrize(
    ("question", "fit"),
    [
        ("", True),
        ("company:amazon", True),
        ("company:ibm,ring", True),
        ("company:ibm", False),
        ("company:ring topic:privacy", False),
        ("kind:call", False),
        ("kind:call,stance act:ends track:does", True),
        ("level:confirmed", False),
        ("level:all", True),
        ("after:2024 before:2025", True),
        ("before:2024-05-02", False),
        ("before:2024-05-03 after:2024-05-02", True),
        ("year:2023", False),
        ("by:aclu", False),
        ("cafe reques*", True),
        ('"the police"', True),
        ('"police the"', False),
        ("police -ring", False),
        ("olice", False),
    ],
)
def test_a_record_fits(question: str, fit: bool) -> None:
    assert filters.fits(filters.from_question(question), RECORD) is fit


def test_what_has_no_day_is_of_no_period() -> None:
    group = Facts(kind=Kind.ORGANISATION, text="Acme")
    assert filters.fits(Filters(), group)
    assert not filters.fits(filters.from_address("after=1990"), group)


def test_levels_widen() -> None:
    confirmed, shown, every = (set(filters.levels(level)) for level in Attested)
    assert confirmed < shown < every
    assert "retracted" not in every


@given(st.text(max_size=400))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        asked = filters.from_question(text)
    except FilterError:
        return
    assert filters.from_address(filters.to_address(asked)) == asked
    assert filters.from_question(filters.to_question(asked)) == asked


@given(st.text(max_size=60))
def test_a_text_holds_each_of_its_words(text: str) -> None:
    for term in terms.terms(text):
        assert terms.hold([terms.Term(term.words)], text)
