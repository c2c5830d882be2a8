"""What may be said of calls without an answer (ledger, section E)."""

from datetime import date, datetime, timedelta

from lxml import html

from tests.web.conftest import NOW, Parts, Reader, Writing
from tests.web.ledger import Ledger
from tracker.store.schema import ArticleRow, CallTargetRow, SourceDayRow
from tracker.store.views import calls, coverage
from tracker.store.views.records import Lens


def said(reader: Reader, path: str = "/silent") -> list[str]:
    cells = html.fromstring(reader.get(path)).xpath("//tbody/tr/td[last()]")
    return [" ".join(str(cell.text_content()).split()) for cell in cells]


def watched(
    ledger: Ledger,
    company: int,
    *,
    checked: datetime = NOW,
    news: int = 3,
    without: tuple[date, ...] = (),
) -> None:
    """A channel of the company and news sources that speak of it, read daily since 2 January."""
    own = ledger.source("Own channel", last_ok=checked, organisation=company, tier="primary")
    numbers = [own] + [ledger.source(f"News {n}", last_ok=checked) for n in range(news)]
    ledger.stance("told", company, date(2024, 12, 1), origin="extracted")
    for place, number in enumerate(numbers):
        ledger.quote("told", url=f"https://n{place}.example/a", host=f"n{place}.example")
        article = ledger.session.query(ArticleRow).order_by(ArticleRow.id.desc()).first()
        assert article is not None
        article.source_id, article.first_seen = number, NOW - timedelta(days=30)
        for day in days(date(2025, 1, 2), NOW.date()):
            if day not in without:
                ledger.session.add(SourceDayRow(source_id=number, day=day, good=3))
    ledger.session.flush()


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def test_a_starter_call_repeats_what_was_recorded(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "Rights Now", {firm: "open"}, date(2021, 5, 6))
    assert said(reader) == [
        "No answer on record; the call as recorded by group.example, 6 May 2021"
    ]
    text = html.fromstring(reader.get("/silent")).text_content()
    assert "1 call on 1 company without an answer in substance on record" in text
    assert "Firm is silent" not in text


def test_an_own_call_is_pending_first(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "Rights Now", {firm: "open"}, date(2025, 2, 20), origin="extracted")
    assert said(reader) == ["Asked 20 Feb 2025; time to answer until 22 Mar 2025"]


def test_no_answer_found_needs_a_delivered_call_and_healthy_sources(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "open"}, date(2025, 1, 3), origin="extracted", proof="reply")
        watched(ledger, firm)
    since = (NOW.date() - date(2025, 1, 3)).days
    assert said(reader) == [
        f"No answer found in 4 sources, last checked just now, {since} days since 3 Jan 2025"
    ]


def test_days_on_which_coverage_failed_are_named_and_not_counted(
    reader: Reader, writing: Writing
) -> None:
    lost = (date(2025, 1, 10), date(2025, 1, 11), date(2025, 1, 20))
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "open"}, date(2025, 1, 3), origin="extracted", proof="reply")
        watched(ledger, firm, without=lost)
    since = (NOW.date() - date(2025, 1, 3)).days - 3
    assert said(reader) == [
        f"No answer found in 4 sources, last checked just now, {since} days since 3 Jan 2025; "
        "not counted, for too little was read: 10 Jan 2025 – 11 Jan 2025, 20 Jan 2025"
    ]


def test_days_before_this_installation_watched_are_told_as_recorded(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "open"}, date(2021, 5, 6), proof="reply")
        watched(ledger, firm)
    ours = (NOW.date() - date(2025, 1, 2)).days
    assert said(reader) == [
        f"No answer found in 4 sources, last checked just now, {ours} days since 2 Jan 2025; "
        "no answer on record; the call as recorded by group.example, 6 May 2021"
    ]


def test_a_company_that_is_only_one_of_a_class_is_never_said_to_be_silent(
    reader: Reader, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "open"}, date(2025, 1, 3), origin="extracted", proof="reply")
        ledger.session.query(CallTargetRow).one().of_class = "Acme's competitors"
        watched(ledger, firm)
    assert said(reader) == ["Open; the call speaks of “Acme's competitors” and does not name Firm"]


