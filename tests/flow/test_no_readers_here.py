"""What publishers send is read in workers: the program itself does not even load a parser.

Nor does it load what analyses texts while none waits.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from tests.parts.site import Site
from tracker.domain.codes import Origin, SourceKind
from tracker.domain.model import Source
from tracker.store import sources
from tracker.store.database import Database

NOW = datetime(2020, 6, 9, tzinfo=UTC)
PARSERS = ("lxml", "feedparser", "nh3", "trafilatura", "spacy", "onnxruntime")
PROGRAM = f"""
import sys
from tracker import config
from tracker.app import App
app = App(config.load(None))
polled, read = app.poll(9, map(int, sys.argv[1:])), app.read(9)
analysed = app.analyse(9, [])
print(polled["new_entries"], polled["failed"], read["articles"], analysed.done)
print(*(parser for parser in {PARSERS} if parser in sys.modules))
app.close()
"""
WORDS = "The council of the harbour town voted on Tuesday to end its contract with the company. "
PAGE = f"<html><head><title>Vote</title></head><body><article><p>{WORDS * 4}</p></article></body>"
FEED = "<rss version='2.0'><channel><item><link>SITE/vote</link></item></channel></rss>"
FULL = (
    "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><item>"
    f"<guid>7</guid><content:encoded>{WORDS * 9}</content:encoded></item></channel></rss>"
)
MAP = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    "<url><loc>SITE/vote?of=map</loc></url></urlset>"
)
LIST = "<body><main><a href='/vote?of=list'>How the council voted on Tuesday</a></main></body>"
POLICY = f"<html><body><main><h1>Policy</h1><p>{WORDS * 6}</p></main></body></html>"


def test_no_parser_is_loaded_by_a_program_that_polls_and_reads(
    site: Site, sqlite_url: Callable[[], str]
) -> None:
    site.put("/vote", PAGE, headers={"Content-Type": "text/html"})
    every = [
        Source(site.put("/feed", FEED), "Wire"),
        Source(site.put("/full", FULL), "Wire"),
        Source(
            site.put("/json", '{"version": "https://jsonfeed.org/version/1.1", "items": []}'),
            "Wire",
        ),
        Source(site.put("/map", MAP), "Wire", kind=SourceKind.SITEMAP),
        Source(site.put("/list", LIST), "Wire", kind=SourceKind.PAGE),
        Source(site.put("/policy", POLICY), "Wire", kind=SourceKind.WATCHED),
    ]
    database = Database(sqlite_url())
    with database.transaction() as session:
        added = [sources.add(session, source, NOW, Origin.EDITOR) for source in every]
    database.close()
    settings = {
        "TRACKER_DATABASE__URL": database.url,
        "TRACKER_FETCH__ALLOW_NETWORKS": "127.0.0.0/8",
        "TRACKER_FETCH__HOST_GAP": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *(str(number) for number, _new in added)],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found, loaded = done.stdout.split("\n")[:2]
    assert found == "5 0 2 0"
    assert loaded == ""
