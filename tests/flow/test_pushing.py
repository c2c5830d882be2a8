"""A hub tells us of news: asked, verified, signed, renewed (WebSub)."""

import hashlib
import hmac
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from flask.testing import FlaskClient

from tests.flow.conftest import add_source
from tests.parts.clock import Clock
from tests.parts.site import Answer, Site
from tracker.app import App
from tracker.domain.pushing import can_be_called
from tracker.pipeline.pushing import ask_hubs
from tracker.store import sources
from tracker.store.schema import PushRow
from tracker.store.sources import WatchedSource
from tracker.web import create_app

FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>
<link rel="self" href="SITE/feed"/><link rel="hub" href="SITE/hub"/>
<entry><title>A report</title><id>urn:1</id></entry></feed>"""


@pytest.fixture
def client(app: App) -> FlaskClient:
    return create_app(app).test_client()


@pytest.fixture
def form(app: App, site: Site) -> dict[str, str]:
    """What the hub of the one source was asked."""
    add_source(app, site.put("/feed", FEED))
    app.poll(10)
    site.answer("/hub", lambda _request: Answer(status=202))
    post = app.fetch.post  # type: ignore[attr-defined]
    assert ask_hubs(app.database, post, "https://tracker.example/websub", app.now()) == 1
    (request,) = site.asked("/hub")
    assert request.method == "POST"
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def path(form: dict[str, str]) -> str:
    return form["hub.callback"].removeprefix("https://tracker.example")


def verify(client: FlaskClient, form: dict[str, str], **changed: str) -> int:
    asked = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "c1"}
    asked |= {"hub.lease_seconds": "864000"} | {f"hub.{k}": v for k, v in changed.items()}
    answer = client.get(path(form), query_string=asked)
    assert answer.status_code != 200 or answer.data == b"c1"
    return answer.status_code


def watched(app: App) -> WatchedSource:
    with app.database.reading() as session:
        return next(s for s in sources.every(session) if s.url.startswith("http://127."))


def signed(form: dict[str, str], body: bytes) -> dict[str, str]:
    digest = hmac.new(form["hub.secret"].encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature": f"sha256={digest}", "Content-Type": "application/atom+xml"}


def test_the_hub_is_told_the_topic_and_may_verify_only_that(
    app: App, site: Site, client: FlaskClient, form: dict[str, str]
) -> None:
    assert form["hub.topic"] == f"{site.url}/feed"
    assert verify(client, form, topic="https://elsewhere.example/feed") == 404
    assert verify(client, form, mode="unsubscribe") == 404
    assert client.get("/websub/unknown?hub.mode=subscribe").status_code == 404
    assert verify(client, form) == 200


def test_while_the_hub_pushes_the_source_is_asked_twice_a_day(
    app: App, client: FlaskClient, form: dict[str, str], clock: Clock
) -> None:
    verify(client, form)
    app.poll(10, [watched(app).id])
    assert watched(app).next_due - app.now() >= timedelta(hours=12)
    clock.advance(days=11)  # the lease is over, nobody renewed it
    app.poll(10, [watched(app).id])
    assert watched(app).interval < timedelta(hours=24)


def test_a_signed_push_makes_the_source_due_and_another_does_not(
    app: App, client: FlaskClient, form: dict[str, str], clock: Clock
) -> None:
    verify(client, form)
    body = b"<feed>" + b"x" * 200_000 + b"</feed>"
    forged = signed(form | {"hub.secret": "guessed"}, body)
    for headers in (forged, {"X-Hub-Signature": "md5=0"}, {}):
        assert client.post(path(form), data=body, headers=headers).status_code == 202
    assert watched(app).next_due > app.now() + timedelta(minutes=2)
    assert client.post(path(form), data=body, headers=signed(form, body)).status_code == 202
    assert watched(app).next_due <= app.now() + timedelta(minutes=1)


def test_a_hub_is_asked_again_before_its_lease_ends_and_a_day_after_it_failed(
    app: App, site: Site, client: FlaskClient, form: dict[str, str], clock: Clock
) -> None:
    post = app.fetch.post  # type: ignore[attr-defined]
    verify(client, form)
    clock.advance(days=7)
    assert ask_hubs(app.database, post, "https://tracker.example/websub", app.now()) == 0
    clock.advance(days=2)
    site.put("/hub", status=500)
    assert ask_hubs(app.database, post, "https://tracker.example/websub", app.now()) == 1
    with app.database.reading() as session:
        assert "500" in (session.query(PushRow).one().last_error or "")
    clock.advance(hours=25)
    assert ask_hubs(app.database, post, "https://tracker.example/websub", app.now()) == 1


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("https://tracker.example", True),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://192.168.1.7", False),
        ("http://tracker.local", False),
        ("http://8.8.8.8", True),
    ],
)
def test_hubs_are_asked_only_where_they_can_call_back(address: str, reached: bool) -> None:
    assert can_be_called(address) is reached
