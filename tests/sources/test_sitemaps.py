"""Sitemaps read as if they were feeds."""

import gzip
from datetime import UTC, datetime

import pytest

from tracker.domain.errors import ParseError
from tracker.domain.model import Feed, Response
from tracker.sources import sitemaps

NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
)
NEWS = """<url><loc>https://wire.example/news/city-pauses-cameras</loc>
<lastmod>2020-06-09T12:00:00Z</lastmod>
<news:news><news:publication><news:name>Wire</news:name></news:publication>
<news:publication_date>2020-06-09T10:00:00+02:00</news:publication_date>
<news:title>City pauses its cameras &amp; waits</news:title></news:news></url>"""


def read(body: str | bytes) -> Feed:
    data = body.encode() if isinstance(body, str) else body
    return sitemaps.parse(Response("https://wire.example/news-sitemap.xml", 200, data), NOW)


def urlset(*urls: str) -> str:
    return f"{HEAD}{''.join(urls)}</urlset>"


def test_a_news_sitemap_brings_title_and_date_of_publication() -> None:
    (entry,) = read(urlset(NEWS)).entries
    assert entry.title == "City pauses its cameras & waits"
    assert entry.url == "https://wire.example/news/city-pauses-cameras"
    assert entry.published == datetime(2020, 6, 9, 8, tzinfo=UTC)


def test_without_the_news_extension_the_address_gives_the_title() -> None:
    plain = (
        "<url><loc>/2020/06/bank-drops-voice-checks.html</loc><lastmod>2020-06-08</lastmod></url>"
    )
    (entry,) = read(urlset(plain)).entries
    assert entry.title == "bank drops voice checks"
    assert entry.published == datetime(2020, 6, 8, tzinfo=UTC)


def test_the_newest_are_taken_and_strangers_left_out() -> None:
    many = [
        f"<url><loc>https://wire.example/{n}</loc><lastmod>2020-05-{n % 28 + 1:02}</lastmod></url>"
        for n in range(sitemaps.MOST_ENTRIES + 20)
    ]
    stranger = "<url><loc>https://elsewhere.example/x</loc><lastmod>2020-06-09</lastmod></url>"
    entries = read(urlset(*many, stranger, NEWS)).entries
    assert len(entries) == sitemaps.MOST_ENTRIES
    assert entries[0].url == "https://wire.example/news/city-pauses-cameras"
    assert all("elsewhere" not in (entry.url or "") for entry in entries)


def test_a_packed_sitemap_is_unpacked() -> None:
    assert len(read(gzip.compress(urlset(NEWS).encode())).entries) == 1


def test_an_entry_keeps_its_key_when_only_its_date_changes() -> None:
    moved = NEWS.replace("2020-06-09T12", "2020-06-09T18")
    assert read(urlset(NEWS)).entries[0].key == read(urlset(moved)).entries[0].key


def test_a_sitemap_is_read_as_far_as_one_may_go() -> None:
    """What no sitemap holds would only take memory."""
    with pytest.raises(ParseError, match="names no page"):
        read(urlset("<url></url>" * sitemaps.MOST_ITEMS, NEWS))
    with pytest.raises(ParseError, match="more markup than a sitemap"):
        read(urlset("<a/>" * sitemaps.MOST_MARKUP))


def test_an_index_names_the_sitemaps_that_it_lists() -> None:
    index = (
        "<sitemapindex><sitemap><loc>https://wire.example/news.xml</loc></sitemap></sitemapindex>"
    )
    with pytest.raises(ParseError, match=r"lists 1 sitemaps.*https://wire\.example/news\.xml"):
        read(index)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no XML at all",
        "<rss><channel/></rss>",
        urlset(),
        urlset("<url><loc>javascript:alert(1)</loc></url>", "<url/>"),
        gzip.compress(b"x" * 5000, mtime=0)[:-20],
        b"\x1f\x8b" + b"\x00" * 40,
        '<!DOCTYPE u [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>',
    ],
)
def test_what_is_no_sitemap_is_refused_with_a_reason(body: str | bytes) -> None:
    with pytest.raises(ParseError, match=r"https://wire\.example/news-sitemap\.xml"):
        read(body)


def test_a_bomb_is_refused_before_it_is_held() -> None:
    with pytest.raises(ParseError, match="more than"):
        read(gzip.compress(b" " * (sitemaps.MOST_BYTES + 10)))
