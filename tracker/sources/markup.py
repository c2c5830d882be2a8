"""Foreign HTML: made safe with nh3, or read as plain text (promise 6)."""

import html
import re
from collections.abc import Callable
from typing import Literal

import nh3
from lxml import etree
from lxml.html import fragment_fromstring, tostring

from tracker.sources.characters import mend_references, one_line, tidy
from tracker.sources.furniture import remove_furniture
from tracker.sources.hidden import remove_hidden
from tracker.sources.urls import resolve

LONGEST_HTML = 400_000
"""Characters of one field that are kept; a whole book fits."""

DEEPEST = 250
"""Open elements inside each other; real pages stay below 60, and cleaning is quadratic in it."""

TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
    ]
)
ATTRIBUTES = {"a": {"href"}, "time": {"datetime"}, "blockquote": {"cite"}}
DROPPED_WITH_TEXT = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "form",
        "button",
        "select",
        "textarea",
        "svg",
        "math",
        "audio",
        "video",
        "canvas",
    ]
)
SCHEMES = {"http", "https", "mailto"}
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
SIGNS_OF_MORE = (
    "style",
    "hidden",
    "class",
    "<!--",
    " id=",
    "role=",
    "<aside",
    "<dialog",
    "<footer",
    "<form",
    "<header",
    "<menu",
    "<nav",
    "<noscript",
    "<search",
    "<te",
    "<title",
)
"""What HTML with hidden text or furniture holds: a plain search is quicker than parsing."""

UNUSUAL_TAG = re.compile(
    r"<(?!/?(?:p|br|em|strong|ul|ol|li|blockquote|h[1-6]|b|i|a)\s*/?>|a href=\"[^\"<>]*\">)"
)
"""Most texts hold nothing but plain paragraphs and links, which a single look tells."""

RELATIVE_LINK = re.compile(r"=(?<=[fFeE\s]=)[\s\"']*(?!https?://|mailto:)(?=[^\s\"'])")
"""An attribute that is kept and might be a relative link."""

ANY_TAG = re.compile(r"<[!/?a-zA-Z][^>]*(?:>|$)")
CLOSED_BY_ITSELF = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dd",
        "dt",
        "td",
        "th",
        "tr",
        "option",
    ]
)


def safe_html(text: str, base: str) -> str:
    """Give HTML that may be shown: no script, form, image or hidden text; links made absolute."""
    text = tidy(mend_references(text[:LONGEST_HTML]))
    if "<" not in text and "&" not in text:
        return text.strip()
    if is_too_deep(text):
        return html.escape(html.unescape(ANY_TAG.sub(" ", text)), quote=False).strip()
    shown = _shown(text)
    if not RELATIVE_LINK.search(shown):
        return CLEANER.clean(shown).strip()
    return _cleaner(lambda link: resolve(base, link)).clean(shown).strip()


def _cleaner(url_relative: Literal["deny"] | Callable[[str], str | None]) -> nh3.Cleaner:
    """What cleans; ``url_relative`` says what becomes of a link that is not absolute."""
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WITH_TEXT),
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
        url_relative=url_relative,
    )


CLEANER = _cleaner("deny")
"""For texts without relative links: making a cleaner takes as long as cleaning a page."""


def plain_text(text: str) -> str:
    """Read HTML as one line of plain text."""
    text = tidy(mend_references(text[:LONGEST_HTML]))
    if "<" in text:
        text = ANY_TAG.sub(" ", text) if is_too_deep(text) else _without_tags(text)
    return one_line(html.unescape(text))


def _without_tags(text: str) -> str:
    return nh3.clean(_shown(text), tags=set(), clean_content_tags=set(DROPPED_WITH_TEXT))


def _shown(text: str) -> str:
    """Take hidden elements and furniture out; cleaning would forget which they were."""
    if not UNUSUAL_TAG.search(text):
        return text
    lowered = text.lower()
    if not any(sign in lowered for sign in SIGNS_OF_MORE):
        return text
    try:
        piece = fragment_fromstring(text, create_parent="div")
    except (etree.LxmlError, ValueError):
        return ""
    remove_hidden(piece)
    remove_furniture(piece, title="")
    inner: str = tostring(piece, encoding="unicode")
    return inner.removeprefix("<div>").removesuffix("</div>")


def is_too_deep(text: str) -> bool:
    """Whether elements stand inside each other deeper than any real page has them."""
    if text.count("<") <= DEEPEST:
        return False
    depth = 0
    for tag in TAG.finditer(text):
        closing, name = tag.groups()
        if name.lower() in CLOSED_BY_ITSELF:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > DEEPEST:
            return True
    return False
