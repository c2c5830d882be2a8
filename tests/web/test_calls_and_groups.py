"""Pages of calls, groups, comparisons, corrections and answers: they say what the records say."""

from datetime import UTC, date, datetime

import pytest
from lxml import html
from sqlalchemy import select

from tests.web.conftest import Parts, Reader, Writing, fill
from tests.web.ledger import Ledger
from tracker.domain.codes import CorrectionKind
from tracker.pipeline import review
from tracker.pipeline.review import Editor
from tracker.store import corrections, reviews
from tracker.store.schema import CallCallerRow, ReactionRow
from tracker.store.schema.ledger import RecordKind

NOW = datetime(2025, 2, 1, 9, tzinfo=UTC)


def with_group(ledger: Ledger) -> dict[str, int]:
    """The small ledger, in which Rights Now is a group of the register that asked and reacted."""
    ids = fill(ledger)
    ledger.call(
        "c2",
        "Rights Now",
        {ids["acme"]: "answered"},
        date(2020, 6, 6),
        answered_by=("acme-ends",),
        status_date=date(2020, 6, 8),
    )
    group = ledger.session.execute(select(ReactionRow).where(ReactionRow.id == "r1")).scalar_one()
    rights_now = ledger.group_of("Rights Now")
    group.actor_id = rights_now
    for caller in ledger.session.execute(select(CallCallerRow)).scalars():
        caller.organisation_id = rights_now
    return ids


def text_of(page: str) -> str:
    return " ".join(html.fromstring(page).xpath("string(//main)").split())


