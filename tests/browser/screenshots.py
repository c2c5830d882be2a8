"""Pictures of every page and mail: ``python -m tests.browser.screenshots``.

They are made for looking at, into the folder ``screenshots`` (or the one named), which git
ignores: pages of the starter history, hard states, nothing at all, faults, what a subscriber sees,
and mails, each wide and narrow, light and dark; and what a printer gets, as PDF. Beginnings of
names after the folder leave the others out.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import served
from tests.browser.pages import EMPTY, FAULTS, HARD, PAGES, PRINTED, STAFF
from tests.mail.conftest import BASE, DOMAIN
from tests.mail.test_in_browser import MAILS
from tests.mail.test_letters import part
from tracker.notifiers.letters import Letters
from tracker.notifiers.mail import templates_folder

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (1280, 390)
MAIL_WIDTHS = (700, 390)
TALLEST = 6000
"""Pixels of a page that a picture holds; longer ones are cut."""


@dataclass(frozen=True)
class Studio:
    """Where pictures are taken, where they go, and the beginnings of names that are wanted."""

    browser: Browser
    folder: Path
    wanted: tuple[str, ...]

    def pages(
        self,
        address: str,
        paths: Mapping[str, str],
        enter: Callable[[Page, str], None] | None = None,
    ) -> None:
        """Pictures of pages of one dashboard; ``enter`` comes through its door first."""
        names = [name for name in paths if name.startswith(self.wanted)]
        for width in WIDTHS:
            for scheme in SCHEMES:
                with self._window(width, scheme) as page:
                    if enter:
                        enter(page, address)
                    for name in names:
                        page.goto(address + paths[name])
                        self._take(page, f"{name}-{width}-{scheme}")

    def sheets(self, address: str, paths: Mapping[str, str]) -> None:
        """What a printer gets of pages of one dashboard."""
        with self._window(1280, "light") as page:
            for name, path in paths.items():
                if name.startswith(self.wanted):
                    page.goto(address + path)
                    file = self.folder / f"{name}.pdf"
                    page.pdf(path=file, format="A4", print_background=False)
                    print(file)

    def mails(self) -> None:
        """Both parts of mails: pictures of the one, the other as it is."""
        letters = Letters(
            f"Stance Tracker <alerts@{DOMAIN}>", BASE, templates_folder(), lambda: served.NOW
        )
        for kind, mail in MAILS.items():
            name = f"mail-{kind.lower()}"
            if not name.startswith(self.wanted):
                continue
            message = letters.write(mail)
            text = f"Subject: {message['Subject']}\n\n{part(message, 'plain')}"
            (self.folder / f"{name}.txt").write_text(text)
            for width in MAIL_WIDTHS:
                for scheme in SCHEMES:
                    with self._window(width, scheme) as page:
                        page.set_content(part(message, "html"))
                        self._take(page, f"{name}-{width}-{scheme}")

    @contextmanager
    def _window(self, width: int, scheme: Literal["light", "dark"]) -> Iterator[Page]:
        height = 900 if width > 500 else 844
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        yield context.new_page()
        context.close()

    def _take(self, page: Page, name: str) -> None:
        page.evaluate("document.fonts.ready")
        size = page.viewport_size
        assert size is not None
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        file = self.folder / f"{name}.png"
        page.screenshot(
            path=file,
            full_page=True,
            clip={"x": 0, "y": 0, "width": size["width"], "height": height},
        )
        print(file)


def main() -> int:
    """Make the pictures; 1 when there is no Chromium."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    program = os.environ.get("TRACKER_TEST_CHROMIUM") or shutil.which("chromium")
    if program is None:
        print("no Chromium: install it (Debian: apt-get install chromium)", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        _take_all(Studio(browser, folder, tuple(sys.argv[2:]) or ("",)), Path(place))
        browser.close()
    return 0


def _take_all(studio: Studio, place: Path) -> None:
    wanted = studio.wanted
    if any(name.startswith(wanted) for name in PAGES):
        with served.served_history(place / "history.db") as address:
            studio.pages(address, PAGES)
            studio.sheets(address, {name: PAGES[name] for name in PRINTED})
    if any(name.startswith(wanted) for name in HARD):
        with served.served_hard_cases(place / "hard.db") as address:
            studio.pages(address, HARD)
    if any(name.startswith(wanted) for name in (*EMPTY, *FAULTS)):
        faults = {name: path for name, (path, _status) in FAULTS.items()}
        with served.served_nothing(place / "nothing.db") as address:
            studio.pages(address, EMPTY | faults)
    if wanted == ("",) or any(one.startswith("alerts") for one in wanted):
        with served.served_alerts(place / "alerts.db") as (address, paths):
            studio.pages(address, paths)
    if any(name.startswith(wanted) for name in STAFF):
        with served.served_staff(place / "staff.db") as address:
            studio.pages(address, STAFF, served.enter)
    studio.mails()


if __name__ == "__main__":
    sys.exit(main())
