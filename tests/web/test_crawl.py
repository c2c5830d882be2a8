"""Every link of the dashboard leads somewhere, and every page is HTML that nobody has to mend.

Pages of one kind are made by the same code: of each kind of link some are followed, and of all the
others it is made sure that the page exists and the record that it names is on record.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urldefrag, urlsplit

import html5lib
from flask import Flask
from lxml import html
from sqlalchemy import select

from tests.parts.clock import Clock
from tests.web.conftest import BASE, Parts
from tracker.config import Settings
from tracker.pipeline import catalog
from tracker.store.database import Database
from tracker.store.schema import CallRow, OrganisationRow, StanceRow, TopicRow
from tracker.store.views import calls, stances
from tracker.store.views.records import Lens
from tracker.web import create_app

LINKS = "//a/@href | //link/@href | //form[not(@method='post')]/@action"
OF_EACH_KIND = 2
"""Links of one kind that are followed: the same page with the same names of parameters."""

NAMED = {
    "events": {"id_": StanceRow.id},
    "calls": {"id_": CallRow.id},
    "companies": {"slug": OrganisationRow.slug},
    "company_topic": {"slug": OrganisationRow.slug, "topic": TopicRow.slug},
    "groups": {"slug": OrganisationRow.slug},
    "topics": {"slug": TopicRow.slug},
}
"""What the parts of an address name, by the pages that it belongs to."""


@dataclass
class Crawl:
    """What was found on the way: pages by address, and what addresses not followed name."""

    web: Flask
    pages: dict[str, str] = field(default_factory=dict)
    named: set[tuple[str, str, str]] = field(default_factory=set)
    _seen: Counter[tuple[object, ...]] = field(default_factory=Counter)

    def follow(self, *starts: str) -> None:
        """Follow links of ours from some pages on, some of each kind."""
        client = self.web.test_client()
        waiting, known = deque(starts), set(starts)
        while waiting:
            address = waiting.popleft()
            with client.get(address, base_url=BASE) as response:
                assert response.status_code in (200, 301, 303), f"{address}: {response.status}"
                if response.mimetype != "text/html" or response.status_code != 200:
                    continue
                text = self.pages[address] = response.get_data(as_text=True)
            for link in _links(address, text) - known:
                known.add(link)
                if self._is_wanted(link):
                    waiting.append(link)

    def _is_wanted(self, link: str) -> bool:
        """Whether to follow it; else what it names is kept, to be looked up."""
        path, query = urlsplit(link).path, dict(parse_qsl(urlsplit(link).query))
        endpoint, parts = self.web.url_map.bind("127.0.0.1").match(path)
        kind = (endpoint, parts.get("form"), query.get("lang"), *sorted(query))
        self._seen[kind] += 1
        blueprint = endpoint.partition(".")[0]
        if self._seen[kind] <= OF_EACH_KIND or not (query or blueprint in NAMED):
            return True
        names = NAMED.get(blueprint, {})
        self.named |= {(blueprint, name, parts[name]) for name in names if name in parts}
        return False


def _links(address: str, text: str) -> set[str]:
    """The addresses of ours on a page; what leads to a place on it must be there."""
    found = set()
    for link in html.fromstring(text).xpath(LINKS):
        path, anchor = urldefrag(str(link))
        if anchor and not path:
            assert f'id="{anchor}"' in text, f"{address}#{anchor}"
        if path.startswith("/"):
            found.add(path)
    return found


def require_on_record(database: Database, named: set[tuple[str, str, str]]) -> None:
    """Every record that was named by a link exists."""
    with database.reading() as session:
        for blueprint, columns in NAMED.items():
            for name, column in columns.items():
                wanted = {one for of, part, one in named if (of, part) == (blueprint, name)}
                found = set(session.scalars(select(column).where(column.in_(sorted(wanted)))))
                assert wanted == found, f"{blueprint}: {wanted - found}"


def test_every_link_leads_somewhere_and_every_page_is_sound(
    parts: Parts, filled: dict[str, int]
) -> None:
    found = Crawl(create_app(Parts(Settings(), parts.database, parts.now)))
    found.follow("/", "/e/acme-ends", "/c/acme")
    for page in ("/o", "/calls/c1", "/corrections", "/t/facial-recognition", "/method"):
        assert page in found.pages
    assert any("lang=de" in address for address in found.pages)
    require_on_record(parts.database, found.named)
    client = found.web.test_client()
    for address in [*found.pages, "/subscribe", "/correct?about=/e/acme-ends"]:
        text = found.pages.get(address) or client.get(address, base_url=BASE).text
        if "lang=" not in address:
            html5lib.HTMLParser(strict=True).parse(text)


def test_every_record_that_ships_has_a_page(parts: Parts) -> None:
    now = datetime(2026, 3, 15, tzinfo=UTC)
    catalog.load_starter(parts.database, now, with_history=True)
    lens = Lens(now.date(), every_level=True)
    with parts.database.reading() as session:
        events = [one.id for one in stances.find(session, lens, stances.Wanted(), limit=1_000)]
        asked = calls.targets(session, lens, now, waiting=False, limit=1_000)
        shown = select(StanceRow.id).where(StanceRow.published, StanceRow.date <= lens.day)
        assert set(events) == set(session.scalars(shown))
    assert len(events) > 150
    addresses = [f"/e/{id_}" for id_ in events[::25]]
    addresses += sorted({f"/calls/{one.call}" for one in asked})[::10]
    client = create_app(Parts(Settings(), parts.database, Clock(now))).test_client()
    pages = {one: client.get(one, base_url=BASE) for one in addresses}
    assert {one: page.status for one, page in pages.items() if page.status_code != 200} == {}
