"""Text that a page carries and does not show: taken out before anything reads it (promise 22)."""

import re
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from tracker.sources.declared import background, hides, text_colour
from tracker.sources.sheets import ANYBODY
from tracker.sources.styles import Styles

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
        "noframes",
        "noembed",
        "progress",
        "meter",
        "rp",
    ]
)
"""Elements whose text is no text of the page."""

MARKS = frozenset({"hidden", "aria-hidden", "popover", "style"})
COLOURED_INSIDE = etree.XPath("boolean(.//*[@style or @class or @id or self::a or self::mark])")
PAINTED = frozenset(["table", "tr", "td", "th", "mark", "html"])
"""What sheets and old attributes paint without being named."""

DEEPEST = 50

INVISIBLE = re.compile(r"(?:^|;)\s*(?:opacity|visibility)\s*:[^;]*", re.IGNORECASE)
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
HIDING_NAMES = frozenset(f".{name}" for name in HIDDEN_CLASSES)
SHOWN_WHEN_WIDE = re.compile(r":(?:block|flex|grid|inline)|d-\w+-(?:block|flex|grid|inline)")
MUCH, NEARLY_ALL = 0.4, 0.85
"""Shares of the text of a page."""

PARAGRAPHS_OF_AN_ARTICLE = 5
STREAMED = re.compile(r"S:\w+")
"""Ids of pieces that React streams hidden and a script puts into their places at once."""


def remove_hidden(tree: HtmlElement) -> None:
    """Take hidden elements and comments out of a page, with their text; what follows them stays."""
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    styles = Styles(tree)
    whole = text_in_paragraphs(tree)
    hosts = _without_slot(tree)
    suspects = _Suspects(styles)
    hidden = []
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if (
            element.tag in NOT_SHOWN
            or element in hosts
            or (element in suspects and _is_hidden(element, styles, whole))
        ):
            hidden.append(element)
            walk.skip_subtree()
    for element in hidden:  # all are found before one goes: the next would be a first child
        if element.getparent() is not None:
            element.drop_tree()


class _Suspects:
    """The elements of a page that are worth a closer look: most bear nothing that could hide."""

    def __init__(self, styles: Styles) -> None:
        self._classes = styles.classes_with(styles.named | HIDING_NAMES)
        self._ids = {key[1:] for key in styles.named if key.startswith("#")}
        self._tags = {key for key in styles.named if key[0] not in "#."}
        self._is_anybody = ANYBODY in self._tags

    def __contains__(self, element: HtmlElement) -> bool:
        if self._is_anybody or element.tag in self._tags:
            return True
        attributes = element.keys()
        return bool(attributes) and (
            element.get("class") in self._classes
            or not MARKS.isdisjoint(attributes)
            or element.get("id") in self._ids
        )


def _without_slot(tree: HtmlElement) -> set[HtmlElement]:
    """Elements that show a shadow tree in place of what they hold."""
    templates = (one for one in tree.iter("template") if one.get("shadowrootmode") is not None)
    hosts = {one.getparent() for one in templates if one.find(".//slot") is None}
    return {host for host in hosts if host is not None and host.tag not in ("html", "body")}


def _is_hidden(element: HtmlElement, styles: Styles, whole: int) -> bool:
    if element.tag in ("html", "body"):
        return False
    if element.get("hidden") is not None:
        return not STREAMED.fullmatch(element.get("id") or "")
    if (element.get("aria-hidden") or "").strip().lower() == "true":
        return True
    if element.get("popover") is not None:
        return True
    style = styles.of(element)
    if style and hides(style):
        return not _waits_for_script(element, style, whole)
    return _hides_by_name(element.get("class") or "") or _is_on_its_own_colour(element)


def _is_on_its_own_colour(element: HtmlElement) -> bool:
    """Whether its text has the colour of what is painted behind it, by style attributes alone.

    Sheets outside the page may paint whatever bears a class or an id, so nothing between may bear
    one, and nothing inside may have a colour of its own.
    """
    colour = text_colour(element.get("style") or "")
    if colour is None or COLOURED_INSIDE(element):
        return False
    for around in (element, *islice(element.iterancestors(), DEEPEST)):
        painted = background(around.get("style") or "")
        if painted is not None:
            return painted == colour
        if around.get("class") or around.get("id") or around.tag in PAINTED:
            return False
    return False


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


def _hides_by_name(classes: str) -> bool:
    names = classes.split()
    if HIDDEN_CLASSES.isdisjoint(names):
        return False
    return not any(SHOWN_WHEN_WIDE.search(name) for name in names)
