"""Every page answers, empty or full, in every form, and says only what may be shown."""

import csv
import io
import json
import re
from datetime import date

import pytest
from flask import Flask
from lxml import etree, html

from tests.web.conftest import Parts, Reader, Writing, fill
from tests.web.ledger import QUOTE, Ledger
from tracker.config import MailSettings, Settings, WebSettings
from tracker.store.database import Database
from tracker.web import create_app

EMPTY = (
    "/",
    "/c",
    "/t",
    "/matrix",
    "/events",
    "/silent",
    "/search",
    "/search?q=face",
    "/sources",
    "/method",
    "/data",
    "/subscribe",
)
FULL = (
    *EMPTY,
    "/c/acme",
    "/c/acme/facial-recognition",
    "/c/acme/dei",
    "/t/facial-recognition",
    "/t/dei",
    "/e/acme-ends",
    "/e/acme-sells",
    "/e/globex-pauses",
    "/events?company=acme&year=2020",
    "/silent?show=all",
    "/t/facial-recognition?company=acme",
    "/c/acme?as_of=2020-07-01",
)
JSON = ("/index", "/c", "/c/acme", "/c/acme/facial-recognition", "/t", "/t/facial-recognition")
MORE_JSON = ("/matrix", "/events", "/e/acme-ends", "/silent", "/search", "/sources", "/method")


@pytest.mark.parametrize("path", EMPTY)
def test_pages_of_an_empty_installation_answer(reader: Reader, path: str) -> None:
    assert "<h1" in reader.get(path)


def test_pages_of_both_databases_answer(
    shared: tuple[Parts, Flask], reader: Reader, database: Database
) -> None:
    shared[0].database = database
    with database.transaction() as session:
        fill(Ledger(session))
    for path in FULL:
        assert "<h1" in reader.get(path), path
    for path in (*JSON, *MORE_JSON, "/data"):
        assert reader.json(f"{path}.json")["data"] is not None, path


@pytest.mark.parametrize("path", FULL)
def test_pages_carry_no_inline_style_or_script_and_no_foreign_resource(
    reader: Reader, filled: dict[str, int], path: str
) -> None:
    page = html.fromstring(reader.get(path))
    assert page.xpath("//@style") == []
    assert page.xpath("//style") == []
    assert [one for one in page.xpath("//script") if not one.get("src")] == []
    assert [name for name in page.xpath("//*/@*[starts-with(name(), 'on')]")] == []
    named = "@rel='alternate' or @rel='canonical'"
    loaded = page.xpath(f"//script/@src | //img/@src | //link[not({named})]/@href")
    assert all(str(one).startswith("/static/") for one in loaded)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids)), "ids are unique"


def test_every_answer_carries_the_policy(reader: Reader) -> None:
    for path in ("/", "/nothing-here", "/static/app.css", "/c.json", "/healthz"):
        headers = reader.headers(path)
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_an_unknown_host_is_refused_and_a_named_one_is_not(parts: Parts) -> None:
    settings = Settings(web=WebSettings(trusted_hosts=("stances.example",)))
    client = create_app(Parts(settings, parts.database, parts.now)).test_client()
    assert client.get("/", base_url="http://evil.example").status_code == 400
    assert client.get("/", base_url="http://stances.example").status_code == 200
    assert client.get("/", base_url="http://localhost:8000").status_code == 200


def test_a_missing_page_helps(reader: Reader) -> None:
    text = reader.get("/c/nobody", 404)
    assert "There is no such page" in text
    assert 'action="/search"' in text
    assert reader.get("/c/nobody.json", 404).startswith('{"error": 404, "title": ')
    reader.get("/e/nothing", 404)
    reader.get("/t/nothing", 404)
    reader.get("/c/acme.pdf", 404)


