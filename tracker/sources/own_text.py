"""The article in a feed's own text, for pages that are refused; no parser has a part in it."""

import html
import re
from hashlib import sha256

from tracker.domain.errors import ParseError
from tracker.domain.model import Entry, Page
from tracker.sources.languages import guess_language
from tracker.sources.prose import join_paragraphs
from tracker.sources.urls import canonical_url

SHORTEST_CONTENT = 500
"""Characters of a feed entry's text from which it can stand for the article."""

CUT_SHORT = re.compile(
    r"(?:\[(?:…|\.\.\.|&hellip;)\]|…|\.\.\.|read more|continue reading|the post .{1,300} appeared "
    r"first on .{1,100})[\s.»›→]*$",
    re.IGNORECASE,
)
LONGEST_ENDING = 600
"""Characters at the end in which words that cut it short are looked for."""

BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|blockquote|h[1-6]|tr|table|pre|figure|figcaption|hr|dd|dt|dl)\b[^>]*>"
)
TAG = re.compile(r"<[^>]+>")


def parse_content(entry: Entry) -> Page | None:
    """Take a feed entry's own text for its article; None when it is short or a mere beginning.

    The entry's HTML is clean already: see feeds. Without an address its words name it.
    """
    source = max(entry.content, entry.summary, key=len)
    if len(source) < SHORTEST_CONTENT:
        return None
    text = join_paragraphs(html.unescape(TAG.sub("", piece)) for piece in BLOCK.split(source))
    if len(text) < SHORTEST_CONTENT or CUT_SHORT.search(text[-LONGEST_ENDING:]):
        return None
    return Page(
        url=_address(entry, text),
        title=entry.title,
        text=text,
        language=guess_language(text),
        published=entry.published,
    )


def _address(entry: Entry, text: str) -> str:
    """The same address under which the page itself would be known."""
    try:
        return canonical_url(entry.url or "")
    except ParseError:
        return _name_of(entry.title, text)


def _name_of(title: str, text: str) -> str:
    """Name a text that has no address by what it says, so that the same text is one article."""
    digest = sha256(f"{title}\n{text}".encode()).hexdigest()
    return f"urn:sha256:{digest}"
