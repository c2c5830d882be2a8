"""Feeds in every kind and state: all entries kept, bad fields lost, ParseError or nothing."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.domain.errors import ParseError
from tracker.domain.model import Response
from tracker.sources.feeds import parse

NOW = datetime(2020, 6, 10, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
 ><channel><title>Harbour &amp;amp; Quay</title><link>https://news.example/</link>{}</channel></rss>"""
FULL_ITEM = """<item><title>Ships &lt;em&gt;and&lt;/em&gt; AT&amp;amp;T</title>
<link>/a?b=1&amp;c=2</link>
<guid isPermaLink="false">id-1</guid><pubDate>Tue, 09 Jun 2020 14:10:00 -0400</pubDate>
<dc:creator>Ana Ruiz</dc:creator><description>&lt;p&gt;Short.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p onclick="x()">Long <a href="b">text</a>.<script>bad()</script>
<img src="/pixel.gif" alt="hidden alt"></p><form><input value="x"></form>]]></content:encoded>
</item>"""


def rss(items: str) -> str:
    return RSS.format(items)


def entries(answered, body: str | bytes):
    return parse(answered(body), NOW).entries


def test_rss_is_read_field_by_field(answered):
    feed = parse(answered(rss("<ttl>90</ttl>" + FULL_ITEM)), NOW)
    (entry,) = feed.entries
    assert feed.title == "Harbour & Quay"
    assert feed.wait == timedelta(minutes=90)
    assert feed.damaged is None
    assert entry.url == "https://news.example/a?b=1&c=2"
    assert entry.title == "Ships and AT&T"
    assert entry.author == "Ana Ruiz"
    assert entry.summary == "<p>Short.</p>"
    assert entry.published is not None
    assert entry.published.isoformat() == "2020-06-09T14:10:00-04:00"
    assert entry.published_raw == "Tue, 09 Jun 2020 14:10:00 -0400"
    assert 'href="https://news.example/b"' in entry.content
    for gone in ("script", "bad()", "onclick", "img", "hidden alt", "form", "input"):
        assert gone not in entry.content


def test_atom_is_read_with_its_base(answered):
    feed = parse(
        answered(
            """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/dir/">
            <title type="html">A &amp;lt; B</title>
            <entry><id>tag:base.example,2020:1</id><title>x &lt; y</title><link href="../one"/>
            <updated>2020-06-09T10:00:00+02:00</updated>
            <content type="xhtml">
            <div xmlns="http://www.w3.org/1999/xhtml"><p>Text <b>b</b></p></div></content></entry>
            <entry><id>tag:2</id><title>two</title><link rel="self" href="x"/>
            <published>2020-06-08T00:00:00Z</published><updated>2020-06-09T00:00:00Z</updated>
            <summary>plain &lt;b&gt; text</summary></entry></feed>"""
        ),
        NOW,
    )
    one, two = feed.entries
    assert feed.title == "A < B"
    assert (one.url, one.title) == ("https://base.example/one", "x < y")
    assert one.content == "<p>Text <b>b</b></p>"
    assert one.published is not None
    assert one.published.utcoffset() == timedelta(hours=2)
    assert two.published == datetime(2020, 6, 8, tzinfo=UTC)
    assert "plain" in two.summary


def test_rdf_is_read(answered):
    feed = parse(
        answered(
            """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
            xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
            xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
            <channel rdf:about="https://news.example/"><title>Old</title>
            <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
            <item rdf:about="https://news.example/1"><title>One</title>
            <link>https://news.example/1</link><dc:date>2020-06-09T10:00:00Z</dc:date></item>
            </rdf:RDF>"""
        ),
        NOW,
    )
    assert feed.wait == timedelta(hours=6)
    assert [(e.title, e.url) for e in feed.entries] == [("One", "https://news.example/1")]
    assert feed.entries[0].published == datetime(2020, 6, 9, 10, tzinfo=UTC)


