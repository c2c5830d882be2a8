"""/admin/queue: an editor reads the text, corrects what was found, and says yes or no."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from tests.flow.test_recording import (
    FIRST,
    THIRD,
    Planned,
    announcement,
    desk,
    planned,
    read_in,
    span,
)
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.domain.codes import Disposition, ReviewState, UserRole
from tracker.domain.model import FoundCall, StanceId
from tracker.pipeline import review, staff, submitting
from tracker.store import history, stances
from tracker.store.database import Database
from tracker.store.reviews import Review
from tracker.store.schema.ledger import RecordKind, ReviewKind
from tracker.store.submissions import Submission
from tracker.web import create_app

__all__ = ["desk", "planned"]
BASE, PASSWORD = "https://tracker.example", "seven grey herons"
UNSURE = announcement(disposition=Disposition.REVIEW)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind is enough: the pages call what other tests try on both."""
    return sqlite_database


@dataclass
class Editor:
    """The browser of an editor who is signed in."""

    client: FlaskClient

    def read(self, path: str) -> html.HtmlElement:
        return html.fromstring(self.client.get(path, base_url=BASE).get_data())

    def press(self, path: str, **form: str) -> TestResponse:
        page = self.read("/admin/queue")
        token = str(page.xpath("//input[@name='token']/@value")[0])
        return self.client.post(path, data={"token": token, **form}, base_url=BASE)


@pytest.fixture
def editor(desk: App) -> Editor:
    """Ana, an editor and no operator."""
    staff.add(desk.database, "ana", UserRole.EDITOR, PASSWORD, desk.now())
    client = create_app(desk).test_client()
    page = html.fromstring(client.get("/login", base_url=BASE).get_data())
    token = str(page.xpath("//input[@name='token']/@value")[0])
    form = {"name": "ana", "password": PASSWORD, "token": token}
    assert client.post("/login", data=form, base_url=BASE).status_code == 303
    return Editor(client)


def waiting(app: App) -> list[Review]:
    return review.list_waiting(app.database, 50)


def text_of(page: html.HtmlElement, path: str = "//main") -> str:
    return " ".join(" ".join(page.xpath(f"{path}//text()")).split())


def stance(database: Database, id_: str | None) -> stances.Stance | None:
    with database.reading() as session:
        return stances.get(session, StanceId(id_ or ""))


def test_strangers_are_sent_to_the_door(desk: App) -> None:
    answer = create_app(desk).test_client().get("/admin/queue/1", base_url=BASE)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        "/login?next=%2Fadmin%2Fqueue%2F1",
    )


def test_the_text_is_shown_with_its_proof_and_an_edit_is_accepted(
    desk: App, planned: Planned, editor: Editor, mailbox: Mailbox
) -> None:
    planned.claim(UNSURE)
    read_in(desk)
    (asked,) = waiting(desk)
    listed = editor.read("/admin/queue")
    assert "Microsoft: restricts (facial recognition)" in text_of(listed)
    page = editor.read(f"/admin/queue/{asked.id}")
    assert page.xpath("//article//mark/text()") == [FIRST]
    assert "the position would move" in text_of(page)
    assert page.xpath("//select[@name='act']/option[@selected]/@value") == ["restricts"]
    answer = editor.press(f"/admin/queue/{asked.id}/accept", act="ends", why="they end it")

    assert answer.headers["Location"] == f"/admin/queue?done={asked.id}"
    kept = stance(desk.database, asked.record)
    assert kept is not None
    assert (kept.act, kept.review_state, kept.published) == ("ends", ReviewState.EDITED, True)
    with desk.database.reading() as session:
        steps = history.of(session, RecordKind.STANCE, kept.id)
    assert [(step.by, step.why) for step in steps if step.action == "edited"] == [
        ("ana", "they end it")
    ]
    desk.deliver()
    assert len(mailbox.to("ben@ngo.example")) == 1
    assert "Nothing waits." in text_of(editor.read("/admin/queue"))
    assert "decided: by ana" in text_of(editor.read(f"/admin/queue/{asked.id}"))


