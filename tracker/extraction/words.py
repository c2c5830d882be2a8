"""Word lists as compiled patterns: the little language of the files in ``lexicon/``.

``{verb}`` stands for every form of the verb, ``~`` for at most four words, ``*ing`` for any
gerund; the rest is a regular expression, matched in any case and only at word borders.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

_VERB = re.compile(r"\{([a-z]+)((?:\[[^\]]+\])?[a-z]*)\}")
_GAP = r"(?:[\w'’.&,-]+ ){0,4}?"
_VOWELS = "aeiou"


@cache
def read(name: str) -> dict[str, Any]:
    """The word list ``lexicon/NAME.toml`` as it stands."""
    path = resources.files("tracker.extraction") / "lexicon" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def pattern(cues: list[str] | tuple[str, ...]) -> re.Pattern[str]:
    """One pattern that finds any of the cues; matches nothing when there are none."""
    if not cues:
        return re.compile(r"(?!x)x")
    return re.compile("|".join(f"(?:{_cue(cue)})" for cue in cues), re.IGNORECASE)


def _cue(cue: str) -> str:
    text = cue.replace("'", "['’]").replace("*ing", r"\w+ing").replace("~ ", _GAP)
    text = _VERB.sub(lambda found: _forms_pattern(found.group(1), found.group(2)), text)
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
