"""The mood of a clause: asserted, planned, hedged, hypothetical, demanded, denied, background."""

import re
from dataclasses import dataclass
from datetime import date as Day
from functools import lru_cache
from itertools import pairwise

from tracker.domain.codes import Modality
from tracker.domain.due_dates import MONTHS
from tracker.extraction import words
from tracker.extraction.parse import Grammar, Token
from tracker.extraction.reading import Line
from tracker.extraction.roles import Part

_DEEP = 0.2
_FRESH = re.compile(
    r"\b(?:today|yesterday|this week|last week|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_LATELY = re.compile(r"\brecent(?:ly)?\b", re.IGNORECASE)
_STEPS = 5
_BELOW = frozenset({"xcomp", "acl", "advcl", "dobj", "pobj", "prep", "compound", "attr"})
_NEGATION = frozenset({"not", "n't", "n’t", "never", "neither", "nor"})
_UNDONE = re.compile(r"\byet to (?:\w+ ){0,5}$", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|rumou?red|considering|considers?|weighing|weighs|mulling|mulls"
    r"|exploring|might|may|could"
    r"|is said to|are said to|possibly|perhaps|likely to|expected to|in talks|apparently"
    r"|potentially|seems? to|appears? to)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|whether|were to|would have|suppose|imagine)\b", re.IGNORECASE
)
_DEMAND = re.compile(r"\b(?:should|must|ought to|needs? to|has to|have to)\b", re.IGNORECASE)
_YEARS_AGO = re.compile(
    r"\b(?:(?:\w+ )?(?:years?|months|decades?) (?:ago|earlier|before|on(?=,| from| since| after))"
    r"|(?:last|previous) (?:year"
    r"|month|spring|summer|autumn|fall|winter|decade|january"
    r"|february|march|april|may|june|july|august|september|october|november|december)"
    r"|(?:earlier|later) (?:this|that) (?:year|month)|this (?:spring|summer|fall|winter)"
    r"|previously|formerly|historically|back in|at the time|over the (?:past"
    r"|last) \w*\s?(?:years?|months)"
    r"|in recent (?:years|months)|(?:has|have) long|since (?:19|20)\d\d|for years|in the past"
    r"|long (?:been|said)"
    r"|had already|initially|earlier(?! today)|weeks? after|months? after|two weeks ago"
    r"|weeks ago|currently|regularly|the first time"
    r"|that (?:year|month|spring|summer|autumn|winter|january|february|april|june|july|august"
    r"|september|october|november|december))\b",
    re.IGNORECASE,
)
_IN_MONTH = re.compile(
    rf"\b(?:in|since|until|on|of) (?:early |late |mid-)?(?P<month>{'|'.join(MONTHS)})\b"
    r"(?: (?P<day>\d{1,2})\b(?!\d))?,?(?: of)?(?: (?P<year>(?:19|20)\d\d))?",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|would|shall|(?:takes?|taking|into) effect|effective|into force|starts?|starting"
    r"|begins?|beginning|until|expires?|due)\b(?:(?!\b(?:said|says|told|wrote|announced)\b)[^.;]){0,40}$",
    re.IGNORECASE,
)
"""Before a month without a year: it is the next one, not the last."""
_YEAR = re.compile(r"\b(?:in|since|from|until|during) (?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_LEADING = re.compile(
    r"\W*(?:(?:in|on|early|mid|late)\W)*"
    rf"(?:(?P<month>{'|'.join(MONTHS)})(?: (?P<day>\d{{1,2}}))?,? )?"
    r"(?P<year>(?:19|20)\d\d)\b\s*[:–—-]",
    re.IGNORECASE,
)
"""The date before an entry of a timeline."""
_FUTURE = re.compile(
    r"\b(?:will|'ll|’ll|plans? to|planning to|going to|intends? to|set to|pledge\w*|promise\w*"
    r"|vow\w*)\b",
    re.IGNORECASE,
)


_RECENT = re.compile(
    r"\b(?:today|yesterday|this week|(?:mon|tues|wednes|thurs|fri|satur|sun)day|announced|now)\b",
    re.IGNORECASE,
)
_UNREAL = words.pattern(tuple(words.read("actors")["moods"]["unreal"]))


@dataclass(frozen=True, slots=True)
class Mood:
    """How a clause speaks, and whether it tells of something older than the news."""

    modality: Modality
    background: bool


PLAIN = Mood(Modality.ASSERTED, background=False)


def mood(line: Line, start: int, end: int, part: Part, published: Day | None) -> Mood:
    """The mood of the clause around a cue between two offsets of the line."""
    background = is_background(line.text, published)
    if part.relative and not _RECENT.search(line.text):
        background = True
    return Mood(_modality(line, start, end, part), background or _had(line, start))


def is_aside(line: Line, start: int, end: int, place: float, in_title: bool) -> bool:
    """In the past tense, far down, of a company that the headline does not name: old."""
    if in_title or place < _DEEP or _FRESH.search(line.text) or line.grammar is None:
        return False
    if _LATELY.search(line.text):
        return True
    token = line.grammar.at(start, end)
    past = token is not None and token.tag in {"VBD", "VBN"}
    return past and not line.speech.holds(start)


def _modality(line: Line, start: int, end: int, part: Part) -> Modality:
    before = _before(line.text, start)
    if part.demanded or _DEMAND.search(before[-25:]):
        return Modality.DEMANDED
    if _negated(line, start, end):
        return Modality.DENIED
    if _CONDITION.search(before):
        return Modality.HYPOTHETICAL
    asked = line.text.rstrip("”\"'’").endswith("?") and not line.is_title
    if asked or _is_unreal(line, start, end):
        return Modality.HYPOTHETICAL
    if _HEDGE.search(before[-60:] + line.text[start:end]):
        return Modality.HEDGED
    if _FUTURE.search(before[-40:] + line.text[start:end]):
        return Modality.PLANNED
    return Modality.ASSERTED


def _before(text: str, start: int) -> str:
    """The words before the cue, as far as its own clause goes."""
    return re.split(r"[;:—–]|, (?:and|but|while|which|who) ", text[:start])[-1]


def _negated(line: Line, start: int, end: int) -> bool:
    if _UNDONE.search(line.text[:start]):
        return True
    if line.grammar is None:
        return bool(re.search(r"(?:n['’]t|\bnot|\bnever) (?:\w+ ){0,2}$", line.text[:start]))
    token = line.grammar.at(start, end)
    if token is None:
        return False
    return any(
        child.text.lower() in _NEGATION and child.start < start
        for each in _path(line.grammar, token)
        for child in line.grammar.children(each)
    )


def _path(grammar: Grammar, token: Token) -> list[Token]:
    """The cue's word, and the words above it as far as the verb that governs them."""
    found = [token]
    for _ in range(_STEPS):
        here = found[-1]
        if here.dep not in _BELOW:
            break
        found.append(grammar.head(here))
    return found


def _had(line: Line, start: int) -> bool:
    return bool(re.search(r"\bhad (?:\w+ ){0,2}$", line.text[max(0, start - 40) : start]))


@lru_cache(maxsize=1024)
def is_background(text: str, published: Day | None) -> bool:
    """Whether the sentence dates itself over a week before the article (section 6)."""
    if _YEARS_AGO.search(text):
        return True
    if published is None:
        return False
    if any(int(found.group("year")) < published.year for found in _YEAR.finditer(text)):
        return True
    entry = _LEADING.match(text)
    if entry and _is_old(entry, published):
        return True
    return any(
        _is_old(found, published)
        for found in _IN_MONTH.finditer(text)
        if found.group("year") or not _AHEAD.search(text[: found.start("month")])
    )


def _is_old(found: re.Match[str], published: Day) -> bool:
    month = MONTHS.index((found.group("month") or "december").lower()) + 1
    year = int(
        found.group("year") or (published.year if month <= published.month else published.year - 1)
    )
    day = int(found.group("day") or 28)
    try:
        spoken = Day(year, month, min(day, 28) if not found.group("day") else day)
    except ValueError:
        return False
    return (published - spoken).days > 7


def _is_unreal(line: Line, start: int, end: int) -> bool:
    """'failed to commit', 'declined to take down', 'is looking to ban': not done."""
    if line.grammar is None:
        return False
    token = line.grammar.at(start, end)
    if token is None:
        return False
    path = _path(line.grammar, token)
    return any(
        below.dep in {"xcomp", "acl", "advcl"} and _UNREAL.fullmatch(above.text)
        for below, above in pairwise(path)
    )
