"""The page of promises: where each stands on a day, and nothing that waits for a person."""

from datetime import date

from lxml import html

from tests.web.conftest import Reader, Writing
from tests.web.ledger import Ledger
from tracker.store.schema import CommitmentRow, CommitmentStepRow


def promise(
    ledger: Ledger,
    id_: str,
    company: int,
    *,
    due: date | None = date(2025, 4, 30),
    condition: str | None = None,
    review_state: str = "accepted",
    steps: tuple[tuple[str, date], ...] = (("not_due", date(2024, 5, 1)),),
) -> None:
    ledger.stance(f"{id_}-said", company, date(2024, 5, 1), act="commits")
    row = CommitmentRow(
        id=id_,
        company_id=company,
        topic="facial_recognition",
        stance_id=f"{id_}-said",
        promised="Stop selling it",
        date=date(2024, 5, 1),
        precision="day",
        due=due,
        due_precision="day",
        condition=condition,
        review_state=review_state,
        origin="editor",
    )
    row.steps = [
        CommitmentStepRow(state=state, date=day, precision="day", corrects=False)
        for state, day in steps
    ]
    ledger.session.add(row)
    ledger.session.flush()


def rows(reader: Reader, path: str = "/commitments") -> list[list[str]]:
    found = html.fromstring(reader.get(path)).xpath("//tbody/tr")
    return [
        [" ".join(str(cell.text_content()).split()) for cell in row.xpath("./th|./td")]
        for row in found
    ]


def test_promises_stand_with_their_day_and_state(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        firm = ledger.organisation("Firm")
        promise(ledger, "p", firm)
        promise(ledger, "q", firm, due=None, condition="a law exists")
        promise(ledger, "waits", firm, review_state="proposed")
    first, second = rows(reader)
    assert first[0] == "Firm"
    assert first[3:] == ["30 Apr 2025 60 days left", "Not due yet"]
    assert second[3] == "a law exists"
    assert rows(reader, "/commitments?state=kept") == []
    assert len(rows(reader, "/commitments?company=firm&topic=facial-recognition")) == 2


def test_a_promise_stands_as_it_did_on_a_day(reader: Reader, writing: Writing) -> None:
    moved = (("not_due", date(2024, 5, 1)), ("withdrawn", date(2024, 9, 1)))
    with writing() as ledger:
        ledger.topic()
        promise(ledger, "p", ledger.organisation("Firm"), steps=moved)
    (now,) = rows(reader)
    assert now[4].startswith("Withdrawn by the company, 1 Sep 2024 How it came to stand there")
    (before,) = rows(reader, "/commitments?as_of=2024-08-31")
    assert before[4] == "Not due yet"
    assert rows(reader, "/commitments?as_of=2024-04-30") == []


def test_the_page_is_there_as_data(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        ledger.topic()
        promise(ledger, "p", ledger.organisation("Firm"))
    table = reader.get("/commitments.csv").splitlines()
    assert table[0].startswith("id,company,brand,topic,promised,date,due,condition,state")
    assert table[1].startswith("p,Firm,,facial_recognition,Stop selling it,2024-05-01,2025-04-30")
    assert '"state": "not_due"' in reader.get("/commitments.json").replace('":"', '": "')
