"""One spelling for one page; whose page it is; and never a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.errors import ParseError
from tracker.sources.urls import (
    canonical_url,
    host_of,
    registrable_domain,
    request_url,
    resolve,
    same_site,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://News.Example:80/A", "http://news.example/A"),
        ("https://news.example:443", "https://news.example/"),
        ("https://news.example:8443/a#part", "https://news.example:8443/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example/a?utm_source=x&b=2&a=1&fbclid=y", "https://news.example/a?b=2&a=1"),
        ("https://news.example/a?UTM_Medium=x", "https://news.example/a"),
        ("https://news.example/a?id=7&amp=1", "https://news.example/a?id=7"),
        ("https://news.example/a?outputType=amp", "https://news.example/a"),
        ("https://news.example/amp", "https://news.example/amp"),
        ("https://news.example/who-ends-this/amp/", "https://news.example/who-ends-this"),
        ("https://news.example/story-1234.amp", "https://news.example/story-1234"),
        ("https://www.google.com/amp/s/news.example/a/b", "https://news.example/a/b"),
        ("https://news-example.cdn.ampproject.org/c/s/news.example/a", "https://news.example/a"),
        ("https://news.example/a/./b/../c", "https://news.example/a/c"),
        ("https://news.example/%7eana/%c3%a9?q=%2f", "https://news.example/~ana/%C3%A9?q=%2F"),
        ("https://news.example/é ü?q=ß", "https://news.example/%C3%A9%20%C3%BC?q=%C3%9F"),
        ("https://BÜCHER.example/x", "https://xn--bcher-kva.example/x"),
        ("  https://news.example/a\n", "https://news.example/a"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
    ],
)
def test_one_spelling_for_one_page(url, expected):
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example",
        "//news.example/a",
        "mailto:a@b.example",
        "javascript:alert(1)",
        "http://",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://a b/",
        "http://news.example:99999/",
        "http://news.example:port/",
        "http://ana:secret@news.example/",
        "http://" + "a" * 64 + ".example/",
        "http://\ud800.example/",
        "http://a/" + "x" * 5000,
    ],
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(ParseError):
        canonical_url(url)
    assert host_of(url) is None
    assert registrable_domain(url) is None


def test_a_request_keeps_what_identity_drops():
    url = "https://news.example:443/a?utm_source=x&é=1#part"
    assert request_url(url) == "https://news.example:443/a?utm_source=x&%C3%A9=1"


@pytest.mark.parametrize(
    ("url", "host", "domain"),
    [
        ("https://www.news.example/a", "news.example", "news.example"),
        ("https://blog.rights.org.uk/a", "blog.rights.org.uk", "rights.org.uk"),
        ("http://127.0.0.1:8000/", "127.0.0.1", "127.0.0.1"),
        ("http://localhost/", "localhost", "localhost"),
        ("http://[::1]/", "[::1]", "[::1]"),
    ],
)
def test_whose_page_it_is(url, host, domain):
    assert host_of(url) == host
    assert registrable_domain(url) == domain


def test_the_same_site_is_the_same_registered_domain():
    assert same_site("https://www.rights.org.uk/a", "http://blog.rights.org.uk/b")
    assert not same_site("https://rights.org.uk/", "https://other.org.uk/")
    assert not same_site("nonsense", "nonsense")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("b?c=1", "https://news.example/a/b?c=1"),
        ("/b", "https://news.example/b"),
        ("//other.example/b", "https://other.example/b"),
        (" https://other.example/b ", "https://other.example/b"),
        ("mailto:a@b.example", None),
        ("http://[broken", None),
    ],
)
def test_links_are_made_absolute(link, expected):
    assert resolve("https://news.example/a/", link) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.text(max_size=60).map(lambda t: f"http://{t}"))
def test_no_text_breaks_it(text):
    try:
        once = canonical_url(text)
    except ParseError:
        return
    assert once.isascii()
    assert canonical_url(once) == once
    assert request_url(text).isascii()
    host_of(text)
