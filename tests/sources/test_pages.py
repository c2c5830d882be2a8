"""Pages: the article's own words, verbatim; nothing hidden, nothing from around it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parts.hiding import HIDDEN, STYLES
from tracker.domain.errors import ParseError
from tracker.domain.model import Entry, Response
from tracker.sources.own_text import parse_content
from tracker.sources.pages import parse

URL = "https://www.quay.example/2024/05/harbour-ends-scans"
TITLE = "'Your Turn, Pierline': Dock Workers Applaud Harbour Robotics"
PARAGRAPHS = [
    "Harbour Robotics is getting out of the business of scanning faces at terminals, the company's "
    "chief executive announced Monday in a letter to the city council, leading dockers' groups to "
    "call on other companies to walk away from the technology.",
    '"We heard the people who work at our gates," said Ana Ruiz, its chief executive, "and we were '
    'wrong to begin with this without asking them."',
    "The Dockers' Union welcomed the decision and urged Harbour's competitors to do the same.",
    "The letter also expressed support for the Open Gates Act, which the council will take up in "
    "September after a summer of hearings.",
]


def page(body: str, head: str = "", html: str = '<html lang="en">') -> str:
    return (
        f"<!doctype html>{html}<head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    )


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts or PARAGRAPHS)


SEED_SHAPE = page(
    f"""<header><nav><p>Skip to main content</p><p>Sign up for our newsletter.</p></nav></header>
    <main><article><h1>{TITLE}</h1><p class="byline">Bo Lind</p>{paragraphs()}</article></main>
    <aside class="related"><p>Pierline Workers Walk Out</p>
    <p>"If Pierline can pay its chief executive, it can pay its workers," said Cy Dahl.</p></aside>
    <footer><p>Our work is free to republish.</p>
    <p>Can you chip in? We cannot do it without you.</p></footer>""",
    f"""<title>{TITLE} | The Quay</title>
    <meta property="article:published_time" content="2024-05-06T14:10:00-04:00">""",
)


def text_of(answered, html: str | bytes, url: str = URL, **headers: str) -> str:
    return parse(answered(html, url, **headers)).text


def test_a_page_with_its_furniture_gives_the_article_alone(answered):
    found = parse(answered(SEED_SHAPE, URL))
    assert found.title == TITLE
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert found.language == "en"
    assert found.url == URL
    assert found.published is not None
    assert found.published.isoformat() == "2024-05-06T14:10:00-04:00"


def test_the_founding_page_gives_its_article_alone(answered):
    folder = Path(__file__).parents[2].parent / "shared" / "corpus" / "seed"
    if not folder.is_dir():
        pytest.skip("the founding page is not here")
    found = parse(answered((folder / "page.html").read_bytes(), URL))
    expected = (folder / "ibm-facial-recognition.txt").read_text()
    for paragraph in found.text.split("\n\n"):
        assert " ".join(paragraph.split()) in " ".join(expected.split())
    assert found.text.startswith("Tech giant IBM is getting out")
    assert found.text.endswith('abuses and structural racism."')
    for gone in ("Bernie Sanders", "Lula", "chip in", "Creative Commons", "newsletter"):
        assert gone not in found.text


def test_lists_quotes_tables_and_line_breaks_are_kept(answered):
    found = text_of(
        answered,
        page(
            f"<div id='x'><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}"
            "<ul><li>The cameras go dark on 1 June.</li><li>Stored templates are deleted.</li></ul>"
            "<blockquote>We will not build this again,<br>not for anyone.</blockquote>"
            f"<h2>What comes next</h2>{paragraphs(*PARAGRAPHS[2:])}"
            "<table><tr><td>North gate</td><td>1 June</td></tr></table></div>"
        ),
    )
    lines = found.split("\n\n")
    for line in (*PARAGRAPHS, "The cameras go dark on 1 June.", "We will not build this again,"):
        assert line in lines
    assert "|" not in found
    assert lines.index("The cameras go dark on 1 June.") > lines.index(PARAGRAPHS[1])
    assert lines.index("What comes next") < lines.index(PARAGRAPHS[2])


@pytest.mark.parametrize(
    "around",
    [
        "<div class='related-posts'>{}</div>",
        "<div class='relatedPosts'>{}</div>",
        "<section id='recirc'>{}</section>",
        "<div class='newsletter_signup'>{}</div>",
        "<div class='promo'>{}</div>",
        "<div id='comments'><ol><li>{}</li></ol></div>",
        "<div class='most-read'>{}</div>",
        "<div role='complementary'>{}</div>",
        "<nav>{}</nav>",
        "<aside>{}</aside>",
        "<footer>{}</footer>",
        "<form>{}</form>",
        "<p>Related: {}</p>",
        "<p><strong>Read more:</strong> {}</p>",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_furniture_is_left_out(answered, around, inside):
    stray = around.format("Pierline ends all of its scans everywhere, a reader says.")
    article = f"<h1>{TITLE}</h1>{paragraphs()}"
    body = f"<article>{article}{stray}</article>" if inside else f"<div>{article}</div>{stray}"
    assert text_of(answered, page(body)) == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "wrap",
    [
        "<form id='page'>{}</form>",
        "<div class='content has-sidebar comments-open'>{}</div>",
        "<main class='subscribe'>{}</main>",
        "<body class='newsletter'>{}</body>",
        "<div class='related'><div class='share'>{}</div></div>",
    ],
)
def test_what_holds_the_article_is_no_furniture(answered, wrap):
    found = text_of(answered, page(wrap.format(f"<h1>{TITLE}</h1>{paragraphs()}")))
    assert found == "\n\n".join(PARAGRAPHS)


# --- hidden text ----------------------------------------------------------------------------------

SECRET = "Pierline ends every scan at once, said SECRET Dahl in a letter to all of its customers."


@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_text_is_never_read(answered, hidden):
    body = hidden.replace("{}", SECRET)
    html = page(
        f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}{body}after it, shown text."
        f"{paragraphs(*PARAGRAPHS[2:])}</article>",
        STYLES,
    )
    found = parse(answered(html, URL))
    assert "SECRET" not in found.text + found.title
    assert PARAGRAPHS[3] in found.text


@pytest.mark.parametrize(
    "shown",
    [
        "<p class='shown'>{}</p>",
        "<p class='paper'>{}</p>",
        "<p class='hidden md:block'>{}</p>",
        "<p style='color:#fff;background:#000'>{}</p>",
        "<p style='color:inherit;background:inherit'>{}</p>",
        "<div style='background:#fff'><div style='background:#000'><p style='color:#fff'>{}</p>",
        "<div style='background:#fff'><div class='night'><p style='color:#fff'>{}</p></div></div>",
        "<div style='background:#fff'><p class='night' style='color:#fff'>{}</p></div>",
        "<div style='background:#fff'><div style='color:#fff'><p class='dark'>{}</p></div></div>",
        "<div style='background:#fff url(night.png)'><p style='color:#fff'>{}</p></div>",
        "<div style='background:#fff;background-image:url(x)'><p style='color:#fff'>{}</p></div>",
        "<p style='margin-left:-10px;opacity:0.9;font-size:10px'>{}</p>",
        "<p aria-hidden='false'>{}</p>",
        "<details><summary>More</summary><p>{}</p></details>",
    ],
)
def test_shown_text_is_read(answered, shown):
    words = "The cameras at the northern gate go dark on the first day of June, the letter says."
    html = page(
        f"<article><h1>{TITLE}</h1>{paragraphs()}{shown.format(words)}{paragraphs('End. ' * 30)}",
        STYLES,
    )
    assert words in text_of(answered, html)


def test_a_hidden_heading_gives_no_title(answered):
    html = page(
        f"<article><h1 style='display:none'>SECRET</h1><h1>{TITLE}</h1>{paragraphs()}</article>"
    )
    assert parse(answered(html, URL)).title == TITLE


def test_characters_that_nobody_sees_are_dropped(answered):
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")
    html = page(
        f"<article><h1>{TITLE}</h1>{paragraphs()}<p>Ha\u200b\u200br\u00adbour{tags} \u202eends it "
        "for good, and says so in plain words to all who ask.</p></article>"
    )
    assert text_of(answered, html).endswith(
        "Harbour ends it for good, and says so in plain words to all who ask."
    )


# --- what a page says about itself ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>One two three four five | The Quay</title>", "", "One two three four five"),
        ("<title>A - B</title>", "", "A - B"),
        (
            "<title>Short – The Quay</title><meta property='og:site_name' content='The Quay'>",
            "",
            "Short",
        ),
        (
            "<title>x</title><meta property='og:title' content='Better &amp; true'>",
            "",
            "Better & true",
        ),
        ("<title>x</title>", "<h1> Two\n words </h1>", "Two words"),
        (
            "<meta property='og:site_name' content='The Quay'>"
            "<meta property='og:title' content='T'>",
            "<h1>The Quay</h1>",
            "T",
        ),
        ("<meta property='og:title' content='T'>", "<h1>One</h1><h1>Two</h1>", "T"),
        ("", "<h1>One</h1><h1>Two</h1>", "One"),
    ],
)
def test_reads_the_title(answered, head, body, title):
    assert parse(answered(page(body + paragraphs(), head), URL)).title == title


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<meta property='article:published_time' content='2024-05-06T09:00:00+02:00'>", 2),
        ("<meta name='date' content='2024-05-06T07:00:00'>", 0),
        ("<meta itemprop='datePublished' content='2024-05-06T07:00:00Z'>", 0),
        (
            "<script type='application/ld+json'>"
            + json.dumps(
                {"@graph": [{"@type": "Article", "datePublished": "2024-05-06T12:30+05:30"}]}
            )
            + "</script>",
            5.5,
        ),
        (
            "<script type='application/ld+json'>{broken</script>"
            "<meta name='pubdate' content='Mon, 06 May 2024 03:00:00 -0400'>",
            -4,
        ),
    ],
)
def test_reads_the_date_in_the_publishers_offset(answered, head, expected):
    found = parse(answered(page(paragraphs(), head), URL)).published
    assert found is not None
    assert found.astimezone(UTC) == datetime(2024, 5, 6, 7, tzinfo=UTC)
    assert found.utcoffset() == timedelta(hours=expected)


def test_reads_a_date_from_a_time_element(answered):
    html = page(f"<article><time datetime='2024-05-06'>6 May</time>{paragraphs()}</article>")
    assert parse(answered(html, URL)).published == datetime(2024, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize("value", ["", "soon", "0001-01-01", "99999-01-01T00:00:00Z"])
def test_a_date_that_cannot_be_true_is_none(answered, value):
    head = f"<meta property='article:published_time' content='{value}'>"
    assert parse(answered(page(paragraphs(), head), URL)).published is None


@pytest.mark.parametrize(
    ("canonical", "expected", "original"),
    [
        ("https://quay.example/real?utm_source=x", "https://quay.example/real", None),
        ("/real", "https://www.quay.example/real", None),
        ("https://other.example/real?utm_source=x", URL, "https://other.example/real"),
        ("https://other.example/", URL, None),
        ("https://www.quay.example/", URL, None),
        ("https://www.quay.example", URL, None),
        ("/en/index.html", URL, None),
        ("javascript:alert(1)", URL, None),
        ("http://[broken", URL, None),
        ("", URL, None),
    ],
)
def test_takes_the_canonical_address_of_the_same_site_and_notes_another_one(
    answered, canonical, expected, original
):
    head = f"<link rel='canonical' href='{canonical}'>"
    read = parse(answered(page(paragraphs(), head), URL + "?utm_medium=y"))
    assert (read.url, read.original) == (expected, original)


def test_tells_the_licence_that_a_page_names(answered):
    named = page(paragraphs(), "<link rel='license' href='/licence/by'>")
    assert parse(answered(named, URL)).licence == urljoin(URL, "/licence/by")
    assert parse(answered(page(paragraphs()), URL)).licence is None


def test_tells_the_language(answered):
    assert parse(answered(page(paragraphs(), html="<html lang='en-GB'>"), URL)).language == "en"
    german = (
        "Der Hersteller gibt die Gesichtserkennung an seinen Toren auf, wie die Vorsitzende am "
        "Montag in einem Brief an den Rat der Stadt mitteilte, und bittet andere, ihm zu folgen. "
        "Die Gewerkschaft der Hafenarbeiter begrüßte den Schritt ausdrücklich."
    )
    assert parse(answered(page(paragraphs(german), html="<html>"), URL)).language == "de"
    assert parse(answered(page(paragraphs(), html="<html>"), URL)).language == "en"


@pytest.mark.parametrize(
    ("charset", "declared", "header"),
    [
        ("utf-8", "", ""),
        ("utf-8", "<meta charset=iso-8859-1>", ""),
        ("cp1252", "", ""),
        ("cp1252", "<meta charset=utf-8>", ""),
        ("cp1252", "", "text/html; charset=iso-8859-1"),
        ("iso8859-2", "<meta charset='iso-8859-2'>", ""),
        ("koi8-r", "", "text/html; charset=KOI8-R"),
        (
            "shift_jis",
            "<meta http-equiv='Content-Type' content='text/html; charset=Shift_JIS'>",
            "",
        ),
        ("utf-16", "", ""),
        ("utf-8-sig", "<meta charset=punycode>", "text/html; charset=zip"),
    ],
)
def test_reads_the_characters_that_were_sent(answered, charset, declared, header):
    words = {"koi8-r": "Привет, гавань", "shift_jis": "港の顔認証", "iso8859-2": "Łódź"}.get(
        charset, "Café “Hafen”" if charset != "iso8859-2" else ""
    )
    html = f"<html lang=en><head>{declared}</head><body>{paragraphs(*PARAGRAPHS, words + '. ' * 9)}"
    data = html.encode(charset)
    assert words in text_of(answered, data, **({"content_type": header} if header else {}))


# --- no article -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty"),
        ("<html><body></body></html>", "no article"),
        ("<p>Just a caption.</p>", "no article"),
        ("<p>We value your privacy. Accept all cookies to go on reading this.</p>", "consent wall"),
        (f"<p>{PARAGRAPHS[0]} Subscribe to continue reading.</p>", "paywall"),
        ("<p>Please enable JavaScript and verify you are human to go on.</p>", "robots"),
        ("%PDF-1.7 binary", "PDF"),
        ("<?xml version='1.0'?><!-- x --><rss><channel>" + PARAGRAPHS[0] * 9, "a feed or data"),
        ("\x00\x01\x02\x03" * 500, "no text"),
        ("<div>" * 100_000, "too deep"),
        ("<p>word</p>" * 70_000, "too many elements"),
        ("x" * 6_000_000, "too large"),
        ("<html><frameset><frame src='x'></frameset></html>", "no article"),
    ],
)
def test_says_why_there_is_no_article(answered, body, reason):
    with pytest.raises(ParseError, match=reason):
        parse(answered(body, URL))


def test_a_page_that_says_it_costs_money_is_a_paywall_when_short(answered):
    data = '<script type=\'application/ld+json\'>{"isAccessibleForFree": "False"}</script>'
    with pytest.raises(ParseError, match="paywall"):
        parse(answered(page(paragraphs(PARAGRAPHS[0]), data), URL))


# --- the feed's own text --------------------------------------------------------------------------


def entry(**fields: object) -> Entry:
    given: dict[str, object] = {"key": "k", "url": "https://quay.example/a", "title": TITLE}
    return Entry(**{**given, **fields})  # type: ignore[arg-type]


def test_an_entry_with_its_full_text_stands_for_the_page():
    when = datetime(2024, 5, 6, tzinfo=UTC)
    found = parse_content(entry(content=paragraphs(), summary="short", published=when))
    assert found is not None
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert (found.title, found.url, found.published) == (TITLE, "https://quay.example/a", when)
    assert found.language == "en"
    assert parse_content(entry(summary=paragraphs())) == parse_content(entry(content=paragraphs()))


@pytest.mark.parametrize(
    "content",
    [
        "",
        paragraphs(PARAGRAPHS[0]),
        paragraphs() + "<p>He went on […]</p>",
        paragraphs() + "<p>He went on ...</p>",
        paragraphs() + "<p><a href='x'>Continue reading</a></p>",
        paragraphs() + "<p>The post Scans appeared first on The Quay.</p>",
        "<p></p>" * 500,
    ],
)
def test_a_short_or_cut_text_does_not(content):
    assert parse_content(entry(content=content)) is None


def test_texts_without_address_are_named_by_their_words():
    one = parse_content(entry(url=None, content=paragraphs()))
    same = parse_content(entry(url=None, key="", content=paragraphs()))
    other = parse_content(entry(url=None, content=paragraphs(*PARAGRAPHS[::-1])))
    assert one is not None
    assert same is not None
    assert other is not None
    assert one.url.startswith("urn:sha256:")
    assert one.url == same.url != other.url


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div style='display:none",
        "'>",
        "<h1>",
        "<article>",
        "<table><tr>",
        "<script type='application/ld+json'>[{",
        "</script>",
        "<style>.a{",
        "}",
        "<!--",
        "-->",
        "<![CDATA[",
        "&#xD800;",
        "&#99999999999;",
        "<meta charset=undefined>",
        "<?xml version='1.0' encoding='x'?>",
        "<svg><math>",
        "<base href='http://['>",
        "<link rel=canonical href='http://['>",
        "\x00",
        "<time datetime='-1'>",
        PARAGRAPHS[0],
    ]
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PIECES | st.text(max_size=15), max_size=25).map("".join))
def test_no_page_breaks_it(html):
    try:
        found = parse(Response(URL, 200, html.encode("utf-8", "surrogatepass")))
    except ParseError:
        return
    repr(found).encode("utf-8")
    assert "\x00" not in found.text
    assert found.text == found.text.strip()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300), st.integers(0, 1500))
def test_no_bytes_break_it(noise, where):
    good = SEED_SHAPE.encode()
    body = good[:where] + noise + good[where + len(noise) :]
    try:
        found = parse(Response(URL, 200, body))
    except ParseError:
        return
    assert found.text
