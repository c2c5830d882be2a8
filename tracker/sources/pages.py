"""From an answer to the Page in it: the article's own words alone (promises 4, 21, 22)."""

import logging
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from tracker.domain.errors import ParseError
from tracker.domain.model import Page, Response
from tracker.sources.about import About, read_about, read_title
from tracker.sources.blocks import paragraphs
from tracker.sources.characters import mend_references, without_controls
from tracker.sources.decode import LARGEST_PAGE, decode, refuse_huge
from tracker.sources.furniture import mark_article, remove_furniture
from tracker.sources.hidden import remove_hidden, text_in_paragraphs
from tracker.sources.languages import guess_language
from tracker.sources.prose import join_paragraphs
from tracker.sources.trees import html_tree
from tracker.sources.urls import host_of

MOST_ELEMENTS = 60_000
COUNT = etree.XPath("count(//*) + count(//comment()) + count(//processing-instruction())")
DEEPEST = 200
TOO_DEEP = etree.XPath(f"boolean({'/*' * (DEEPEST + 1)})")
"""The parser itself gives up beyond 255 elements inside each other."""

MOST_ARTICLE_ELEMENTS = 20_000
SHORTEST_ARTICLE = 140
"""Characters; less is a caption, a notice, or a page that scripts fill in later."""

LEAST_OF_THE_TEXT = 0.25
"""Share of a page's paragraphs below which too much was taken for furniture."""

SHORT = 800
"""Characters below which words of a wall are taken for one."""

CONSENT = re.compile(
    r"we value your privacy|(?:accept|reject) all cookies|cookie (?:policy|preferences|settings)|"
    r"consent to (?:the )?(?:use|processing)|our \d* ?partners (?:store|process)|"
    r"before you continue to|your privacy choices",
    re.IGNORECASE,
)
PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|unlock|keep)|to continue reading|subscribers? only|"
    r"(?:already a|become a) (?:subscriber|member)|log ?in to (?:continue|read)|"
    r"(?:this|the full) (?:article|story|content) is (?:for|available to|reserved for)|"
    r"free articles? (?:left|remaining|this month)|start your (?:free )?trial",
    re.IGNORECASE,
)
ROBOT_CHECK = re.compile(
    r"enable javascript|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|"
    r"checking your browser|access denied|unusual traffic",
    re.IGNORECASE,
)
BLOCKS = frozenset(
    {"p", "head", "quote", "list", "item", "table", "row", "cell", "code", "ab", "lb", "div"}
)
"""Elements of trafilatura's own format that stand on lines of their own."""

FEED = re.compile(
    r"\ufeff?\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex|opml)[\s>]",
    re.DOTALL,
)
"""How the text of a feed or a list of addresses begins; what it holds is no article."""

BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")


def parse(response: Response) -> Page:
    """Read the article of a page; see ParsePage.

    ``text`` is paragraphs with blank lines between them, ``url`` the page's canonical address.
    Raises ParseError that tells why there is no article.
    """
    tree = open_page(response)
    _elements = list(tree.iter())  # each is made once where somebody holds it, else at every look
    about = read_about(tree, response.url)
    remove_hidden(tree)
    title = read_title(tree, about)
    shown = text_in_paragraphs(tree)
    text = _read(tree, title, response.url)
    if len(text) < shown * LEAST_OF_THE_TEXT:
        again = open_page(response)
        remove_hidden(again)
        text = max(text, _read(again, title, response.url, layouts=False), key=len)
    _refuse_walls(text, about, response.url)
    return Page(
        url=about.url,
        title=title,
        text=text,
        language=about.language or guess_language(text),
        published=about.published,
        licence=about.licence,
        original=about.original,
    )


def _read(tree: HtmlElement, title: str, url: str, *, layouts: bool = True) -> str:
    """The paragraphs of the article in a page whose hidden text is out; its furniture goes too."""
    remove_furniture(tree, title, layouts=layouts)
    mark_article(tree)
    _refuse_more_than(MOST_ARTICLE_ELEMENTS, tree, url)
    return join_paragraphs(_article(tree, url)).removeprefix(f"{title}\n\n")


def visible_text(response: Response) -> str:
    """Everything that a page shows, its furniture too; raises ParseError when it is no page."""
    tree = open_page(response)
    remove_hidden(tree)
    return "\n".join(paragraphs(tree))


def open_page(response: Response) -> HtmlElement:
    """Parse the HTML of a page; ParseError when there is none, or more than an article can have."""
    if not response.body.strip():
        raise ParseError(f"{response.url} is empty")
    if response.body.startswith(b"%PDF"):
        raise ParseError(f"{response.url} is a PDF, no page")
    refuse_huge(response)
    text = decode(response)
    if _is_binary(text):
        raise ParseError(f"{response.url} is no text")
    if "json" in response.headers.get("content-type", "").lower() or FEED.match(text[:2000]):
        raise ParseError(f"{response.url} is a feed or data, no page")
    if len(text) > LARGEST_PAGE:
        raise ParseError(f"{response.url} is too large to be an article")
    try:
        tree = html_tree(mend_references(without_controls(text)))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ParseError(f"{response.url} is no HTML: {error}") from error
    _refuse_more_than(MOST_ELEMENTS, tree, response.url)
    if TOO_DEEP(tree):
        raise ParseError(f"{response.url} is too deep to be an article")
    return tree


def _is_binary(text: str) -> bool:
    """Whether the characters of an answer are those of a picture or a program."""
    beginning = text[:20_000]
    return len(BINARY.findall(beginning)) * 20 > len(beginning)


def _refuse_more_than(most: int, tree: HtmlElement, url: str) -> None:
    if float(str(COUNT(tree))) > most:
        raise ParseError(f"{url} has too many elements to be an article")


def _article(tree: HtmlElement, url: str) -> Iterator[str]:
    """Let trafilatura find the article; give its paragraphs."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: Any = trafilatura.bare_extraction(tree, url=url, include_comments=False)
    except (etree.LxmlError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ParseError(f"no article can be read at {url}: {error}") from error
    return _pieces(found.body) if found is not None else iter(())


def _pieces(body: etree._Element) -> Iterator[str]:
    """Give the text of each block of an extracted article, in order."""
    piece: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in BLOCKS:
            yield "".join(piece)
            piece.clear()
        piece.append((element.text if event == "start" else element.tail) or "")
    yield "".join(piece)


def is_check_for_robots(text: str) -> bool:
    """Whether all that a page shows asks its reader to prove that it is a person."""
    return len(text) < SHORT and ROBOT_CHECK.search(text) is not None


def _refuse_walls(text: str, about: About, url: str) -> None:
    """Raise ParseError when there is no article, with the likely reason."""
    if len(text) >= SHORT and not (host_of(url) or "").startswith("consent."):
        return
    if CONSENT.search(text) or (host_of(url) or "").startswith("consent."):
        raise ParseError(f"{url} shows a consent wall in place of the article")
    if PAYWALL.search(text) or not about.free:
        raise ParseError(f"{url} shows a paywall in place of the article")
    if is_check_for_robots(text):
        raise ParseError(f"{url} shows a check for robots in place of the article")
    if len(text) < SHORTEST_ARTICLE:
        raise ParseError(f"{url} has no article: {len(text)} characters of text")
