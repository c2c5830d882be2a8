"""Lists of companies and topics that readers put together, and what follows them."""

import json

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.mail.conftest import World
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.config import Settings
from tracker.domain.errors import UsageError
from tracker.notifiers.email import EmailNotify
from tracker.pipeline import hooking, own_data
from tracker.pipeline.alert import send_due
from tracker.store.database import Database
from tracker.store.schema import HookAlertRow, HookRow, WatchListRow
from tracker.web import create_app

ANA, BEA = "ana@ngo.example", "bea@ngo.example"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The pages need one database."""
    return sqlite_database


@pytest.fixture
def client(world: World, clock: Clock) -> FlaskClient:
    settings = Settings.model_validate({"mail": {"base_url": "https://tracker.example"}})
    return create_app(App(settings, now=clock, database=world.database)).test_client()


def own(world: World, path: str = "", address: str = ANA) -> str:
    return f"/s/{world.subscriber(address).token}{path}"


def make(world: World, client: FlaskClient, code: int = 303, **form: object) -> str:
    answer = client.post(own(world, "/lists/new"), data=form)
    assert answer.status_code == code
    return answer.get_data(as_text=True)


def key_of(world: World, name: str) -> str:
    with world.database.reading() as session:
        return session.query(WatchListRow).filter_by(name=name).one().key


def test_a_list_is_made_followed_changed_and_removed(
    world: World, client: FlaskClient, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, topic="police-tech")
    form = html.fromstring(client.get(own(world, "/lists/new")).get_data())
    assert form.xpath("//input[@name='company']/@value") == ["amazon", "ibm", "microsoft"]
    make(world, client, name=" Big  ones ", company=["ibm", "amazon"])
    page = client.get(own(world)).get_data(as_text=True)
    assert "Big ones" in page
    assert "2 companies, 0 topics" in page
    assert world.owe("ibm-1") == 0, "a list by itself asks for nothing"
    client.post(own(world, "/lists/1/follow"))
    assert world.owe("ibm-2") == 1
    send_due(world.database, notify, clock)
    [mail] = mailbox.to(ANA)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "you follow list “Big ones”" in " ".join(body.get_content().split())
    assert "list “Big ones”" in client.get(own(world)).get_data(as_text=True)
    assert "Liste „Big ones“" in client.get(own(world) + "?lang=de").get_data(as_text=True)
    refused = client.post(own(world, "/lists/1/remove"))
    assert refused.status_code == 400
    assert "stop those first" in refused.get_data(as_text=True)
    ticked = html.fromstring(client.get(own(world, "/lists/1")).get_data())
    assert ticked.xpath("//input[@checked]/@value") == ["amazon", "ibm"]
    client.post(own(world, "/lists/1"), data={"name": "Big ones", "company": ["microsoft"]})
    assert world.owe("ibm-3") == 0
    assert world.owe("ms-1", "microsoft") == 1
    [_, wish] = world.subscriber(ANA).wishes
    client.post(own(world, f"/stop/{wish.id}"))
    assert client.post(own(world, "/lists/1/remove")).status_code == 303
    assert client.get(own(world, "/lists/1")).status_code == 404
    assert "a list that is gone" in client.get(own(world)).get_data(as_text=True)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "", "company": "ibm"}, "needs a name"),
        ({"name": "x" * 61, "company": "ibm"}, "needs a name"),
        ({"name": "Mine"}, "Choose a company or a topic"),
        ({"name": "Mine", "company": "nobody"}, "no organisation"),
        ({"name": "Mine", "topic": "nothing"}, "no topic"),
        ({"name": "Taken", "topic": "police-tech"}, "already"),
    ],
)
def test_a_bad_list_is_named_and_nothing_typed_is_lost(
    world: World, client: FlaskClient, form: dict[str, str], said: str
) -> None:
    world.follow(ANA)
    make(world, client, name="Taken", company="ibm")
    page = make(world, client, 400, **form)
    assert said in page
    assert form["name"][:60] in page


def test_a_list_filters_pages_and_fills_the_form_in(world: World, client: FlaskClient) -> None:
    world.follow(ANA)
    make(world, client, name="Mine", company="ibm", topic="facial-recognition")
    for name, company in (("ibm-1", "ibm"), ("amazon-1", "amazon")):
        world.stance(name, company)
    key = key_of(world, "Mine")
    found = json.loads(client.get(f"/events.json?watchlist={key}").get_data())
    assert [one["id"] for one in found["data"]["stances"]] == ["ibm-1"]
    client.post(own(world, "/lists/1"), data={"name": "Mine", "company": ["amazon"]})
    found = json.loads(client.get(f"/events.json?watchlist={key}").get_data())
    assert [one["id"] for one in found["data"]["stances"]] == ["amazon-1"]
    for gone in ("/events?watchlist=0123", "/matrix?watchlist=0123", "/search?q=watchlist:0123"):
        assert client.get(gone).status_code == 404
    form = html.fromstring(client.get(f"/subscribe?watchlist={key}").get_data())
    assert form.xpath("//input[@name='watchlist']/@value") == [key]
    assert "no such list" in client.get("/subscribe?watchlist=0123").get_data(as_text=True)


def test_lists_of_others_are_copied_not_followed(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    world.follow(ANA)
    make(world, client, name="Mine", company="ibm")
    key = key_of(world, "Mine")
    world.follow(BEA, watchlist=key)
    world.follow(ANA, watchlist=key)
    assert [one.in_words() for one in world.subscriber(BEA).wishes] == ["IBM"]
    assert world.subscriber(ANA).wishes[1].in_words() == "list “Mine”"
    hooking.add(world.database, "https://news.example/hook", f"watchlist={key}", clock())
    with pytest.raises(UsageError, match="no such list"):
        hooking.add(world.database, "https://news.example/hook", "watchlist=0123", clock())
    with world.database.reading() as session:
        assert session.query(HookRow).one().query == "company=ibm"
    world.owe("ibm-1")
    with world.database.reading() as session:
        assert session.query(HookAlertRow).count() == 1


def test_lists_move_with_their_reader_are_exported_and_erased(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    world.follow(ANA)
    world.follow(BEA)
    for address, company in ((ANA, "ibm"), (BEA, "amazon")):
        form = {"name": "Mine", "company": company}
        client.post(own(world, "/lists/new", address), data=form)
    world.follow(ANA, watchlist=key_of_reader(world, ANA))
    own_data.ask_to_move(world.database, world.subscriber(ANA).token, BEA, clock(), "x.example")
    with world.database.reading() as session:
        tokens = (
            session.connection()
            .exec_driver_sql("SELECT old_token, new_token FROM address_changes")
            .one()
        )
    for token in tokens:
        own_data.agree_to_move(world.database, token, clock())
    found = own_data.everything_of(world.database, world.subscriber(BEA).token)
    assert found is not None
    assert [(one["name"], one["companies"]) for one in found["lists"]] == [
        ("Mine", ["amazon"]),
        ("Mine (2)", ["ibm"]),
    ]
    assert "list “Mine (2)”" in [one.in_words() for one in world.subscriber(BEA).wishes]
    own_data.erase(world.database, world.subscriber(BEA).token, clock())
    with world.database.reading() as session:
        assert session.query(WatchListRow).count() == 0


def key_of_reader(world: World, address: str) -> str:
    with world.database.reading() as session:
        reader = world.subscriber(address).id
        return session.query(WatchListRow).filter_by(subscriber_id=reader).one().key


def test_strangers_touch_no_list(world: World, client: FlaskClient) -> None:
    world.follow(ANA)
    world.follow(BEA)
    make(world, client, name="Mine", company="ibm")
    for path in ("", "/follow", "/remove"):
        form = {"name": "Theirs", "company": "amazon"}
        assert client.post(own(world, f"/lists/1{path}", BEA), data=form).status_code == 404
    assert client.get(own(world, "/lists/1", BEA)).status_code == 404
    assert (
        client.post("/s/nobody/lists/new", data={"name": "x", "company": "ibm"}).status_code == 404
    )
    assert key_of(world, "Mine")
