"""The pages behind the door in Chromium: with mails of every state, and with none."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import html5lib
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit, Windows
from tests.browser.pages import STAFF
from tests.browser.served import TODAY, enter, served_staff
from tests.browser.test_dashboard import SIDEWAYS
from tests.parts.accessibility import CONTRAST, violations

pytestmark = pytest.mark.browser


@contextmanager
def inside(browser: Browser, folder: Path, *, empty: bool) -> Iterator[Visit]:
    """A window of an operator who came in by keyboard, to mails or to none."""
    with served_staff(folder / "tracker.db", empty=empty) as address:
        windows = Windows(browser, address)
        visit = windows.window()
        enter(visit.page, address)
        yield visit
        windows.close()


@pytest.mark.parametrize("empty", [False, True])
def test_pages_for_staff_fit_and_are_for_everyone(
    browser: Browser, tmp_path: Path, empty: bool
) -> None:
    with inside(browser, tmp_path, empty=empty) as visit:
        for name in ("staff-overview", "staff-outbox", "staff-queue") if empty else STAFF:
            look(visit, name)


def look(visit: Visit, name: str) -> None:
    page = visit.open(STAFF[name])
    html5lib.HTMLParser(strict=True).parse(visit.page.content())
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == [], f"{name}: sideways at {width}"
    page.emulate_media(color_scheme="light")
    assert violations(page) == [], name
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    assert violations(page, CONTRAST, "target-size") == [], f"{name} on a phone in the dark"


def test_an_operator_does_all_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    with inside(browser, tmp_path, empty=False) as visit:
        page = visit.page
        for name in ("Send again", "Try all that failed again", "Write to bea@ngo.example again",
                     re.compile("^Tell .+ again"), "Try at once what waits",
                     "Hold all sending"):  # fmt: skip
            page.get_by_role("button", name=name).press("Enter")
        expect(page.get_by_role("status")).to_contain_text("All sending is held")
        done = page.get_by_role("region", name="What operators did").get_by_role("listitem")
        expect(done).to_have_count(7)
        page.get_by_role("button", name="Sign out").press("Enter")
        expect(page.locator("h1")).to_have_text("Sign in")


def test_an_editor_decides_with_single_keys_and_can_switch_them_off(
    browser: Browser, tmp_path: Path
) -> None:
    with inside(browser, tmp_path, empty=False) as visit:
        page = visit.open("/admin/queue/1")
        page.keyboard.press("j")
        expect(page.locator("h1")).to_contain_text("IBM")
        page.keyboard.press("k")
        expect(page.locator("h1")).to_contain_text("Zorvex Systems")
        page.keyboard.press("j")
        expect(page.locator("h1")).to_contain_text("IBM")
        expect(page.locator("article mark")).to_have_text(TODAY)
        page.keyboard.press("e")
        expect(page.get_by_label("Act", exact=True)).to_be_focused()
        page.get_by_label("Why").fill("the letter says all")  # the letters in it press nothing
        page.keyboard.press("Escape")
        page.locator("h1").click()
        page.get_by_label("Keys: a accepts").uncheck()
        page.keyboard.press("r")
        expect(page.locator("h1")).to_contain_text("IBM")
        page.get_by_label("Keys: a accepts").check()
        page.keyboard.press("a")
        expect(page.get_by_role("status")).to_contain_text("Review 2 is decided")
        expect(page.locator("h1")).to_contain_text("/c/ibm")
