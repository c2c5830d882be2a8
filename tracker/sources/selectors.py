"""CSS selectors, as far as the style sheets of pages need them to tell whom they hide.

What depends on a reader's doing (``:hover``), makes boxes of its own (``::before``) or is not known
here matches nothing: a wrong guess would take the article away with what is hidden.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement

from tracker.sources.effort import Effort, UndecidedError

LONGEST = 1_000
MOST_WITHIN, COUNTING = 500, 50
"""Elements that are looked at for one ``:has()``; the steps it takes to see that there are more."""

TOKEN = re.compile(
    r"\s*([>+~])\s*|(\s+)|\*|([a-zA-Z][\w-]*)|([.#])((?:[\w-]|[^\x00-\x7f]|\\.)+)"
    r"|\[\s*([\w-]+)\s*(?:([~|^$*]?=)\s*(\"[^\"]*\"|'[^']*'|[^\]\s]+)\s*[is]?\s*)?\]"
    r"|:(:?[\w-]+)(?:\(((?:[^()]|\([^()]*\))*)\))?"
)
CUT = re.compile(r"[,()\[\]]")
ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
NEVER = frozenset(
    {"hover", "focus", "focus-within", "focus-visible", "active", "visited", "target", "checked"}
    | {"before", "after", "first-line", "first-letter", "disabled", "placeholder-shown"}
)
NTH = re.compile(r"^([+-]?\d*)n\s*([+-]\s*\d+)?$|^([+-]?\d+)$")

Test = Callable[[HtmlElement], bool]


@dataclass(frozen=True, slots=True)
class Compound:
    """What one element must be; ``joined`` is how the next compound to the left is found."""

    tests: tuple[Test, ...]
    joined: str = ""
    besides: tuple["Having | Being", ...] = ()


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector, its rightmost compound first, with its weight in the cascade."""

    compounds: tuple[Compound, ...]
    weight: tuple[int, int, int]

    def matches(self, element: HtmlElement, effort: Effort) -> bool:
        """Whether an element is meant.

        Raises UndecidedError where that cannot be told, ParseError when it takes too much effort.
        """
        return _fits(element, self.compounds, effort, set())


@dataclass(frozen=True, slots=True)
class Having:
    """What an element must hold, or be followed by (``:has()``); None stands for what is unknown.

    Each is how it is found from the element, and what it must be.
    """

    wanted: tuple[tuple[str, Selector], ...] | None

    def holds(self, element: HtmlElement, effort: Effort) -> bool:
        """Whether one of them is there; raises UndecidedError where that cannot be told."""
        if self.wanted is None:
            raise UndecidedError("a selector asks for what is not known here")
        asked = (element, id(self))
        if asked not in effort.held:
            effort.held[asked] = self._seek(element, effort)
        found = effort.held[asked]
        if found is None:
            raise UndecidedError("too much stands inside an element")
        return found

    def _seek(self, element: HtmlElement, effort: Effort) -> bool | None:
        try:
            return any(_is_there(element, how, one, effort) for how, one in self.wanted or ())
        except UndecidedError:
            return None


@dataclass(frozen=True, slots=True)
class Being:
    """What an element must be, or (``:not()``) must not be, besides."""

    selectors: tuple[Selector, ...]
    wanted: bool

    def holds(self, element: HtmlElement, effort: Effort) -> bool:
        """Whether it is so; raises UndecidedError where that cannot be told."""
        return any(one.matches(element, effort) for one in self.selectors) is self.wanted


def parse_selectors(text: str) -> Iterator[Selector]:
    """Read a list of selectors; those that can match nothing, or cannot be read, are left out."""
    for part in split_list(text):
        selector = parse_selector(part)
        if selector is not None:
            yield selector


def parse_selector(text: str) -> Selector | None:
    """Read one selector; None for what can match nothing, or cannot be read."""
    return _parse(text.strip()) if len(text) <= LONGEST else None


