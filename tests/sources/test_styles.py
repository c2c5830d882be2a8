"""Style sheets inside a page hide text by any selector; what they show again is read."""

import contextlib
from time import process_time

import pytest

from tracker.domain.errors import ParseError
from tracker.domain.model import Response
from tracker.sources import pages

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


@pytest.mark.parametrize(
    ("css", "html"),
    [
        ("#k1 p:first-of-type{position:absolute;left:-10000px}", f"<p>{SECRET}</p>"),
        (
            "#k1>div.a:nth-child(3) p, x{display:none}",
            f"<h2></h2><div class=a><p>{SECRET}</p></div>",
        ),
        ("article h1 + p{visibility:hidden}", f"<p>{SECRET}</p>"),
        ("body.wide article .a.b{font-size:0}", f"<p class='b c a'>{SECRET}</p>"),
        ("p[data-role=note]{opacity:0}", f"<p data-role='note'>{SECRET}</p>"),
        ("p[class^='gh' i]{display:none}", f"<p class='ghost'>{SECRET}</p>"),
        ("article p:nth-of-type(1){text-indent:-9999px}", f"<p>{SECRET}</p>"),
        ("article > *:nth-child(2){display:none}", f"<p>{SECRET}</p>"),
        ("p:not(.open):is(.note, .aside){display:none}", f"<p class='note'>{SECRET}</p>"),
        (
            "@media screen and (min-width:600px){.n p{display:none}}",
            f"<div class=n><p>{SECRET}</p></div>",
        ),
        ("@supports (display:grid){article .n{display:none}}", f"<p class='n'>{SECRET}</p>"),
        ("@charset 'utf-8';@import url(x.css);.n{display:none}", f"<p class='n'>{SECRET}</p>"),
        ("<!-- .n{display:none} -->", f"<p class='n'>{SECRET}</p>"),
        (".n{display:block}.n{display:none}", f"<p class='n'>{SECRET}</p>"),
        (".n{display:none!important}#k1 .n{display:block}", f"<p class='n'>{SECRET}</p>"),
        (".n{display:none!important}", f"<p class='n' style='display:block'>{SECRET}</p>"),
        (".n{color:#fff;background:#fff}", f"<p class='n'>{SECRET}</p>"),
        (".n{height:0;overflow:hidden}", f"<p class='n'>{SECRET}</p>"),
        (".a\\:b{display:none}", f"<p class='a:b'>{SECRET}</p>"),
    ],
)
def test_what_a_sheet_hides_is_never_read(css: str, html: str) -> None:
    text = text_of(css, html)
    assert "SECRET" not in text
    assert FIRST[3] in text


@pytest.mark.parametrize(
    "css",
    [
        ".n{display:none}.n{display:block}",
        ".n{display:none}#k1 .n{display:block}",
        ".n{display:none}.n{display:block!important}",
        "@media print{.n{display:none}}",
        "@media (max-width:719px){.n{display:none}}",
        "@media (prefers-reduced-motion){.n{display:none}}",
        "@keyframes fade{0%{opacity:0}.n{opacity:0}}",
        ".n:hover{display:none}",
        ".n::before{display:none}",
        ".n:has(> img){display:none}",
        ".m .n{display:none}",
        "section > .n{display:none}",
        ".n:nth-of-type(2){display:none}",
        "p.n.x{display:none}",
        ".n{margin-left:-110px}",
        "/* .n{display:none} */",
        "}.n{color:red}",
        ".n{{{{display:none",
        ",,>+~ .n{display:none}",
    ],
)
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
