"""Mails and the pages around them in Chromium: narrow and wide, light and dark, readable."""

import threading
from collections.abc import Iterator
from typing import Literal
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from playwright.sync_api import Browser, Page

from tests.mail.conftest import World
from tests.mail.test_letters import FOLLOWING, SPLIT, alert, confirmation, news, part
from tests.mail.test_standards import correction, digest
from tests.parts.accessibility import violations
from tests.parts.clock import Clock
from tracker.app import App
from tracker.config import Settings
from tracker.notifiers.letters import Letters
from tracker.store.database import Database
from tracker.web import create_app

pytestmark = pytest.mark.browser

ANA = "ana@ngo.example"
RULES = ("color-contrast", "link-name", "document-title", "html-has-lang")
PAPER = {"light": "rgb(251, 250, 247)", "dark": "rgb(20, 23, 27)"}
STOPPED = {"light": "rgb(11, 60, 111)", "dark": "rgb(156, 201, 242)"}
SCREENS = [(width, scheme) for width in (640, 390) for scheme in ("light", "dark")]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen[0]}-{screen[1]}")
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, str]]:
    width, scheme = request.param
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    yield page, scheme
    page.close()


def colour(page: Page, of: str, what: str = "backgroundColor") -> str:
    return str(page.eval_on_selector(of, f"one => getComputedStyle(one).{what}"))


MAILS = {
    "news": alert(SPLIT),
    "several": alert(SPLIT, news(), news("2", "Amazon")),
    "confirmation": confirmation(),
    "correction": correction(),
    "digest": digest(2),
    "German": digest(2, language="de"),
    **FOLLOWING,
}
LOOKED_AT = frozenset({"news", "several", "confirmation", "correction", "digest", "silence"})
"""Kinds whose colours axe weighs, at one width: the others are made of the same parts."""


def test_a_mail_is_readable_on_every_screen(letters: Letters, screen: tuple[Page, str]) -> None:
    page, scheme = screen
    for kind, mail in MAILS.items():
        page.set_content(part(letters.write(mail), "html"))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind
        assert colour(page, "body") == PAPER[scheme]
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('body *')]"
            ".map(one => parseFloat(getComputedStyle(one).fontSize)))"
        )
        assert smallest >= 13, kind
        if kind in LOOKED_AT and page.viewport_size == {"width": 390, "height": 800}:
            assert violations(page, *RULES) == [], kind


def test_a_position_has_its_colour_and_its_mark(letters: Letters, screen: tuple[Page, str]) -> None:
    page, scheme = screen
    page.set_content(part(letters.write(alert(SPLIT)), "html"))
    chips = page.locator(".chip").all_inner_texts()
    assert chips == ["■ Stopped", "■ Stopped", "▶ Continues"]
    assert colour(page, ".chip") == STOPPED[scheme]


def test_mail_programs_without_style_sheets_see_the_colours_too(letters: Letters) -> None:
    text = part(letters.write(alert(SPLIT)), "html")
    assert 'class="chip stopped" style="' in text
    chip = text.partition('class="chip stopped" style="')[2].partition('"')[0]
    assert "#0B3C6F" in chip


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def base(world: World, clock: Clock) -> Iterator[str]:
    """The dashboard on loopback."""
    settings = Settings.model_validate({"database": {"url": world.database.url}})
    web = create_app(App(settings, now=clock, database=world.database))
    server = make_server("127.0.0.1", 0, web, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_from_the_form_to_the_last_mail(base: str, browser: Browser, world: World) -> None:
    """A person without JavaScript asks, confirms, looks, stops; axe finds nothing on the way."""
    world.stance("ibm-1")
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/subscribe")
    page.select_option("#company", "ibm")
    page.get_by_role("button", name="Count for what I chose").click()
    assert "company=ibm" in page.url
    assert "one mail" in page.inner_text("#before")
    page.fill("#address", ANA)
    page.press("#address", "Enter")
    assert page.url == f"{base}/subscribe/sent"
    page.goto(f"{base}/s/{world.subscriber(ANA).wishes[0].token}")
    page.get_by_role("button", name="Yes, send me these").click()
    assert page.inner_text("h1") == "Your alerts"
    assert world.subscriber(ANA).state == "active"
    page.get_by_role("link", name="Change what").click()
    page.select_option("#company", "amazon")
    page.get_by_role("checkbox", name="IBM").uncheck()
    page.get_by_role("checkbox", name="new stances").uncheck()
    page.select_option("#pace", "weekly")
    page.get_by_role("button", name="Count for what I chose").click()
    assert "no mails" in page.inner_text("#before")
    page.get_by_role("button", name="Keep this change").click()
    assert "Amazon; changes of position, reversals" in page.inner_text(".wishes")
    assert world.subscriber(ANA).wishes[0].pace == "weekly"
    page.get_by_role("button", name="Stop all mail").click()
    assert page.inner_text("h1") == "All mail to you is stopped"
    assert world.subscriber(ANA).state == "stopped"
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_pass_axe(
    base: str, browser: Browser, world: World, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    world.follow(ANA, company="ibm")
    world.owe()
    own = world.subscriber(ANA)
    change = f"/s/{own.token}/wishes/{own.wishes[0].id}"
    manage = (f"/s/{own.token}", change, f"/u/{own.token}")
    less = (f"/s/{own.wishes[0].token}", f"/s/{own.token}/erase", "/s/nobody")
    page.goto(f"{base}/s/{own.token}/lists/new?lang=de")
    assert violations(page, "label", "region", "target-size") == []
    for path in ("/subscribe?company=ibm", "/subscribe/sent", *manage, *less):
        page.goto(base + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.close()