@pytest.mark.parametrize("day", ["yesterday", "2020-13-01", "1066-10-14", "2999-01-01", "<b>"])
def test_a_day_that_is_none_is_explained(reader: Reader, day: str) -> None:
    text = reader.get(f"/?as_of={day}", 400)
    assert "day" in text
    assert "<b>" not in text.split("<main")[1].split("</p>")[1].replace("</b>", "")


def test_a_database_without_tables_says_what_to_do(bare_sqlite_url: object, parts: Parts) -> None:
    assert callable(bare_sqlite_url)
    bare = Database(bare_sqlite_url())
    client = create_app(Parts(Settings(), bare, parts.now)).test_client()
    response = client.get("/c", base_url="http://127.0.0.1")
    assert response.status_code == 503
    assert "tracker init" in response.get_data(as_text=True)
    assert client.get("/readyz", base_url="http://127.0.0.1").status_code == 503
    bare.close()


def test_unpublished_records_show_nowhere(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.stance(
            "secret", ids["acme"], date(2024, 1, 1), published=False, summary="Hush hush matter."
        )
        ledger.reaction("r9", "Quiet Group", "sues", stance="acme-ends", published=False)
        ledger.document("stance", "secret", "Acme: Facial recognition", "Hush hush matter.")
    for path in (*FULL, "/events?level=all", "/search?q=hush&level=all", "/c/acme?level=all"):
        text = reader.get(path)
        shown = html.fromstring(text).text_content()
        assert "Hush hush" not in shown, path
        assert "Quiet Group" not in text, path
    reader.get("/e/secret", 404)


def test_unconfirmed_records_show_only_when_asked_for_and_marked(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.stance(
            "rumour", ids["acme"], date(2024, 1, 1), level="unconfirmed", summary="A thin report."
        )
    for path in ("/events", "/c/acme", "/t/facial-recognition"):
        assert "A thin report." not in reader.get(path)
        text = reader.get(f"{path}?level=all")
        assert "A thin report." in text
        assert "Needs checking" in text
    assert "Needs checking" in reader.get("/e/rumour")


def test_a_stance_without_a_quote_is_labelled_source_only(
    reader: Reader, filled: dict[str, int]
) -> None:
    items = html.fromstring(reader.get("/c/acme")).xpath("//li[@class='ev']")
    labelled = {item.get("id"): "Source only" in item.text_content() for item in items}
    assert labelled == {"acme-sells": True, "acme-ends": False}


def test_text_from_outside_is_text(reader: Reader, writing: Writing) -> None:
    attack = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.stance("bad", firm, date(2024, 1, 1), summary=attack, scope=attack)
        ledger.link("bad", "javascript:alert(3)", "bad.example")
        ledger.link("bad", "https://good.example/x", "good.example")
        ledger.source(attack)
        ledger.document("stance", "bad", attack, attack, company="firm")
    for path in ("/", "/c/firm", "/e/bad", "/events", "/sources", f"/search?q={attack}"):
        page = html.fromstring(reader.get(path))
        assert page.xpath("//img") == [], path
        assert [one.text for one in page.xpath("//script") if one.text] == []
        links = [str(one) for one in page.xpath("//a/@href")]
        assert not any(one.startswith("javascript") for one in links)
        outside = [one for one in page.xpath("//a") if str(one.get("href")).startswith("http")]
        for one in outside:
            if "creativecommons" not in one.get("href"):
                assert one.get("rel") == "noopener nofollow ugc"


def test_a_day_of_the_past_shows_what_stood_then(reader: Reader, filled: dict[str, int]) -> None:
    then = reader.get("/c/acme?as_of=2020-07-01")
    assert "as they stood on" in then
    assert "won a contract" not in then
    assert "Continues" not in then.split("Timelines")[1].split('class="key"')[0]
    now = reader.get("/c/acme")
    assert "won a contract" in now
    data = reader.json("/c/acme.json?as_of=2020-07-01")["data"]
    assert isinstance(data, dict)
    assert [one["id"] for one in data["stances"]] == ["acme-ends"]
    assert data["standings"][0]["does"]["word"] == "stopped"
    assert data["standings"][0]["does"]["until"] is None
    assert "/c/acme/facial-recognition?as_of=2020-07-01" in then, "links keep the day"


def test_json_says_what_the_page_says(reader: Reader, filled: dict[str, int]) -> None:
    content = reader.json("/c/acme.json")
    assert content["licence"] == "CC BY 4.0, quotes excepted: they belong to their publishers"
    data = content["data"]
    assert isinstance(data, dict)
    assert data["facts"]["company"] == {"slug": "acme", "name": "Acme"}
    assert data["sentence"] in html.fromstring(reader.get("/c/acme")).text_content()
    first = data["stances"][1]
    assert first["id"] == "acme-ends"
    assert first["quote"]["text"] == QUOTE
    assert "text" not in first["quote"]["link"], "no page text leaves through JSON"


def test_csv_has_the_columns_of_the_export_and_no_formula(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.stance("sum", ids["acme"], date(2024, 2, 1), summary="=SUM(A1)")
        ledger.stance("marked", ids["acme"], date(2024, 2, 2), summary="'=SUM(A1)")
    rows = list(csv.DictReader(io.StringIO(reader.get("/c/acme.csv"))))
    wanted = {"id", "company", "brand", "topic", "topics", "act", "direction", "date", "level"}
    assert wanted | {"quote", "url", "origin"} <= set(rows[0])
    by_id = {row["id"]: row for row in rows}
    assert by_id["sum"]["summary"] == "'=SUM(A1)"
    assert by_id["marked"]["summary"] == "''=SUM(A1)"
    assert by_id["acme-ends"]["quote"] == QUOTE
    assert by_id["acme-sells"]["url"] == "https://news.example/acme-contract"
    assert by_id["acme-sells"]["direction"] == "-2"


def test_atom_is_well_formed_with_stable_ids(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.stance("odd", ids["acme"], date(2024, 2, 1), summary="a\x0bb & <c>")
    feed = etree.fromstring(reader.get("/c/acme.atom").encode())
    names = {"a": "http://www.w3.org/2005/Atom"}
    found = feed.xpath("//a:entry/a:id/text()", namespaces=names)
    assert "http://127.0.0.1:8000/e/acme-ends" in found
    titles = feed.xpath("//a:entry/a:title/text()", namespaces=names)
    assert "ab & <c>" in titles


def test_banners_tell_of_missing_mail_and_unread_sources(
    parts: Parts, reader: Reader, writing: Writing
) -> None:
    assert "No mail server is set up" in reader.get("/")
    assert "No source has been read" not in reader.get("/"), "there is no source to read"
    with writing() as ledger:
        ledger.source("Waiting")
    assert "No source has been read yet" in reader.get("/")
    with writing() as ledger:
        ledger.source("Ours", fault="ours")
    assert "The network of this machine could not be reached" in reader.get("/c")
    with writing() as ledger:
        ledger.source("Theirs", fault="theirs")
    assert "The network of this machine" not in reader.get("/c")
    with writing() as ledger:
        ledger.source("Well", last_ok=parts.now())
    assert "has been read yet" not in reader.get("/")
    mailing = Settings(mail=MailSettings(smtp_host="mail.example"))
    served = Reader(create_app(Parts(mailing, parts.database, parts.now)))
    assert "No mail server" not in served.get("/")


def test_health_of_every_source_shows(parts: Parts, reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.source("Well", last_ok=parts.now())
        ledger.source("Broken", fault="theirs")
        ledger.source("Dark", fault="ours")
    text = html.fromstring(reader.get("/sources")).text_content()
    assert "1 of 3 feeds read" in text
    assert "not reached through a fault of this machine" in text
    assert "the name could not be found" in text
    only = html.fromstring(reader.get("/sources?health=failing")).xpath("//tbody/tr")
    assert len(only) == 1


def test_health_is_503_when_the_scheduler_is_late(
    parts: Parts, reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.source("Due", due=parts.now())
    assert json.loads(reader.get("/healthz"))["healthy"] is True
    parts.now.advance(hours=3)
    assert json.loads(reader.get("/healthz", 503))["reason"] == "the scheduler is late"
    assert json.loads(reader.get("/readyz")) == {"ready": True}


def test_method_is_made_of_the_rules(reader: Reader, filled: dict[str, int]) -> None:
    from tracker.domain.position_table import TABLE

    page = html.fromstring(reader.get("/method"))
    rows = page.xpath("//h2[@id='table']/following::table[1]/tbody/tr")
    assert len(rows) == len(TABLE)
    assert "In force for now" in page.text_content()
    assert "Reference side: less use" in re.sub(r"\s+", " ", page.text_content())


def test_events_page_by_page(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        for number in range(45):
            ledger.stance(f"s{number:02}", firm, date(2024, 1, 1), summary=f"Step {number}.")
    first = html.fromstring(reader.get("/events")).xpath("//li[@class='ev']/@id")
    second = html.fromstring(reader.get("/events?page=2")).xpath("//li[@class='ev']/@id")
    assert len(first) == 40
    assert len(second) == 5
    assert not set(first) & set(second)
    assert "Page 1 of 2" in reader.get("/events")
    reader.get("/events?page=99999999999")
    reader.get("/events?page=3", status=404)
    for wrong in ("year=abc", "act=%27"):
        reader.get(f"/events?{wrong}", status=400)


def test_the_matrix_splits_where_words_and_deeds_differ(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.span(ids["globex"], "limited", date(2023, 1, 1), topic="dei")
        ledger.call("c9", "Rights Now", {ids["acme"]: "open"}, date(2024, 3, 1), topic="dei")
    rows = html.fromstring(reader.get("/matrix")).xpath("//table[@class='matrix']/tbody/tr")
    cells = {
        row.xpath("string(th)"): [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in rows
    }
    assert cells["Acme"][0] == "Says Stopped ↘ loosened in the last two years Does Continues"
    assert cells["Acme"][1] == "No statement asked 1 yr ago"
    assert cells["Globex"][0] == "Paused 4 yr, in words"
    assert cells["Globex"][1] == "In part 2 yr, in words"
    links = html.fromstring(reader.get("/matrix")).xpath("//td/a/@href")
    assert "/c/acme/facial-recognition" in links


def test_a_brand_has_a_page_of_its_own(reader: Reader, writing: Writing) -> None:
    from tracker.store.schema import ParentRow

    with writing() as ledger:
        ids = fill(ledger)
        bell = ledger.organisation("Bell")
        ledger.session.add(ParentRow(organisation_id=bell, parent_id=ids["acme"]))
        ledger.stance("bell-1", ids["acme"], date(2023, 1, 1), brand="Bell", summary="Bell sells.")
        ledger.span(ids["acme"], "continues", date(2023, 1, 1), brand="Bell", stance="bell-1")
    text = html.fromstring(reader.get("/c/bell")).text_content()
    assert "Bell sells." in text
    assert "owned by Acme" in text
    assert "Acme said it no longer sells" not in text
    lanes = html.fromstring(reader.get("/c/acme/facial-recognition")).xpath("//div[@class='lane']")
    assert len(lanes) == 2


def test_a_brand_without_an_organisation_has_one_too(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        owner = ledger.organisation("Initech")
        ledger.stance("b1", owner, date(2024, 1, 1), brand="Face Finder", summary="It was ended.")
        ledger.span(owner, "stopped", date(2024, 1, 1), brand="Face Finder", stance="b1")
    page = html.fromstring(reader.get("/c/face-finder"))
    assert page.xpath("string(//h1)").startswith("Face Finder")
    assert page.xpath("//li[@class='ev']/@id") == ["b1"]
    assert "owned by Initech" in " ".join(page.text_content().split())
    assert page.xpath("//a[@class='btn']/@href")[-1] == "/subscribe?company=initech"
    reader.get("/c/face-finders", status=404)
