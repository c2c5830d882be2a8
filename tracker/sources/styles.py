"""What the style sheets inside a page say of an element, as a wide screen would apply them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from tracker.sources.declared import (
    COMMENT,
    MAY_HIDE,
    MAY_SHOW,
    Declarations,
    declarations,
    hides,
    is_important,
    written,
)
from tracker.sources.selectors import Effort, Selector, parse_selectors

LARGEST_SHEET = 1_000_000
LARGEST_KEPT = 300_000
"""Characters of a sheet that is remembered for the next page of the same site."""

SHEETS_KEPT = 64
MOST_RULES = 20_000
MOST_BLOCKS = 5
MOST_STEPS = 300_000
"""How often elements are held against selectors; real pages need some ten thousand."""

SCREEN = 1280
"""Width in pixels for which @media is decided."""

STATEMENT = re.compile(r"@(?:charset|import|namespace|layer)[^;{]*;", re.I)
KEYFRAMES = re.compile(r"@[\w-]*(?:keyframes|font-face|page|property)", re.I)
WIDTH = re.compile(r"\((max|min)-(?:device-)?width\s*:\s*(\d*\.?\d+)(px|r?em)?")
ON_REQUEST = re.compile(
    r"prefers-|\bprint\b|\bspeech\b|hover\s*:\s*none|orientation\s*:\s*portrait"
)
NAME = re.compile(r"[.#][\w-]+")
BESIDE_NAMES = re.compile(r"[(\[\\]")
"""Signs that a selector holds more than tags and the names that it asks for."""

CLASSES = etree.XPath("//@class", smart_strings=False)
IDS = etree.XPath("//@id", smart_strings=False)

Weight = tuple[int, int, int]


class Rule:
    """One block of a sheet. It is taken apart on demand, and remembered with its sheet."""

    def __init__(self, selectors: str, block: str) -> None:
        self._selectors, self._block = selectors, block
        self._asked = _asked_by(selectors)

    def may_be_about(self, borne: set[str]) -> bool:
        """Whether a page that bears these names may hold an element that is meant."""
        return any(map(borne.issuperset, self._asked))

    @cached_property
    def hides(self) -> bool:
        """Whether whom it is about is hidden, unless another rule shows it."""
        return bool(MAY_HIDE.search(self._block.lower())) and hides(written(self.declared))

    @cached_property
    def may_show(self) -> bool:
        """Whether it may show what another rule hides."""
        return bool(MAY_SHOW.search(self._block.lower()))

    @cached_property
    def declared(self) -> Declarations:
        """What it declares, as far as that tells."""
        return declarations(self._block)

    @cached_property
    def selectors(self) -> tuple[Selector, ...]:
        """Whom it is about."""
        return tuple(parse_selectors(self._selectors))

    @cached_property
    def names(self) -> frozenset[str]:
        """The ids and classes in its selectors, as ``#x`` and ``.x``."""
        return frozenset(NAME.findall(self._selectors))

    def weight_for(self, element: HtmlElement, effort: Effort) -> Weight | None:
        """How much it counts for an element; None when it is not about that one."""
        found = [one.weight for one in self.selectors if one.matches(element, effort)]
        return max(found, default=None)


def _asked_by(selectors: str) -> list[list[str]]:
    """The ids and classes that each selector asks for; none where a plain look cannot tell."""
    if BESIDE_NAMES.search(selectors):
        return [[]]
    return [NAME.findall(one) for one in selectors.split(",")]


Placed = tuple[int, Rule]
"""A rule with its place among all of its page."""


