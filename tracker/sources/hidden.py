"""Text that a page carries and does not show: taken out before anything reads it (promise 22)."""

import re

from lxml import etree
from lxml.html import HtmlElement

from tracker.sources.styles import COMMENT, Styles

NOT_SHOWN = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "meta",
        "link",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "select",
        "option",
        "datalist",
        "textarea",
        "button",
        "input",
        "dialog",
    ]
)
"""Elements whose text is no text of the page."""

HIDING = (
    re.compile(r"(?:^|;)display:none"),
    re.compile(r"(?:^|;)visibility:(?:hidden|collapse)"),
    re.compile(r"(?:^|;)content-visibility:hidden"),
    re.compile(r"(?:^|;)opacity:(?:0|0?\.0\d*|0%)(?:;|$)"),
    re.compile(r"(?:^|;)font-size:(?:0|0?\.\d+px|1px|0?\.0\d*r?em)(?:[a-z%]*)(?:;|$)"),
    re.compile(
        r"(?:^|;)(?:text-indent|left|right|top|bottom):-(?:\d{3,}(?:\.\d+)?px|\d{2,}r?em|\d{3,}v[wh])"
    ),
    re.compile(
        r"(?:^|;)margin(?:-\w+)?:-(?:[5-9]\d\d|\d{4,})px|(?:^|;)margin(?:-\w+)?:-\d{3,}r?em"
    ),
    re.compile(r"(?:^|;)clip:rect\((?:0|1px)"),
    re.compile(r"(?:^|;)clip-path:(?:inset\((?:50|100)%|circle\(0)"),
    re.compile(r"(?:^|;)transform:(?:scale[xy3d]*\(0[,)]|translate[xy3d]*\(-\d{3,}px)"),
    re.compile(r"(?:^|;)color:(?:transparent|rgba\([^)]*,0\))"),
)
INVISIBLE = re.compile(r"(?:^|;)\s*(?:opacity|visibility)\s*:[^;]*", re.IGNORECASE)
NO_SIZE = re.compile(r"(?:^|;)(?:max-)?(?:width|height):[01](?:px|r?em|%)?(?:;|$)")
CUT_OFF = re.compile(r"(?:^|;)overflow(?:-[xy])?:(?:hidden|clip)")
COLOUR = re.compile(r"(?:^|;)color:([^;]+)")
BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;]+)")
HIDDEN_CLASSES = frozenset(
    [
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "screen-reader-only",
        "element-invisible",
        "a11y-hidden",
        "u-hidden",
        "is-hidden",
        "hidden",
        "d-none",
    ]
)
SHOWN_WHEN_WIDE = re.compile(r":(?:block|flex|grid|inline)|d-\w+-(?:block|flex|grid|inline)")
LONGEST_STYLE = 10_000
MUCH, NEARLY_ALL = 0.4, 0.85
"""Shares of the text of a page."""

PARAGRAPHS_OF_AN_ARTICLE = 5
STREAMED = re.compile(r"S:\w+")
"""Ids of pieces that React streams hidden and a script puts into their places at once."""


def remove_hidden(tree: HtmlElement) -> None:
    """Take hidden elements and comments out of a page, with their text; what follows them stays."""
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    styles = Styles(tree, hides)
    whole = text_in_paragraphs(tree)
    hidden = []
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if _is_hidden(element, styles, whole):
            hidden.append(element)
            walk.skip_subtree()
    for element in hidden:  # all are found before one goes: the next would be a first child
        if element.getparent() is not None:
            element.drop_tree()


def hides(style: str) -> bool:
    """Whether declarations such as those of a style attribute make an element unreadable."""
    if len(style) > LONGEST_STYLE:
        return True
    style = re.sub(r"\s+|!important", "", COMMENT.sub("", style).lower())
    if any(pattern.search(style) for pattern in HIDING):
        return True
    if NO_SIZE.search(style) and CUT_OFF.search(style):
        return True
    colour, background = COLOUR.search(style), BACKGROUND.search(style)
    return bool(colour and background and colour[1] == background[1])


def _is_hidden(element: HtmlElement, styles: Styles, whole: int) -> bool:
    if element.tag in ("html", "body"):
        return False
    if element.tag in NOT_SHOWN:
        return True
    if "hidden" in element.attrib:
        return not STREAMED.fullmatch(element.get("id") or "")
    if (element.get("aria-hidden") or "").strip().lower() == "true":
        return True
    style = styles.of(element)
    if style and hides(style):
        return not _waits_for_script(element, style, whole)
    return _is_hidden_by_name(element)


def _waits_for_script(element: HtmlElement, style: str, whole: int) -> bool:
    """Whether an article waits for a script that shows it: nobody hides all that he says.

    True for a long part of the page that is only invisible, or nearly all of it that a sheet takes
    out of the layout. What an attribute of its own takes out stays hidden, as behind a paywall.
    """
    if len(element.xpath(".//p")) < PARAGRAPHS_OF_AN_ARTICLE or hides(element.get("style") or ""):
        return False
    share = text_in_paragraphs(element) / max(whole, 1)
    return share > (NEARLY_ALL if hides(INVISIBLE.sub("", style)) else MUCH)


def text_in_paragraphs(tree: HtmlElement) -> int:
    """How many characters of text the paragraphs of a tree hold."""
    return sum(len(paragraph.text_content().strip()) for paragraph in tree.iter("p"))


def _is_hidden_by_name(element: HtmlElement) -> bool:
    names = (element.get("class") or "").split()
    if HIDDEN_CLASSES.isdisjoint(names):
        return False
    return not any(SHOWN_WHEN_WIDE.search(name) for name in names)
