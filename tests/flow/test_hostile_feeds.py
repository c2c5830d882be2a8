"""One bad source never harms another, and nothing it sends is a bug of ours (promises 1, 4, 5)."""

import gzip
import json
from datetime import datetime

import pytest
from sqlalchemy import func, select

from tests.flow.conftest import add_source
from tests.parts.site import Site
from tracker.app import App
from tracker.domain.codes import SourceKind
from tracker.domain.errors import Fault, UsageError
from tracker.domain.model import Feed, Response
from tracker.domain.polling import Pace
from tracker.engine.local import Threads
from tracker.engine.workers import Workers
from tracker.pipeline import quarantine
from tracker.pipeline.poll import Polling, poll_due
from tracker.sources import feeds
from tracker.store import sources
from tracker.store.quarantine import Quarantined
from tracker.store.schema import EntryRow

ITEM = "<item><title>Report {n}</title><guid>urn:{n}</guid>{more}</item>"
WHOLE = "<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>"


def feed(*more: str) -> bytes:
    items = "".join(ITEM.format(n=n, more=text) for n, text in enumerate(more))
    return WHOLE.format(items=items).encode()


KEPT = {
    "/good": feed("", "", ""),
    "/dates": feed("<pubDate>0000-00-00</pubDate>", "<pubDate>31 Feb 10000</pubDate>"),
    "/years": feed("<pubDate>Mon, 01 Jan -001 00:00:00 GMT</pubDate>"),
    "/reference": feed(f"<description>&#{'9' * 6000};</description>", "<author>&#xD800;</author>"),
    "/controls": feed("<description>bell \x07 and nul \x00</description>"),
    "/bytes": feed("<description>caf@</description>").replace(b"@", b"\xe9"),
    "/cut": feed("", "<description>it breaks off")[:-60],
    "/entity": b"<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"
    + feed("<description>&b;</description>"),
    "/ampersand": feed("<description>fish & chips &nbsp; &undefined;</description>"),
    "/script": feed("<description>&lt;script>alert(1)&lt;/script>words</description>"),
    "/long": feed(f"<description>{'word ' * 100_000}</description>"),
    "/same": feed("", "").replace(b"urn:1", b"urn:0"),
    "/json": json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1}, 7, {"url": []}]}
    ).encode(),
}
WHOLLY_KEPT = {"/good": 3, "/dates": 2, "/reference": 2}
REFUSED = {
    "/html": b"<!doctype html><html><body><p>Please log in.</p></body></html>",
    "/empty": b"",
    "/noise": bytes(range(256)) * 40,
    "/deep": b"<rss><channel><item>" + b"<a>" * 100_000,
    "/broken-json": b'{"version": "https://jsonfeed.org/version/1", "items": [',
    "/nested-json": b'{"items":' + b"[" * 100_000,
    "/tags": b"<rss><channel>" + b"<a/>" * 200_000 + b"</channel></rss>",
}


def test_every_class_of_bad_feed_costs_itself_at_most(app: App, site: Site) -> None:
    for path, body in (KEPT | REFUSED).items():
        add_source(app, site.put(path, body))
    packed = {"Content-Encoding": "gzip"}
    add_source(app, site.put("/bomb", gzip.compress(b"x" * 40_000_000), headers=packed))
    add_source(app, site.put("/round", status=302, headers={"Location": "SITE/round"}))
    add_source(app, site.put("/inside", status=302, headers={"Location": "http://10.0.0.1/"}))
    add_source(app, site.answer("/dropped", lambda _request: None))
    tally = app.poll(100)
    assert tally.bugs == 0
    with app.database.reading() as session:
        watched = {s.url: s for s in sources.every(session) if s.url.startswith(site.url)}
        counted = session.execute(
            select(EntryRow.source_id, func.count()).group_by(EntryRow.source_id)
        )
        stored = {row[0]: row[1] for row in counted}
    for path in KEPT:
        source = watched[site.url + path]
        assert source.last_error is None, (path, source.last_error)
        assert stored[source.id] >= WHOLLY_KEPT.get(path, 1), path
    bad = {url: s for url, s in watched.items() if url.removeprefix(site.url) not in KEPT}
    assert len(bad) == len(REFUSED) + 4
    for url, source in bad.items():
        assert source.error_fault is Fault.THEIRS, url
        assert source.last_error, url


@pytest.fixture
def hasty(app: App) -> Polling:
    """Polling whose readers have a thousandth of a second for each document."""
    workers = Workers(most=1, seconds=0.001)

    def read(response: Response, now: datetime) -> Feed:
        return workers(feeds.parse, response, now)

    return Polling(
        app.database, app.fetch, {SourceKind.FEED: read}, app.now, Pace(), Threads(1).together
    )


def test_what_no_reader_survives_is_set_aside_until_it_changes_or_a_person_asks(
    app: App, site: Site, hasty: Polling
) -> None:
    add_source(app, site.put("/feed", KEPT["/good"]))
    poll_due(hasty, 10)
    (found,) = quarantine.list_all(app.database)
    assert found.kind is Quarantined.FEED
    assert "0.001 s" in found.error
    with app.database.reading() as session:
        every = sources.every(session)
    ids = [source.id for source in every if source.url.startswith(site.url)]
    assert app.poll(10, ids)["failed"] == 1  # it is not even tried again
    with pytest.raises(UsageError, match="entry:77"):
        quarantine.retry(app.database, ["entry:77"], app.now())
    assert len(quarantine.retry(app.database, ["all"], app.now())) == 1
    assert app.poll(10, ids)["new_entries"] == 3
    assert quarantine.list_all(app.database) == []
