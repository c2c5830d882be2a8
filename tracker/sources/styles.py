"""What the style sheets inside a page say of an element, as a wide screen would apply them."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import accumulate, islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from tracker.sources.declared import Declarations, declarations, is_important, written
from tracker.sources.effort import Effort, UndecidedError
from tracker.sources.sheets import ANYBODY, Part, Rule, rules_of

MOST_RULES = 20_000
MOST_STEPS = 300_000
"""How often elements are held against selectors; real pages need some ten thousand."""

CLASSES = etree.XPath("//@class", smart_strings=False)
IDS = etree.XPath("//@id", smart_strings=False)

MOST_AROUND = 1_000
"""Ids and classes of an element and all that hold it; real pages have some dozens."""

END = "}"
"""Stands in no selector."""

NAMELESS = re.compile(r"(?:^|(?<=}))[^.#}]*}")
INSIDE = re.compile(r":has\(")

Weight = tuple[int, int, int, int]
"""Whether it stands outside all layers, then ids, classes and tags."""

Placed = tuple[int, Rule]
"""A rule with its place among all of its page."""

Index = dict[str, list[Placed]]


class Styles:
    """The rules of a page's own sheets that may hide text, and those that may show it again."""

    def __init__(self, tree: HtmlElement) -> None:
        self._hiding: Index = {}
        self._rest: list[Placed] = []
        self._effort = Effort(MOST_STEPS)
        self._around: dict[HtmlElement, frozenset[str] | None] = {}
        self._classes = set(cast("list[str]", CLASSES(tree)))
        borne = _names_of(self._classes, cast("list[str]", IDS(tree)))
        for placed in enumerate(islice(rules_of(tree), MOST_RULES)):
            rule = placed[1]
            if rule.is_suspect and rule.may_be_about(borne) and rule.may_hide:
                for key in {part.key for part in rule.parts if borne.issuperset(part.names)}:
                    self._hiding.setdefault(key, []).append(placed)
            else:
                self._rest.append(placed)

    @cached_property
    def _others(self) -> "_Others":
        return _Others(self._rest)

    @property
    def named(self) -> frozenset[str]:
        """The keys under which an element may be hidden: ``#id``, ``.class``, a tag or ``*``."""
        return frozenset(self._hiding)

    def classes_with(self, names: frozenset[str]) -> set[str]:
        """The class attributes of the page that hold one of these classes (``.x``)."""
        return {one for one in self._classes if not names.isdisjoint(_as_keys(None, one))}

    def of(self, element: HtmlElement) -> str:
        """The declarations that decide whether an element is seen, its own ``style`` included."""
        own = element.get("style") or ""
        if not self._hiding:
            return own
        names = _as_keys(element.get("id"), element.get("class"))
        keys = {*names, str(element.tag), ANYBODY}
        weighed = self._weighed(_found(self._hiding, keys), keys, element)
        if not weighed:
            return own
        weighed += self._weighed(self._others.naming(names), keys, element)
        weighed.sort(key=lambda found: found[:2])
        layered = _merged(rule.declared for _, _, rule in weighed if rule.is_layered)
        outside = [rule.declared for _, _, rule in weighed if not rule.is_layered]
        firm = {name: value for name, value in layered.items() if is_important(value)}
        return written(_merged((layered, *outside, declarations(own))) | firm)

    def _weighed(
        self, rules: Mapping[int, Rule], keys: Set[str], element: HtmlElement
    ) -> list[tuple[Weight, int, Rule]]:
        """The rules about an element with how much they count, and their places."""
        weighed: list[tuple[Weight, int, Rule]] = []
        around = self._names_around(element)
        for at, rule in rules.items():
            weights = [
                weight
                for part in rule.parts
                if part.key in keys
                and (around is None or part.may_stand_in(around))
                and (weight := self._weight(part, element))
            ]
            if weights:
                weighed.append(((not rule.is_layered, *max(weights)), at, rule))
        return weighed

    def _names_around(self, element: HtmlElement) -> frozenset[str] | None:
        """The ids and classes of an element and of those that hold it; None where they are many."""
        if element in self._around:
            return self._around[element]
        own, parent = _as_keys(element.get("id"), element.get("class")), element.getparent()
        outer = frozenset[str]() if parent is None else self._names_around(parent)
        known = None if outer is None else outer.union(own)
        self._around[element] = known if known and len(known) <= MOST_AROUND else None
        return self._around[element]

    def _weight(self, part: Part, element: HtmlElement) -> tuple[int, int, int] | None:
        """How much a selector counts that means an element; None where it does not, or perhaps."""
        selector = part.selector
        try:
            means = selector is not None and selector.matches(element, self._effort)
        except UndecidedError:
            return None
        return selector.weight if selector is not None and means else None


def _found(index: Index, keys: Iterable[str]) -> dict[int, Rule]:
    """What an index holds under some keys, each once."""
    return dict(placed for key in keys for placed in index.get(key, ()))


class _Others:
    """The many rules that hide nothing; of them those are asked for that name an element.

    Their selectors stand in one text, which is searched more quickly than each is taken apart.
    """

    def __init__(self, rules: Sequence[Placed]) -> None:
        self._rules = rules
        self._text = "".join(rule.selectors + END for _, rule in rules)
        self._ends = list(accumulate(len(rule.selectors) + 1 for _, rule in rules))
        self._naming: dict[str, list[Placed]] = {}

    def naming(self, names: Iterable[str]) -> dict[int, Rule]:
        """The rules that hold one of these names, and those that may mean who bears none."""
        return dict(placed for name in (*names, ANYBODY) for placed in self._with(name))

    def _with(self, name: str) -> list[Placed]:
        if name not in self._naming:
            places = self._nameless() if name == ANYBODY else self._places_of(name)
            found = (self._rules[at] for at in dict.fromkeys(places))
            self._naming[name] = [placed for placed in found if placed[1].tells]
        return self._naming[name]

    def _places_of(self, name: str) -> Iterator[int]:
        at = self._text.find(name)
        while at >= 0:
            end = at + len(name)
            if not (self._text[end].isalnum() or self._text[end] in "-_"):
                yield bisect_right(self._ends, at)
            at = self._text.find(name, end)

    def _nameless(self) -> Iterator[int]:
        found = (*NAMELESS.finditer(self._text), *INSIDE.finditer(self._text))
        return (bisect_right(self._ends, one.start()) for one in found)


def _merged(every: Iterable[Declarations]) -> Declarations:
    """The last word on each property, where an important one counts more."""
    merged: Declarations = {}
    for declared in every:
        for name, value in declared.items():
            if not is_important(merged.get(name, "")) or is_important(value):
                merged[name] = value
    return merged


def _names_of(classes: Iterable[str], ids: Iterable[str]) -> set[str]:
    """All ids and classes of a page, as ``#x`` and ``.x``."""
    names = {f".{name}" for name in " ".join(classes).split()}
    return names.union(f"#{name}" for name in ids)


def _as_keys(id_: str | None, classes: str | None) -> tuple[str, ...]:
    """What an element bears: its id and its classes, each once."""
    names = {f".{name}" for name in (classes or "").split()}
    return (f"#{id_}", *names) if id_ else (*names,)
