"""The page of search results: highlighted, narrowed by links, saved as an alert."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from tests.web.conftest import Reader, Writing


@pytest.fixture
def texts(writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm, other = ledger.organisation("Firm"), ledger.organisation("Other Firm")
        ledger.organisation("Rights Now", kind="advocacy_group")
        for id_, company, year in (("s", firm, 2024), ("t", other, 2023)):
            ledger.stance(id_, company, date(year, 1, 1), precision="month")
            ledger.document(
                "stance", id_, "Facial recognition", "It ended sales.", level="reported",
                company="firm" if company == firm else "other-firm", topic="facial-recognition",
                day=date(year, 1, 1), country="us",
            )  # fmt: skip
        ledger.reaction("r", "Rights Now", "welcomes", stance="s", about=firm)
        ledger.document(
            "reaction", "r", "Rights Now → Firm", "No more sales, at last.", level="reported",
            day=date(2024, 1, 5), company="firm", by="rights-now",
        )  # fmt: skip
        ledger.document("organisation", "rights-now", "Rights Now", "RN", by="rights-now")
        ledger.call("c", "Rights Now", {firm: "open"}, date(2019, 1, 1))
        ledger.document("call", "c", "Rights Now → Firm", "End the sales!", company="firm")


def page(reader: Reader, path: str) -> html.HtmlElement:
    return html.fromstring(reader.get(path))


def links(found: html.HtmlElement, within: str) -> dict[str, str]:
    return {
        one.text_content().strip(): str(one.get("href"))
        for one in found.xpath(f"//*[contains(@class, '{within}')]//a")
    }


def test_results_of_every_kind_lead_on(reader: Reader, texts: None) -> None:
    found = page(reader, "/search?q=sales")
    hits = links(found, "headline")
    assert list(hits.values()) == ["/e/s#reactions", "/e/s", "/e/t", "/calls/c"] or hits
    addresses = [str(one) for one in found.xpath("//h2[@class='headline']/a/@href")]
    assert addresses == ["/e/s#reactions", "/e/s", "/e/t", "/calls/c"]
    assert {mark.text for mark in found.xpath("//mark")} == {"sales"}
    assert "Jan 2024" in found.text_content(), "no day is claimed of a month"
    assert links(page(reader, "/search?q=rn"), "headline") == {"Rights Now": "/o/rights-now"}


def test_facets_are_links_that_keep_the_rest(reader: Reader, texts: None) -> None:
    facets = links(page(reader, "/search?q=sales&lang=en&sort=fit"), "facets")
    asked = parse_qs(urlsplit(facets["Firm"]).query)
    assert asked == {"q": ["sales"], "company": ["firm"], "lang": ["en"], "sort": ["fit"]}
    narrowed = page(reader, facets["Firm"])
    assert "3 results" in narrowed.text_content()
    back = narrowed.xpath("//a[@class='on']/@href")
    assert parse_qs(urlsplit(str(back[0])).query).get("company") is None
    year = page(reader, facets["2023"])
    assert [str(one) for one in year.xpath("//h2/a/@href")] == ["/e/t?lang=en"]


def test_a_question_with_fields_is_the_same_as_its_address(reader: Reader, texts: None) -> None:
    typed = page(reader, "/search?q=sales+company:other-firm+kind:stance")
    chosen = page(reader, "/search?q=sales&company=other-firm&kind=stance")
    for found in (typed, chosen):
        assert found.xpath("//h2/a/@href") == ["/e/t"]
        box = found.xpath("//input[@id='again']/@value")
        assert box == ["sales company:other-firm kind:stance"]
        save = [a.get("href") for a in found.xpath("//a") if a.text == "Save as alert"]
        assert save == ["/subscribe?q=sales&company=other-firm&kind=stance"]


def test_other_forms_say_the_same(reader: Reader, texts: None) -> None:
    rows = reader.get("/search.csv?q=sales").splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["reaction", "r"],
        ["stance", "s"],
        ["stance", "t"],
        ["call", "c"],
    ]
    data = json.loads(reader.get("/search.json?q=sales&company=firm"))["data"]
    assert data["asked"] == "sales company:firm"
    assert [hit["record"] for hit in data["results"]["hits"]] == ["r", "s", "c"]
    feed = reader.get("/search.atom?q=sales")
    found = html.fromstring(feed.encode()).xpath("//entry/link/@href")
    assert [urlsplit(str(one)).path for one in found] == ["/e/s", "/e/s", "/e/t", "/calls/c"]
    assert "<id>http://127.0.0.1:8000/search.atom?q=sales</id>" in feed


def test_nothing_found_offers_what_would_find_something(reader: Reader, texts: None) -> None:
    found = page(reader, "/search?q=sales+unicorns&company=firm")
    offers = links(found, "suggestions")
    assert "sales company:firm" in offers
    assert "3 results" in found.text_content()
    assert page(reader, offers["sales company:firm"]).xpath("//mark")
    assert "Nothing on record fits." in reader.get("/search?q=zzz")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/search?kind=qqq", "is no kind"),
        ("/search?q=" + "x" * 501, "up to 500 characters"),
        ("/search?q=" + "x+" * 13, "up to 12 words"),
        ("/search?after=soon", "is no day"),
        ("/search?q=a%00b", "cannot be answered"),
    ],
)
def test_what_cannot_be_understood_is_answered_clearly(
    reader: Reader, texts: None, address: str, said: str
) -> None:
    assert said in reader.get(address, status=400)


@pytest.mark.parametrize("question", ["%22", "NEAR(a+b)", "{tags}:x", "%27%29%3B--", "*", "a:b"])
def test_signs_of_query_languages_are_just_signs(
    reader: Reader, texts: None, question: str
) -> None:
    reader.get(f"/search?q={question}")
    reader.get(f"/search?q={question}&sort=fit")
