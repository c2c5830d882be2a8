"""What the style sheets inside a page say of an element, as a wide screen would apply them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from tracker.sources.conditions import in_force, is_met
from tracker.sources.declared import (
    COMMENT,
    MAY_HIDE,
    MAY_SHOW,
    Declarations,
    declarations,
    hides,
    is_important,
    leaves_no_room,
    with_variables,
    written,
)
from tracker.sources.effort import Effort, UndecidedError
from tracker.sources.selectors import Selector, parse_selectors, split_list

LARGEST_SHEET = 1_000_000
LARGEST_KEPT = 300_000
"""Characters of a sheet that is remembered for the next page of the same site."""

SHEETS_KEPT = 64
MOST_RULES = 20_000
MOST_BLOCKS = 5
MOST_STEPS = 300_000
"""How often elements are held against selectors; real pages need some ten thousand."""

STATEMENT = re.compile(r"@(?:charset|import|namespace|layer)[^;{]*;", re.I)
CUSTOM = re.compile(r"(--[\w-]+)\s*:\s*([^;]{1,100})")
LARGEST_CUSTOM = 50_000
LONGEST_NESTED = 10_000
ANYBODY = frozenset({"*"})
NAME = re.compile(r"[.#][\w-]+")
BESIDE_NAMES = re.compile(r"[(\[\\]")
"""Signs that a selector holds more than tags and the names that it asks for."""

CLASSES = etree.XPath("//@class", smart_strings=False)
IDS = etree.XPath("//@id", smart_strings=False)

Weight = tuple[int, int, int, int]
"""Whether it stands outside all layers, then ids, classes and tags."""


class Rule:
    """One block of a sheet. It is taken apart on demand, and remembered with its sheet."""

    def __init__(self, block: "Block", declared: str, variables: Mapping[str, str]) -> None:
        self._selectors, self._written, self._variables = block.selectors, declared, variables
        self._is_sure, self.is_layered = block.in_force is True, block.is_layered
        self._asked = _asked_by(block.selectors)

    def may_be_about(self, borne: set[str]) -> bool:
        """Whether a page that bears these names may hold an element that is meant."""
        return any(map(borne.issuperset, self._asked))

    @cached_property
    def may_hide(self) -> bool:
        """Whether whom it is about is hidden, by it or together with another rule."""
        if not ("\\" in self._block or MAY_HIDE.search(self._block.lower())):
            return False
        style = written(self.declared)
        return hides(style) or leaves_no_room(style)

    @cached_property
    def tells(self) -> bool:
        """Whether it may show what another rule hides, or hide it together with that one.

        A rule that may not be in force shows nothing.
        """
        return self._is_sure and bool(MAY_SHOW.search(self._block.lower()))

    @cached_property
    def _block(self) -> str:
        return with_variables(self._written, self._variables)

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

    @property
    def keys(self) -> frozenset[str]:
        """Under which it is found: who bears none of its names may still be meant by ``:has()``."""
        return self.names if self.names and ":has(" not in self._selectors else ANYBODY

    def weight_for(self, element: HtmlElement, effort: Effort) -> Weight | None:
        """How much it counts for an element; None when it is not about that one, or perhaps."""
        try:
            found = [one.weight for one in self.selectors if one.matches(element, effort)]
        except UndecidedError:
            return None
        return (not self.is_layered, *max(found)) if found else None


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
            if rule.may_hide:
                for one in rule.selectors:
                    if borne.issuperset(one.names):
                        self._hiding.setdefault(one.key, []).append(placed)
            elif rule.tells:
                self._rest.append(placed)

    @cached_property
    def _others(self) -> Mapping[str, list[Placed]]:
        found: dict[str, list[Placed]] = {}
        for placed in self._rest:
            for name in placed[1].keys:
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
        weighed += self._weighed(self._others, (*bears, "*"), element)
        weighed.sort(key=lambda found: found[:2])
        layered = _merged(rule.declared for _, _, rule in weighed if rule.is_layered)
        others = [rule.declared for _, _, rule in weighed if not rule.is_layered]
        firm = {name: value for name, value in layered.items() if is_important(value)}
        return written(_merged((layered, *others, declarations(own))) | firm)

    def _weighed(
        self, rules: Mapping[str, list[Placed]], keys: Iterable[str], element: HtmlElement
    ) -> list[tuple[Weight, int, Rule]]:
        """The rules about an element, each once, with how much they count and their places."""
        found = dict(placed for key in keys for placed in rules.get(key, ()))
        weighed = ((rule.weight_for(element, self._effort), at, rule) for at, rule in found.items())
        return [(weight, at, rule) for weight, at, rule in weighed if weight is not None]


def _merged(every: Iterable[Declarations]) -> Declarations:
    """The last word on each property, where an important one counts more."""
    merged: Declarations = {}
    for declared in every:
        for name, value in declared.items():
            if not is_important(merged.get(name, "")) or is_important(value):
                merged[name] = value
    return merged


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
        if is_met(sheet.get("media") or "all") is not False:
            css = (sheet.text or "")[:LARGEST_SHEET]
            yield from _rules_in(css) if len(css) <= LARGEST_KEPT else _read_rules(css)


@lru_cache(maxsize=SHEETS_KEPT)
def _rules_in(css: str) -> tuple[Rule, ...]:
    """The rules of a sheet: the pages of one site bear the same ones."""
    return tuple(_read_rules(css))


def _read_rules(css: str) -> Iterator[Rule]:
    """Give each rule of a sheet that is in force."""
    css = STATEMENT.sub("", COMMENT.sub("", css.replace("<!--", "").replace("-->", "")))
    variables: dict[str, str] = {}
    around = [TOP]
    *closed, _open = css.split("}")
    for piece in closed:
        *opened, block = piece.split("{")
        for beginning in opened:
            outer = around[-1]
            if outer.selectors:  # what an outer rule declares before it holds another one
                before, _, beginning = beginning.rpartition(";")
                yield from _rule(outer, before, variables)
            around.append(_inside(outer, beginning.strip()))
        if len(around) > 1:
            yield from _rule(around.pop(), block, variables)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands before a brace: whom it is about, and whether that is in force (None: perhaps).

    What stands in a layer gives way to what does not (CSS Cascade 5).
    """

    selectors: str
    in_force: bool | None
    depth: int
    is_layered: bool = False


