"""Names, attributes and texts of a feed's elements, where they can be read in one way only."""

import contextlib
import re
from html.entities import name2codepoint

from lxml import etree

from tracker.sources.feed_names import HTML_TAGS, usual_name

Element = etree._Element

HTML, TEXT = "text/html", "text/plain"
TYPES = {"text": TEXT, "plain": TEXT, "html": HTML, TEXT: TEXT, HTML: HTML}
CLOSING = re.compile(r"</(\w+)>")
REFERENCE = re.compile(r"&#?\w+;")
NAMED = re.compile(r"&(\w+);")
ANY_TAG = re.compile(r"</?(\w+)")
WINDOWS = {number: bytes([number]).decode("cp1252", "replace") for number in range(0x80, 0xA0)}
WINDOWS = {number: sign for number, sign in WINDOWS.items() if sign != "\ufffd"}
WINDOWS_SIGN = re.compile(b"\xc2[\x80-\x9f]")
"""One of them, in UTF-8: bytes are searched faster than characters."""


class Doubtful(Exception):
    """This feed, or one item of it, could be read in two ways."""


def attributes_of(element: Element) -> dict[str, str]:
    """Give the attributes by their names in lower case."""
    return {str(key).lower(): str(value) for key, value in element.attrib.items()}


def refuse_attributes(element: Element) -> None:
    """Attributes of an item or feed that some readers take for its content."""
    if element.attrib and {"base", "href", "lastmod"} & {key.lower() for key in element.attrib}:
        raise Doubtful


def name_of(element: Element) -> str:
    """Give an element's name by the prefix that its namespace usually has, in lower case."""
    name = usual_name(element.tag, element.prefix) if isinstance(element.tag, str) else None
    if name is None:
        raise Doubtful
    return name


def plain(element: Element) -> str:
    """Give the text of an element that holds nothing but text."""
    if len(element):
        raise Doubtful
    text = (element.text or "").strip()
    return text if text.isascii() else _mended(text)


def typed(element: Element, usual: str, is_atom: bool) -> tuple[str, bool]:
    """Give a text and whether it is HTML: by its type, else by what it looks like."""
    kind = usual
    if element.attrib:
        refuse_attributes(element)
        if "mode" in element.attrib:
            raise Doubtful
        said = element.get("type")
        if said is not None and said.lower() not in TYPES:
            raise Doubtful
        kind = TYPES[said.lower()] if said is not None else usual
    text = plain(element)
    if kind == TEXT and not is_atom and ("<" in text or "&" in text):
        kind = HTML if _looks_like_html(text) else TEXT
    return text, kind == HTML


def _looks_like_html(text: str) -> bool:
    """Whether a text that should be plain is marked up; Doubtful with unusual tags."""
    if not (CLOSING.search(text) or REFERENCE.search(text)):
        return False
    if any(tag.lower() not in HTML_TAGS for tag in ANY_TAG.findall(text)):
        raise Doubtful
    if any(name not in name2codepoint for name in NAMED.findall(text)):
        raise Doubtful
    return True


def _mended(text: str) -> str:
    """Undo UTF-8 that was taken for Latin-1, and give Windows' signs their characters."""
    with contextlib.suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return text.translate(WINDOWS) if WINDOWS_SIGN.search(text.encode()) else text
