"""The text of a tree, block by block, as a browser would set it on lines of its own."""

from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from tracker.sources.characters import one_line

INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    }
)
"""Elements that stand within a line; every other one begins and ends a line."""


def paragraphs(tree: HtmlElement) -> Iterator[str]:
    """Give each line of text in order, white space folded, empty ones left out."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag not in INLINE:
            yield from _line(pieces)
            pieces.clear()
        pieces.append((element.text if event == "start" else element.tail) or "")
    yield from _line(pieces)


def _line(pieces: list[str]) -> Iterator[str]:
    line = one_line("".join(pieces))
    if line:
        yield line
