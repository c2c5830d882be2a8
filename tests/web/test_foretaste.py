"""The form shows what followed calls and promises in the last twelve months, too."""

from datetime import date

from lxml import html

from tests.web.conftest import Reader, Writing
from tests.web.test_commitments import promise
from tracker.store.schema import CallRow, PositionSpanRow


def said(reader: Reader, query: str) -> str:
    return " ".join(html.fromstring(reader.get(f"/subscribe?{query}")).text_content().split())


def test_answers_and_silences_of_the_last_year_are_counted(
    reader: Reader, writing: Writing, filled: dict[str, int]
) -> None:
    acme, globex = filled["acme"], filled["globex"]
    with writing() as ledger:
        ledger.call(
            "c2",
            "Rights Now",
            {acme: "answered"},
            date(2024, 9, 1),
            proof="letter",
            status_date=date(2024, 10, 1),
        )
        ledger.call("c3", "Rights Now", {globex: "open"}, date(2024, 10, 1), proof="letter")
    answers = said(reader, "tell=answer")
    assert "you would have had one mail" in answers
    assert "Acme on facial recognition: Answered" in answers
    assert "Rights Now: Stop selling face recognition · 1 Oct 2024" in answers
    quiet = said(reader, "tell=silence&days=100")
    assert "you would have had one mail" in quiet
    assert "Globex on facial recognition: 100 days without an answer" in quiet
    assert "9 Jan 2025" in quiet
    assert "had no mails" in said(reader, "tell=silence&days=100&company=acme")
    assert "had no mails" in said(reader, "tell=deadline&tell=overdue")


def test_deadlines_ends_of_pauses_and_overdue_promises_are_counted(
    reader: Reader, writing: Writing, filled: dict[str, int]
) -> None:
    acme, globex = filled["acme"], filled["globex"]
    with writing() as ledger:
        ledger.call("c2", "Rights Now", {globex: "open"}, date(2024, 9, 1), proof="letter")
        ledger.session.get_one(CallRow, "c2").deadline = date(2024, 10, 8)
        ledger.stance("pause", globex, date(2024, 6, 1), act="pauses", summary="Until the law")
        ledger.span(globex, "paused", date(2024, 6, 1), track="does", stance="pause")
        [span] = ledger.session.query(PositionSpanRow).filter_by(stance_id="pause")
        span.term = "until 2024-12-31"
        promise(ledger, "kept-late", acme, due=date(2024, 11, 30))
    told = said(reader, "tell=deadline&tell=overdue")
    assert "you would have had four mails" in told
    for line in (
        "Globex on facial recognition: pause ends soon Until the law · 1 Dec 2024",
        "Acme on facial recognition: promise overdue Stop selling it · 1 Dec 2024",
        "Acme on facial recognition: deadline near Stop selling it · 31 Oct 2024",
        "Globex on facial recognition: deadline near Rights Now: Stop selling face recognition"
        " · 1 Oct 2024",
    ):
        assert line in told
    assert "you would have had one mail" in said(reader, "tell=overdue&company=acme")
