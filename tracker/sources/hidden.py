"""Text that a page carries and does not show: taken out before anything reads it (promise 22)."""

import re

from lxml import etree, html
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

MAY_HIDE = re.compile(r"style|hidden|class|<!--|<template|<noscript|<textarea|<title|<dialog", re.I)
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
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)
PRINT_ONLY = re.compile(r"@media\s+(?:only\s+)?print\b[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.I)
KEYFRAMES = re.compile(r"@[\w-]*keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.I)
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
MOST_RULES = 20_000


def remove_hidden(tree: HtmlElement) -> None:
    """Take hidden elements and comments out of a page, with their text; what follows them stays."""
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    rules = hiding_rules(tree)
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is not None and _is_hidden(element, rules):
            element.drop_tree()


def without_hidden_html(text: str) -> str:
    """Take hidden elements out of a piece of HTML."""
    if not MAY_HIDE.search(text):
        return text
    try:
        piece = html.fragment_fromstring(text, create_parent="div")
    except (etree.LxmlError, ValueError):
        return ""
    remove_hidden(piece)
    inner: str = html.tostring(piece, encoding="unicode")
    return inner.removeprefix("<div>").removesuffix("</div>")


def hiding_rules(tree: HtmlElement) -> frozenset[str]:
    """Find the classes (``.x``) and ids (``#x``) that the page's own style sheets hide."""
    hidden: set[str] = set()
    for sheet in tree.iter("style"):
        css = CSS_COMMENT.sub("", sheet.text or "")
        css = KEYFRAMES.sub("", PRINT_ONLY.sub("", css))
        for number, rule in enumerate(RULE.finditer(css)):
            if number > MOST_RULES:
                break
            if hides(rule[2]):
                hidden.update(_simple(rule[1]))
    return frozenset(hidden)


def hides(style: str) -> bool:
    """Whether declarations such as those of a style attribute make an element unreadable."""
    style = re.sub(r"\s+|!important", "", CSS_COMMENT.sub("", style).lower())
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
