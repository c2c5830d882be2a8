"""What stands around an article: menus, related stories, newsletters, comments, appeals."""

import re
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from tracker.sources.characters import one_line

FURNITURE_TAGS = frozenset({"nav", "aside", "footer", "form", "menu", "search"})
FURNITURE_ROLES = frozenset(
    {"navigation", "complementary", "contentinfo", "search", "banner", "dialog", "alertdialog"}
)
FURNITURE_WORDS = frozenset(
    {
        "advert",
        "advertisement",
        "advertising",
        "breadcrumb",
        "breadcrumbs",
        "comment",
        "comments",
        "consent",
        "cookie",
        "cookies",
        "disqus",
        "donate",
        "donation",
        "footer",
        "gdpr",
        "modal",
        "newsletter",
        "newsletters",
        "outbrain",
        "popup",
        "promo",
        "promos",
        "promotion",
        "recirc",
        "recirculation",
        "recommendations",
        "recommended",
        "related",
        "respond",
        "share",
        "sharing",
        "sidebar",
        "signup",
        "sponsor",
        "sponsored",
        "subscribe",
        "subscription",
        "taboola",
        "teasers",
        "trending",
    }
)
LAYOUT_WORDS = frozenset(
    {"footer", "modal", "popup", "share", "sharing", "sidebar", "subscribe", "subscription"}
)
"""Furniture words that some sites also use for what stands around, and holds, the article."""

FURNITURE_PAIRS = re.compile(
    r"(?:most|also|further|more|keep|next|up|see|read)[-_](?:read|popular|viewed|reading|news|from|"
    r"stories|articles|next|also|more|like|on)\b|(?:^|[\s_-])(?:social|latest)[-_]"
    r"(?:links|media|share|icons|buttons|bar|news|posts|stories)|author[-_](?:bio|box)|post[-_]tags"
)
WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
MOST_OF_THE_TEXT = 0.6
NAMED_AS_THEY_LIKE = frozenset({"html", "body", "h1", "p", "article", "main"})
LONGEST_KEPT = 300
"""Characters of a name that is remembered for the next element."""


def remove_furniture(tree: HtmlElement, title: str, *, layouts: bool = True) -> None:
    """Take out what is no part of the article; never what holds the heading or most of the text.

    Without ``layouts`` names that may be those of a layout are no sign of furniture.
    """
    words = FURNITURE_WORDS if layouts else FURNITURE_WORDS - LAYOUT_WORDS
    keep = _keepers(tree, title)
    furniture = []
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if element is not tree and _is_furniture(element, words) and element not in keep:
            furniture.append(element)
            walk.skip_subtree()
    for element in furniture:
        element.drop_tree()


def mark_article(tree: HtmlElement) -> None:
    """Say where the article is on a page that does not: around the heading and most of the text."""
    if tree.xpath("boolean(//article | //main | //*[@role='main' or @itemprop='articleBody'])"):
        return
    for holder in _holder_of_most_text(tree):
        around = (step for step in holder.iterancestors() if step.find(".//h1") is not None)
        container = next(around, holder)
        marked = holder if container.tag in ("html", "body") else container
        if marked.tag not in ("html", "body"):
            marked.tag = "article"


def _keepers(tree: HtmlElement, title: str) -> set[HtmlElement]:
    """Give the elements that hold the article, whatever they are called."""
    keep: set[HtmlElement] = set()
    marks = tree.xpath("//main | //*[@role='main'] | //*[contains(@itemprop, 'articleBody')]")
    headings = [h for h in tree.iter("h1") if one_line(h.text_content()) == title and title]
    for mark in [*marks, *headings, *_holder_of_most_text(tree)]:
        keep.add(mark)
        keep.update(mark.iterancestors())
    return keep


def _holder_of_most_text(tree: HtmlElement) -> list[HtmlElement]:
    """Find the parent of paragraphs that together are most of the text, if there is one."""
    sizes: dict[HtmlElement, int] = {}
    for paragraph in tree.iter("p"):
        parent = paragraph.getparent()
        if parent is not None:
            sizes[parent] = sizes.get(parent, 0) + len(paragraph.text_content().strip())
    whole = sum(sizes.values())
    return [parent for parent, size in sizes.items() if size > whole * MOST_OF_THE_TEXT]


def _is_furniture(element: HtmlElement, words: frozenset[str]) -> bool:
    tag = element.tag
    if tag in FURNITURE_TAGS or element.get("role") in FURNITURE_ROLES:
        return True
    if tag == "header":
        return not any(parent.tag in ("article", "main") for parent in element.iterancestors())
    if tag in NAMED_AS_THEY_LIKE:
        return False
    classes, id_ = element.get("class"), element.get("id")
    return bool(classes or id_) and _names_furniture(f"{classes or ''} {id_ or ''}", words)


def _names_furniture(name: str, words: frozenset[str]) -> bool:
    """Whether the classes and the id of an element are those of furniture."""
    if len(name) > LONGEST_KEPT:
        return _is_name_of(name, words)
    return _is_known_name_of(name, words)


def _is_name_of(name: str, furniture: frozenset[str]) -> bool:
    words = {word.lower() for word in WORD.findall(name)}
    return not furniture.isdisjoint(words) or bool(FURNITURE_PAIRS.search(name.lower()))


_is_known_name_of = lru_cache(maxsize=4096)(_is_name_of)
