"""Search, facets, frames and citations in Chromium."""

import pytest

from tests.browser.conftest import Windows
from tests.parts.accessibility import violations

pytestmark = pytest.mark.browser


def test_a_search_is_narrowed_by_clicking_and_saved(windows: Windows) -> None:
    page = windows.window(script=False).open("/search?q=police")
    assert page.locator("mark").first.inner_text().lower() == "police"
    page.locator(".facets").get_by_role("link", name="Events", exact=True).click()
    assert "kind=stance" in page.url
    page.locator(".facets").get_by_role("link", name="Amazon", exact=True).click()
    page.wait_for_url("**company=amazon**")
    assert page.locator("#again").input_value() == "police company:amazon kind:stance"
    assert page.locator(".facets a.on").count() == 2
    page.get_by_role("link", name="Save as alert").click()
    page.wait_for_url("**/subscribe?q=police&company=amazon&kind=stance**")


def test_nothing_found_leads_on(windows: Windows) -> None:
    page = windows.window().open("/search?q=police+xyzzy&company=amazon")
    page.locator(".suggestions a").first.click()
    assert page.locator(".ev").count() > 0


def test_further_facets_unfold_by_keyboard(windows: Windows) -> None:
    page = windows.window().open("/search?q=police")
    summary = page.locator(".facets summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".facets details[open] .facet").first.is_visible()


@pytest.mark.parametrize("path", ["/t/facial-recognition", "/matrix"])
def test_a_frame_fits_and_leads_out_of_itself(windows: Windows, path: str) -> None:
    page = windows.window().open(f"/embed{path}")
    for width in (320, 700):
        page.set_viewport_size({"width": width, "height": 600})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    page.get_by_role("link", name="Evidence, sources and history").focus()
    assert page.locator("base").get_attribute("target") == "_top"


def test_a_page_is_cited_and_framed_from_its_foot(windows: Windows) -> None:
    page = windows.window().open("/t/facial-recognition")
    page.get_by_text("Cite", exact=True).click()
    assert "Retrieved" in page.locator("details.cite code").first.inner_text()
    page.get_by_text("Embed", exact=True).click()
    assert "<iframe src=" in page.locator("details.snippet code").inner_text()


def test_the_picture_of_a_timeline_draws(windows: Windows) -> None:
    visit = windows.window()
    page = visit.open("/t/facial-recognition.svg")
    visit.excused = "status of 404"  # beside a bare picture the browser asks for /favicon.ico
    assert page.locator("svg > title").text_content()
    assert page.locator("a circle").count() > 5
