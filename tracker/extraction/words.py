"""Word lists as compiled patterns: the little language of the files in ``lexicon/``.

``{verb}`` stands for every form of the verb, ``~`` for at most four words, ``*ing`` for any
gerund; the rest is a regular expression, matched in any case and only at word borders.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any

_VERB = re.compile(r"\{([a-z]+)((?:\[[^\]]+\])?[a-z]*)\}")
_LEFT_OVER = re.compile(r"\{(?!\d+(?:,\d*)?\})")
"""A brace that stands neither for a verb nor for a number of times."""
_GAP = r"(?:[\w'’.&,-]+ ){0,4}?"
_VOWELS = "aeiou"
_LENGTHS = (5, 3, 2)
"""So many letters of a cue and of a word are compared before its pattern is asked."""
_REPEATS = frozenset("?*+")
_START = re.compile(r"\b[\w']")
_BEFORE = re.compile(r"^(?:\(\?<!\[-\\w\]\)|(?:\(\?<!-\))?\\b)")
_TOLD = re.compile(r"(?! |-)(?:[a-z\d' -](?![?*+{]))*", re.IGNORECASE | re.ASCII)
_SIGNS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]])*\]|[()|]", re.DOTALL)
"""What groups and divides a pattern; escaped signs and sets of signs count as one."""
_PLAIN = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k", "’": "'"})
"""Signs that a pattern in any case takes for these letters."""


@cache
def read(name: str) -> dict[str, Any]:
    """The word list ``lexicon/NAME.toml`` as it stands."""
    path = resources.files("tracker.extraction") / "lexicon" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Cues:
    """A word list as one pattern, asked only of texts in which a word begins like one of it."""

    pattern: re.Pattern[str]
    openings: frozenset[str] | None
    """How the cues begin; None when one of them may begin with anything."""

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every cue in the text, left to right."""
        return self.pattern.finditer(text) if self._may_stand_in(text) else iter(())

    def findall(self, text: str) -> list[str]:
        """The words of every cue in the text."""
        return self.pattern.findall(text) if self._may_stand_in(text) else []

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first cue between two offsets of the text."""
        return self.pattern.search(text, start, end) if self._may_stand_in(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The text as one cue."""
        return self.pattern.fullmatch(text)

    def _may_stand_in(self, text: str) -> bool:
        return self.openings is None or not self.openings.isdisjoint(_openings(text))


def pattern(cues: list[str] | tuple[str, ...]) -> Cues:
    """What finds any of the cues; finds nothing when there are none.

    Raises ValueError for a cue that could never be found.
    """
    found = tuple(_cue(cue) for cue in cues)
    whole = "|".join(f"(?:{cue})" for cue in found) or r"(?!x)x"
    begins = [_opening(each) for cue in found for each in _spread(_BEFORE.sub("", cue))]
    sure = all(begins)
    return Cues(re.compile(whole, re.IGNORECASE), frozenset(begins) if sure else None)


@lru_cache(maxsize=2048)
def _openings(text: str) -> frozenset[str]:
    """The first letters of every word of a text, with what follows of them after a short word."""
    plain = text.translate(_PLAIN).lower()
    starts = [found.start() for found in _START.finditer(plain)]
    return frozenset(plain[at : at + length] for at in starts for length in _LENGTHS)


def _opening(cue: str) -> str:
    """The letters with which a cue must begin, as many as are compared; nothing if too few."""
    told = _TOLD.match(cue.replace("['’]", "'").replace("’", "'"))
    letters = told.group().lower() if told else ""
    return letters[: next((each for each in _LENGTHS if each <= len(letters)), 0)]


def _spread(cue: str) -> list[str]:
    """The ways in which a cue may begin, where it begins with a choice."""
    end = _closing(cue) if cue.startswith("(?:") else 0
    if not end:
        return [cue]
    choices, sign = _choices(cue[3 : end - 1]), cue[end : end + 1]
    rest = cue[end + (sign in _REPEATS) :]
    begun = choices if sign in {"*", "+"} else [f"{choice}{rest}" for choice in choices]
    left = [rest] if sign in {"*", "?"} else []
    return [each for way in (*begun, *left) for each in _spread(way)]


def _closing(cue: str) -> int:
    """Where the group that opens a cue ends."""
    depth = 0
    for sign in _SIGNS.finditer(cue):
        depth += {"(": 1, ")": -1}.get(sign.group(), 0)
        if depth == 0:
            return sign.end()
    return 0


def _choices(inside: str) -> list[str]:
    """The alternatives of a group."""
    depth, cuts = 0, [-1]
    for sign in _SIGNS.finditer(inside):
        depth += {"(": 1, ")": -1}.get(sign.group(), 0)
        if depth == 0 and sign.group() == "|":
            cuts.append(sign.start())
    return [inside[a + 1 : b] for a, b in pairwise([*cuts, len(inside)])]


def _cue(cue: str) -> str:
    text = cue.replace("'", "['’]").replace("*ing", r"\w+ing").replace("~ ", _GAP)
    text = _VERB.sub(lambda found: _forms_pattern(found.group(1), found.group(2)), text)
    if _LEFT_OVER.search(text):
        raise ValueError(f"the cue {cue!r} can never be found: {{…}} holds a verb or a number")
    start = "" if text.startswith((r"\b", "(?<")) else r"\b"
    end = r"\b" if re.search(r"[\w\])]$", text) and not text.endswith((r"\b", r"\w*)")) else ""
    return f"{start}{text}{end}"


def _forms_pattern(verb: str, rest: str) -> str:
    if rest:
        return f"(?:{verb}{rest}(?:e|es|ed|ing|s)?)"
    return "(?:" + "|".join(sorted(forms(verb), key=len, reverse=True)) + ")"


@cache
def forms(verb: str) -> frozenset[str]:
    """Every form of a verb: base, third person, gerund, past, participle."""
    lists = read("verbs")
    past = tuple(lists["irregular"].get(verb, ()))
    return frozenset({verb, _third(verb), _gerund(verb), *(past or (_past(verb),))})


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def _stem(verb: str) -> str:
    doubling = read("verbs")["doubling"]
    if verb in doubling["words"] and verb not in doubling["never"]:
        return verb + verb[-1]
    return verb


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + "ing"
    return _stem(verb) + "ing"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return _stem(verb) + "ed"
