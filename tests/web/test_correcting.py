"""What readers send in: kept, limited, put before a person, and answered by a receipt."""

from flask.testing import FlaskClient
from lxml import html

from tests.web.conftest import BASE, Parts, Reader
from tracker.config import Settings
from tracker.pipeline import review
from tracker.pipeline.review import Editor
from tracker.store.schema.ledger import ReviewKind
from tracker.web import create_app

TEXT = "The letter is of 9 June, not of 8 June; the scan on our page shows it."
SENT = {
    "about": "/e/acme-ends",
    "text": TEXT,
    "sender": "company",
    "source": "https://acme.example",
}


def client_of(parts: Parts) -> FlaskClient:
    return create_app(Parts(Settings(), parts.database, parts.now)).test_client()


def test_what_is_sent_in_waits_for_a_person_and_gets_a_receipt(
    parts: Parts, filled: dict[str, int]
) -> None:
    client = client_of(parts)
    answer = client.post("/correct", data={**SENT, "contact": "press@acme.example"}, base_url=BASE)
    assert answer.status_code == 303
    receipt = answer.headers["Location"]
    waiting = review.list_waiting(parts.database, 10)
    assert [one.kind for one in waiting] == [ReviewKind.SUBMISSION]
    assert waiting[0].proposed["says"] == TEXT
    assert waiting[0].proposed["page"] == "/e/acme-ends"
    text = client.get(receipt, base_url=BASE).get_data(as_text=True)
    assert "It waits for a person" in text
    assert TEXT in text
    assert "press@acme.example" not in text, "an address to ask back is for staff"

    editor = Editor("Kim", parts.now(), "mail.example", why="the scan is clear")
    assert review.accept(parts.database, waiting[0].id, editor) == 0
    text = client.get(receipt, base_url=BASE).get_data(as_text=True)
    assert "A person looked at it and agrees" in text
    assert "the scan is clear" in text
    assert "Kim" not in text, "staff are not named"


def test_rejecting_what_was_sent_in_leaves_the_record_as_it_is(
    parts: Parts, filled: dict[str, int], reader: Reader
) -> None:
    client_of(parts).post("/correct", data=SENT, base_url=BASE)
    (waiting,) = review.list_waiting(parts.database, 10)
    assert review.describe(parts.database, waiting.id)["proposed"]["says"] == TEXT
    review.reject(parts.database, waiting.id, Editor("Kim", parts.now(), "mail.example"))
    assert "Acme said it no longer sells face recognition." in reader.get("/e/acme-ends")


def test_sending_twice_keeps_one(parts: Parts, filled: dict[str, int]) -> None:
    client = client_of(parts)
    first = client.post("/correct", data=SENT, base_url=BASE).headers["Location"]
    again = client.post("/correct", data=SENT, base_url=BASE).headers["Location"]
    assert first == again
    assert len(review.list_waiting(parts.database, 10)) == 1


def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(
    parts: Parts, filled: dict[str, int]
) -> None:
    client = client_of(parts)
    for wrong in ({"text": "no"}, {"text": "x" * 5000}, {"source": "javascript:alert(1)"}):
        answer = client.post("/correct", data={**SENT, **wrong}, base_url=BASE)
        assert answer.status_code == 400, wrong
        page = html.fromstring(answer.get_data(as_text=True))
        assert page.xpath("//p[@role='alert']"), wrong
        assert page.xpath("//input[@name='about']/@value") == ["/e/acme-ends"]
    assert page.xpath("string(//textarea)").strip() == TEXT
    assert review.list_waiting(parts.database, 10) == []


def test_nobody_can_flood_the_queue_from_one_network(parts: Parts, filled: dict[str, int]) -> None:
    client = client_of(parts)
    codes = [
        client.post(
            "/correct", data={**SENT, "text": f"{TEXT} Point {number}."}, base_url=BASE
        ).status_code
        for number in range(8)
    ]
    assert codes == [303] * 6 + [429] * 2
    assert len(review.list_waiting(parts.database, 50)) == 6


def test_every_record_leads_to_the_form(reader: Reader, filled: dict[str, int]) -> None:
    paths = ("/e/acme-ends", "/c/acme", "/c/acme/facial-recognition", "/t/facial-recognition",
             "/o/rights-now", "/calls/c1")  # fmt: skip
    for path in paths:
        page = html.fromstring(reader.get(path))
        (link,) = page.xpath("//a[normalize-space()='Correct this']/@href")
        form = html.fromstring(reader.get(str(link)))
        assert form.xpath("//input[@name='about']/@value") == [path]


def test_a_form_about_nothing_and_an_unknown_receipt_are_not_there(
    reader: Reader, filled: dict[str, int]
) -> None:
    for about in (
        "",
        "/",
        "/e/nothing",
        "/c/nobody",
        "/c/acme/nothing",
        "//evil.example",
        "/admin",
    ):
        reader.get(f"/correct?about={about}", 404)
    reader.get("/correct/unknown-token", 404)


def test_signs_that_turn_a_text_around_are_dropped(parts: Parts, filled: dict[str, int]) -> None:
    client_of(parts).post("/correct", data={**SENT, "text": f"\u202e{TEXT}\u2066"}, base_url=BASE)
    (waiting,) = review.list_waiting(parts.database, 10)
    assert waiting.proposed["says"] == TEXT
