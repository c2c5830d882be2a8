"""Search over both databases: what is found, what never is, and that no text is an operator."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.web.ledger import Ledger
from tracker.domain import filters
from tracker.domain.filters import Filters
from tracker.domain.terms import Term
from tracker.store import search, searchable, suggestions, tags
from tracker.store.database import Database
from tracker.store.highlights import highlight
from tracker.store.searchable import Searchable


@pytest.fixture
def texts(database: Database) -> Database:
    with database.transaction() as session:
        ledger = Ledger(session)
        ledger.topic()
        ledger.topic("dei", name="Diversity", place=1)
        acme, globex = ledger.organisation("Acme"), ledger.organisation("Globex")
        for id_, company, day, level in (
            ("s1", acme, date(2020, 6, 8), "reported"),
            ("s2", globex, date(2024, 1, 1), "confirmed"),
            ("thin", acme, date(2023, 1, 1), "unconfirmed"),
        ):
            ledger.stance(id_, company, day, level=level)
            ledger.document(
                "stance", id_, "Face recognition", f"The firm {id_} ended the sale of cameras "
                "to the police. It spoke of surveillance.", day=day, level=level, act="ends",
                company="acme" if company == acme else "globex", topic="facial-recognition",
                source="news-1.example",
            )  # fmt: skip
        ledger.span(acme, "stopped", date(2020, 6, 8), stance="s1")
        ledger.document("organisation", "acme", "Acme", "Acme Corp · Rekall", company="acme")
        ledger.document(
            "article", "7", "On hiring", "A police school and its hiring.", day=date(2022, 5, 5)
        )
        ledger.reaction("r1", "Rights Now", "welcomes", stance="s1", about=acme)
        ledger.document(
            "reaction", "r1", "Rights Now → Acme", "“A good day for the café.”", level="reported",
            day=date(2020, 6, 9), company="acme", by="rights-now", topic="facial-recognition",
        )  # fmt: skip
    return database


def found(session: Session, question: str) -> list[str]:
    results = search.find(session, filters.from_question(question))
    assert results.total == len(results.hits)
    assert search.count(session, filters.from_question(question)) == results.total
    return [hit.record for hit in results.hits]


@pytest.mark.parametrize(
    ("question", "records"),
    [
        ("cameras police", ["s2", "s1"]),
        ("police", ["s2", "7", "s1"]),
        ('"sale of cameras"', ["s2", "s1"]),
        ('"cameras of sale"', []),
        ("police -school", ["s2", "s1"]),
        ("camer*", ["s2", "s1"]),
        ("surveillan*", ["s2", "s1"]),
        ('"sale of cam"*', ["s2", "s1"]),
        ("universi*", []),
        ("Rekall", ["acme"]),
        ("CAFE", ["r1"]),
        ("café", ["r1"]),
        ("", []),
        ("-police", []),
        ("thin", []),
        ("thin level:all", ["thin"]),
        ("police level:confirmed", ["s2", "7"]),
        ("company:acme", ["r1", "s1", "acme"]),
        ("company:acme -cameras", ["r1", "acme"]),
        ("company:acme,globex kind:stance", ["s2", "s1"]),
        ("by:rights-now", ["r1"]),
        ("topic:facial-recognition police", ["s2", "s1"]),
        ("source:news-1.example", ["s2", "s1"]),
        ("source:news.1-example", []),
        ("police after:2022", ["s2", "7"]),
        ("police before:2022", ["s1"]),
        ("police year:2024", ["s2"]),
        ("position:stopped", ["s1"]),
        ("position:stopped,paused police", ["s1"]),
        ("position:paused", []),
    ],
)
def test_what_is_found(texts: Database, question: str, records: list[str]) -> None:
    with texts.reading() as session:
        assert found(session, question) == records


def test_facets_say_what_a_narrower_question_would_find(texts: Database) -> None:
    with texts.reading() as session:
        facets = search.find(session, Filters(words="police")).facets
        counted = {(facet.field, facet.value): facet.count for facet in facets}
        assert counted == {
            ("kind", "stance"): 2,
            ("kind", "article"): 1,
            ("company", "acme"): 1,
            ("company", "globex"): 1,
            ("topic", "facial-recognition"): 2,
            ("position", "stopped"): 1,
            ("act", "ends"): 2,
            ("source", "news-1.example"): 2,
            ("year", "2024"): 1,
            ("year", "2022"): 1,
            ("year", "2020"): 1,
        }
        for (field, value), number in counted.items():
            assert len(found(session, f"police {field}:{value}")) == number
        assert {facet.name for facet in facets if facet.field == "company"} == {"Acme", "Globex"}


HOSTILE = (
    '"',
    '""',
    "NEAR(police school)",
    "police OR",
    "police AND NOT",
    "title:police",
    "{tags} : x",
    "* police",
    "^police",
    "police'); DROP TABLE stances;--",
    "-",
    "{police}",
    "a:b <-> !c & | (",
    "'a'*",
    "\\'*",
    "\\",
    "%_",
    "x" * 500,
    "the*",
    "of",
    "😀",
    "\u0130\u0301*",
)


@pytest.mark.parametrize("question", HOSTILE)
def test_no_text_is_an_operator(texts: Database, question: str) -> None:
    with texts.reading() as session:
        asked = filters.from_question(question)
        for by_rank in (True, False):
            search.find(session, asked, by_rank=by_rank)
        suggestions.suggest(session, asked)
        assert found(session, "police") == ["s2", "7", "s1"]


def test_rank_puts_the_best_fit_first(texts: Database) -> None:
    with texts.transaction() as session:
        Ledger(session).document(
            "article", "8", "Police police police", "Police and police.", day=date(2010, 1, 1)
        )
    with texts.reading() as session:
        hits = search.find(session, Filters(words="police"), by_rank=True).hits
        assert hits[0].record == "8"


def test_a_new_day_moves_a_text(texts: Database) -> None:
    with texts.transaction() as session:
        moved = Searchable("article", "7", "On hiring", "A police school.", date(2025, 1, 1))
        searchable.put(session, [moved])
    with texts.reading() as session:
        assert found(session, "police") == ["7", "s2", "s1"]
        assert found(session, "hiring") == ["7"]
    with texts.transaction() as session:
        searchable.remove(session, "article", "7")
    with texts.reading() as session:
        assert found(session, "police") == ["s2", "s1"]


def test_many_results_are_counted_up_to_an_end(database: Database) -> None:
    with database.transaction() as session:
        searchable.put(
            session,
            [
                Searchable("article", str(number), "On faces", "A face.", date(2024, 1, 1))
                for number in range(search.MOST + 5)
            ],
        )
    with database.reading() as session:
        results = search.find(session, Filters(words="face"), limit=3, skip=search.MOST - 1)
        assert (results.total, results.more) == (search.MOST, True)
        assert len(results.hits) == 1


def test_nothing_found_says_what_else_to_ask(texts: Database) -> None:
    with texts.reading() as session:

        def suggested(question: str) -> list[tuple[str, int]]:
            asked = filters.from_question(question)
            assert search.count(session, asked) == 0
            found = suggestions.suggest(session, asked)
            return [(filters.to_question(one.filters), one.count) for one in found]

        assert suggested("police unicorns") == [("police", 3)]
        assert suggested("police company:globex year:2020") == [
            ("police year:2020", 1),
            ("police company:globex", 1),
        ]
        assert suggested("Globx company:globex") == [("company:globex", 1)]
        assert suggested("company:globexx") == [("company:globex", 1)]
        assert suggested('"police cameras"') == [("police cameras", 2)]
        assert suggested("zzzz") == []


def test_tags_are_read_back() -> None:
    known = {"company": ["a-b", "a0b", "a_b"], "source": ["news.example.org"], "country": ["us"]}
    assert tags.read(tags.tags(known)) == known
    assert tags.tag("company", "a-b") != tags.tag("company", "a0db")
    assert tags.day_of(tags.first_id(date(2024, 2, 29))) == date(2024, 2, 29)
    assert tags.day_of(tags.first_id(None)) is None


def test_hits_are_marked_in_a_short_stretch() -> None:
    body = "Start. " + "filler words here " * 40 + "the Police acted. " + "more words here " * 40
    pieces = list(highlight(body, Filters(words="police").terms))
    assert [piece.text for piece in pieces if piece.hit] == ["Police"]
    assert len("".join(piece.text for piece in pieces)) < 300
    assert pieces[0].text == "…"
    stem = list(highlight("Two cameras were sold.", Filters(words="camera").terms))
    assert [piece.text for piece in stem if piece.hit] == ["cameras"]
    whole = list(highlight("Short text.", Filters(words="absent").terms))
    assert "".join(piece.text for piece in whole) == "Short text."


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("police", "Acme stops sales to police."),
        ("mary", "Acme stops sales to police. · Mary Doe"),
        ("ring", "Ring · Acme stops sales to police."),
        ("absent", "Acme stops sales to police."),
    ],
)
def test_lines_beside_the_longest_are_shown_where_they_hold_a_hit(asked: str, shown: str) -> None:
    pieces = highlight("Ring\nAcme stops sales to police.\nMary Doe", (Term((asked,)),))
    assert "".join(piece.text for piece in pieces) == shown