def test_what_is_rejected_is_never_shown_and_the_next_question_comes(
    desk: App, planned: Planned, editor: Editor, mailbox: Mailbox
) -> None:
    call = FoundCall(
        "ACLU", "advocacy_group", ("Amazon",), "asked Amazon", span(THIRD), 0.9, UNSURE.disposition
    )
    planned.claim(UNSURE, call)
    read_in(desk)
    first, second = waiting(desk)
    page = editor.read(f"/admin/queue/{first.id}")
    assert page.xpath("//a[@data-key='j']/@href") == [f"/admin/queue/{second.id}"]
    answer = editor.press(f"/admin/queue/{first.id}/reject", why="satire")
    assert answer.headers["Location"] == f"/admin/queue/{second.id}?done={first.id}"
    assert [one.kind for one in waiting(desk)] == [ReviewKind.CALL]
    kept = stance(desk.database, first.record)
    assert kept is not None
    assert (kept.review_state, kept.published) == (ReviewState.REJECTED, False)
    desk.deliver()
    assert mailbox.messages == []


def test_a_value_that_is_none_is_named_and_what_was_typed_stays(
    desk: App, planned: Planned, editor: Editor
) -> None:
    planned.claim(UNSURE)
    read_in(desk)
    (asked,) = waiting(desk)
    answer = editor.press(f"/admin/queue/{asked.id}/accept", date="yesterday", scope="all of it")
    page = html.fromstring(answer.get_data())
    assert answer.status_code == 400
    assert "'yesterday' is not a date such as 2020-06-08" in text_of(page, "//*[@role='alert']")
    assert page.xpath("//textarea[@name='scope']/text()") == ["all of it"]
    again = editor.press(f"/admin/queue/{asked.id}/accept")
    twice = editor.press(f"/admin/queue/{asked.id}/accept")
    assert (again.status_code, twice.status_code) == (303, 400)


def test_a_name_that_nobody_knows_is_entered_and_its_article_read_again(
    desk: App, planned: Planned, editor: Editor
) -> None:
    planned.claim(announcement(company="Zorvex Systems"))
    read_in(desk)
    (asked,) = waiting(desk)
    page = editor.read(f"/admin/queue/{asked.id}")
    assert page.xpath("//article//mark/text()") == [FIRST]
    assert page.xpath("//input[@name='name']/@value") == ["Zorvex Systems"]
    wrong = editor.press(f"/admin/queue/{asked.id}/enter", kind="planet", name="Zorvex Systems")
    assert wrong.status_code == 400
    answer = editor.press(f"/admin/queue/{asked.id}/enter", kind="company", name="Zorvex Systems")
    assert answer.status_code == 303
    assert waiting(desk) == []
    assert desk.analyse(10)["stances"] == 1


def test_what_a_reader_sent_in_is_read_and_answered(desk: App, editor: Editor) -> None:
    sent = Submission(
        "/c/ibm", submitting.sender_of(""), "The day is <b>wrong</b> here.", None, None
    )
    submitting.submit(desk.database, sent, desk.now(), client="203.0.113.7")
    (asked,) = waiting(desk)
    page = editor.read(f"/admin/queue/{asked.id}")
    assert "The day is <b>wrong</b> here." in text_of(page)
    editor.press(f"/admin/queue/{asked.id}/accept", why="mended")
    assert waiting(desk) == []


def test_hostile_text_is_text(desk: App, planned: Planned, editor: Editor) -> None:
    planned.claim(announcement(THIRD, disposition=Disposition.REVIEW, scope="<script>x</script>"))
    read_in(desk)
    (asked,) = waiting(desk)
    answer = editor.client.get(f"/admin/queue/{asked.id}", base_url=BASE)
    assert b"<script>x" not in answer.get_data()
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_question_that_nobody_asked_is_not_found(desk: App, editor: Editor) -> None:
    assert editor.client.get("/admin/queue/99", base_url=BASE).status_code == 404
    assert editor.client.get("/admin/queue?kind=planet&page=x", base_url=BASE).status_code == 200