TOP = Block("", in_force=True, depth=0)


def _inside(outer: Block, beginning: str) -> Block:
    depth = outer.depth + 1
    if beginning.startswith("@"):
        both = (outer.in_force, in_force(beginning))
        holds = False if False in both else None if None in both else True
        is_layered = outer.is_layered or beginning.lower().startswith("@layer")
        return Block(outer.selectors, holds, depth, is_layered)
    holds = outer.in_force if depth <= MOST_BLOCKS else False
    return Block(_within(outer.selectors, beginning), holds, depth, outer.is_layered)


def _within(outer: str, selectors: str) -> str:
    """Selectors of a rule inside another one, written as if it stood alone."""
    if not outer:
        return selectors
    if len(outer) * (1 + selectors.count("&") + selectors.count(",")) > LONGEST_NESTED:
        return ""
    whom = f":is({outer})" if "," in outer else outer
    if "&" in selectors:
        return selectors.replace("&", whom)
    return ",".join(f"{whom} {one}" for one in split_list(selectors))


def _rule(block: Block, declared: str, variables: dict[str, str]) -> Iterator[Rule]:
    """Give a rule that is in force; what it sets for the whole page is noted."""
    if not block.selectors or block.in_force is False:
        return
    if "--" in declared and block.selectors.lower() in (":root", "html", "body", "*"):
        found = dict(CUSTOM.findall(declared[:LARGEST_CUSTOM]))
        variables.update(found if block.in_force else found | variables)
    yield Rule(block, declared, variables)
