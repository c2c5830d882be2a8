"""Hard states in Chromium: nothing, far too much, long and foreign names, wrong addresses."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Windows
from tests.browser.pages import EMPTY, FAULTS, HARD
from tests.browser.served import ARABIC, LONG, UNBROKEN, served_hard_cases, served_nothing
from tests.browser.test_dashboard import SIDEWAYS
from tests.parts.accessibility import violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_hard_cases(tmp_path_factory.mktemp("hard") / "tracker.db") as address:
        yield address


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_nothing(tmp_path_factory.mktemp("nothing") / "tracker.db") as address:
        yield address


@pytest.fixture
def hard_windows(browser: Browser, hard: str) -> Iterator[Windows]:
    windows = Windows(browser, hard)
    yield windows
    windows.close()


@pytest.fixture
def empty_windows(browser: Browser, nothing: str) -> Iterator[Windows]:
    windows = Windows(browser, nothing)
    yield windows
    windows.close()


def check(page: Page, widths: tuple[int, ...] = (320, 1280, 2560)) -> None:
    """It fits, and everyone can use it; the colours are those of every other page."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == [], f"sideways at {width}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 390, "height": 900})
    assert violations(page, contrast=False) == []


@pytest.mark.parametrize("name", HARD)
def test_hard_cases_fit_and_are_for_everyone(hard_windows: Windows, name: str) -> None:
    check(hard_windows.window().open(HARD[name]))


def test_an_empty_installation_fits_and_is_for_everyone(empty_windows: Windows) -> None:
    window = empty_windows.window()
    for path in EMPTY.values():
        check(window.open(path), widths=(320, 1280))


def test_a_fault_says_what_happened_and_where_to_go_on(empty_windows: Windows) -> None:
    window = empty_windows.window()
    for path, status in FAULTS.values():
        page = window.open(path, status)
        check(page, widths=(320, 1280))
        expect(page.locator("main").get_by_role("searchbox")).to_be_visible()


def test_names_are_whole_whatever_their_length_or_direction(hard_windows: Windows) -> None:
    page = hard_windows.window(390).open("/c")
    for name in (LONG, UNBROKEN, ARABIC):
        expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()


def test_five_hundred_stances_are_piled_and_paged(hard_windows: Windows) -> None:
    page = hard_windows.window().open("/c/busy")
    assert page.locator("a.mk").count() < 60
    assert page.locator("li.ev").count() <= 80
    page.get_by_role("link", name="All 500 events of Busy").click()
    expect(page.locator(".dek")).to_contain_text("500 events")
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".pages")).to_contain_text("Page 2 of 13")


def test_a_stated_time_that_is_over_is_marked(hard_windows: Windows) -> None:
    page = hard_windows.window().open("/c/long")
    assert page.locator(".expiry title").first.text_content() == (
        "6 May 2025: the stated time of “Paused” was over"
    )
    expect(page.locator(".key")).to_contain_text("Its stated time was over")


def test_a_source_that_is_down_says_whose_fault_it_is(hard_windows: Windows) -> None:
    page = hard_windows.window().open("/sources")
    expect(page.locator("tr", has_text="Down for days")).to_contain_text("failing")
    expect(page.locator("tr", has_text="Out of reach")).to_contain_text(
        "not reached through a fault of this machine"
    )


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/c/bussy", 404, "Busy"),
        ("/t/facial-recognitoin", 404, "Facial recognition"),
        ("/c/busy?as_of=yesterday", 400, "is no day"),
        ("/compare?company=a&company=b&company=c&company=d&company=e", 400, "at most four"),
    ],
)
def test_addresses_that_lead_nowhere_help(
    hard_windows: Windows, path: str, status: int, said: str
) -> None:
    page = hard_windows.window().open(path, status)
    expect(page.locator("main")).to_contain_text(said)
    check(page, widths=(320,))


def test_a_reader_sends_in_what_is_wrong_by_keyboard_and_without_script(
    hard_windows: Windows,
) -> None:
    page = hard_windows.window(390, script=False).open("/e/of-long")
    page.get_by_role("link", name="Correct this").press("Enter")
    page.get_by_label("What is wrong or missing?").fill("The pause began a week later.")
    page.get_by_label("For the company").press("Space")
    page.get_by_role("button", name="Send it in").press("Enter")
    expect(page.locator("h1")).to_have_text("Thank you. It waits for a person.")
    check(hard_windows.window().open(urlsplit(page.url).path), widths=(320,))
    page.get_by_role("link", name="Back to the record").press("Enter")
    expect(page.locator("h1")).to_contain_text("said it pauses")


def test_the_slider_looks_at_another_day(hard_windows: Windows) -> None:
    page = hard_windows.window().open("/t/facial-recognition")
    slider = page.get_by_role("slider", name="As of")
    slider.press("Home")
    page.wait_for_url("**as_of=2010-01-31**")
    expect(page.locator(".then")).to_contain_text("31 Jan 2010")
    page.get_by_role("slider", name="As of").press("End")
    page.wait_for_url(lambda url: "as_of" not in url)


def test_companies_are_compared_by_choosing_them(hard_windows: Windows) -> None:
    page = hard_windows.window(script=False).open("/compare")
    page.get_by_label("Company 1").select_option(label="Busy")
    page.get_by_label("Company 2").select_option(label=ARABIC)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".lane h3")).to_have_text(["Busy", ARABIC])
    assert "company=busy" in page.url
