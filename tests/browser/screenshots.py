"""Pictures of every page, wide and narrow, light and dark: ``python -m tests.browser.screenshots``.

They are made for looking at, into the folder ``screenshots`` (or the one named), which git ignores.
Names of pages after the folder leave the others out.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.pages import PAGES
from tests.browser.served import served_history

WIDTHS = (1280, 390)
TALLEST = 6000
"""Pixels of a page that a picture holds; longer ones are cut."""


def main() -> int:
    """Make the pictures; 1 when there is no Chromium."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    names = sys.argv[2:] or list(PAGES)
    program = os.environ.get("TRACKER_TEST_CHROMIUM") or shutil.which("chromium")
    if program is None:
        print("no Chromium: install it (Debian: apt-get install chromium)", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        served_history(Path(place) / "tracker.db") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                _take(browser, address, folder, names, width, scheme)
        browser.close()
    return 0


def _take(
    browser: Browser, address: str, folder: Path, names: list[str], width: int, scheme: str
) -> None:
    size = {"width": width, "height": 900 if width > 500 else 844}
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for name in names:
        page.goto(address + PAGES[name])
        page.wait_for_load_state("networkidle")
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        file = folder / f"{name}-{width}-{scheme}.png"
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        page.screenshot(path=file, full_page=True, clip=clip)  # type: ignore[arg-type]
        print(file)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
