"""The pages around alerts, as a browser without JavaScript sees them."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from tests.mail.conftest import FACES, World
from tests.parts.clock import Clock
from tracker.app import App
from tracker.config import Settings
from tracker.notifiers.email import EmailNotify
from tracker.pipeline import subscribing
from tracker.pipeline.alert import send_due
from tracker.store.database import Database
from tracker.store.schema import AlertRow, OrganisationRow, ParentRow
from tracker.web import create_app

ANA = "ana@ngo.example"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The store's own tests run on both databases; the pages need one."""
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


def text(response: TestResponse) -> str:
    return " ".join(html.fromstring(response.get_data()).xpath("//main")[0].text_content().split())


def choices(response: TestResponse, name: str) -> list[str]:
    """The chosen value of a list."""
    tree = html.fromstring(response.get_data())
    return (
        tree.xpath(f"//select[@name='{name}']/option[@selected]/@value")
        + tree.xpath(f"//select[@name='{name}']/optgroup/option[@selected]/@value")
        + tree.xpath(f"//input[@name='{name}'][@checked]/@value")
    )


def own_path(world: World) -> str:
    return f"/s/{world.subscriber(ANA).token}"


def send(client: FlaskClient, path: str, **form: str) -> TestResponse:
    return client.post(path, data=form)


def test_the_form_is_filled_in_from_the_address(client: FlaskClient) -> None:
    page = client.get("/subscribe?company=ibm&topic=facial-recognition")
    assert page.status_code == 200
    assert (choices(page, "company"), choices(page, "topic")) == (["ibm"], ["facial-recognition"])
    assert "On IBM on facial recognition." in text(page)


def test_the_page_says_what_a_year_would_have_brought(
    client: FlaskClient, world: World, clock: Clock
) -> None:
    world.stance("ibm-1")
    world.stance("amazon-1", "amazon")
    said = text(client.get("/subscribe?company=ibm"))
    assert "In the last 12 months you would have had one mail On IBM." in said
    assert "IBM on facial recognition: ends 8 Jun 2020" in said
    assert "Amazon on" not in said
    assert "had two mails On everything." in text(client.get("/subscribe"))
    clock.advance(days=400)
    assert "had no mails On IBM." in text(client.get("/subscribe?company=ibm"))
    assert "What a mail looks like" in text(client.get("/subscribe?company=ibm"))


def test_what_a_company_owns_is_counted_with_it(client: FlaskClient, world: World) -> None:
    with world.database.transaction() as session:
        ring = OrganisationRow(slug="ring", name="Ring", kind="company")
        owner = session.query(OrganisationRow).filter_by(slug="amazon").one()
        ring.parents.append(ParentRow(parent_id=owner.id, since=date(2018, 2, 27)))
        session.add(ring)
    world.stance("ring-1", "ring")
    assert "had one mail On Amazon." in text(client.get("/subscribe?company=amazon"))
    assert "had no mails On IBM." in text(client.get("/subscribe?company=ibm"))


def test_an_unknown_filter_is_told(client: FlaskClient) -> None:
    assert "There is no organisation 'nobody' here" in text(client.get("/subscribe?company=nobody"))


def test_the_count_keeps_the_address_out_of_the_address_bar(client: FlaskClient) -> None:
    answer = send(client, "/subscribe/choice", company="ibm", topic="", address=ANA)
    assert (answer.status_code, answer.location) == (303, "/subscribe?company=ibm")


def test_known_and_unknown_addresses_get_the_same_answer(client: FlaskClient, world: World) -> None:
    world.follow(ANA, company="ibm")
    answers = [
        send(client, "/subscribe", address=address, company="ibm")
        for address in (ANA, ANA, "stranger@ngo.example")
    ]
    assert {(one.status_code, one.location, one.get_data()) for one in answers} == {
        (303, "/subscribe/sent", answers[0].get_data())
    }
    assert "Look into your inbox" in text(client.get("/subscribe/sent"))


def test_a_wrong_address_is_told_and_what_was_chosen_is_kept(client: FlaskClient) -> None:
    page = send(client, "/subscribe", address="no address", company="ibm", topic=FACES)
    assert page.status_code == 400
    assert "That is not an e-mail address" in text(page)
    assert (choices(page, "company"), choices(page, "topic")) == (["ibm"], ["facial-recognition"])
    assert html.fromstring(page.get_data()).xpath("//input[@name='address']/@value") == [
        "no address"
    ]


def test_too_many_questions_are_429(client: FlaskClient) -> None:
    answers = [send(client, "/subscribe", address=f"r{n}@ngo.example") for n in range(21)]
    assert [one.status_code for one in answers] == [303] * 20 + [429]
    assert "try again later" in text(answers[-1])


def test_opening_the_link_confirms_nothing_and_the_button_does(
    client: FlaskClient, world: World
) -> None:
    send(client, "/subscribe", address=ANA, company="ibm")
    send(client, "/subscribe", address=ANA, company="amazon")
    ibm, amazon = world.subscriber(ANA).wishes
    page = client.get(f"/s/{ibm.token}")
    assert "Do you want these alerts?" in text(page)
    ticks = html.fromstring(page.get_data()).xpath("//input[@type='checkbox']")
    assert [(t.get("value"), "checked" in t.attrib) for t in ticks] == [
        (str(ibm.id), True),
        (str(amazon.id), False),
    ]
    assert world.subscriber(ANA).state == "pending"
    answer = send(client, f"/s/{ibm.token}", wish=str(ibm.id))
    assert (answer.status_code, answer.location) == (303, f"/s/{world.subscriber(ANA).token}")
    assert [wish.state for wish in world.subscriber(ANA).wishes] == ["active", "pending"]


