"""Whatever comes, a reader gives what it can or a ParseError, nothing else (promises 4 and 5).

A bounded piece of what `benchmarks/fuzz.py` does for as long as one likes.
"""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.parts.mutations import mutations
from tracker.domain.errors import FetchError, ParseError
from tracker.domain.model import Response
from tracker.sources import answers, feeds, listings, pages, sitemaps, watched
from tracker.sources.answers import Caps
from tracker.sources.messages import read_reply
from tracker.sources.wire import Limits, Line

NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)
URL = "https://wire.example/feed"

RSS = (
    b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
    b'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Wire</title>'
    b"<ttl>60</ttl><item><title>One &amp; two</title><link>https://wire.example/1</link>"
    b"<guid isPermaLink='false'>urn:1</guid><pubDate>Tue, 09 Jun 2020 18:10:00 GMT</pubDate>"
    b"<content:encoded><![CDATA[<p style='display:none'>x</p><p>A <a href='/b'>b</a></p>]]>"
    b"</content:encoded></item><item><description>caf\xc3\xa9</description></item></channel></rss>"
)
ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">W</title><entry><id>tag:1</id>'
    b'<title>T</title><link rel="alternate" href="a/b"/><updated>2020-06-09T18:10:00Z</updated>'
    b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>C</p></div></content>'
    b"<author><name>N</name></author></entry></feed>"
)
JSON = (
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "W", "items": [{"id": "1", "url": '
    b'"https://wire.example/1", "content_html": "<p>x</p>", "date_published": "2020-06-09"}]}'
)
PAGE = (
    b"<!doctype html><html lang=en><head><title>T | Wire</title><meta name=date content=2020-06-09>"
    b'<script type=\'application/ld+json\'>{"datePublished": "2020-06-09"}</script><style>'
    b"@media (min-width: 9px) { .a > b:not(.c), [x='y'] { display: none } }</style></head><body>"
    b"<div><a href=/news/cameras-at-the-gates>Cameras at the gates of the board are gone</a></div>"
    b"<article><h1>T</h1>"
    + b"<p class=a>The board said on Tuesday that it ends the trial of cameras at its gates.</p>"
    * 6
    + b"<ul><li>One<li>Two</ul></article><footer>Contact</footer></body></html>"
)
SITEMAP = (
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://wire.example/1'
    b"</loc><lastmod>2020-06-09</lastmod></url></urlset>"
)
ANSWER = (
    b'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: "a"\r\nTransfer-Encoding: chunked\r\n'
    b"Retry-After: 5\r\n\r\n5;x=y\r\n<rss>\r\n6\r\n</rss>\r\n0\r\nX: y\r\n\r\n"
)
READERS: dict[str, tuple[bytes, int, Callable[[Response], Any]]] = {
    "rss": (RSS, 60, lambda r: feeds.parse(r, NOW)),
    "atom": (ATOM, 60, lambda r: feeds.parse(r, NOW)),
    "json": (JSON, 60, lambda r: feeds.parse(r, NOW)),
    "page": (PAGE, 40, pages.parse),
    "visible text": (PAGE, 40, pages.visible_text),
    "watched page": (PAGE, 20, lambda r: watched.parse(r, NOW)),
    "listing": (PAGE, 20, lambda r: listings.parse(r, NOW)),
    "sitemap": (SITEMAP, 60, lambda r: sitemaps.parse(r, NOW)),
}


@pytest.mark.parametrize("name", READERS)
def test_a_reader_gives_something_or_a_parse_error(name: str) -> None:
    sample, number, read = READERS[name]
    refused = 0
    for body in mutations(sample, number):
        try:
            assert read(Response(URL, 200, body, {})) is not None
        except ParseError:
            refused += 1
    assert refused < number


def test_an_answer_is_read_or_refused() -> None:
    came = 0
    for data in mutations(ANSWER, 300):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(data)
            theirs.shutdown(socket.SHUT_WR)
            line = Line(ours, "127.0.0.1", Limits(5, 100_000, lambda: 0.0))
            try:
                reply = read_reply(line)
                answers.read(URL, reply, answers.Validators(), Caps(100_000, 100_000), NOW)
                came += 1
            except (FetchError, ValueError):
                continue
    assert came