class Styles:
    """The rules of a page's own sheets that may hide text, and those that may show it again."""

    def __init__(self, tree: HtmlElement) -> None:
        self._hiding: dict[str, list[Placed]] = {}
        self._rest: list[Placed] = []
        self._effort = Effort(MOST_STEPS)
        borne = _borne_in(tree)
        for placed in enumerate(islice(_rules_of(tree), MOST_RULES)):
            rule = placed[1]
            if not rule.may_be_about(borne):
                continue
            if rule.hides:
                for one in rule.selectors:
                    if borne.issuperset(one.names):
                        self._hiding.setdefault(one.key, []).append(placed)
            elif rule.may_show:
                self._rest.append(placed)

    @cached_property
    def _others(self) -> Mapping[str, list[Placed]]:
        found: dict[str, list[Placed]] = {}
        for placed in self._rest:
            for name in placed[1].names:
                found.setdefault(name, []).append(placed)
        return found

    def of(self, element: HtmlElement) -> str:
        """The declarations that decide whether an element is seen, its own ``style`` included."""
        own = element.get("style") or ""
        if not self._hiding:
            return own
        bears = _as_keys(element.get("id"), element.get("class"))
        keys = [key for key in (*bears, str(element.tag), "*") if key in self._hiding]
        weighed = self._weighed(self._hiding, keys, element) if keys else []
        if not weighed:
            return own
        weighed += self._weighed(self._others, bears, element)
        weighed.sort(key=lambda found: found[:2])
        merged: Declarations = {}
        for declared in (*(rule.declared for _, _, rule in weighed), declarations(own)):
            for name, value in declared.items():
                if not is_important(merged.get(name, "")) or is_important(value):
                    merged[name] = value
        return written(merged)

    def _weighed(
        self, rules: Mapping[str, list[Placed]], keys: Iterable[str], element: HtmlElement
    ) -> list[tuple[Weight, int, Rule]]:
        """The rules about an element, each once, with how much they count and their places."""
        found = dict(placed for key in keys for placed in rules.get(key, ()))
        weighed = ((rule.weight_for(element, self._effort), at, rule) for at, rule in found.items())
        return [(weight, at, rule) for weight, at, rule in weighed if weight is not None]


def _borne_in(tree: HtmlElement) -> set[str]:
    """All ids and classes of a page, as ``#x`` and ``.x``."""
    classes, ids = cast("list[str]", CLASSES(tree)), cast("list[str]", IDS(tree))
    names = {f".{name}" for name in " ".join(set(classes)).split()}
    return names.union(f"#{name}" for name in ids)


@lru_cache(maxsize=4096)
def _as_keys(id_: str | None, classes: str | None) -> tuple[str, ...]:
    """What an element bears: its id and its classes, each once."""
    names = {f".{name}" for name in (classes or "").split()}
    return (f"#{id_}", *names) if id_ else (*names,)


def _rules_of(tree: HtmlElement) -> Iterator[Rule]:
    for sheet in tree.xpath("//style[not(ancestor::noscript or ancestor::template)]"):
        if _is_for_wide_screens(f"@media {sheet.get('media') or 'all'}"):
            css = (sheet.text or "")[:LARGEST_SHEET]
            yield from _rules_in(css) if len(css) <= LARGEST_KEPT else _read_rules(css)


@lru_cache(maxsize=SHEETS_KEPT)
def _rules_in(css: str) -> tuple[Rule, ...]:
    """The rules of a sheet: the pages of one site bear the same ones."""
    return tuple(_read_rules(css))


def _read_rules(css: str) -> Iterator[Rule]:
    """Give each rule of a sheet that is in force."""
    css = STATEMENT.sub("", COMMENT.sub("", css.replace("<!--", "").replace("-->", "")))
    around: list[tuple[str, bool]] = []
    *closed, _open = css.split("}")
    for piece in closed:
        *opened, block = piece.split("{")
        for beginning in opened:
            selectors = beginning.strip()
            around.append((selectors, _hold(around) and _is_for_wide_screens(selectors)))
        if around:
            selectors, _ = around.pop()
            if _hold(around) and len(around) < MOST_BLOCKS and not selectors.startswith("@"):
                yield Rule(selectors, block)


def _hold(around: list[tuple[str, bool]]) -> bool:
    """Whether what stands inside these blocks is in force."""
    return not around or around[-1][1]


def _is_for_wide_screens(condition: str) -> bool:
    if not condition.startswith("@"):
        return True
    if KEYFRAMES.match(condition):
        return False
    if not condition.lower().startswith("@media"):
        return True
    return any(map(_is_met, condition.lower().split(",")))


def _is_met(query: str) -> bool:
    if ON_REQUEST.search(query):
        return "not print" in query
    for bound, number, unit in WIDTH.findall(query):
        pixels = float(number) * (1 if unit in ("", "px") else 16)
        if (bound == "max") == (pixels < SCREEN):
            return False
    return True
