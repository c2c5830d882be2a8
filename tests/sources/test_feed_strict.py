"""The quick reader gives what the patient one gives, or leaves the feed to it."""

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.model import Response
from tracker.sources.feed_items import FoundFeed
from tracker.sources.feed_strict import read_strict
from tracker.sources.feed_xml import read_xml_feed

URL = "https://news.example/feeds/all.xml"
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>Liberty &amp; Wire</title><link>https://news.example/</link>
<description>News of rights</description><ttl>60</ttl>
<atom:link rel="self" href="https://news.example/feeds/all.xml"/>
<atom:link rel="hub" href="https://hub.example/"/>
<skipHours><hour>0</hour><hour>1</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<item>{item}</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom">
<title type="html">Liberty &lt;b>Wire&lt;/b></title><id>tag:news.example,2020:all</id>
<link href="https://news.example/"/><link rel="self" href="all.xml"/>
<updated>2020-06-09T20:00:00Z</updated><entry>{item}</entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel rdf:about="https://news.example/"><title>Liberty Wire</title></channel>
<item rdf:about="https://news.example/a">{item}</item></rdf:RDF>"""


def quick(text: str | bytes) -> FoundFeed | None:
    return read_strict(text if isinstance(text, bytes) else text.encode(), URL, 100)


def patient(text: str) -> FoundFeed:
    return read_xml_feed(text.encode(), Response(URL, 200, text.encode()), 100)


def comparable(found: FoundFeed) -> dict[str, Any]:
    """All that a reader finds, less what only feedparser tells: its own date, its base."""
    told = asdict(found)
    for item in told["items"]:
        for name in ("summary", "content", "title"):
            if not item[name]:
                item[f"{name}_is_html"] = None
        del item["when"], item["base"]
    del told["links"], told["damaged"]
    return told


ITEMS = [
    "<title>Makers end sales</title><link>https://news.example/a</link><guid>https://news.example/a"
    "</guid><pubDate>Tue, 09 Jun 2020 18:10:00 GMT</pubDate><description>A &lt;b>teaser&lt;/b>."
    "</description><dc:creator>Ana Diaz</dc:creator>",
    "<title>Fish &amp;amp; chips &amp;lt;b&amp;gt;</title><guid isPermaLink='false'>17</guid>",
    "<title>Fish &amp; chips</title><guid>17</guid><description/>",
    "<title><![CDATA[5 < 6 and <em>more</em>]]></title><link>../other?a=1&amp;b=2</link>",
    "<title>First</title><dc:date>2020-06-09</dc:date><content:encoded><![CDATA[<p>Whole</p>]]>"
    "</content:encoded><description>Teaser</description>",
    "<title>Zürich und Genf — früher</title><content:encoded>&lt;p>Züge&lt;/p></content:encoded>",
    "<title/><title>Second title</title><link/><comments>https://news.example/a#c</comments>",
    "<title>With media</title><media:content url='https://news.example/i.png'><media:title>Picture"
    "</media:title></media:content><media:thumbnail url='https://news.example/t.png'/>",
    "<title>Doubled Ã¼ letters</title><slash:comments>3</slash:comments>",
    "<title>Windows \x93quotes\x94</title><author>desk@news.example (Ana)</author>",
]


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("frame", [RSS, RDF])
def test_both_readers_find_the_same_in_rss(frame: str, item: str) -> None:
    found = quick(frame.format(item=item))
    assert found is not None
    assert comparable(found) == comparable(patient(frame.format(item=item)))


@pytest.mark.parametrize(
    "item",
    [
        "<title>Makers end sales</title><id>urn:1</id><link href='https://news.example/a'/>"
        "<updated>2020-06-09T18:10:00Z</updated><summary>Short</summary>"
        "<content type='html'>&lt;p>Whole text&lt;/p></content><author><name>Ana</name></author>",
        "<title type='text'>5 &lt; 6</title><id>a</id><link rel='enclosure' href='x.mp3'/>"
        "<published>2020-06-09T18:10:00Z</published><author><name>Ana</name><email>a@b.example"
        "</email></author><contributor><name>Ben</name></contributor><category term='x'/>",
        "<title>None</title><link rel='alternate' type='text/html' href='/a'/><content>Plain"
        "</content>",
    ],
)
def test_both_readers_find_the_same_in_atom(item: str) -> None:
    found = quick(ATOM.format(item=item))
    assert found is not None
    assert comparable(found) == comparable(patient(ATOM.format(item=item)))


@pytest.mark.parametrize(
    "item",
    [
        "<title>A <b>bold</b> title</title>",
        "<title>One</title><title>Two</title>",
        "<title>Odd</title><pubDate>some day</pubDate>",
        "<title>Odd</title><xhtml:body xmlns:xhtml='http://www.w3.org/1999/xhtml'>x</xhtml:body>",
        "<title>Odd</title><date>2020-06-09</date>",
        "<title>Odd</title><description>One</description><description>Two</description>",
        "<title>Odd</title><extra><link>https://news.example/b</link></extra>",
        "<title>Broken &nbsp; entity</title>",
        "<title>Broken",
    ],
)
def test_what_could_be_read_in_two_ways_is_left_to_the_patient_reader(item: str) -> None:
    assert quick(RSS.format(item=item)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>no feed</body></html>",
        b'<?xml version="1.0" encoding="iso-8859-1"?><rss><channel/></rss>',
        b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><title>&a;</title></channel></rss>',
        "<rss><channel><title>Zürich</title></channel></rss>".encode("cp1252"),
        b"<rss><channel/><channel/></rss>",
        b"<rss><channel/><item/></rss>",
    ],
)
def test_feeds_in_another_state_are_left_to_the_patient_reader(body: bytes) -> None:
    assert quick(body) is None


def test_what_the_feed_asks_of_us_is_found_by_both() -> None:
    text = RSS.format(item="<title>One</title>")
    for found in (quick(text), patient(text)):
        assert found is not None
        assert found.links["hub"] == "https://hub.example/"
        assert found.links["self"] == URL
        assert found.skipped.hours == {0, 1}
        assert found.skipped.days == {6}
        assert found.wait is not None


NAMES = st.from_regex(
    r"title|link|guid|description|pubDate|author|category|comments|source|dc:creator|dc:date|"
    r"dc:title|content:encoded|media:title|media:description|media:group|atom:link|atom:updated|"
    r"summary|content|id|image|enclosure|slash:comments",
    fullmatch=True,
)
TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "2020-06-09", "https://news.example/x", "a &amp;amp; b", "&lt;i>x&lt;/i>"]
    ),
    st.text("abcé&;<>'\" \u00a0", max_size=12).map(
        lambda t: t.replace("&", "&amp;").replace("<", "&lt;")
    ),
)
ELEMENTS = st.builds("<{0}>{1}</{0}>".format, NAMES, TEXTS)
NESTED = st.builds("<{0}>{1}{2}</{0}>".format, NAMES, ELEMENTS, TEXTS)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(ELEMENTS, ELEMENTS, NESTED), max_size=7).map("".join))
def test_whatever_stands_in_an_item_the_quick_reader_is_right_or_silent(item: str) -> None:
    found = quick(RSS.format(item=item))
    if found is not None:
        assert comparable(found) == comparable(patient(RSS.format(item=item)))