def test_confirming_without_a_choice_asks_again(client: FlaskClient, world: World) -> None:
    send(client, "/subscribe", address=ANA, company="ibm")
    [wish] = world.subscriber(ANA).wishes
    assert send(client, f"/s/{wish.token}", wish="²").location == f"/s/{wish.token}"
    assert world.subscriber(ANA).state == "pending"


def test_a_confirmed_link_says_so(client: FlaskClient, world: World) -> None:
    world.follow(ANA, company="ibm")
    assert "This is confirmed" in text(client.get(f"/s/{world.subscriber(ANA).wishes[0].token}"))


def test_the_own_page_lists_wishes_and_what_was_sent_and_why(
    client: FlaskClient, world: World, notify: EmailNotify
) -> None:
    world.follow(ANA, company="ibm")
    world.follow(ANA, topic=FACES)
    world.owe()
    send_due(world.database, notify, world.clock)
    page = client.get(f"/s/{world.subscriber(ANA).token}")
    said = text(page)
    assert "Alerts for a…@ngo.example" in said
    assert ANA not in page.get_data(as_text=True)
    row = html.fromstring(page.get_data()).xpath("//table//tbody/tr")[0]
    assert [" ".join(cell.text_content().split()) for cell in row] == [
        "9 Jun 2020",
        "IBM on facial recognition: ends (reported)",
        "IBM, Facial recognition",
        "sent",
    ]
    assert row.xpath(".//a/@href") == ["/e/ibm-1"]


def test_an_alert_that_could_not_be_written_does_not_break_the_own_page(
    client: FlaskClient, world: World
) -> None:
    world.follow(ANA)
    world.owe()
    with world.database.transaction() as session:
        session.query(AlertRow).one().payload = {}
    assert "An alert that we could not write" in text(client.get(own_path(world)))


def test_wishes_are_stopped_and_taken_up_from_the_own_page(
    client: FlaskClient, world: World
) -> None:
    world.follow(ANA, company="ibm")
    own, wish = world.subscriber(ANA).token, world.subscriber(ANA).wishes[0].id
    assert send(client, f"/s/{own}/stop/{wish}").location == f"/s/{own}"
    assert "Take up IBM again" in text(client.get(f"/s/{own}"))
    send(client, f"/s/{own}/renew/{wish}")
    assert world.subscriber(ANA).wishes[0].state == "active"
    send(client, f"/u/{own}")
    assert "All mail to you is stopped" in text(client.get(f"/s/{own}"))
    send(client, f"/s/{own}/resume")
    assert world.subscriber(ANA).state == "active"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_the_unsubscribe_link_changes_nothing(
    client: FlaskClient, world: World, method: str
) -> None:
    world.follow(ANA, company="ibm")
    ana = world.subscriber(ANA)
    for token in (ana.token, ana.wishes[0].token):
        assert client.open(f"/u/{token}", method=method).status_code == 200
    assert world.subscriber(ANA) == ana


def test_one_click_unsubscribes(client: FlaskClient, world: World) -> None:
    """RFC 8058, 3.2: a POST with this body, from anywhere, without cookies."""
    world.follow(ANA, company="ibm")
    token = world.subscriber(ANA).token
    for _ in range(2):
        answer = client.post(
            f"/u/{token}",
            data="List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
            headers={"Origin": "https://mail.example"},
        )
        assert answer.status_code == 200
        assert "All mail to you is stopped" in text(answer)
    assert world.subscriber(ANA).state == "stopped"


def test_one_click_works_as_multipart_too(client: FlaskClient, world: World) -> None:
    world.follow(ANA, company="ibm")
    wish = world.subscriber(ANA).wishes[0]
    form = {"List-Unsubscribe": "One-Click"}
    answer = client.post(f"/u/{wish.token}", data=form, content_type="multipart/form-data")
    assert "You will hear no more of IBM" in text(answer)
    assert world.subscriber(ANA).wishes[0].state == "ended"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/s/guess"),
        ("POST", "/s/guess/stop/1"),
        ("POST", "/s/guess/renew/1"),
        ("POST", "/s/guess/resume"),
        ("GET", "/u/guess"),
        ("POST", "/u/guess"),
    ],
)
def test_an_unknown_token_says_so_and_helps(client: FlaskClient, method: str, path: str) -> None:
    page = client.open(path, method=method)
    assert page.status_code == 404
    assert "We do not know this link Some mail programs cut long links." in text(page)


def test_pages_with_a_token_are_never_kept_or_told(client: FlaskClient, world: World) -> None:
    world.follow(ANA)
    ana = world.subscriber(ANA)
    for path in (f"/s/{ana.token}", f"/u/{ana.token}", f"/s/{ana.wishes[0].token}", "/s/guess"):
        headers = client.get(path).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "Set-Cookie" not in headers


def test_pages_have_no_script_or_style_of_their_own(client: FlaskClient, world: World) -> None:
    world.follow(ANA)
    wanted = subscribing.wanted_from([("company", "ibm")])
    subscribing.ask(world.database, ANA, wanted, world.clock(), "x", client="")
    ana = world.subscriber(ANA)
    paths = ("/subscribe", "/subscribe/sent", f"/s/{ana.token}", f"/u/{ana.token}", "/u/guess")
    for path in (*paths, f"/s/{ana.wishes[1].token}"):
        tree = html.fromstring(client.get(path).get_data())
        assert tree.xpath("//@style | //script[not(@src)] | //style") == []
        assert tree.xpath("//@onclick | //@onload") == []
