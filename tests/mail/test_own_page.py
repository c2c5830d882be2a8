"""Everything a reader decides themselves: pace, pause, times, another address, their data."""

import json

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.mail.conftest import World
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.config import Settings
from tracker.domain.rhythms import Rhythm
from tracker.notifiers.email import EmailNotify
from tracker.pipeline.alert import send_due
from tracker.store.database import Database
from tracker.store.schema import AlertRow, DeliveryRow, SubscriberRow, SubscriptionRow
from tracker.web import create_app

ANA, NEW = "ana@ngo.example", "ana@home.example"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The pages need one database."""
    return sqlite_database


@pytest.fixture
def client(world: World, clock: Clock) -> FlaskClient:
    settings = Settings.model_validate(
        {
            "database": {"url": world.database.url},
            "mail": {"smtp_host": "127.0.0.1", "base_url": "https://tracker.example"},
        }
    )
    app = App(settings, now=clock, database=world.database)
    return create_app(app).test_client()


def own(world: World, path: str = "") -> str:
    return f"/s/{world.subscriber(ANA).token}{path}"


def link(mailbox: Mailbox, address: str, part: str) -> str:
    """The path of the first link with this part in the last mail to an address."""
    body = mailbox.to(address)[-1].get_body(("plain",))
    assert body is not None
    words = str(body.get_content()).split()
    return next(word for word in words if part in word).removeprefix("https://tracker.example")


def test_a_pace_holds_from_now_on(
    world: World, client: FlaskClient, notify: EmailNotify, clock: Clock
) -> None:
    world.follow(ANA, company="ibm")
    [wish] = world.subscriber(ANA).wishes
    assert client.post(own(world, f"/pace/{wish.id}"), data={"pace": "daily"}).status_code == 303
    world.owe("ibm-1")
    assert send_due(world.database, notify, clock).sent == 0
    clock.advance(hours=12)
    assert send_due(world.database, notify, clock).sent == 1
    assert client.post(own(world, f"/pace/{wish.id}"), data={"pace": "hourly"}).status_code == 400


ASKED: dict[str, object] = {
    "company": "amazon",
    "tell": ["change", "answer"],
    "level": "confirmed",
    "track": "says",
    "pace": "daily",
    "hour": "18",
    "zone": "Europe/Berlin",
}


def test_a_wish_is_changed_and_its_old_mails_still_say_why_and_still_stop_it(
    world: World, client: FlaskClient, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, company="ibm")
    world.owe("ibm-1")
    send_due(world.database, notify, clock)
    stop = link(mailbox, ANA, "/u/")
    [wish] = world.subscriber(ANA).wishes
    page = own(world, f"/wishes/{wish.id}")
    assert page in client.get(own(world)).get_data(as_text=True)
    form = html.fromstring(client.get(page).get_data())
    assert form.xpath("//form[@id='ask']//input[@checked]/@value")[0] == "ibm"
    clock.advance(minutes=1)
    assert client.post(page, data=ASKED).status_code == 303
    reader = world.subscriber(ANA)
    [changed] = reader.wishes
    assert reader.rhythm == Rhythm("Europe/Berlin", 18, 0)
    assert (changed.state, changed.pace, changed.token) == ("active", "daily", wish.token)
    new = "Amazon; says; only what is confirmed; changes of position, answers to calls"
    assert changed.in_words() == new
    said = " ".join(client.get(own(world)).get_data(as_text=True).split())
    assert f"<b>{new}</b>" in said
    assert '">IBM</td>' in said, "why that mail came"
    kept = json.loads(client.get(own(world, "/data.json")).get_data())
    assert [one["asked_for"] for one in kept["wishes"][0]["before"]] == ["company=ibm"]
    client.post(page, data={"search": "https://x.example/events?company=ibm&q=face"})
    assert world.subscriber(ANA).wishes[0].in_words() == "IBM; “face”"
    client.post(stop)
    assert world.subscriber(ANA).wishes[0].state == "ended"
    assert client.get(page).status_code == 404, "it is taken up again first"


def test_a_change_shows_what_it_would_bring_and_a_wrong_one_changes_nothing(
    world: World, client: FlaskClient
) -> None:
    world.follow(ANA, company="ibm")
    world.follow(ANA, topic="police-tech", pace="weekly")
    wish, other = world.subscriber(ANA).wishes
    page = own(world, f"/wishes/{wish.id}")
    counted = client.post(f"{page}/choice", data=ASKED)
    assert counted.location.startswith(f"{page}?company=amazon&")
    preview = client.get(counted.location).get_data(as_text=True)
    assert "In the last 12 months you would have had no mails" in " ".join(preview.split())
    german = client.get(f"{page}?lang=de").get_data(as_text=True)
    assert "Wovon möchten Sie hören?" in german
    assert "Antworten auf Forderungen" in german
    assert html.fromstring(german).xpath("//input[@name='company'][@checked]/@value") == ["ibm"]
    twin = {"topic": "police-tech", "pace": "weekly"}
    assert "just that already" in client.post(page, data=twin).get_data(as_text=True)
    for name, value, message in (
        ("days", "x", "no number of days"),
        ("search", "f:g=", "no part of a search"),
    ):
        answer = client.post(page, data={**ASKED, name: value})
        assert answer.status_code == 400
        assert message in answer.get_data(as_text=True)
        tree = html.fromstring(answer.get_data())
        assert tree.xpath(f"//input[@name='{name}']/@value") == [value]
        assert "amazon" in tree.xpath("//input[@checked]/@value")
    for strange in (own(world, "/wishes/99"), f"/s/nobody/wishes/{other.id}"):
        assert client.get(strange).status_code == 404
        assert client.post(strange, data=twin).status_code == 404
    assert world.subscriber(ANA).wishes[0].in_words() == "IBM"


def test_a_pause_holds_mail_back_and_loses_nothing(
    world: World, client: FlaskClient, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, company="ibm")
    world.owe("ibm-1")
    client.post(own(world, "/pause"), data={"days": "3"})
    for number in (2, 3):
        world.owe(f"ibm-{number}")
    assert send_due(world.database, notify, clock).sent == 0
    assert "paused until" in client.get(own(world)).get_data(as_text=True)
    clock.advance(days=3)
    assert send_due(world.database, notify, clock).sent == 3
    assert len(mailbox.to(ANA)) == 1
    for days in ("9999", "9" * 30):
        assert client.post(own(world, "/pause"), data={"days": days}).status_code == 400


def test_a_pause_can_be_ended(
    world: World, client: FlaskClient, notify: EmailNotify, clock: Clock
) -> None:
    world.follow(ANA, company="ibm")
    client.post(own(world, "/pause"), data={"days": "30"})
    world.owe("ibm-1")
    client.post(own(world, "/pause"), data={"days": "0"})
    assert send_due(world.database, notify, clock).sent == 1


def test_times_and_language_are_kept_and_wrong_ones_are_named(
    world: World, client: FlaskClient
) -> None:
    world.follow(ANA)
    times = {"hour": "18", "weekday": "4", "zone": "Europe/Berlin", "language": "de"}
    client.post(own(world, "/times"), data=times)
    ana = world.subscriber(ANA)
    assert (ana.rhythm.zone, ana.rhythm.hour, ana.rhythm.weekday) == ("Europe/Berlin", 18, 4)
    assert ana.language == "de"
    wrong = client.post(own(world, "/times"), data={**times, "zone": "Mars/Base"})
    assert wrong.status_code == 400
    assert "is no time zone" in wrong.get_data(as_text=True)


def test_alerts_move_when_both_addresses_have_agreed(
    world: World, client: FlaskClient, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, company="ibm")
    world.owe("ibm-1")
    send_due(world.database, notify, clock)
    old_page = own(world)
    client.post(own(world, "/move"), data={"address": NEW})
    assert send_due(world.database, notify, clock).sent == 2
    for_old, for_new = (link(mailbox, address, "/s/move/") for address in (ANA, NEW))
    client.get(for_old)
    client.get(for_new)
    client.post(for_new)
    world.owe("ibm-2")
    send_due(world.database, notify, clock)
    assert len(mailbox.to(NEW)) == 1, "the old address has not agreed yet"
    client.post(for_old)
    client.post(for_old)
    world.owe("ibm-3")
    send_due(world.database, notify, clock)
    assert str(mailbox.to(NEW)[-1]["Subject"]).startswith("IBM on")
    assert len(mailbox.to(ANA)) == 3
    page = client.get(old_page).get_data(as_text=True)
    assert "a…@home.example" in page
    assert page.count('">sent') == 3


def test_a_move_tells_nobody_who_subscribes(world: World, client: FlaskClient) -> None:
    world.follow(ANA)
    world.follow("bea@ngo.example")
    answers = [
        client.post(own(world, "/move"), data={"address": address}).get_data()
        for address in ("bea@ngo.example", "nobody@ngo.example")
    ]
    assert answers[0] == answers[1]
    assert client.post(own(world, "/move"), data={"address": "no address"}).status_code == 400
    codes = [
        client.post(own(world, "/move"), data={"address": f"x{number}@ngo.example"}).status_code
        for number in range(2)
    ]
    assert codes == [200, 429]


def test_a_reader_sees_everything_that_is_kept(
    world: World, client: FlaskClient, notify: EmailNotify, clock: Clock
) -> None:
    world.follow(ANA, company="ibm", pace="weekly", tell="reaction")
    world.follow(ANA, company="ibm")
    world.owe("ibm-1")
    send_due(world.database, notify, clock)
    answer = client.get(own(world, "/data.json"))
    found = json.loads(answer.get_data())
    assert found["address"] == ANA
    assert [wish["pace"] for wish in found["wishes"]] == ["weekly", "at_once"]
    assert found["wishes"][0]["in_words"] == "IBM; reactions"
    assert [mail["state"] for mail in found["mails"]] == ["sent"]
    assert world.subscriber(ANA).token not in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"


def test_erasing_forgets_who_it_was_and_keeps_the_sums(
    world: World, client: FlaskClient, notify: EmailNotify, clock: Clock
) -> None:
    world.follow(ANA, company="ibm")
    world.owe("ibm-1")
    send_due(world.database, notify, clock)
    world.owe("ibm-2")
    page = own(world, "/erase")
    assert "Erase my data" in client.get(page).get_data(as_text=True)
    assert world.subscriber(ANA)
    assert client.post(page).status_code == 200
    assert client.post(page).status_code == 404
    with world.database.reading() as session:
        [row] = session.query(SubscriberRow).all()
        assert (row.address, row.state) == (f"erased-{row.id}", "stopped")
        assert session.query(SubscriptionRow).count() == 0
        alerts = session.query(AlertRow).order_by(AlertRow.id).all()
        assert [one.state for one in alerts] == ["sent", "withdrawn_before_send"]
        assert [one.payload for one in alerts] == [{}, {}]
        assert {one.answer for one in session.query(DeliveryRow)} == {"erased"}
    assert send_due(world.database, notify, clock).sent == 0
