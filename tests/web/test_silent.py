"""What may be said of calls without an answer (ledger, section E)."""

from datetime import date, datetime, timedelta

from lxml import html

from tests.web.conftest import NOW, Parts, Reader, Writing
from tests.web.ledger import Ledger
from tracker.store.schema import ArticleRow, SourceDayRow
from tracker.store.views import calls
from tracker.store.views.records import Lens


def said(reader: Reader, path: str = "/silent") -> list[str]:
    cells = html.fromstring(reader.get(path)).xpath("//tbody/tr/td[last()]")
    return [" ".join(str(cell.text_content()).split()) for cell in cells]


def watched(ledger: Ledger, company: int, *, checked: datetime = NOW, news: int = 3) -> None:
    """A channel of the company and news sources that speak of it, all read in time."""
    own = ledger.source("Own channel", last_ok=checked, organisation=company, tier="primary")
    numbers = [own] + [ledger.source(f"News {n}", last_ok=checked) for n in range(news)]
    ledger.stance("told", company, date(2024, 12, 1), origin="extracted")
    for place, number in enumerate(numbers):
        ledger.quote("told", url=f"https://n{place}.example/a", host=f"n{place}.example")
        article = ledger.session.query(ArticleRow).order_by(ArticleRow.id.desc()).first()
        assert article is not None
        article.source_id, article.first_seen = number, NOW - timedelta(days=30)
        ledger.session.add(SourceDayRow(source_id=number, day=date(2025, 1, 2), good=3))
    ledger.session.flush()


def test_a_starter_call_repeats_what_was_recorded(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "Rights Now", {firm: "open"}, date(2021, 5, 6))
    assert said(reader) == ["no answer on record, as recorded by group.example, 6 May 2021"]
    text = html.fromstring(reader.get("/silent")).text_content()
    assert "1 call on 1 company without an answer in substance on record" in text
    assert "Firm is silent" not in text


def test_an_own_call_is_pending_first(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "Rights Now", {firm: "open"}, date(2025, 2, 20), origin="extracted")
    assert said(reader) == ["asked 20 Feb 2025; time to answer until 22 Mar 2025"]


def test_nothing_found_needs_a_delivered_call_and_healthy_sources(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "open"}, date(2025, 1, 3), origin="extracted", proof="reply")
        watched(ledger, firm)
    assert said(reader) == ["nothing found in 4 sources, last checked just now"]


def test_an_undelivered_call_is_only_open(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "open"}, date(2025, 1, 3), origin="extracted")
        watched(ledger, firm)
    assert said(reader) == [
        "open; this installation does not yet read enough about Firm to say more"
    ]


def test_two_news_sources_or_late_ones_are_not_enough(parts: Parts, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        few, late = ledger.organisation("Few"), ledger.organisation("Late")
        watched(ledger, few, news=2)
    with parts.database.reading() as session:
        assert calls.coverage(session, [few, late], NOW) == {}
        assert calls.coverage(session, [few], NOW + timedelta(hours=3)) == {}


def test_coverage_counts_the_sources_and_names_the_first_healthy_day(
    parts: Parts, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        watched(ledger, firm)
    with parts.database.reading() as session:
        found = calls.coverage(session, [firm], NOW)[firm]
        assert (found.sources, found.since, found.last_checked) == (4, date(2025, 1, 2), NOW)
        assert calls.coverage(session, [firm], NOW + timedelta(hours=2, minutes=1)) == {}


def test_answered_calls_show_when_asked_for(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.stance("s", firm, date(2021, 6, 1))
        ledger.call(
            "c", "G", {firm: "answered"}, date(2021, 5, 6),
            answered_by=("s",), status_date=date(2021, 6, 1),
        )  # fmt: skip
    assert said(reader) == []
    assert said(reader, "/silent?show=all") == ["Answered, 1 Jun 2021 record"]


def test_a_call_stands_as_it_did_on_a_day(parts: Parts, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "answered"}, date(2021, 5, 6), status_date=date(2021, 6, 1))
    with parts.database.reading() as session:
        before = calls.targets(session, Lens(date(2021, 5, 20)), NOW)
        after = calls.targets(session, Lens(date(2021, 7, 1)), NOW)
        assert [(one.status, one.days) for one in before] == [("open", 14)]
        assert after == []
        assert calls.targets(session, Lens(date(2021, 5, 1)), NOW) == []
