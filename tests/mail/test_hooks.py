"""Programs are told as readers are: signed, once, in order, tried again, and never inwards."""

import base64
import hashlib
import hmac
import json

import pytest

from tests.mail.conftest import BASE, World
from tests.parts.clock import Clock
from tests.parts.site import Site
from tracker.domain.errors import UsageError
from tracker.domain.hooks import PREFIX, Hook
from tracker.notifiers.chats import Guard, open_chat, places
from tracker.notifiers.hooks import HookPost
from tracker.pipeline import hooking
from tracker.pipeline.each import Tally
from tracker.sources.addresses import AddressGuard
from tracker.sources.posting import HttpPost

AGENT = "StanceTracker/test"
LOOPBACK = ["127.0.0.0/8"]


def guard(networks: list[str]) -> Guard:
    own = AddressGuard(networks)
    return lambda host, port: own.addresses(host, port, 5.0)


@pytest.fixture
def post(clock: Clock) -> HookPost:
    return HookPost(HttpPost(AGENT, LOOPBACK), guard(LOOPBACK), BASE, clock)


@pytest.fixture
def hook(world: World, site: Site) -> Hook:
    site.put("/stances", "thank you")
    return hooking.add(world.database, f"{site.url}/stances", "company=ibm", world.clock())[0]


def send(world: World, post: HookPost) -> Tally:
    return hooking.post_due(world.database, post, world.clock)


def test_a_program_is_told_once_and_can_check_who_speaks(
    world: World, hook: Hook, post: HookPost, site: Site
) -> None:
    world.owe("ibm-1")
    world.owe("amazon-1", "amazon")
    assert send(world, post)["sent"] == 1
    assert send(world, post).done == 0
    [asked] = site.requests
    assert (asked.method, asked.path) == ("POST", "/stances")
    told = json.loads(asked.body)
    assert told["type"] == "stance"
    assert told["data"]["url"] == f"{BASE}/e/ibm-1"
    assert told["data"]["news"]["company"] == "IBM"
    signed = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}.".encode()
    raw = base64.b64decode(hook.secret.removeprefix(PREFIX))
    digest = hmac.new(raw, signed + asked.body, hashlib.sha256).digest()
    assert asked.headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert int(asked.headers["webhook-timestamp"]) == int(world.clock().timestamp())


def test_a_program_that_fails_is_told_later_in_order_with_the_same_id(
    world: World, hook: Hook, post: HookPost, site: Site, clock: Clock
) -> None:
    site.put("/stances", "busy", status=503)
    world.owe("ibm-1")
    world.owe("ibm-2")
    assert send(world, post)["failed"] == 1
    assert send(world, post).done == 0
    site.put("/stances", "thank you")
    clock.advance(minutes=1)
    assert send(world, post)["sent"] == 2
    changes = [json.loads(asked.body)["data"]["change"] for asked in site.requests]
    assert changes == ["ibm-1/first", "ibm-1/first", "ibm-2/first"]
    ids = [asked.headers["webhook-id"] for asked in site.requests]
    assert ids[0] == ids[1] != ids[2]


def test_what_never_succeeds_is_put_aside_and_can_be_taken_up_again(
    world: World, hook: Hook, post: HookPost, site: Site, clock: Clock
) -> None:
    site.put("/stances", "no", status=500)
    world.owe()
    for _ in range(28):
        send(world, post)
        clock.advance(hours=6)
    [(dead, why)] = hooking.set_aside(world.database)
    assert (dead.change, why) == ("ibm-1/first", f"http://127.0.0.1:{site.port}… answered 500")
    site.put("/stances", "thank you")
    assert hooking.retry(world.database, hook.id, "eva", clock()) == 1
    assert send(world, post)["sent"] == 1
    assert hooking.set_aside(world.database) == []


