"""Lists and the matrix take every filter of the grammar; other forms of a page keep them."""

import json

import pytest
from lxml import html
from sqlalchemy import select

from tests.web.conftest import Reader, Writing
from tracker.store.schema import OrganisationRow, ReactionRow


@pytest.fixture
def placed(writing: Writing, filled: dict[str, int]) -> None:
    """Acme is a maker of devices, German and American."""
    with writing() as ledger:
        acme = ledger.session.get_one(OrganisationRow, filled["acme"])
        acme.country, acme.sector = "DE/US", "devices-and-chips"
        group = select(OrganisationRow.id).where(OrganisationRow.slug == "rights-now")
        ledger.session.get_one(ReactionRow, "r1").actor_id = ledger.session.scalars(group).one()
        ledger.document("stance", "acme-sells", "Acme", "A contract for faces", level="reported")


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["acme-sells", "globex-pauses", "acme-ends"]),
        ("company=acme", ["acme-sells", "acme-ends"]),
        ("company=acme&company=globex&year=2020", ["globex-pauses", "acme-ends"]),
        ("topic=facial-recognition&act=pauses", ["globex-pauses"]),
        ("topic=facial_recognition&act=pauses,ends", ["globex-pauses", "acme-ends"]),
        ("country=DE", ["acme-sells", "acme-ends"]),
        ("country=us", ["acme-sells", "acme-ends"]),
        ("sector=devices-and-chips&after=2021", ["acme-sells"]),
        ("before=2020-06-10", ["acme-ends"]),
        ("track=does", ["acme-sells", "globex-pauses", "acme-ends"]),
        ("track=says", []),
        ("position=paused", ["globex-pauses"]),
        ("change=contradicted", ["acme-sells"]),
        ("source=tenders.example", ["acme-sells"]),
        ("level=confirmed", []),
        ("q=contract", ["acme-sells"]),
        ("q=contract+company:globex", []),
    ],
)
def test_events_are_narrowed(reader: Reader, placed: None, query: str, ids: list[str]) -> None:
    told = json.loads(reader.get(f"/events.json?{query}"))["data"]
    assert [one["id"] for one in told["stances"]] == ids
    assert told["total"] == len(ids)
    rows = reader.get(f"/events.csv?{query}").splitlines()[1:]
    assert [row.partition(",")[0] for row in rows] == ids
    page = html.fromstring(reader.get(f"/events?{query}"))
    assert [str(one) for one in page.xpath("//li[@class='ev']/@id")] == ids
    feed = reader.get(f"/events.atom?{query}")
    assert feed.count("<entry>") == len(ids)


@pytest.mark.parametrize(
    ("query", "ids", "companies"),
    [
        ("", ["acme-sells", "globex-pauses", "acme-ends"], ["Acme", "Globex"]),
        ("country=DE", ["acme-sells", "acme-ends"], ["Acme"]),
        ("sector=devices-and-chips&year=2020", ["acme-ends"], ["Acme"]),
        ("after=2024", ["acme-sells"], ["Acme", "Globex"]),
        ("track=says", [], ["Acme", "Globex"]),
        ("company=globex", ["globex-pauses"], ["Globex"]),
        ("level=confirmed", [], []),
        ("by=rights-now", ["acme-ends"], ["Acme", "Globex"]),
        ("kind=reaction", ["acme-ends"], ["Acme", "Globex"]),
        ("kind=call", [], ["Acme", "Globex"]),
    ],
)
def test_a_topic_is_narrowed_in_every_form(
    reader: Reader, placed: None, query: str, ids: list[str], companies: list[str]
) -> None:
    topic = "/t/facial-recognition"
    page = html.fromstring(reader.get(f"{topic}?{query}"))
    assert [str(one) for one in page.xpath("//li[@class='ev']/@id")] == ids
    lanes = page.xpath("//div[@class='lane']/h3/a")
    assert sorted(one.text_content() for one in lanes) == companies
    assert bool(page.xpath("//p[@class='then']")) == bool(query)
    told = json.loads(reader.get(f"{topic}.json?{query}"))["data"]
    assert [one["id"] for one in told["stances"]] == ids
    rows = reader.get(f"{topic}.csv?{query}").splitlines()[1:]
    assert [row.partition(",")[0] for row in rows] == ids
    assert reader.get(f"{topic}.atom?{query}").count("<entry>") == len(ids)


def test_a_company_is_narrowed(reader: Reader, placed: None) -> None:
    page = html.fromstring(reader.get("/c/acme?year=2020"))
    assert page.xpath("//li[@class='ev']/@id") == ["acme-ends"]
    assert "You see only: 2020." in page.xpath("string(//p[@class='then'])")
    assert "Sie sehen nur: <b>2020</b>." in reader.get("/c/acme?year=2020&lang=de")
    reader.get("/c/acme?topic=nothing", status=404)


def test_a_page_offers_what_occurs_on_it(reader: Reader, placed: None) -> None:
    def offered(path: str) -> dict[str, list[str]]:
        page = html.fromstring(reader.get(path))
        fields = page.xpath("//details[@class='narrow']//select")
        return {one.get("name"): one.xpath("option[@value!='']/@value") for one in fields}

    assert offered("/c/acme") == {
        "year": ["2024", "2020"],
        "track": ["says", "does"],
        "act": ["ends", "launches"],
        "level": ["confirmed", "all"],
    }
    assert offered("/c/acme?act=pauses")["act"] == ["ends", "pauses", "launches"]
    assert offered("/t/facial-recognition")["act"] == ["ends", "pauses", "launches"]
    assert offered("/t/dei").keys() == {"track", "level"}


def test_filters_are_named_in_german(reader: Reader, placed: None) -> None:
    page = reader.get("/events?country=DE&sector=devices-and-chips&lang=de")
    assert "Deutschland" in page
    assert "Geräte und Chips" in page
    wrong = reader.get("/events?act=eats&lang=de", status=400)
    assert "„eats“ ist kein Wert für „act“" in wrong


def test_what_is_chosen_can_be_saved_as_an_alert(reader: Reader, placed: None) -> None:
    page = html.fromstring(reader.get("/events?country=DE&act=ends"))
    assert page.xpath("//header//a[@class='btn']/@href") == ["/subscribe?act=ends&country=DE"]
    assert page.xpath("//select[@name='country']/option[@selected]/@value") == ["DE"]
    assert page.xpath("//select[@name='country']/option/@value") == ["", "DE", "US"]


@pytest.mark.parametrize(
    ("query", "companies"),
    [
        ("country=DE", ["Acme"]),
        ("company=globex", ["Globex"]),
        ("topic=dei", []),
        ("position=paused", ["Globex"]),
        ("track=says", ["Acme", "Globex"]),
        ("level=confirmed", []),
    ],
)
def test_the_matrix_is_narrowed(
    reader: Reader, placed: None, query: str, companies: list[str]
) -> None:
    page = html.fromstring(reader.get(f"/matrix?{query}"))
    assert [one.text_content() for one in page.xpath("//tbody/tr/th")] == companies
    rows = reader.get(f"/matrix.csv?{query}").splitlines()[1:]
    assert sorted({row.partition(",")[0] for row in rows}) == companies


def test_a_filter_that_is_none_is_named(reader: Reader, placed: None) -> None:
    assert "is no act" in reader.get("/events?act=eats", status=400)
    assert "is no country" in reader.get("/matrix?country=Germany", status=400)
    reader.get("/events?company=nobody", status=404)