def split_list(text: str) -> list[str]:
    """Cut at the commas that stand in no brackets."""
    if "(" not in text and "[" not in text:
        return text.split(",")
    parts, begun, depth = [], 0, 0
    for sign in CUT.finditer(text):
        depth += (sign[0] in "([") - (sign[0] in ")]")
        if sign[0] == "," and depth == 0:
            parts.append(text[begun : sign.start()])
            begun = sign.end()
    return [*parts, text[begun:]]


def unescaped(text: str) -> str:
    """Selectors without escapes of letters: ``.\\73 x`` is ``.sx``; signs stay escaped."""
    return ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    character = chr(code) if 0x20 <= code < 0x110000 else "\ufffd"
    return character if character.isalnum() or character in "-_" else f"\\{character}"


def _parse(text: str) -> Selector | None:
    compounds: list[Compound] = []
    tests: list[Test] = []
    besides: list[Having | Being] = []
    weight = [0, 0, 0]
    joined, place = "", 0
    while place < len(text):
        token = TOKEN.match(text, place)
        if token is None or token.end() == place:
            return None
        place = token.end()
        if token[1] or token[2]:
            compounds.append(Compound(tuple(tests), joined, tuple(besides)))
            tests, besides, joined = [], [], token[1] or " "
            continue
        if beside := _besides((token[9] or "").lower(), token[10] or "", weight):
            besides.append(beside)
            tests.append(_anything)
            continue
        test = _simple(token, weight)
        if test is None:
            return None
        tests.append(test)
    compounds.append(Compound(tuple(tests), joined, tuple(besides)))
    if not all(compound.tests for compound in compounds):
        return None
    return Selector(tuple(reversed(compounds)), (weight[0], weight[1], weight[2]))


def _simple(token: re.Match[str], weight: list[int]) -> Test | None:
    """Give the test of one simple selector; None for what matches nothing."""
    if token[3]:
        weight[2] += 1
        tag = token[3].lower()
        return lambda element: element.tag == tag
    if token[4]:
        name = token[5].replace("\\", "")
        weight[0 if token[4] == "#" else 1] += 1
        if token[4] == "#":
            return lambda element: element.get("id") == name
        return lambda element: name in (element.get("class") or "").split()
    if token[6]:
        weight[1] += 1
        return _attribute(token[6].lower(), token[7], (token[8] or "").strip("\"'"))
    if token[9]:
        return _pseudo(token[9].lower(), (token[10] or "").strip(), weight)
    return _anything


def _besides(name: str, inner: str, weight: list[int]) -> Having | Being | None:
    """Read a pseudo-class that holds selectors; None for any other."""
    if name == "has":
        return _having(inner, weight)
    if name not in ("not", "is", "where", "matches"):
        return None
    weight[1] += name != "where"
    return Being(tuple(parse_selectors(inner.strip())), name != "not")


def _having(inner: str, weight: list[int]) -> Having:
    """Read what stands inside ``:has()``: it counts as much as the heaviest of it."""
    wanted: list[tuple[str, Selector]] = []
    for part in split_list(inner):
        relative = part.strip()
        how = relative[:1] if relative[:1] in (">", "+", "~") else " "
        found = _parse(relative.removeprefix(how).strip())
        if found is None:
            return Having(None)
        wanted.append((how, found))
    for place, most in enumerate(max(one.weight for _, one in wanted)):
        weight[place] += most
    return Having(tuple(wanted))


def _anything(_element: HtmlElement) -> bool:
    return True


def _attribute(name: str, sign: str | None, wanted: str) -> Test:
    def test(element: HtmlElement) -> bool:
        value = element.get(name)
        if value is None or sign is None:
            return value is not None
        return bool(wanted) and COMPARE[sign](value, wanted)

    return test