def test_a_program_that_is_gone_is_told_no_more(
    world: World, hook: Hook, post: HookPost, site: Site
) -> None:
    site.put("/stances", "gone", status=410)
    world.owe("ibm-1")
    send(world, post)
    world.owe("ibm-2")
    assert send(world, post).done == 0
    [(known, counted)] = hooking.list_hooks(world.database)
    assert (known.active, counted) == (False, {"failed": 1})


def test_nothing_is_posted_inwards(world: World, hook: Hook, clock: Clock, site: Site) -> None:
    world.owe()
    guarded = HookPost(HttpPost(AGENT), guard([]), BASE, clock)
    assert send(world, guarded)["failed"] == 1
    assert site.requests == []


def test_redirects_are_not_followed(world: World, hook: Hook, post: HookPost, site: Site) -> None:
    site.put("/stances", status=302, headers={"Location": "SITE/elsewhere"})
    world.owe()
    assert send(world, post)["failed"] == 1
    assert [asked.path for asked in site.requests] == ["/stances"]


def test_what_is_no_longer_true_is_not_told(
    world: World, hook: Hook, post: HookPost, site: Site
) -> None:
    world.owe()
    world.withdraw("ibm-1")
    assert send(world, post)["withdrawn"] == 1
    assert site.requests == []


def test_pausing_stops_hooks_too(world: World, hook: Hook, post: HookPost, site: Site) -> None:
    world.owe()
    assert hooking.post_due(world.database, post, world.clock, paused=True).done == 0
    hooking.switch(world.database, hook.id, "eva", world.clock(), active=False)
    assert send(world, post).done == 0
    hooking.switch(world.database, hook.id, "eva", world.clock(), active=True)
    assert send(world, post)["sent"] == 1


@pytest.mark.parametrize(("url", "query"), [("nowhere", ""), ("https://a b", "")])
def test_a_hook_needs_an_address(world: World, url: str, query: str) -> None:
    with pytest.raises(UsageError):
        hooking.add(world.database, url, query, world.clock())


def test_a_hook_must_ask_for_something_that_exists(world: World) -> None:
    with pytest.raises(UsageError, match="tell"):
        hooking.add(world.database, "https://a.example", "tell=nothing", world.clock())
    with pytest.raises(UsageError, match="no hook 7"):
        hooking.switch(world.database, 7, "eva", world.clock(), active=True)


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
def test_a_chat_hears_of_it_by_apprise(world: World, post: HookPost, site: Site) -> None:
    """json:// is what Apprise calls a plain POST; its address must not show in lists."""
    pytest.importorskip("apprise")
    site.put("/", "thank you")
    secret = f"json://user:hidden@{site.host}:{site.port}/"
    hook, new = hooking.add(world.database, secret, "", world.clock())
    assert new
    assert "hidden" not in repr(hook) + hook.shown
    world.owe()
    assert send(world, post)["sent"] == 1
    assert "IBM" in site.requests[0].body.decode()


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
def test_a_chat_inside_is_not_connected_to(world: World, site: Site, clock: Clock) -> None:
    pytest.importorskip("apprise")
    site.put("/", "thank you")
    hooking.add(world.database, f"json://{site.host}:{site.port}/", "", clock())
    world.owe()
    inwards = HookPost(HttpPost(AGENT), guard([]), BASE, clock)
    assert send(world, inwards)["failed"] == 1
    assert site.requests == []


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("json://10.0.0.1/x", [("10.0.0.1", 80)]),
        ("jsons://intranet/x", [("intranet", 443)]),
        ("mailto://u:p@example.org?smtp=10.0.0.1", [("10.0.0.1", 25)]),
        ("ntfys://chat.example/topic", [("chat.example", 443)]),
        ("ntfy://secret-topic", []),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", []),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general", []),
    ],
)
def test_only_hosts_are_looked_up_never_tokens(url: str, found: list[tuple[str, int]]) -> None:
    pytest.importorskip("apprise")
    assert list(places(open_chat(url, "it"))) == found
