"""What axe finds wrong on a page. Contrast takes most of its time, so it is asked for by name."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CONTRAST = "color-contrast"


def violations(page: Page, *only: str, contrast: bool = True) -> list[str]:
    """The faults, each with the element that has it; of all rules, or of these only."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    elif not contrast:
        options["rules"] = {CONTRAST: {"enabled": False}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]
