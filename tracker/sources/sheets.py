"""The style sheets inside a page, taken apart into the rules that are in force on a wide screen."""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from lxml.html import HtmlElement

from tracker.sources.conditions import in_force, is_met
from tracker.sources.declared import (
    COMMENT,
    MAY_SHOW,
    Declarations,
    declarations,
    hides,
    leaves_no_room,
    may_hide,
    with_variables,
    written,
)
from tracker.sources.selectors import Selector, parse_selector, split_list, unescaped

LARGEST_SHEET = 1_000_000
LARGEST_KEPT = 300_000
"""Characters of a sheet that is remembered for the next page of the same site."""

SHEETS_KEPT = 64
MOST_BLOCKS = 5

SHEETS = """(//style | //link[@href])[not(ancestor::noscript or ancestor::template)]"""
IMPORT = re.compile(
    r"@import\s+(?:url\(\s*)?[\"']?(data:text/css[^\"')]*)[\"']?\s*\)?([^;{}]*);", re.IGNORECASE
)
STATEMENT = re.compile(r"@(?:charset|import|namespace|layer)[^;{]*;", re.I)
CUSTOM = re.compile(r"(--[\w-]+)\s*:\s*([^;]{1,100})")
WHOLE_PAGE = frozenset({":root", "html", "body", "*"})
LARGEST_CUSTOM = 50_000
LONGEST_NESTED = 10_000
LONGEST_CONDITION = 1_000

NAME = re.compile(r"[.#](?:[\w-]|[^\x00-\x7f])+")
TAG = re.compile(r"[a-zA-Z][\w-]*")
BESIDE_NAMES = re.compile(r"[(\[\\]")
"""Signs that a selector holds more than tags and the names that it asks for."""

BRACKETS = re.compile(
    r"\([^()\[\]\"']*\)|\[[^\[\]\"']*(?:\"[^\"]*\"[^\[\]\"']*|'[^']*'[^\[\]\"']*)?\]"
)
ASIDE = 0xE000
ESCAPED = re.compile(r"\\([\x20-\x7e])")
SET_ASIDE = re.compile(r"[\ue020-\ue07e]")
LEFT_OVER = re.compile(r"[()\[\]\"']")
JOINS = str.maketrans(">+~", "   ")
DEEPEST_BRACKETS = 4
ANYBODY = "*"


