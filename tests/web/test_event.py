"""The page of one event: the proof, how much of a text may be public, and what surrounds it."""

from datetime import date
from typing import Any

from lxml import html

from tests.web.conftest import Reader, Writing, fill
from tests.web.ledger import QUOTE


def test_the_quote_stands_between_its_neighbours_and_nothing_more(
    reader: Reader, filled: dict[str, int]
) -> None:
    text = reader.get("/e/acme-ends")
    proof = html.fromstring(text).xpath("//figure[@class='proof']")[0]
    assert proof.xpath(".//mark/text()") == [QUOTE]
    dimmed = proof.xpath(".//span[@class='dim']/text()")
    assert dimmed == [
        "Acme wrote to the committee on Monday.",
        "The letter runs to two pages.",
    ]
    assert "no page may show" not in text
    assert "Nobody asked for it" not in text
    assert "9 Jun 2020, 15:00 UTC" in proof.text_content()
    assert "SHA-256" in proof.text_content()
    everything = str(reader.json("/e/acme-ends.json"))
    assert "no page may show" not in everything
    assert "Nobody asked for it" not in everything


def test_a_long_quote_is_cut_to_three_hundred_characters(reader: Reader, writing: Writing) -> None:
    sentence = "Firm " + "will never again sell any of it to anybody at all and " * 8 + "stops."
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.stance("long", firm, date(2024, 1, 1), origin="extracted", summary=None)
        ledger.quote("long", text=f"One. {sentence} Two.", quote=sentence)
    shown = html.fromstring(reader.get("/e/long")).xpath("//figure//mark/text()")[0]
    assert len(shown) <= 300
    assert shown.endswith("…")
    assert sentence not in str(reader.json("/events.json"))


def test_sources_are_grouped_by_tier_and_copies_of_a_text_count_once(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.host("primary.example", "primary")
        ledger.stance("s", firm, date(2024, 1, 1), origin="extracted")
        first = ledger.quote("s", url="https://one.example/a", host="one.example")
        ledger.quote("s", url="https://two.example/a", host="two.example", copy_of=first)
        ledger.link("s", "https://primary.example/letter", "primary.example")
    page = html.fromstring(reader.get("/e/s"))
    assert "3 pages, 2 independent reports" in page.text_content()
    tiers = page.xpath("//section[@aria-labelledby='sources']/h3/text()")
    assert tiers == [
        "Primary sources: the company itself, filings, courts, regulators",
        "Reliable reporting",
    ]


def test_a_sentence_that_vanished_from_its_page_says_so(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.stance("s", firm, date(2024, 1, 1), origin="extracted")
        ledger.quote("s", state="vanished")
    assert "this sentence has since vanished from the page" in reader.get("/e/s")


def test_reactions_stand_in_two_columns(reader: Reader, filled: dict[str, int]) -> None:
    columns = html.fromstring(reader.get("/e/acme-ends")).xpath("//div[@class='two']/div")
    assert "Rights Now" in columns[0].text_content()
    assert "Privacy League" not in columns[0].text_content()
    assert "Called it a stunt." in columns[1].text_content()


def test_a_stance_without_a_quote_says_that_none_is_stored(
    reader: Reader, filled: dict[str, int]
) -> None:
    text = reader.get("/e/acme-sells")
    assert "Source only." in text
    assert "tenders.example" in text
    assert "No person of this installation has checked it yet" in text


def test_what_it_answers_counts_days_and_claims_no_cause(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.call(
            "c2",
            "Rights Now",
            {ids["globex"]: "partially_answered"},
            date(2020, 6, 8),
            answered_by=("globex-pauses",),
            status_date=date(2020, 6, 10),
        )
    text = html.fromstring(reader.get("/e/globex-pauses")).text_content()
    assert "Answered in part, 2 days after the call" in text
    assert "because" not in text


def test_a_relation_that_nobody_decided_is_not_shown(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        fill(ledger)
        ledger.relation("acme-sells", "contradicts", "acme-ends", decided=False)
    assert "Contradict" not in reader.get("/e/acme-ends")
    assert "contradicts" not in str(reader.json("/e/acme-ends.json"))


def test_relations_read_from_both_ends(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        fill(ledger)
        ledger.relation("acme-sells", "reverses", "acme-ends", decided=True)
    assert "Reverses:" in reader.get("/e/acme-sells")
    assert "Reversed by:" in reader.get("/e/acme-ends")


def test_history_names_programs_but_no_person(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        fill(ledger)
        ledger.history("acme-ends", "maria", "edited", "the scope was too wide")
    text = reader.get("/e/acme-ends")
    assert "rules 1.0" in text
    assert "maria" not in text
    assert "a person of this installation: the scope was too wide" in text
    assert "maria" not in str(reader.json("/e/acme-ends.json"))


def test_an_event_that_sets_no_position_shows_the_one_in_force(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.stance("talk", ids["acme"], date(2021, 1, 1), act="discloses", direction=0)
        ledger.stance("first", ids["globex"], date(2019, 1, 1), act="discloses", direction=0)
    assert "position unchanged" in reader.get("/e/talk")
    assert "This event sets no position." in reader.get("/e/first")


def test_others_are_the_nearest_in_time_however_many_came_later(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm, other = ledger.organisation("Firm"), ledger.organisation("Other")
        ledger.stance("old", firm, date(2016, 5, 6))
        ledger.stance("near", other, date(2016, 6, 1), summary="Other stopped too.")
        ledger.stance("denied", firm, date(2016, 6, 2), act="denies", summary="Firm denies it.")
        ledger.stance("far", other, date(2016, 9, 1), act="denies", summary="Other denies it.")
        for n in range(501):
            ledger.stance(f"later-{n}", (firm, other)[n % 2], date(2024, 1, 1))
    page = html.fromstring(reader.get("/e/old"))
    assert page.xpath("//section[h2[@id='others']]//li//a/@href") == ["/e/near"]
    told: Any = reader.json("/e/old.json")["data"]
    assert [one["id"] for one in told["others"]] == ["near"]
    assert [one["id"] for one in told["replies"]] == ["denied"]
