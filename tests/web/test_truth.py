"""Sentences and figures of the pages claim no more than the records hold."""

from datetime import date

from lxml import html

from tests.web.conftest import Reader, Writing
from tracker.store.schema import (
    CallCallerRow,
    CallRow,
    PositionSpanRow,
    StanceRow,
    StanceTopicRow,
)


def text_of(page: str) -> str:
    return " ".join(html.fromstring(page).xpath("string(//main)").split())


def test_a_call_on_two_companies_is_one_call_and_a_month_is_no_day(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm, other = ledger.organisation("Firm"), ledger.organisation("Other")
        ledger.call("c", "Rights Now", {firm: "open", other: "ignored"}, date(2025, 1, 1))
        ledger.session.query(CallRow).one().precision = "month"
    text = text_of(reader.get("/silent"))
    assert "1 call on 2 companies without an answer in substance on record" in text
    assert "Jan 2025 ≥ 29 " in text
    assert "asked at least 29 days ago" in text_of(reader.get("/c/firm"))
    lines = reader.json("/silent.json")["data"]["calls"]  # type: ignore[index]
    assert [(one["days"], one["days_at_least"]) for one in lines] == [(29, True)] * 2
    assert "2025-01-01,month," in reader.get("/silent.csv").splitlines()[1]
    assert "No answer on record, as recorded by group.example" in text
    assert "No answer on record; the call as recorded by group.example" in text


def test_a_call_that_lapsed_was_not_answered(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm, other = ledger.organisation("Firm"), ledger.organisation("Other")
        ledger.call("c", "Rights Now", {firm: "answered", other: "superseded"}, date(2021, 5, 6))
    text = text_of(reader.get("/calls/c"))
    assert "Of two companies asked, one has an answer in substance on record." in text


def test_what_needs_checking_is_told_where_it_is_left_out(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.stance("weak", firm, date(2024, 1, 1), level="unconfirmed")
    for path in ("/c/firm", "/c/firm/facial-recognition", "/t/facial-recognition"):
        assert "One more event needs checking" in text_of(reader.get(path))
        assert "needs checking:" not in text_of(reader.get(f"{path}?level=all"))
    assert "No event of Firm is on record." not in text_of(reader.get("/c/firm"))


def test_lists_are_in_the_order_of_names_and_years_and_an_empty_one_counts_nothing(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        for place, name in enumerate(("eBay", "Zoom", "Acme")):
            firm = ledger.organisation(name)
            ledger.stance(name.lower(), firm, date(2024 - place // 2, 5, 6))
    names = html.fromstring(reader.get("/c")).xpath("//th[@scope='row']//text()")
    assert [name for name in names if name.strip()] == ["Acme", "eBay", "Zoom"]
    assert html.fromstring(reader.get("/events")).xpath("//h2//text()") == ["2024", "2023"]
    assert "No open call is on record." in text_of(reader.get("/silent"))
    assert "0 calls" not in text_of(reader.get("/silent"))


def test_a_day_in_a_sentence_stays_on_one_line(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm & <Co>", slug="firm")
        ledger.stance("one", firm, date(2024, 5, 6))
        ledger.span(firm, "stopped", date(2024, 5, 6), stance="one")
    page = html.fromstring(reader.get("/c/firm"))
    assert page.xpath("//p[@class='dek']/span[@class='day']/text()") == ["6 May 2024"]
    assert "Firm & <Co> has a position on one topic" in page.xpath("string(//p[@class='dek'])")


def test_the_list_of_topics_counts_what_their_pages_list(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        ledger.topic("dei", name="Diversity", place=1)
        firm = ledger.organisation("Firm")
        ledger.stance("one", firm, date(2024, 1, 1))
        ledger.session.add(StanceTopicRow(stance_id="one", place=1, topic="dei"))
    assert "Diversity 1 event of 1 company" in text_of(reader.get("/t"))
    assert "1 event, no feed" in text_of(reader.get("/t/dei"))


def test_links_alone_show_no_independence_and_a_month_no_day(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.stance("one", firm, date(2020, 6, 1), precision="month")
        ledger.link("one", "https://a.example/1", "a.example")
        ledger.link("one", "https://b.example/1", "b.example")
        ledger.span(firm, "stopped", date(2020, 6, 1), stance="one")
        ledger.session.query(PositionSpanRow).one().precision = "month"
        ledger.reaction("r", "unspecified", "welcomes", stance="one")
    page = reader.get("/c/firm")
    assert "independent" not in text_of(page)
    assert "from Jun 2020 Stopped (says)" in page
    assert "from 1 Jun 2020" not in page
    assert "unspecified" not in text_of(page)
    assert "unnamed" in text_of(page)
    assert "nothing shows how many are independent" in text_of(reader.get("/e/one"))


def test_many_who_reacted_and_a_missing_answer_are_told_in_words_that_fit(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.stance("none", firm, date(2021, 7, 1), act="silent", summary=None)
        ledger.reaction("r", "Firm employees", "demands", stance="none")
    text = text_of(reader.get("/c/firm"))
    assert "Firm employees (advocacy group) made a demand" in text
    assert "No answer, as the asker records" in text
    assert "Statement No answer" not in text


def test_a_group_is_said_to_have_asked_companies_as_often_as_its_page_lists(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        group = ledger.organisation("Rights Now", kind="advocacy_group")
        firm, other = ledger.organisation("Firm"), ledger.organisation("Other")
        ledger.call("c", "Rights Now", {firm: "superseded", other: "open"}, date(2021, 5, 6))
        ledger.call("lawmakers", "Rights Now", {}, date(2021, 5, 7))
        for caller in ledger.session.query(CallCallerRow):
            caller.organisation_id = group
    assert reader.get("/o.csv").splitlines()[1] == "Rights Now,rights-now,advocacy_group,1,0"
    text = text_of(reader.get("/o/rights-now"))
    assert "1 call to 2 companies on record, with no answer in substance." in text


def test_a_day_counts_the_reactions_up_to_it(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.stance("one", firm, date(2024, 1, 1))
        ledger.reaction("r", "Rights Now", "welcomes", stance="one", day=date(2024, 1, 9))
    assert "1 event of 1 company, 0 reactions" in text_of(reader.get("/?as_of=2024-01-08"))
    assert "1 event of 1 company, 1 reaction" in text_of(reader.get("/?as_of=2024-01-09"))


def test_a_pledge_is_not_in_force_and_stands_once_with_all_who_made_it(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic("climate", name="Climate", kind="protection")
        for name in ("Firm", "Other", "Third"):
            company = ledger.organisation(name)
            id_ = ledger.stance(f"of-{name}", company, date(2025, 2, 20), topic="climate")
            ledger.span(company, "stopped", date(2025, 2, 20), topic="climate", stance=id_)
            ledger.session.get_one(StanceRow, id_).joint_id = "pact"
        ledger.span(company, "stopped", date(2025, 2, 25), topic="climate", track="does")
        ledger.topic(place=1)
        for name in ("One", "Two", "Three"):
            company = ledger.organisation(name)
            ledger.span(company, "paused", date(2025, 1, 9))
    (table,) = html.fromstring(reader.get("/matrix")).find_class("matrix")
    assert table.xpath("./thead//a/text()") == ["Facial recognition", "Climate"]
    text = text_of(reader.get("/c/firm/climate"))
    assert "In words: “Pledged in full” since 20 Feb 2025." in text
    assert "In force since" not in text
    for path in ("/c/third", "/c/third/climate"):
        assert "In force" in text_of(reader.get(path)), "a deed bears it out"
    assert "Firm,,climate,stopped,,2025-02-20,Pledged in full," in reader.get("/matrix.csv")
    for path in ("/events", "/t/climate"):
        (listed,) = html.fromstring(reader.get(path)).find_class("ev")
        assert sorted(listed.xpath(".//p[@class='with']/a/text()")) != []
        named = [*listed.xpath(".//a[@class='co']/text()"), *listed.xpath(".//p/a/text()")]
        assert {"Firm", "Other", "Third"} <= set(named)
    cards = [one.text_content() for one in html.fromstring(reader.get("/")).find_class("card")]
    assert len([one for one in cards if "20 Feb 2025" in one]) == 1
    assert "and 2 more companies" in text_of(reader.get("/"))


def test_evidence_of_long_ago_is_grey_and_said_to_be_old(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        old, new = ledger.organisation("Old"), ledger.organisation("New")
        for company, day in ((old, date(2016, 5, 6)), (new, date(2024, 5, 6))):
            id_ = ledger.stance(f"s{company}", company, day)
            ledger.span(company, "stopped", day, stance=id_)
    page = html.fromstring(reader.get("/t/facial-recognition"))
    veiled = [
        lane.findtext(".//h3/a") for lane in page.find_class("lane") if lane.find_class("veil")
    ]
    assert veiled == ["Old"]
    assert [one.text_content().strip() for one in page.find_class("aged")] == ["SaysStopped"]
    assert "The last evidence is more than five years old" in text_of(reader.get("/c/old"))
    assert 'opacity=".72"' in reader.get("/c/old.svg")
    assert 'opacity=".72"' not in reader.get("/c/new.svg")