COMPARE: dict[str, Callable[[str, str], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "~=": lambda value, wanted: wanted in value.split(),
    "|=": lambda value, wanted: value == wanted or value.startswith(f"{wanted}-"),
    "^=": lambda value, wanted: value.startswith(wanted),
    "$=": lambda value, wanted: value.endswith(wanted),
    "*=": lambda value, wanted: wanted in value,
}


def _pseudo(name: str, inner: str, weight: list[int]) -> Test | None:
    if name.startswith(":") or name in NEVER:
        return None
    weight[1] += 1
    return _PLACES.get(name) or _nth(name, inner)


def _nth(name: str, inner: str) -> Test | None:
    """Tell by number: ``:nth-child(2n+1)`` and its kin; None for anything unknown."""
    formula = NTH.match({"odd": "2n+1", "even": "2n"}.get(inner.lower(), inner.lower()))
    if not name.startswith("nth-") or formula is None:
        return None
    step, shift = _step(formula)
    last, same_tag = "last" in name, name.endswith("type")

    def test(element: HtmlElement) -> bool:
        number = _number(element, last=last, same_tag=same_tag) - shift
        return number == 0 if step == 0 else number % step == 0 and number // step >= 0

    return test


def _step(formula: re.Match[str]) -> tuple[int, int]:
    if formula[3]:
        return 0, int(formula[3])
    step = {"": 1, "+": 1, "-": -1}.get(formula[1])
    shift = int((formula[2] or "0").replace(" ", ""))
    return (int(formula[1]) if step is None else step), shift


def _number(element: HtmlElement, *, last: bool, same_tag: bool) -> int:
    tag = element.tag if same_tag else "*"
    return 1 + sum(1 for _ in element.itersiblings(tag, preceding=not last))


_PLACES: dict[str, Test] = {
    "first-child": lambda element: element.getprevious() is None,
    "last-child": lambda element: element.getnext() is None,
    "only-child": lambda element: element.getprevious() is None and element.getnext() is None,
    "first-of-type": lambda element: _number(element, last=False, same_tag=True) == 1,
    "last-of-type": lambda element: _number(element, last=True, same_tag=True) == 1,
    "scope": lambda element: element.getparent() is None,
    "defined": lambda _element: True,
    "read-only": lambda element: element.tag not in ("input", "textarea"),
    "root": lambda element: element.getparent() is None,
    "empty": lambda element: len(element) == 0 and not (element.text or "").strip(),
    "link": lambda element: element.tag == "a" and element.get("href") is not None,
}


def _fits(
    element: HtmlElement,
    compounds: tuple[Compound, ...],
    effort: Effort,
    failed: set[tuple[HtmlElement, int]],
) -> bool:
    """Whether an element fits the first compound, and what stands before it the others.

    ``failed`` keeps which elements were tried in vain for how many compounds.
    """
    effort.spend()
    first, others = compounds[0], compounds[1:]
    for test in first.tests:  # nearly all that are looked at fail here
        if not test(element):
            return False
    if first.besides and not all(one.holds(element, effort) for one in first.besides):
        return False
    tried = (element, len(compounds))
    if not others or tried in failed:
        return not others
    if any(_fits(one, others, effort, failed) for one in _before(element, first.joined)):
        return True
    failed.add(tried)
    return False


def _before(element: HtmlElement, joined: str) -> Iterator[HtmlElement]:
    if joined == " ":
        yield from element.iterancestors()
    elif joined == "~":
        yield from element.itersiblings(preceding=True)
    else:
        found = element.getparent() if joined == ">" else element.getprevious()
        if found is not None:
            yield found


def _is_there(element: HtmlElement, how: str, wanted: Selector, effort: Effort) -> bool:
    """Whether an element holds, or is followed by, one that is wanted."""
    *others, first = wanted.compounds
    start = Compound((lambda one: one is element,))
    compounds = (*others, replace(first, joined=how), start)
    around = list(islice(_after(element, how, deep=bool(others)), MOST_WITHIN + 1))
    if len(around) > MOST_WITHIN:
        effort.spend(COUNTING)
        raise UndecidedError("too much stands inside an element")
    return any(_fits(one, compounds, effort, set()) for one in around)


def _after(element: HtmlElement, how: str, *, deep: bool) -> Iterator[HtmlElement]:
    """The elements that stand inside an element, or after it; ``deep`` with all inside those."""
    if how == " " or (how == ">" and deep):
        yield from element.iterdescendants("*")
    elif how == ">":
        yield from element.iterchildren("*")
    else:
        for beside in element.itersiblings("*"):
            yield from beside.iter("*") if deep else (beside,)
