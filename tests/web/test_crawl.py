"""Every link of the dashboard leads somewhere, and every page is HTML that nobody has to mend."""

import re
from collections import deque
from datetime import UTC, datetime
from urllib.parse import urldefrag

import html5lib
from flask.testing import FlaskClient
from lxml import html

from tests.web.conftest import BASE, Parts
from tracker.config import Settings
from tracker.pipeline import catalog
from tracker.web import create_app

RECORDS = re.compile(r"/(?:events|(?:e|c|calls)/[^/.]+)")
"""Pages of records themselves, in none of their other forms."""
LINKS = "//a/@href | //link/@href | //form[not(@method='post')]/@action"


def crawl(
    client: FlaskClient, start: str, *, most: int, only: re.Pattern[str] | None = None
) -> dict[str, str]:
    """Follow every link of ours from a page on; the pages of HTML that were found, by address."""
    waiting, seen, pages = deque([start]), {start}, {}
    while waiting:
        address = waiting.popleft()
        with client.get(address, base_url=BASE) as response:
            assert response.status_code in (200, 301, 303), f"{address}: {response.status_code}"
            if response.mimetype != "text/html" or response.status_code != 200:
                continue
            text = pages[address] = response.get_data(as_text=True)
        for link in html.fromstring(text).xpath(LINKS):
            path, anchor = urldefrag(str(link))
            if anchor and not path:
                assert f'id="{anchor}"' in text, f"{address}#{anchor}"
            ours = path.startswith("/") and (only is None or only.fullmatch(path))
            if ours and path not in seen:
                seen.add(path)
                waiting.append(path)
        assert len(seen) < most, "links that lead to ever new links"
    return pages


def test_every_link_leads_somewhere_and_every_page_is_sound(
    parts: Parts, filled: dict[str, int]
) -> None:
    client = create_app(Parts(Settings(), parts.database, parts.now)).test_client()
    pages = crawl(client, "/", most=4000)
    for found in ("/e/acme-ends", "/c/acme", "/o", "/calls/c1", "/corrections"):
        assert found in pages
    assert any("lang=de" in address for address in pages)
    checked = [one for one in pages if "lang=" not in one]
    for address in [*checked[:120], "/subscribe", "/correct?about=/e/acme-ends"]:
        text = pages.get(address) or client.get(address, base_url=BASE).get_data(as_text=True)
        html5lib.HTMLParser(strict=True).parse(text)


def test_every_record_that_ships_has_a_page(parts: Parts) -> None:
    now = datetime(2026, 3, 15, tzinfo=UTC)
    catalog.load_starter(parts.database, now, with_history=True)
    client = create_app(Parts(Settings(), parts.database, parts.now)).test_client()
    pages = crawl(client, "/events", most=4000, only=RECORDS)
    assert len([one for one in pages if one.startswith("/e/")]) > 30
    assert len([one for one in pages if one.startswith("/calls/")]) > 30