def test_an_undelivered_call_is_only_open(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "open"}, date(2025, 1, 3), origin="extracted")
        watched(ledger, firm)
    assert said(reader) == ["Open; nothing on record shows that the call reached Firm"]


def test_two_news_sources_or_late_ones_are_not_enough(parts: Parts, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        few = ledger.organisation("Few")
        watched(ledger, few, news=2)
    with parts.database.reading() as session:
        assert not coverage.watches(session, [few], NOW)[few].healthy_now
        assert coverage.watches(session, [few], NOW)[few].first is None


def test_coverage_counts_the_sources_and_names_the_first_healthy_day(
    parts: Parts, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        watched(ledger, firm)
    with parts.database.reading() as session:
        found = coverage.watches(session, [firm], NOW)[firm]
        assert (found.sources, found.first, found.last_checked) == (4, date(2025, 1, 2), NOW)
        late = coverage.watches(session, [firm], NOW + timedelta(hours=2, minutes=1))[firm]
        assert not late.healthy_now


def test_those_who_asked_can_be_told_how_long_a_silence_lasts(
    parts: Parts, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "open"}, date(2025, 1, 3), origin="extracted", proof="reply")
        ledger.call("d", "G", {firm: "answered"}, date(2025, 1, 3), proof="reply")
        watched(ledger, firm)
    with parts.database.reading() as session:
        (found,) = calls.silences(session, Lens(NOW.date()), NOW)
    assert (found.call.id, found.target) == ("c", "firm")
    assert found.silence.days == (NOW.date() - date(2025, 1, 3)).days


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
    assert said(reader, "/silent?show=all") == [
        "Answered, 1 Jun 2021 reply and decision after 26 days, in effect after 26 days record"
    ]


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


def test_a_call_that_was_answered_later_waited_on_the_day(parts: Parts, writing: Writing) -> None:
    with writing() as ledger:
        topic = ledger.topic()
        firm = ledger.organisation("Firm")
        ledger.call("c", "G", {firm: "answered"}, date(2021, 5, 6), status_date=date(2021, 6, 1))
    with parts.database.reading() as session:
        asked = {(firm, topic): date(2021, 5, 6)}
        assert calls.first_asked(session, Lens(date(2021, 5, 20))) == asked
        assert calls.first_asked(session, Lens(date(2021, 7, 1))) == {}


def test_many_are_told_on_pages_with_lasting_addresses(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firms = [ledger.organisation(f"Firm {n:03}") for n in range(130)]
        ledger.call("old", "Rights Now", dict.fromkeys(firms, "open"), date(2021, 5, 6))
        ledger.call("new", "Rights Now", {firms[7]: "open"}, date(2024, 5, 6))
    first = html.fromstring(reader.get("/silent"))
    assert "2 calls on 130 companies without an answer" in first.text_content()
    (later,) = first.xpath("//nav[@class='pages']/a")
    assert (later.get("href"), later.get("rel")) == ("/silent?page=2", "next")
    told = [first, html.fromstring(reader.get(later.get("href")))]
    assert told[1].xpath("//nav[@class='pages']/a/@href") == ["/silent?page=1"]
    names = [[row.findtext("th/a") for row in page.xpath("//tbody/tr")] for page in told]
    assert [len(found) for found in names] == [100, 31]
    assert names[1][-1] == "Firm 007", "asked last"
    for form in ("json", "csv"):
        there = reader.get(f"/silent.{form}?page=2")
        assert [n for n in range(130) if f"Firm {n:03}" in there] == [7, *range(100, 130)]
    assert reader.get("/silent.atom").index("/calls/new") < reader.get("/silent.atom").index("old")
    reader.get("/silent?page=9", status=404)
    assert len(html.fromstring(reader.get("/silent?show=all&page=2")).xpath("//tbody/tr")) == 31