def test_a_call_tells_who_answered_and_by_what(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        with_group(ledger)
    text = text_of(reader.get("/calls/c2"))
    assert "The one company that was asked has answered." in text
    assert "Asked by Rights Now on 6 Jun 2020." in text
    assert "Answered, 8 Jun 2020" in text
    assert "Acme said it no longer sells face recognition." in text
    before = text_of(reader.get("/calls/c2?as_of=2020-06-07"))
    assert "No answer in substance of the one company that was asked is on record." in before
    reader.get("/calls/c2?as_of=2020-06-01", 404)
    reader.get("/calls/nothing", 404)
    data = reader.json("/calls/c2.json")["data"]
    assert isinstance(data, dict)
    assert data["addressees"][0]["line"]["status"] == "answered"
    assert reader.get("/calls/c2.csv").splitlines()[1].startswith("c2,Acme,Rights Now")


def test_a_group_tells_what_it_asked_and_how_fast_it_was_answered(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        with_group(ledger)
    text = text_of(reader.get("/o/rights-now"))
    assert "2 calls to 2 companies on record, with 1 answer in substance." in text
    assert "The one dated answer came after 2 days." in text
    assert "Acme: welcomed it" in text
    assert "Rights Now" in reader.get("/o")
    assert reader.get("/o.csv").splitlines()[1] == "Rights Now,rights-now,advocacy_group,2,1"
    page = html.fromstring(reader.get("/e/acme-ends"))
    assert "/o/rights-now" in page.xpath("//section[@aria-labelledby='reactions']//a/@href")
    reader.get("/o/nobody", 404)


def test_a_company_that_reacts_is_found_among_companies(
    reader: Reader, filled: dict[str, int]
) -> None:
    assert reader.get("/o/acme", 301)


def test_a_comparison_draws_what_they_share_and_lists_the_rest(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.stance("acme-dei", ids["acme"], date(2023, 1, 1), topic="dei")
    page = html.fromstring(reader.get("/compare?company=globex&company=acme"))
    assert page.xpath("string(//h1)") == "Globex and Acme compared"
    assert page.xpath("//h3[@class='part']/a/text()") == ["Facial recognition"]
    assert page.xpath("//div[@class='lane']//h3/a/text()") == ["Globex", "Acme"]
    alone = page.xpath("string(//ul[contains(@class, 'alone')])")
    assert "Diversity" in alone
    assert "Acme" in alone
    rows = reader.get("/compare.csv?company=globex&company=acme").splitlines()
    assert len(rows) == 1 + 4


@pytest.mark.parametrize(
    ("choice", "status"),
    [("", 200), ("?company=acme", 200), ("?company=acme&company=acme", 200),
     ("?company=acme&company=nobody", 404), ("?company=acme&company=globex&topic=nothing", 404),
     ("?company=a&company=b&company=c&company=d&company=e", 400)],
)  # fmt: skip
def test_a_comparison_takes_two_to_four_companies(
    reader: Reader, filled: dict[str, int], choice: str, status: int
) -> None:
    text = reader.get(f"/compare{choice}", status)
    if status == 200:
        assert "Choose two to four companies" in text


def test_what_a_company_answered_stands_beside_what_it_answers(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        denial = "Acme denied that the contract covers faces."
        ledger.stance("acme-denies", ids["acme"], date(2024, 5, 9), act="denies", summary=denial)
        ledger.stance("late", ids["acme"], date(2024, 12, 9), act="denies", summary="Long after.")
        ledger.stance("other", ids["globex"], date(2024, 5, 9), act="denies", summary="Not ours.")
        ledger.stance("named", ids["acme"], date(2025, 1, 1), act="ends", summary="It ended that.")
        ledger.relation("named", "answers", "acme-sells", decided=True)
    page = html.fromstring(reader.get("/e/acme-sells"))
    answered = page.xpath("string(//section[@aria-labelledby='replies'])")
    assert "What Acme answered" in answered
    assert denial in answered
    assert "It ended that." in answered
    assert "Long after." not in answered
    assert "Not ours." not in answered


def test_corrections_show_what_was_and_what_is(
    parts: Parts, reader: Reader, filled: dict[str, int]
) -> None:
    assert "Nothing that was public has been corrected so far." in reader.get("/corrections")
    with parts.database.transaction() as session:
        reviews.ask(session, RecordKind.STANCE, "globex-pauses", ["a check"], {}, NOW)
        record = (RecordKind.STANCE, "acme-ends")
        corrections.add(
            session, CorrectionKind.CHANGED, record, NOW, was="no longer sells", now="sells less"
        )
    (waiting,) = review.list_waiting(parts.database, 5)
    editor = Editor("Kim", parts.now(), "mail.example", why="the letter says July")
    review.accept(parts.database, waiting.id, editor, {"date": "2020-07-10"})
    text = text_of(reader.get("/corrections"))
    assert "Corrected by a person" in text
    assert "date: 2020-06-10" in text
    assert "2020-07-10" in text
    assert "The reason: the letter says July" in text
    assert "The sentence changed on its page" in text
    assert "no longer sells sells less" in text
    assert "Kim" not in text
    rows = reader.get("/corrections.csv").splitlines()
    assert len(rows) == 3
    assert "amended" in rows[1]


def test_events_can_be_narrowed_to_what_moved_a_position(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.stance("acme-again", ids["acme"], date(2024, 8, 1), summary="Acme said it again.")
    page = html.fromstring(reader.get("/events?moved=1&year=2024"))
    assert page.xpath("string(//h1)") == "What changed in 2024"
    assert page.xpath("//li[@class='ev']/@id") == ["acme-sells"]
    home = html.fromstring(reader.get("/"))
    assert "/events?moved=1&year=2024" in home.xpath("//p[@class='ways more']/a/@href")


def test_no_answer_came_before_its_question(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ids = fill(ledger)
        ledger.stance("no", ids["acme"], date(2020, 12, 1), act="denies", precision="month")
        ledger.call("c9", "Rights Now", {ids["acme"]: "answered"}, date(2020, 12, 12),
                    answered_by=("no",), status_date=date(2020, 12, 1))  # fmt: skip
    page = text_of(reader.get("/calls/c9"))
    assert "Answered" in page
    assert "-11" not in page
    assert "Leave them out" not in page, "a call has its page whatever its level"
    assert "-11" not in text_of(reader.get("/silent?show=all"))


def test_the_form_for_mail_asks_for_an_address(reader: Reader, filled: dict[str, int]) -> None:
    form = html.fromstring(reader.get("/subscribe?company=acme"))
    assert form.xpath("//input[@name='address']/@value") == [""]
