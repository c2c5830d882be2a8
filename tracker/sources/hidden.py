"""Text that a page carries and does not show: taken out before anything reads it (promise 22)."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

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

LENGTH = r"(-?\d*\.?\d+)(?:px|r?em|pt|%|v[wh])?"
HIDING = (
    re.compile(r"(?:^|;)display:none"),
    re.compile(r"(?:^|;)visibility:(?:hidden|collapse)"),
    re.compile(r"(?:^|;)content-visibility:hidden"),
    re.compile(r"(?:^|;)opacity:(?:0|0?\.0\d*|0%)(?:;|$)"),
    re.compile(r"(?:^|;)font-size:(?:0|0?\.\d+px|1px|0?\.0\d*r?em)(?:[a-z%]*)(?:;|$)"),
    re.compile(
        r"(?:^|;)(?:text-indent|left|right|top|bottom|margin(?:-\w+)?):-(?:\d{3,}px|\d{2,}r?em)"
    ),
    re.compile(r"(?:^|;)clip:rect\((?:0|1px)"),
    re.compile(r"(?:^|;)clip-path:(?:inset\((?:50|100)%|circle\(0)"),
    re.compile(r"(?:^|;)transform:(?:scale[xy3d]*\(0[,)]|translate[xy3d]*\(-\d{3,}px)"),
    re.compile(r"(?:^|;)color:(?:transparent|rgba\([^)]*,0\))"),
)
NO_SIZE = re.compile(r"(?:^|;)(?:max-)?(?:width|height):[01](?:px|r?em|%)?(?:;|$)")
CUT_OFF = re.compile(r"(?:^|;)overflow(?:-[xy])?:(?:hidden|clip)")
COLOUR = re.compile(r"(?:^|;)color:([^;]+)")
BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;]+)")
BRACE = re.compile(r"[{}]")
NOT_FOR_SCREENS = re.compile(r"\s*@(?:media\s+(?:only\s+)?print\b|[\w-]*keyframes)", re.IGNORECASE)
SELECTOR = re.compile(r"^(?:[a-z][a-z0-9]*)?([.#][\w-]+)$", re.I)
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
LARGEST_SHEET = 1_000_000
LONGEST_STYLE = 10_000
MOST_BLOCKS = 5


def remove_hidden(tree: HtmlElement) -> None:
    """Take hidden elements and comments out of a page, with their text; what follows them stays."""
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    rules = hiding_rules(tree)
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is not None and _is_hidden(element, rules):
            element.drop_tree()


def hiding_rules(tree: HtmlElement) -> frozenset[str]:
    """Find the classes (``.x``) and ids (``#x``) that the page's own style sheets hide."""
    hidden: set[str] = set()
    for sheet in tree.iter("style"):
        for selectors, declarations in _rules((sheet.text or "")[:LARGEST_SHEET]):
            if hides(declarations):
                hidden.update(_simple(selectors))
    return frozenset(hidden)


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Give selectors and declarations of each rule that is in force on a screen."""
    css = _without_comments(css)
    blocks: list[str] = []
    start = 0
    for brace in BRACE.finditer(css):
        piece = css[start : brace.start()]
        start = brace.end()
        if brace[0] == "{":
            blocks.append(piece)
        elif blocks:
            selectors = blocks.pop()
            if len(blocks) < MOST_BLOCKS and not any(map(NOT_FOR_SCREENS.match, blocks)):
                yield selectors, piece


def _without_comments(css: str) -> str:
    shown, *rest = css.split("/*")
    return shown + "".join(piece.partition("*/")[2] for piece in rest)


def hides(style: str) -> bool:
    """Whether declarations such as those of a style attribute make an element unreadable."""
    if len(style) > LONGEST_STYLE:
        return True
    style = re.sub(r"\s+|!important", "", _without_comments(style).lower())
    if any(pattern.search(style) for pattern in HIDING):
        return True
    if NO_SIZE.search(style) and CUT_OFF.search(style):
        return True
    colour, background = COLOUR.search(style), BACKGROUND.search(style)
    return bool(colour and background and colour[1] == background[1])


def _simple(selectors: str) -> set[str]:
    """Give the classes and ids of selectors that name just one."""
    found = (SELECTOR.match(selector.strip()) for selector in selectors.split(","))
    return {match[1] for match in found if match}


def _is_hidden(element: HtmlElement, rules: frozenset[str]) -> bool:
    if element.tag in ("html", "body"):
        return False
    if element.tag in NOT_SHOWN or "hidden" in element.attrib:
        return True
    if (element.get("aria-hidden") or "").strip().lower() == "true":
        return True
    if hides(element.get("style") or ""):
        return True
    return _is_hidden_by_name(element, rules)


def _is_hidden_by_name(element: HtmlElement, rules: frozenset[str]) -> bool:
    names = (element.get("class") or "").split()
    if rules and (f"#{element.get('id')}" in rules or any(f".{name}" in rules for name in names)):
        return True
    if HIDDEN_CLASSES.isdisjoint(names):
        return False
    return not any(SHOWN_WHEN_WIDE.search(name) for name in names)
