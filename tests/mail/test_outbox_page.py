"""/admin/outbox: what an operator sees of the mail, and what the buttons do."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.mail.conftest import World
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.config import Settings
from tracker.domain.codes import AlertState, UserRole
from tracker.notifiers.email import EmailNotify
from tracker.pipeline import hooking, review, staff
from tracker.pipeline.alert import send_due
from tracker.pipeline.hooking import post_due
from tracker.store.database import Database
from tracker.store.schema import HookAlertRow
from tracker.web import create_app

PASSWORD = "seven grey herons"
BASE = "http://127.0.0.1"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The pages need one database."""
    return sqlite_database


@dataclass
class Desk:
    """An operator who is signed in."""

    client: FlaskClient

    def see(self, path: str = "/admin/outbox") -> str:
        answer = self.client.get(path, base_url=BASE)
        assert answer.status_code == 200, path
        return " ".join(" ".join(html.fromstring(answer.get_data()).itertext()).split())

    def press(self, path: str, code: int = 303, **form: str) -> str:
        page = html.fromstring(self.client.get("/admin", base_url=BASE).get_data())
        [token] = page.xpath("//form[@action='/logout']//input[@name='token']/@value")
        sent = {"token": str(token), **form}
        answer = self.client.post(f"/admin/outbox{path}", data=sent, base_url=BASE)
        assert answer.status_code == code, path
        return answer.headers.get("Location", "")


@pytest.fixture
def desk(world: World, clock: Clock, tmp_path: Path) -> Desk:
    settings = Settings.model_validate({"web": {"secret_key_file": tmp_path / "key.secret"}})
    staff.add(world.database, "ana", UserRole.OPERATOR, PASSWORD, clock())
    client = create_app(App(settings, now=clock, database=world.database)).test_client()
    page = html.fromstring(client.get("/login", base_url=BASE).get_data())
    [token] = page.xpath("//input[@name='token']/@value")
    form = {"name": "ana", "password": PASSWORD, "token": token}
    assert client.post("/login", data=form, base_url=BASE).status_code == 303
    return Desk(client)


def test_the_page_counts_lists_and_tries_again(
    desk: Desk, world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    for name in ("bea", "cem", "dan"):
        world.follow(f"{name}@ngo.example", company="ibm")
    world.follow("eva@ngo.example", company="ibm", pace="weekly")
    world.owe("ibm-1")
    mailbox.refuse_recipient("bea@ngo.example")
    mailbox.refuse_recipient("cem@ngo.example", "451 4.3.0 try again later")
    send_due(world.database, notify, clock)
    page = desk.see()
    for figure in ("owed 2", "being sent 0", "sent 1", "failed 1", "addresses suspended 1"):
        assert figure in page
    assert "sent in the last hour 1" in page
    assert "b…@ngo.example" in page
    assert "bea@ngo.example 9 Jun 2020, 20:00 UTC: refused for good: 550 5.1.1" in page
    failed = desk.see("/admin/outbox?standing=failed")
    assert "b…@ngo.example" in failed
    assert "d…@ngo.example" not in failed
    whole = desk.see("/admin/outbox/1")
    assert "bea@ngo.example" in whole
    assert "refused for good" in whole
    assert "550 5.1.1 no such user" in whole
    mailbox.accept_recipient("bea@ngo.example")
    mailbox.accept_recipient("cem@ngo.example")
    desk.press("/resume", address="bea@ngo.example")
    desk.press("/resume", 400, address="bea@ngo.example")
    desk.press("/drain")
    assert send_due(world.database, notify, clock).sent == 2
    assert len(mailbox.to("bea@ngo.example")) == len(mailbox.to("cem@ngo.example")) == 1
    page = desk.see()
    assert "sent 3" in page
    assert "9 Jun 2020, 20:00 UTC, ana: address written to again b…@ngo.example" in page
    assert "9 Jun 2020, 20:00 UTC, ana: what waited tried at once" in page


def test_failed_ones_are_owed_again_one_by_one_or_all(
    desk: Desk, world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow("bea@ngo.example")
    mailbox.refuse_recipient("bea@ngo.example")
    for number in (1, 2):
        world.owe(f"ibm-{number}")
        send_due(world.database, notify, clock)
        with world.database.transaction() as session:
            session.connection().exec_driver_sql("UPDATE subscribers SET state = 'active'")
    assert world.states() == ["failed", "failed"]
    assert desk.press("/retry", alert="1") == "/admin/outbox/1"
    assert world.states() == ["owed", "failed"]
    desk.press("/retry", all="failed")
    assert world.states() == ["owed", "owed"]
    page = desk.see()
    assert page.count("ana: failed mails owed again (1)") == 2
    [(kind, step), _] = review.history_of(world.database, "outbox")
    assert (kind, step.by, step.at) == ("outbox", "ana", world.clock())
    assert (step.action, step.change["alerts"]) == ("tried again", [1])
    desk.press("/retry", 400)
    desk.press("/retry", 400, alert="9" * 30)
    assert desk.client.get("/admin/outbox/77", base_url=BASE).status_code == 404


def test_to_hold_stops_everything_at_once_and_loses_nothing(
    desk: Desk, world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    for name in ("bea", "cem", "dan"):
        world.follow(f"{name}@ngo.example")
    hook, _ = hooking.add(world.database, "https://news.example/hook", "", clock())
    world.owe("ibm-1")

    def hold_after_the_first(mail: object) -> str:
        desk.press("/hold")
        return notify(mail)  # type: ignore[arg-type]

    sent = send_due(world.database, hold_after_the_first, clock)
    assert (sent.sent, sent.waiting) == (1, 2), "a batch that is under way stops too"
    assert send_due(world.database, notify, clock).paused
    assert post_due(world.database, lambda _: None, clock).done == 0
    page = desk.see()
    assert "All sending is held since 2020-06-09 20:00 UTC, ana" in page
    figures = desk.client.get("/metrics", base_url=BASE).get_data(as_text=True).splitlines()
    for line in (
        "tracker_sending_held 1",
        'tracker_alerts{state="owed"} 2',
        'tracker_deliveries_last_day{result="accepted"} 1',
        'tracker_hook_words{state="owed"} 1',
    ):
        assert line in figures
    assert "Mails are paused by the operator" in desk.see("/method")
    desk.press("/release")
    page = desk.see()
    assert "All sending is held" not in page
    assert page.index("ana: sending goes on") < page.index("ana: all sending held")
    assert send_due(world.database, notify, clock).sent == 2
    assert post_due(world.database, lambda _: None, clock)["sent"] == 1
    assert len(mailbox.messages) == 3
    with world.database.transaction() as session:
        session.query(HookAlertRow).one().state = AlertState.FAILED
    assert "active · 1 failed" in desk.see()
    desk.press("/hooks", hook=str(hook.id))
    assert post_due(world.database, lambda _: None, clock)["sent"] == 1
    desk.press("/hooks", 400)


def test_the_list_has_pages(desk: Desk, world: World) -> None:
    world.follow("bea@ngo.example", company="ibm")
    for number in range(52):
        world.owe(f"ibm-{number}")
    first, second = desk.see(), desk.see("/admin/outbox?page=2")
    assert "Older" in first
    assert "Newer" in second
    assert "Older" not in second
    assert "ibm-1/first" in second
    assert desk.see("/admin/outbox?standing=nonsense&page=x")
