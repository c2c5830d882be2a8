"""The dashboard in Chromium: sizes, contrast, keyboard, without script, in print."""

from itertools import pairwise

import html5lib
import pytest

from tests.browser.conftest import Windows
from tests.browser.pages import FURTHER, PAGES, WITHDRAWN
from tests.parts.accessibility import CONTRAST, violations

pytestmark = pytest.mark.browser

SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.body.querySelectorAll('*')]
    .filter(one => one.getBoundingClientRect().right > root.clientWidth + 1)
    .filter(one => !one.closest('.scroll, nav.main, svg'))
    .slice(0, 5).map(one => one.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_every_size_and_everyone(windows: Windows, name: str) -> None:
    page = windows.window().open(PAGES[name])
    for width in (320, 390, 1280, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == [], f"sideways at {width}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    another_state = name.partition("-")[0] in PAGES and "-" in name
    checked = ("target-size",) if another_state else (CONTRAST, "target-size")
    assert violations(page, *checked) == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})
    assert page.evaluate(SIDEWAYS) == [], "wider than a sheet of paper"
    assert not page.locator("header.top").is_visible()


def test_further_states_fit_and_are_for_everyone(windows: Windows) -> None:
    visit = windows.window()
    visit.excused = "status of 410"
    for name, path in {**FURTHER, "withdrawn": WITHDRAWN}.items():
        visit.page.set_viewport_size({"width": 320, "height": 900})
        response = visit.page.goto(visit.address + path)
        assert response is not None
        page = response.text()
        html5lib.HTMLParser(strict=True).parse(page)
        for width in (320, 1280):
            visit.page.set_viewport_size({"width": width, "height": 900})
            assert visit.page.evaluate(SIDEWAYS) == [], f"{name}: sideways at {width}"
        assert violations(visit.page, contrast=False) == [], name
        assert response.status == (410 if name == "withdrawn" else 200), name


def test_every_page_works_without_script(windows: Windows) -> None:
    page = windows.window(script=False).open("/")
    page.get_by_role("link", name="Topics", exact=True).click()
    page.get_by_role("link", name="Facial recognition").click()
    assert page.locator("h1").inner_text().startswith("Facial recognition: what")
    page.locator("a.mk").first.click()
    assert "#" in page.url
    page.get_by_label("As of", exact=True).fill("2020-06-30")
    page.get_by_role("button", name="Show").click()
    assert "as_of=2020-06-30" in page.url
    assert "30 Jun 2020" in page.locator(".then").inner_text()
    page.get_by_label("Search events, quotes and companies").fill("Ring")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Ring")
    assert "results" in page.locator(".dek").inner_text()


def test_three_clicks_lead_to_the_words_of_a_company(windows: Windows) -> None:
    page = windows.window().open("/")
    page.get_by_role("link", name="Companies", exact=True).click()
    page.get_by_role("link", name="Microsoft", exact=True).click()
    lane = page.locator(".lane", has=page.get_by_role("link", name="Facial recognition"))
    assert "Paused" in lane.locator(".now").inner_text()
    assert "Since 11 Jun 2020" in lane.locator(".now").inner_text()
    lane.get_by_role("link", name="Facial recognition", exact=True).click()
    assert "asked Microsoft to move" in page.inner_text("aside")


def test_the_keyboard_walks_the_marks_and_closes_the_tooltip(windows: Windows) -> None:
    page = windows.window().open("/t/facial-recognition")
    marks = page.locator(".lane:has(a.mk)").first.locator("a.mk")
    marks.first.focus()
    tip = page.locator("#tip")
    first = marks.first.get_attribute("aria-label")
    assert first is not None
    assert tip.inner_text() == " ".join(first.split())
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") != first
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    page.keyboard.press("ArrowDown")
    lane = page.evaluate("document.activeElement.closest('.lane').querySelector('h3').innerText")
    assert lane != page.locator(".lane h3").first.inner_text()


def test_the_skip_link_is_first_and_leads_to_the_content(windows: Windows) -> None:
    page = windows.window().open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_marks_of_a_lane_do_not_hide_each_other(windows: Windows) -> None:
    for width in (390, 1280):
        page = windows.window(width).open("/t/facial-recognition?lanes=all")
        places = page.evaluate(
            "[...document.querySelectorAll('.plotbox')].map(box => [...box.querySelectorAll("
            "'.mk .disc')].map(one => one.getBoundingClientRect()).map(r => r.x + r.width / 2))"
        )
        for lane in places:
            gaps = [right - left for left, right in pairwise(lane)]
            assert all(gap >= 23.5 for gap in gaps), f"{width}: {lane}"


def test_targets_are_large_enough(windows: Windows) -> None:
    page = windows.window(390).open("/t/facial-recognition")
    for chosen in ("nav.main a", ".btn", "a.mk .hit", ".asof button"):
        heights = page.evaluate(
            "chosen => [...document.querySelectorAll(chosen)]"
            ".map(one => one.getBoundingClientRect().height)",
            chosen,
        )
        assert heights, chosen
        assert min(heights) >= 24, chosen
    last = page.locator("nav.main a").last.bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= 376, "the navigation ends with the text below it"
    days = page.locator(".day").evaluate_all("all => all.map(one => one.getClientRects().length)")
    assert set(days) == {1}, "a day stands on one line"


def test_dark_and_light_differ_and_print_leaves_the_furniture_out(windows: Windows) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light = windows.window().open("/matrix")
    dark = windows.window(dark=True).open("/matrix")
    assert light.evaluate(paper) == "rgb(251, 250, 247)"
    assert dark.evaluate(paper) == "rgb(20, 23, 27)"
    light.emulate_media(media="print")
    assert not light.locator("header.top").is_visible()
    assert light.locator("table.matrix").is_visible()
    exact = "getComputedStyle(document.querySelector('.cell')).printColorAdjust"
    assert light.evaluate(exact) == "exact"


def test_forced_colours_keep_the_signs_and_nothing_moves_where_that_is_unwanted(
    windows: Windows,
) -> None:
    page = windows.window().open("/t/facial-recognition")
    scrolling = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(scrolling) == "auto"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(scrolling) == "smooth"
    page.emulate_media(forced_colors="active")
    assert page.locator(".legend .chip").first.is_visible()
    fill = "getComputedStyle(document.querySelector('.band.p-stopped, .band.p-paused')).fill"
    assert page.evaluate(fill) in ("rgb(11, 60, 111)", "rgb(40, 115, 179)")


def test_the_patterns_of_the_sprite_are_found_from_the_stylesheet(windows: Windows) -> None:
    page = windows.window().open("/t/facial-recognition")
    fill = "getComputedStyle(document.querySelector('.band.p-no_statement')).fill"
    assert 'url("#hatch")' in page.evaluate(fill)


def test_the_first_view_is_light(windows: Windows) -> None:
    import gzip

    visit = windows.window()
    sizes: dict[str, int] = {}
    visit.page.on("response", lambda got: sizes.update({got.url: len(gzip.compress(got.body()))}))
    visit.open("/t/facial-recognition")
    visit.page.wait_for_load_state("networkidle")
    heavy = {url: size for url, size in sizes.items() if not url.endswith(".woff2")}
    assert sum(heavy.values()) <= 60 * 1024, heavy
