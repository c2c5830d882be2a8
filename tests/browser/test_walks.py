"""Five questions, answered by clicking only (docs/walks.md)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows

pytestmark = pytest.mark.browser


WIDTHS = pytest.mark.parametrize("width", [1280, 390])


def stands(windows: Windows, width: int) -> Page:
    page = windows.window(width, script=False).open("/")
    row = page.locator(".matrix tr", has=page.get_by_role("rowheader", name="Microsoft"))
    column = page.locator(".matrix thead th").all_inner_texts().index("Facial recognition")
    row.locator("th, td").nth(column).get_by_role("link").click()
    return page


@WIDTHS
def test_where_microsoft_stands_since_when_and_who_asked_it_to_move(
    windows: Windows, width: int
) -> None:
    page = stands(windows, width)
    told = "In words and in deeds: “Paused” since 11 Jun 2020."
    expect(page.locator(".dek")).to_contain_text(told)
    asked = page.locator("aside section", has=page.get_by_text("Who asked Microsoft to move"))
    expect(asked).to_contain_text("ACLU")
    expect(asked).to_contain_text("9 Jun 2020")
    page.locator(".meta").get_by_role("link", name="Who asked Microsoft to move").click()
    expect(asked.get_by_role("heading")).to_be_in_viewport()


def test_what_it_said_and_where(windows: Windows) -> None:
    page = stands(windows, 390)
    page.locator(".ev", has_text="11 Jun 2020").locator(".headline a").click()
    expect(page.locator("h1")).to_contain_text("will not sell facial recognition to US police")
    expect(page.get_by_role("region", name="The evidence")).to_contain_text("Source only")
    links = page.get_by_role("region", name="Sources").get_by_role("link")
    assert links.count() >= 1
    assert (links.first.get_attribute("href") or "").startswith("https://")


def test_who_has_not_answered(windows: Windows) -> None:
    page = windows.window(390, script=False).open("/")
    page.get_by_role("link", name="Open calls", exact=True).click()
    rows = page.locator("table.list tbody tr")
    assert rows.count() > 10
    expect(rows.first).to_contain_text("Dec 2016")


def test_what_changed_in_2025(windows: Windows) -> None:
    page = windows.window(390, script=False).open("/")
    page.get_by_role("link", name="2025", exact=True).click()
    expect(page.locator("h1")).to_have_text("What changed in 2025")
    events = page.locator("li.ev")
    assert events.count() > 5
    assert all("2025" in one for one in events.locator("time").all_inner_texts())
    assert events.filter(has=page.locator(".chg")).count() == events.count()


def test_names_beside_long_words_of_other_languages_stay_whole(windows: Windows) -> None:
    page = windows.window().open("/t/facial-recognition?lang=de")
    names = page.locator("aside .sil b a")
    heights = [box["height"] for one in names.all() if (box := one.bounding_box())]
    assert heights
    assert max(heights) < 30, "a company's name on one line, not letter by letter"
