"""Search over both databases: what is found, what never is, and that no text is an operator."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.web.conftest import Reader, Writing
from tests.web.ledger import Ledger
from tracker.store import search
from tracker.store.database import Database
from tracker.store.search import Filters


@pytest.fixture
def texts(database: Database) -> Database:
    with database.transaction() as session:
        ledger = Ledger(session)
        ledger.topic()
        ledger.topic("dei", name="Diversity", place=1)
        acme, globex = ledger.organisation("Acme"), ledger.organisation("Globex")
        for id_, company, day, published, level in (
            ("s1", acme, date(2020, 6, 8), True, "reported"),
            ("s2", globex, date(2024, 1, 1), True, "reported"),
            ("hidden", acme, date(2024, 1, 1), False, "reported"),
            ("thin", acme, date(2023, 1, 1), True, "unconfirmed"),
        ):
            ledger.stance(id_, company, day, published=published, level=level)
            ledger.document(
                "stance", id_, "Face recognition", f"The firm {id_} ended the sale of cameras "
                "to the police. It spoke of surveillance.", day=day, company=company,
                topic="facial_recognition",
            )  # fmt: skip
        ledger.document("organisation", "acme", "Acme", "Acme Corp · Rekall", company=acme)
        ledger.document(
            "article", "7", "On hiring", "A police school and its hiring.", day=date(2022, 5, 5)
        )
    return database


def found(session: Session, text: str, **filters: object) -> list[str]:
    results = search.find(session, text, Filters(**filters))  # type: ignore[arg-type]
    assert results.total == len(results.hits)
    return [hit.record for hit in results.hits]


def test_words_phrases_prefixes_and_exclusions(texts: Database) -> None:
    with texts.reading() as session:
        assert found(session, "cameras police") == ["s2", "s1"], "newest first"
        assert found(session, "police") == ["s2", "7", "s1"]
        assert found(session, '"sale of cameras"') == ["s2", "s1"]
        assert found(session, '"cameras of sale"') == []
        assert found(session, "police -school") == ["s2", "s1"]
        assert found(session, "camer*") == ["s2", "s1"]
        assert found(session, "Rekall") == ["acme"]
        assert found(session, "") == []
        assert found(session, "-police") == []


def test_what_is_not_public_is_not_found(texts: Database) -> None:
    with texts.reading() as session:
        assert found(session, "hidden") == []
        assert found(session, "hidden", every_level=True) == []
        assert found(session, "thin") == []
        assert found(session, "thin", every_level=True) == ["thin"]


def test_filters_and_facets(texts: Database) -> None:
    with texts.reading() as session:
        assert found(session, "police", kind="article") == ["7"]
        assert found(session, "police", year=2020) == ["s1"]
        assert found(session, "police", topic="facial_recognition") == ["s2", "s1"]
        facets = search.find(session, "police", Filters()).facets
        counted = {(facet.field, facet.value): facet.count for facet in facets}
        assert counted == {
            ("kind", "stance"): 2,
            ("kind", "article"): 1,
            ("company", "acme"): 1,
            ("company", "globex"): 1,
            ("topic", "facial-recognition"): 2,
        }


HOSTILE = (
    '"',
    '""',
    "NEAR(police school)",
    "police OR",
    "police AND NOT",
    "title:police",
    "* police",
    "^police",
    "police'); DROP TABLE stances;--",
    "-",
    "{police}",
    "a:b <-> !c & | (",
    "\\",
    "%_",
    "x" * 500,
    "word " * 100,
)


def test_no_text_is_an_operator(texts: Database) -> None:
    with texts.reading() as session:
        for text in HOSTILE:
            search.find(session, text, Filters(), by_rank=True)
        assert found(session, "police") == ["s2", "7", "s1"]


def test_rank_puts_the_best_fit_first(texts: Database) -> None:
    with texts.transaction() as session:
        Ledger(session).document(
            "article", "8", "Police police police", "Police and police.", day=date(2010, 1, 1)
        )
    with texts.reading() as session:
        hits = search.find(session, "police", Filters(), by_rank=True).hits
        assert hits[0].record == "8"


def test_hits_are_marked_in_a_short_stretch() -> None:
    body = "Start. " + "filler words here " * 40 + "the Police acted. " + "more words here " * 40
    pieces = list(search.highlight(body, search.parse("police")))
    assert [piece.text for piece in pieces if piece.hit] == ["Police"]
    assert len("".join(piece.text for piece in pieces)) < 300
    assert pieces[0].text == "…"
    whole = list(search.highlight("Short text.", search.parse("absent")))
    assert "".join(piece.text for piece in whole) == "Short text."


def test_the_page_of_results(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.stance("s", firm, date(2024, 1, 1), precision="month")
        ledger.document(
            "stance", "s", "Firm: Facial recognition", "It ended sales.", company=firm,
            topic="facial_recognition", day=date(2024, 1, 1),
        )  # fmt: skip
    text = reader.get("/search?q=sales")
    assert "1 result" in text
    assert 'href="/e/s"' in text
    assert "<mark>sales</mark>" in text
    assert ">Jan 2024</time>" in text, "no day is claimed of a month"
    assert "Nothing holds all these words" in reader.get("/search?q=absent")
    assert "No search" not in reader.get("/search")
    assert reader.get("/search.csv?q=sales").splitlines()[1].startswith("stance,s,Firm")
