"""The form shows what followed calls and promises in the last twelve months, too."""

from datetime import date

from lxml import html

from tests.web.conftest import Reader, Writing


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
    assert "Acme on Facial recognition: Answered" in answers
    assert "Rights Now: Stop selling face recognition · 1 Oct 2024" in answers
    quiet = said(reader, "tell=silence&days=100")
    assert "you would have had one mail" in quiet
    assert "Globex on Facial recognition: 100 days without an answer" in quiet
    assert "9 Jan 2025" in quiet
    assert "had no mails" in said(reader, "tell=silence&days=100&company=acme")
    assert "had no mails" in said(reader, "tell=deadline&tell=overdue")
