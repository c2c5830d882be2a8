"""Style sheets inside a page hide text by any selector; what they show again is read."""

import contextlib
from time import process_time

import pytest
from lxml.html import fromstring

from tests.parts.hiding import HIDDEN_BY_SHEET, SHOWN_BESIDE_SHEET
from tracker.domain.errors import ParseError
from tracker.domain.model import Response
from tracker.sources import pages
from tracker.sources.effort import Effort
from tracker.sources.selectors import parse_selectors

SECRET = "SECRET words that no reader of this page will ever see, however long the page is."
FIRST = (
    "The council of the harbour town voted on Tuesday to end its contract for street cameras.",
    "“We were told that they would find thieves, and they found nobody,” the mayor said.",
    "The firm that sold the cameras said that it would take them down within two months.",
    "Residents had gathered outside the hall since the morning and cheered at the vote.",
)


def text_of(css: str, html: str, style: str = "<style>") -> str:
    paragraphs = "".join(f"<p>{words}</p>" for words in FIRST)
    page = (
        f"<html lang='en'><head><title>Vote</title>{style}{css}</style></head><body class='wide'>"
        f"<article id='k1'><h1>Vote on cameras</h1>{html}{paragraphs}</article></body></html>"
    )
    answer = Response("https://quay.example/vote", 200, page.encode(), {})
    return pages.parse(answer).text


@pytest.mark.parametrize(("css", "html"), HIDDEN_BY_SHEET)
def test_what_a_sheet_hides_is_never_read(css: str, html: str) -> None:
    text = text_of(css, html.replace("{}", SECRET))
    assert "SECRET" not in text
    assert FIRST[3] in text


@pytest.mark.parametrize("css", SHOWN_BESIDE_SHEET)
def test_what_a_sheet_shows_is_read(css: str) -> None:
    words = "The vote takes effect on the first day of the coming month, the clerk wrote."
    assert words in text_of(css, f"<p class='n'>{words}</p>")


def test_a_sheet_for_paper_or_for_no_script_hides_nothing_on_a_screen() -> None:
    words = "The vote takes effect on the first day of the coming month, the clerk wrote."
    html = f"<p class='n'>{words}</p>"
    assert words in text_of(".n{display:none}", html, "<style media='print'>")
    page = f"<noscript><style>.n{{display:none}}</style></noscript>{html}"
    assert words in text_of("", page)


def test_an_article_that_a_script_fades_in_is_read() -> None:
    body = "".join(f"<p>{words}</p>" for words in FIRST * 2)
    text = text_of(".fade{opacity:0;transition:opacity 1s}", f"<div class='fade'>{body}</div>")
    assert FIRST[0] in text


def test_a_hidden_paragraph_is_no_article_that_fades_in() -> None:
    assert "SECRET" not in text_of(".fade{opacity:0}", f"<p class='fade'>{SECRET * 40}</p>")


def test_a_huge_sheet_takes_no_article_away() -> None:
    css = "".join(f".a{n} .b{n}:not(.c){{display:none}}" for n in range(30_000))
    assert FIRST[3] in text_of(css, "<p class='b7'>Words that stand under no a7 at all.</p>")


def test_the_body_is_found_where_layouts_are_named_like_furniture() -> None:
    html = "".join(
        f"<div class='sidebar-grid__content'><p>{words}</p></div>" for words in FIRST * 3
    )
    page = f"<html><head><title>Vote</title></head><body><main><h1>Vote</h1>{html}</main></body>"
    answer = Response("https://quay.example/vote", 200, page.encode(), {})
    assert FIRST[2] in pages.parse(answer).text


def test_tags_inside_scripts_make_no_page_too_deep() -> None:
    script = "<script>var a = '" + "<div>" * 3000 + "';</script>"
    assert FIRST[2] in text_of("", script)


@pytest.mark.parametrize(
    "css",
    [
        "div " * 60 + "p.x{display:none}" + "div > " * 60 + "p{display:none}",
        "".join(f".a .b .c{n % 7}~p:not(.q{n}){{display:none}}" for n in range(5000)),
    ],
)
def test_no_sheet_takes_long(css: str) -> None:
    html = "<div class='a b'>" * 120 + "<p>Deep.</p>" * 300 + "</div>" * 120
    began = process_time()
    with contextlib.suppress(ParseError):
        text_of(css, html)
    assert process_time() - began < 20


def test_what_stands_inside_not_counts_towards_the_effort_of_a_page() -> None:
    tree = fromstring(f"<div>{'<p>A word.</p>' * 40}</div>")
    (hidden,) = parse_selectors("p:not(:has(~ b u))")
    effort = Effort(200)
    with pytest.raises(ParseError, match="too many styles"):
        [hidden.matches(paragraph, effort) for paragraph in tree.iter("p")]
