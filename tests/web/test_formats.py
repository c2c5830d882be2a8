"""The other forms of pages say what the pages say; what leads others to them."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask
from lxml import etree, html
from PIL import Image

from tests.web.conftest import BASE, NOW, Parts, Reader, Writing
from tests.web.ledger import QUOTE
from tracker.web.cards import Card, Row, png
from tracker.web.citing import cite
from tracker.web.pages import cards, events

TIMELINES = ("/t/facial-recognition", "/c/acme", "/c/acme/facial-recognition")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("path", TIMELINES)
def test_the_picture_shows_the_marks_of_the_page(
    reader: Reader, filled: dict[str, int], path: str
) -> None:
    page = html.fromstring(reader.get(path))
    drawn = etree.fromstring(reader.get(f"{path}.svg").encode())
    marks = [str(one) for one in page.xpath("//a[contains(@class, 'mk')]/@aria-label")]
    titles = [one.findtext(f"{SVG}title") for one in drawn.iterfind(f".//{SVG}a/{SVG}g")]
    assert marks
    assert titles == marks
    links = [urlsplit(one.get("href")).path for one in drawn.iter(f"{SVG}a")]
    assert "/e/acme-ends" in links
    bands = [str(one) for one in page.xpath("//*[contains(@class, 'plot')]//g/title/text()")]
    shown = [one.text for one in drawn.iterfind(f".//{SVG}g/{SVG}title")]
    assert set(bands) <= set(shown)
    assert "style" not in reader.get(f"{path}.svg"), "no style that our policy would forbid"


@pytest.mark.parametrize("path", [*TIMELINES, "/events"])
def test_the_calendar_has_a_day_for_each_event(
    reader: Reader, filled: dict[str, int], path: str
) -> None:
    told = json.loads(reader.get(f"{path}.json"))["data"]["stances"]
    lines = reader.get(f"{path}.ics").split("\r\n")
    uids = [line.removeprefix("UID:") for line in lines if line.startswith("UID:")]
    assert uids == [f"{one['id']}@stance-tracker" for one in told]
    days = [line.rpartition(":")[2] for line in lines if line.startswith("DTSTART")]
    assert days == [one["date"].replace("-", "") for one in told]
    assert all(len(line.encode()) <= 75 for line in lines)


FORMS = {
    "/": "json",
    "/c": "csv json",
    "/c/acme": "csv json atom svg ics",
    "/c/acme/facial-recognition": "csv json atom svg ics",
    "/t": "csv json",
    "/t/facial-recognition": "csv json atom svg ics",
    "/matrix": "csv json",
    "/events": "csv json atom ics",
    "/e/acme-ends": "json",
    "/silent": "csv json atom",
    "/calls/c1": "csv json atom",
    "/o": "csv json",
    "/o/rights-now": "csv json atom",
    "/commitments": "csv json atom",
    "/compare?company=acme&company=globex&topic=facial-recognition": "csv json atom svg ics",
    "/search?q=acme": "csv json atom ics",
    "/sources": "csv json atom",
    "/method": "json",
    "/corrections": "csv json atom",
    "/data": "json",
    "/subscribe?company=acme": "json",
}
"""Every page, and the forms that it has besides HTML."""

ATOM = "{http://www.w3.org/2005/Atom}"


def test_every_page_has_its_forms_and_says_so(
    reader: Reader, filled: dict[str, int], writing: Writing
) -> None:
    with writing() as ledger:
        ledger.source("Feed", last_ok=NOW)
    for address, forms in FORMS.items():
        path, _mark, query = address.partition("?")
        for form in ("json", "csv", "atom", "svg", "ics"):
            named = f"{'/index' if path == '/' else path}.{form}?{query}"
            text = reader.get(named, status=200 if form in forms.split() else 404)
            if form in forms.split():
                _reads(form, text, address)
        page = html.fromstring(reader.get(address))
        offered = {
            urlsplit(str(link)).path.rpartition(".")[2]
            for link in page.xpath("//p[@class='get']/a/@href | //link[@rel='alternate']/@href")
            if "." in urlsplit(str(link)).path
        }
        assert offered <= set(forms.split()), address
        if not address.startswith("/search"):  # which offers them where it found something
            assert {"csv", "atom", "svg", "ics"} & set(forms.split()) <= offered, address


def _reads(form: str, text: str, address: str) -> None:
    """A program that knows the form can read it; every entry of a feed is told apart."""
    if form == "json":
        assert json.loads(text)["licence"].startswith("CC BY"), address
    elif form == "csv":
        first, *rows = csv.reader(io.StringIO(text))
        assert all(len(row) == len(first) for row in rows), address
    elif form == "ics":
        assert text.startswith("BEGIN:VCALENDAR"), address
    else:
        ids = [one.text for one in etree.fromstring(text.encode()).iter(f"{ATOM}id")]
        assert len(set(ids)) == len(ids), address
        times = [one.text for one in etree.fromstring(text.encode()).iter(f"{ATOM}updated")]
        assert all(datetime.fromisoformat(time).tzinfo for time in times), address


def test_the_code_of_a_topic_leads_to_its_lasting_address(
    shared: tuple[Parts, Flask], filled: dict[str, int], parts: Parts
) -> None:
    client = shared[1].test_client()
    for path in ("/t/{}.json?level=all", "/c/acme/{}?as_of=2021-01-01"):
        answer = client.get(path.format("facial_recognition"), base_url=BASE)
        assert (answer.status_code, answer.location) == (301, path.format("facial-recognition"))


def test_a_page_in_a_frame_is_the_only_one_that_may_be(
    reader: Reader, filled: dict[str, int]
) -> None:
    for path in (*TIMELINES, "/matrix"):
        headers = reader.headers(f"/embed{path}")
        assert "frame-ancestors *" in headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in headers
        assert "frame-ancestors 'none'" in reader.headers(path)["Content-Security-Policy"]
        assert reader.headers(path)["X-Frame-Options"] == "DENY"
        framed = html.fromstring(reader.get(f"/embed{path}"))
        assert framed.xpath("//base/@target") == ["_top"]
        assert [one for one in framed.xpath("//a/@href") if str(one).startswith("#")] == []
        snippet = html.fromstring(reader.get(path)).xpath("//details[@class='snippet']//code")
        source = html.fromstring(snippet[0].text).get("src")
        assert urlsplit(source).path == f"/embed{path}"
    reader.get("/embed/t/nothing", status=404)
    reader.get("/embed/events", status=404)


def test_what_is_asked_for_is_in_the_frame_too(reader: Reader, filled: dict[str, int]) -> None:
    page = html.fromstring(reader.get("/c/acme?as_of=2021-01-01"))
    source = html.fromstring(page.xpath("//details[@class='snippet']//code")[0].text).get("src")
    assert source.endswith("/embed/c/acme?as_of=2021-01-01")
    assert "Jan 2021" in reader.get("/embed/c/acme?as_of=2021-01-01")


@pytest.mark.parametrize(
    ("page", "card"),
    [
        ("/", "/card/index.png"),
        ("/events", "/card/index.png"),
        ("/matrix", "/card/matrix.png"),
        ("/calls/c1", "/card/calls/c1.png"),
        ("/o/rights-now", "/card/o/rights-now.png"),
        ("/e/acme-ends", "/card/e/acme-ends.png"),
        ("/t/facial-recognition", "/card/t/facial-recognition.png"),
        ("/c/acme", "/card/c/acme.png"),
        ("/c/acme/facial-recognition", "/card/c/acme/facial-recognition.png"),
    ],
)
def test_every_page_has_a_card(
    reader: Reader,
    filled: dict[str, int],
    shared: tuple[Parts, Flask],
    page: str,
    card: str,
) -> None:
    head = html.fromstring(reader.get(page))
    assert head.xpath("//meta[@property='og:image']/@content")[0].endswith(card)
    title = head.xpath("//meta[@property='og:title']/@content")[0]
    assert title in head.findtext(".//title")
    answer = shared[1].test_client().get(card, base_url=BASE)
    assert answer.content_type == "image/png"
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.size == (1200, 630)
    assert len(answer.data) < 120_000


def test_a_card_takes_any_text() -> None:
    words = [("stopped", "Says: " + "very " * 60), ("unheard-of", "x"), (None, "شركة")]
    rows = [Row("n" * 90, words), Row("", words[:1]), Row("no words", ())] * 9
    for title in ("", "W" * 400, "word " * 200, "شركة 会社", "a\nb"):
        png(Card("k" * 300, title, "told " * 90, rows, "host", "said " * 90))
    whole, cut = (png(Card("", "word " * number)) for number in (30, 600))
    assert whole != cut, "a title that is cut says so"
    assert png(Card("", "A\U000f0000b")) == png(Card("", "Ab")), "left out, never a box"


def test_the_card_of_an_event_shows_its_sentence(
    parts: Parts, filled: dict[str, int], shared: tuple[Parts, Flask]
) -> None:
    with shared[1].test_request_context("/card/e/acme-ends.png"):
        card = cards.of_event(events.event(parts, "acme-ends"))
    assert card.quote == QUOTE
    quotes = ("", QUOTE, "word " * 99, "word " * 98)
    pictures = [png(replace(card, quote=quote)) for quote in quotes]
    assert len(set(pictures)) == 3, "whole where there is room, else cut"


def test_a_page_can_be_cited(reader: Reader, filled: dict[str, int]) -> None:
    page = html.fromstring(reader.get("/e/acme-ends"))
    apa, bibtex, plain = (one.text for one in page.xpath("//dl[@class='cite']//code"))
    assert apa.startswith("Stance Tracker. (2020, June 8). ")
    assert "Retrieved March 1, 2025, from http" in apa
    assert "@misc{stance-tracker-e-acme-ends," in bibtex
    assert "urldate = {2025-03-01}" in bibtex
    assert plain.endswith("/e/acme-ends (seen 2025-03-01).")


def test_the_signs_of_bibtex_are_signs() -> None:
    cited = cite("50 % of R&D {and} a_b \\ ~", "https://x.example/?a=1", date(2025, 3, 1))
    assert r"{{50 \% of R\&D \{and\} a\_b \textbackslash{} \~{}}}" in cited.bibtex
    assert cited.apa.startswith("Stance Tracker. (n.d.). 50 %")


def test_the_sitemap_lists_pages_that_are_there(reader: Reader, filled: dict[str, int]) -> None:
    listed = etree.fromstring(reader.get("/sitemap.xml").encode())
    paths = [urlsplit(one.text).path for one in listed.iter("{*}loc")]
    assert {"/", "/c/acme", "/t/facial-recognition", "/e/acme-ends"} <= set(paths)
    for path in paths:
        reader.get(path)
    robots = reader.get("/robots.txt")
    assert "Disallow: /s/" in robots
    assert "/sitemap.xml" in robots


def test_figures_for_programs(reader: Reader, filled: dict[str, int]) -> None:
    lines = reader.get("/metrics").splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert values['tracker_stances{level="reported"}'] == "3"
    assert values["tracker_reviews_waiting"] == "0"
    named = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(named) == len(set(named))