def test_json_feed_is_read(answered):
    items = [
        {
            "id": 7,
            "url": "/one",
            "title": "One <two>",
            "content_html": "<p>Hello<script>x</script></p>",
            "date_published": "2020-06-09T10:00:00+01:00",
            "authors": [{"name": "Ana"}, {"name": "Bo"}],
        },
        {"id": "b", "external_url": "https://other.example/", "content_text": "a < b"},
        "no item",
        {"id": "c\ud800\u0000", "title": None, "date_published": 5},
    ]
    body = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items}
    text = json.dumps(body).replace("[{", '[{"digits": ' + "9" * 6000 + ", ", 1)
    one, two, three = entries(answered, text)
    assert (one.url, one.title) == ("https://news.example/one", "One <two>")
    assert (one.content, one.author) == ("<p>Hello</p>", "Ana, Bo")
    assert one.published is not None
    assert one.published.utcoffset() == timedelta(hours=1)
    assert (two.url, two.content) == ("https://other.example/", "a &lt; b")
    assert (three.title, three.published) == ("", None)


# --- identity -------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ['{"id": "3", "title": "Br', "[[[[", '{"id": "3",,', "}", ""])
def test_a_json_feed_that_breaks_off_gives_the_items_before_the_break(answered, end):
    whole = '{"id": "1", "title": "One", "tags": ["a"]}, {"id": "2", "title": "Two"}'
    text = '{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": ['
    feed = parse(answered(f"{text}{whole}, {end}"), NOW)
    assert [entry.title for entry in feed.entries] == ["One", "Two"]
    assert feed.title == "J"
    assert feed.damaged is not None
    with pytest.raises(ParseError, match="broken JSON"):
        parse(answered(text + end), NOW)


def test_an_entry_keeps_its_key_while_its_id_stays(answered):
    (first,) = entries(answered, rss("<item><guid>1</guid><link>/a</link><title>A</title></item>"))
    (later,) = entries(answered, rss("<item><guid>1</guid><link>/b</link><title>B</title></item>"))
    assert first.key == later.key


def test_entries_without_link_or_id_are_kept_and_told_apart(answered):
    found = entries(
        answered,
        rss(
            "<item><guid isPermaLink='false'>x</guid></item>"
            "<item><title>Only a title</title></item>"
            "<item><description>Only words</description></item><item><title>Another</title></item>"
            "<item><link>javascript:alert(1)</link><title>No address</title></item><item></item>"
        ),
    )
    assert [e.title for e in found] == ["", "Only a title", "", "Another", "No address"]
    assert [e.url for e in found] == [None] * 5
    assert len({e.key for e in found}) == 5


def test_the_first_of_entries_with_the_same_key_stays(answered):
    item = "<item><guid>same</guid><title>{}</title></item>"
    found = entries(answered, rss(item.format("first") + item.format("second")))
    assert [e.title for e in found] == ["first"]


# --- damage ---------------------------------------------------------------------------------------

GOOD = "<item><guid>good</guid><title>Good</title><link>/good</link></item>"


@pytest.mark.parametrize(
    "field",
    [
        "<pubDate>-0001-06-09T00:00:00Z</pubDate>",
        "<pubDate>Tue, 09 Jun 10000 10:00:00 GMT</pubDate>",
        "<pubDate>Tue, 99 Foo 2020 99:99:99</pubDate>",
        "<dc:date>0000-00-00</dc:date>",
        "<pubDate>10000-01-01</pubDate>",
        "<pubDate>" + "9" * 6000 + "</pubDate>",
        "<description>&#" + "9" * 6000 + ";</description>",
        "<description>&#x" + "f" * 6000 + ";</description>",
        "<description>&#0; &#xD800; &#1114112; \x00 \x0b</description>",
        "<description>&undefined; &nbsp;</description>",
        "<description>&lt;div&gt;" * 1 + "&lt;div&gt;" * 5000 + "</description>",
        "<description><![CDATA[<b><p>]]></description>",
        "<description>" + "&lt;" * 20000 + "</description>",
        "<author>" + "(" * 5000 + "</author>",
        "<link>http://[broken</link>",
        "<link>http://" + "a" * 9000 + "</link>",
        "<category>" * 1 + "</category>",
        "<guid></guid>",
        "<enclosure url='\x01' length='x'/>",
    ],
)
def test_a_bad_field_costs_itself_and_nothing_else(answered, field):
    found = entries(answered, rss(f"<item><title>Bad</title>{field}</item>{GOOD}"))
    assert [e.title for e in found] == ["Bad", "Good"]
    assert found[1].url == "https://news.example/good"
    assert found[0].published is None
    for text in (found[0].summary, found[0].author, found[0].published_raw):
        text.encode()
        assert "\x00" not in text