class Part:
    """One selector of a rule, parsed when an element might be meant.

    ``names`` are ids (``#x``) and classes (``.x``) that a page must bear for it, ``key`` a name, a
    tag or ``*`` that the element must bear.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        bare = _bare(text)
        self.names = _names_in(bare)
        self._looks_beside = "+" in text or "~" in text
        steps = bare.translate(JOINS).split()
        last = steps[-1] if steps else ""
        tag = TAG.match(last)
        self.key = next(iter(_names_in(last)), tag[0].lower() if tag else ANYBODY)

    def may_stand_in(self, around: frozenset[str]) -> bool:
        """Whether it may mean an element which, with those around it, bears these names."""
        return self._looks_beside or around.issuperset(self.names)

    @cached_property
    def selector(self) -> Selector | None:
        """What it says; None for what matches nothing."""
        return parse_selector(self._text)


class Rule:
    """One block of a sheet. It is taken apart on demand, and remembered with its sheet.

    ``is_suspect`` says that it may hide whom it is about: nearly all others are never looked at.
    What stands in a layer gives way to what does not (CSS Cascade 5).
    """

    def __init__(
        self, selectors: str, declared: str, variables: Mapping[str, str], inside: "Block"
    ) -> None:
        self.selectors, self._written, self._variables = selectors, declared, variables
        self._is_sure, self.is_layered = inside.in_force is True, inside.is_layered
        self.is_suspect = "\\" in declared or "var(" in declared or may_hide(declared)

    def may_be_about(self, borne: set[str]) -> bool:
        """Whether a page that bears these names may hold an element that is meant."""
        if BESIDE_NAMES.search(self.selectors):
            return any(borne.issuperset(part.names) for part in self.parts)
        return any(map(borne.issuperset, map(NAME.findall, self.selectors.split(","))))

    @cached_property
    def may_hide(self) -> bool:
        """Whether whom it is about is hidden, by it or together with another rule."""
        if not ("\\" in self._block or may_hide(self._block)):
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
    def parts(self) -> tuple[Part, ...]:
        """Whom it is about."""
        return tuple(map(Part, split_list(unescaped(self.selectors))))


def _names_in(bare: str) -> list[str]:
    names = NAME.findall(bare)
    return (
        [SET_ASIDE.sub(_brought_back, name) for name in names] if SET_ASIDE.search(bare) else names
    )


def _bare(selector: str) -> str:
    """A selector with a star for what stands in brackets; nothing where that cannot be told.

    An escaped character (``.w-\\[9px\\]``) is no bracket: it is set aside until it is in a name.
    """
    if "\\" in selector:
        selector = ESCAPED.sub(lambda one: chr(ASIDE + ord(one[1])), selector)
    for _ in range(DEEPEST_BRACKETS):
        if "(" not in selector and "[" not in selector:
            break
        selector = BRACKETS.sub(ANYBODY, selector)
    return "" if LEFT_OVER.search(selector) else selector


def _brought_back(character: re.Match[str]) -> str:
    return chr(ord(character[0]) - ASIDE)


def rules_of(tree: HtmlElement) -> Iterator[Rule]:
    """Give every rule of the sheets inside a page, in order."""
    for sheet in tree.xpath(SHEETS):
        if is_met(sheet.get("media") or "all") is not False:
            css = (sheet.text if sheet.tag == "style" else _linked(sheet)) or ""
            css = css[:LARGEST_SHEET]
            yield from _rules_in(css) if len(css) <= LARGEST_KEPT else _read_rules(css)


def _linked(link: HtmlElement) -> str:
    """The sheet that a link bears in its own address; nothing for one that lies elsewhere."""
    words = (link.get("rel") or "").lower().split()
    return _borne_by(link.get("href") or "") if words == ["stylesheet"] else ""


def _borne_by(address: str) -> str:
    """The sheet in an address such as ``data:text/css,p{}``; nothing in any other."""
    head, _, data = address.strip().partition(",")
    if not head.lower().startswith("data:text/css"):
        return ""
    raw = unquote_to_bytes(data[: 3 * LARGEST_SHEET])
    if head.lower().endswith(";base64"):
        try:
            raw = b64decode(raw + b"==")
        except ValueError:
            return ""
    return raw.decode("utf-8", "replace")


def _with_imports(css: str) -> str:
    """A sheet behind those that it imports from addresses which bear them."""
    imported = (
        f"@media {found[2].strip() or 'all'}{{{_borne_by(found[1])}}}"
        for found in IMPORT.finditer(css)
    )
    return "".join((*imported, IMPORT.sub("", css))) if "data:" in css else css


@lru_cache(maxsize=SHEETS_KEPT)
def _rules_in(css: str) -> tuple[Rule, ...]:
    """The rules of a sheet: the pages of one site bear the same ones."""
    return tuple(_read_rules(css))


class Block(NamedTuple):
    """What stands before a brace: whom it is about, whether that is in force (None: perhaps)."""

    selectors: str
    in_force: bool | None
    depth: int
    is_layered: bool = False


TOP = Block("", in_force=True, depth=0)


def _read_rules(css: str) -> Iterator[Rule]:
    """Give each rule of a sheet that is in force."""
    css = COMMENT.sub("", css.replace("<!--", "").replace("-->", ""))
    css = STATEMENT.sub("", _with_imports(css))
    variables: dict[str, str] = {}
    around = [TOP]
    *closed, _open = css.split("}")
    for piece in closed:
        *opened, block = piece.split("{")
        outer = around[-1]
        if len(opened) == 1 and not outer.selectors and outer.depth < MOST_BLOCKS:
            beginning = opened[0].strip()
            if beginning[:1] != "@":  # nearly all: they need no block of their own
                yield from _rule(beginning, block, variables, outer)
                continue
        for beginning in opened:
            outer = around[-1]
            if outer.selectors:  # what an outer rule declares before it holds another one
                before, _, beginning = beginning.rpartition(";")
                yield from _rule(outer.selectors, before, variables, outer)
            around.append(_inside(outer, beginning.strip()))
        if len(around) > 1:
            inner = around.pop()
            yield from _rule(inner.selectors, block, variables, inner)


def _inside(outer: Block, beginning: str) -> Block:
    depth = outer.depth + 1
    if beginning.startswith("@"):
        both = (outer.in_force, _is_in_force(beginning[:LONGEST_CONDITION]))
        holds = False if False in both else None if None in both else True
        is_layered = outer.is_layered or beginning.lower().startswith("@layer")
        return Block(outer.selectors, holds, depth, is_layered)
    holds = outer.in_force if depth <= MOST_BLOCKS else False
    return Block(_within(outer.selectors, beginning), holds, depth, outer.is_layered)


@lru_cache(maxsize=1024)
def _is_in_force(condition: str) -> bool | None:
    """The same few conditions stand in all sheets."""
    return in_force(condition)


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


def _rule(
    selectors: str, declared: str, variables: dict[str, str], inside: Block
) -> tuple[Rule, ...]:
    """Give a rule that is in force; what it sets for the whole page is noted."""
    if not selectors or inside.in_force is False:
        return ()
    if "--" in declared and selectors.lower() in WHOLE_PAGE:
        found = dict(CUSTOM.findall(declared[:LARGEST_CUSTOM]))
        variables.update(found if inside.in_force else found | variables)
    return (Rule(selectors, declared, variables, inside),)
