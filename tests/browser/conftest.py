"""The dashboard over the starter history, served on loopback and read with Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.served import served_history


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the dashboard answers."""
    with served_history(tmp_path_factory.mktemp("history") / "tracker.db") as address:
        yield address


@dataclass
class Visit:
    """A page in a window, and everything that went wrong in it."""

    context: BrowserContext
    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    excused: str | None = None
    """What the browser itself says, sooner or later, of an address that is wrong on purpose."""

    def open(self, path: str, status: int = 200) -> Page:
        """Go to a path and wait until all is there; the browser notes a wrong address itself."""
        self.excused = None if status == 200 else f"status of {status}"
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.status == status, path
        return self.page

    def watch(self) -> None:
        """Note console errors, broken scripts, broken requests, and any foreign request."""
        page = self.page
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("requestfailed", lambda request: self.faults.append(f"failed: {request.url}"))
        page.on("request", lambda request: self._asked(request.url))

    def _said(self, kind: str, text: str) -> None:
        excused = self.excused is not None and self.excused in text
        if kind in ("error", "warning") and not excused:
            self.faults.append(f"{kind}: {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith(self.address):
            self.faults.append(f"foreign request: {url}")


class Windows:
    """Opens windows of a size, light or dark, with or without script."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._open: list[Visit] = []

    def window(self, width: int = 1280, *, dark: bool = False, script: bool = True) -> Visit:
        """A new window that notes its faults."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900 if width > 500 else 844},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        visit = Visit(context, context.new_page(), self._address)
        visit.watch()
        self._open.append(visit)
        return visit

    def close(self) -> None:
        """Close them all; a fault in any of them fails the test."""
        faults = [fault for visit in self._open for fault in visit.faults]
        for visit in self._open:
            visit.context.close()
        assert faults == []


@pytest.fixture
def windows(browser: Browser, address: str) -> Iterator[Windows]:
    """Windows of one test; no fault may have happened in them."""
    windows = Windows(browser, address)
    yield windows
    windows.close()