def test_an_unreadable_date_is_kept_as_it_was_written(answered):
    (entry,) = entries(answered, rss("<item><title>x</title><pubDate>last week</pubDate></item>"))
    assert (entry.published, entry.published_raw) == (None, "last week")


def test_hidden_words_do_not_come_out_of_their_hiding(answered):
    body = (
        '<p>Shown <span style="display:none">SECRET one</span> words.</p><p hidden>SECRET two</p>'
        '<template>SECRET three</template><!-- SECRET four --><img alt="SECRET five">'
        '<div class="sr-only">SECRET six</div><noscript>SECRET seven</noscript>'
    )
    (entry,) = entries(
        answered,
        rss(f"<item><title>x</title><description><![CDATA[{body}]]></description></item>"),
    )
    assert "SECRET" not in entry.summary
    assert "Shown" in entry.summary
    assert "words." in entry.summary


def test_furniture_of_a_text_is_left_out_while_it_can_be_told(answered):
    body = "<p>Own words.</p><div class='related-posts'><p>STRAY</p></div><aside>STRAY</aside>"
    (entry,) = entries(
        answered, rss(f"<item><title>x</title><description><![CDATA[{body}]]></description></item>")
    )
    assert entry.summary == "<p>Own words.</p>"


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Caf\u00e9".encode("cp1252"), "Caf\u00e9"),
        ("\u201cNo\u201d".encode("cp1252"), "\u201cNo\u201d"),
        ("Caf\u00e9".encode(), "Caf\u00e9"),
    ],
)
def test_texts_in_another_charset_than_declared_are_recovered(answered, raw, title):
    body = rss("<item><title>TITLE</title></item>").encode().replace(b"TITLE", raw)
    assert [e.title for e in entries(answered, body)] == [title]


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("declared", ["", 'encoding="utf-8"', 'encoding="utf-16"'])
def test_wide_characters_are_read(answered, name, declared):
    body = rss("<item><title>Caf\u00e9</title></item>").replace('encoding="utf-8"', declared)
    assert [e.title for e in entries(answered, body.encode(name))] == ["Caf\u00e9"]


@pytest.mark.parametrize("charset", ["undefined", "zip", "punycode", "idna", "\x00", "x" * 90, ""])
def test_charsets_that_are_none_are_passed_over(answered, charset):
    body = rss("<item><title>Caf\u00e9</title></item>").replace("utf-8", charset)
    response = answered(body, content_type=f"text/xml; charset={charset}")
    assert [e.title for e in parse(response, NOW).entries] == ["Caf\u00e9"]


def test_a_feed_that_breaks_off_keeps_what_came(answered):
    feed = parse(answered(rss(GOOD).split("</channel>")[0] + "<item><title>Half"), NOW)
    assert feed.entries[0].title == "Good"
    assert feed.damaged


