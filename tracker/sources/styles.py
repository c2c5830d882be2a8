"""What the style sheets inside a page say of an element, as a wide screen would apply them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from lxml.html import HtmlElement

from tracker.sources.selectors import Effort, Selector, parse_selectors

LARGEST_SHEET = 1_000_000
MOST_RULES = 20_000
MOST_BLOCKS = 5
MOST_STEPS = 300_000
"""How often elements are held against selectors; real pages need some ten thousand."""

SCREEN = 1280
"""Width in pixels for which @media is decided."""

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
BRACE = re.compile(r"[{}]")
STATEMENT = re.compile(r"@(?:charset|import|namespace|layer)[^;{]*;", re.I)
KEYFRAMES = re.compile(r"@[\w-]*(?:keyframes|font-face|page|property)", re.I)
WIDTH = re.compile(r"\((max|min)-(?:device-)?width\s*:\s*(\d*\.?\d+)(px|r?em)?")
ON_REQUEST = re.compile(
    r"prefers-|\bprint\b|\bspeech\b|hover\s*:\s*none|orientation\s*:\s*portrait"
)
TELLING = re.compile(
    r"(?:^|;)\s*(display|visibility|content-visibility|opacity|font-size|font|text-indent|left|right|"
    r"top|bottom|inset|margin(?:-\w+)?|clip|clip-path|transform|color|background(?:-color)?|width|"
    r"height|max-width|max-height|overflow(?:-[xy])?|transition|animation)\s*:\s*([^;]+)",
    re.I,
)
"""Properties that decide whether text is seen, with their values."""

MAY_HIDE = re.compile(
    r"none|hidden|collapse|opacity\s*:|font-size\s*:\s*(?:0|1px|\.)|:\s*-\d{2,}|clip|scale|translate|"
    r"transparent|,\s*0\s*\)|height\s*:\s*[01](?:\D|$)|background.*color|color.*background",
    re.IGNORECASE | re.DOTALL,
)
MAY_SHOW = re.compile(
    r"display|visibility|opacity|font-size|text-indent|clip|transform|color|overflow|height|width|"
    r"left|right|top|bottom|margin|inset",
    re.IGNORECASE,
)
NAME = re.compile(r"[.#][\w-]+")

Declarations = dict[str, str]
Weight = tuple[int, int, int]


class Rule:
    """One block of a sheet; ``order`` is its place among all. It is taken apart on demand."""

    def __init__(self, selectors: str, block: str, order: int) -> None:
        self._selectors, self._block = selectors, block
        self.order = order

    @cached_property
    def declared(self) -> Declarations:
        """What it declares, as far as that tells."""
        return declarations(self._block)

    @cached_property
    def selectors(self) -> tuple[Selector, ...]:
        """Whom it is about."""
        return tuple(parse_selectors(self._selectors))

    @property
    def names(self) -> list[str]:
        """The ids and classes in its selectors, as ``#x`` and ``.x``."""
        return NAME.findall(self._selectors)

    def weight_for(self, element: HtmlElement, effort: Effort) -> Weight | None:
        """How much it counts for an element; None when it is not about that one."""
        found = [one.weight for one in self.selectors if one.matches(element, effort)]
        return max(found, default=None)


class Styles:
    """The rules of a page's own sheets that may hide text, and those that may show it again.

    ``hides`` tells of declarations, as of a style attribute, whether they hide an element.
    """

    def __init__(self, tree: HtmlElement, hides: Callable[[str], bool]) -> None:
        self._hiding: dict[str, list[Rule]] = {}
        self._rest: list[Rule] = []
        self._effort = Effort(MOST_STEPS)
        for order, (selectors, block) in enumerate(_blocks_of(tree)):
            if order == MOST_RULES:
                break
            rule = Rule(selectors, block, order)
            if MAY_HIDE.search(block) and hides(_written(rule.declared)):
                for one in rule.selectors:
                    self._hiding.setdefault(one.key, []).append(rule)
            elif MAY_SHOW.search(block):
                self._rest.append(rule)

    @cached_property
    def _others(self) -> Mapping[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self._rest:
            for name in set(rule.names):
                found.setdefault(name, []).append(rule)
        return found

    def of(self, element: HtmlElement) -> str:
        """The declarations that decide whether an element is seen, its own ``style`` included."""
        own = element.get("style") or ""
        bears = _borne_by(element)
        keys = [key for key in (*bears, str(element.tag), "*") if key in self._hiding]
        weighed = self._weighed(self._hiding, keys, element) if keys else []
        if not weighed:
            return own
        weighed += self._weighed(self._others, bears, element)
        weighed.sort(key=lambda pair: (pair[0], pair[1].order))
        merged: Declarations = {}
        for declared in (*(rule.declared for _, rule in weighed), declarations(own)):
            for name, value in declared.items():
                if not _is_important(merged.get(name, "")) or _is_important(value):
                    merged[name] = value
        return _written(merged)

    def _weighed(
        self, rules: Mapping[str, list[Rule]], keys: Iterable[str], element: HtmlElement
    ) -> list[tuple[Weight, Rule]]:
        """The rules about an element, each once, with how much they count."""
        found = {id(rule): rule for key in keys for rule in rules.get(key, ())}
        weighed = ((rule.weight_for(element, self._effort), rule) for rule in found.values())
        return [(weight, rule) for weight, rule in weighed if weight is not None]


def _borne_by(element: HtmlElement) -> tuple[str, ...]:
    id_, classes = element.get("id"), element.get("class")
    names = {f".{name}" for name in classes.split()} if classes else ()
    return (f"#{id_}", *names) if id_ else (*names,)


def _written(declared: Declarations) -> str:
    return ";".join(f"{name}:{value}" for name, value in declared.items())


def declarations(style: str) -> Declarations:
    """The telling declarations of a style attribute or of a rule's block."""
    found: Declarations = {}
    for name, value in TELLING.findall(COMMENT.sub("", style).replace("\n", " ")):
        if not _is_important(found.get(name.lower(), "")) or _is_important(value):
            found[name.lower()] = value.strip().lower()
    return found


def _is_important(value: str) -> bool:
    return "!" in value


def _blocks_of(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for sheet in tree.xpath("//style[not(ancestor::noscript or ancestor::template)]"):
        if _is_for_wide_screens(f"@media {sheet.get('media') or 'all'}"):
            yield from _blocks((sheet.text or "")[:LARGEST_SHEET])


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Give selectors and declarations of each rule that is in force."""
    css = STATEMENT.sub("", COMMENT.sub("", css.replace("<!--", "").replace("-->", "")))
    around: list[str] = []
    start = 0
    for brace in BRACE.finditer(css):
        piece = css[start : brace.start()]
        start = brace.end()
        if brace[0] == "{":
            around.append(piece.strip())
        elif around:
            selectors = around.pop()
            in_force = len(around) < MOST_BLOCKS and all(map(_is_for_wide_screens, around))
            if in_force and not selectors.startswith("@"):
                yield selectors, piece


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