def test_entities_do_not_grow_and_nothing_is_read_from_outside(answered, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE rss [<!ENTITY a0 "grow"><!ENTITY f SYSTEM "{secret.as_uri()}">{grown}]>'
    item = "<item><title>x &a11; &f;</title></item>"
    found = entries(answered, head + rss(item + GOOD).split("?>", 1)[1])
    assert "Good" in [e.title for e in found]
    assert not any("SECRET" in e.title or len(e.title) > 1000 for e in found)


def test_a_text_is_never_taken_for_a_file_or_an_address(answered, tmp_path, site):
    file = tmp_path / "feed.xml"
    file.write_text(rss(GOOD))
    url = site.put("/feed", rss(GOOD))
    for body in (str(file), file.as_uri(), url):
        with pytest.raises(ParseError):
            parse(answered(body), NOW)
    assert site.requests == []


# --- bounds ---------------------------------------------------------------------------------------


def test_a_thousand_entries_are_taken_of_one_fetch(answered):
    items = "".join(f"<item><guid>{n}</guid><title>t{n}</title></item>" for n in range(3000))
    found = entries(answered, rss(items))
    assert [e.title for e in found] == [f"t{n}" for n in range(1000)]
    body = {"version": "https://jsonfeed.org/version/1", "items": [{"id": n} for n in range(3000)]}
    assert len(entries(answered, json.dumps(body))) == 1000


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel>" + "<a>" * 100_000,
        "<rss version='2.0'><channel>" + "<a/>" * 300_000,
        "<rss version='2.0'><channel><item><title>" + "<" * 1_000_000,
        "<rss version='2.0'><channel><item><title>" + "&" * 2_000_000,
        '{"version":"https://jsonfeed.org/version/1","items":' + "[" * 90_000,
        '{"version":"https://jsonfeed.org/version/1","items":[' + "{}," * 200_000,
    ],
    ids=["depth", "tags", "brackets", "references", "lists", "objects"],
)
def test_what_would_take_minutes_is_refused_in_a_moment(answered, body):
    started = time.monotonic()
    with pytest.raises(ParseError):
        parse(answered(body), NOW)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("count", [251, 30_000])
def test_deep_html_is_read_as_plain_words(answered, count):
    deep = "&lt;div&gt;" * count + "words &lt;script&gt;"
    (entry,) = entries(
        answered, rss(f"<item><guid>1</guid><description>{deep}</description></item>")
    )
    assert "<" not in entry.summary


# --- no feed --------------------------------------------------------------------------------------


def test_a_page_in_place_of_a_feed_is_named(answered):
    with pytest.raises(ParseError, match="HTML page, no feed"):
        parse(answered("<!DOCTYPE html><html><body><p>Hello</p></body></html>"), NOW)


@pytest.mark.parametrize("body", ["", "  \n", "hello", "{}", '{"items": []}', "{broken", "<x/>"])
def test_what_is_no_feed_is_refused(answered, body):
    with pytest.raises(ParseError, match=r"https://news\.example/feed\.xml"):
        parse(answered(body), NOW)


PIECES = st.sampled_from(
    [
        "<rss version='2.0'><channel>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<title>",
        "</title>",
        "<link>",
        "<link href='http://[x'/>",
        "<guid>",
        "<pubDate>-1",
        "<![CDATA[",
        "]]>",
        "<!--",
        "&#xD800;",
        "&#99999999999;",
        "&amp;lt;",
        "<content type='xhtml'>",
        "<content type='application/xml'>",
        "<description>",
        "\x00",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>",
        "<a:b xml:base='http://['>",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECES | st.text(max_size=20), max_size=25).map("".join))
def test_no_feed_breaks_it(text):
    response = Response("https://news.example/f", 200, text.encode("utf-8", "surrogatepass"))
    try:
        feed = parse(response, NOW)
    except ParseError:
        return
    for entry in feed.entries:
        repr(entry).encode("utf-8")
        assert "\x00" not in entry.title + entry.summary + entry.content


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400), st.integers(0, 2000))
def test_no_bytes_break_it(noise, where):
    good = rss(FULL_ITEM * 2).encode()
    body = good[:where] + noise + good[where + len(noise) :]
    try:
        feed = parse(Response("https://news.example/f", 200, body), NOW)
    except ParseError:
        return
    assert len(feed.entries) <= 2
