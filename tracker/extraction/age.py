"""What speaks for a new act and what for an old one: named numbers for the trained question.

An act of the last seven days that is told as the news is new (codebook section 6). Real texts
seldom say so: tense, days, years, the sentences around it and the headline's words tell it.
"""

import re
from datetime import date as Day

from tracker.extraction import dates, modality
from tracker.extraction.actors import Actor
from tracker.extraction.reading import Line, Reading

_OLD = re.compile(
    r"\b(?:previous(?:ly)?|former(?:ly)?|originally|first|once|used to|at the time|years?|months?"
    r"|weeks|decade|earlier|before|since|until|already|long|history|past|ago|last|had)\b",
    re.IGNORECASE,
)
_FRESH = re.compile(
    r"\b(?:today|yesterday|tonight|this (?:week|morning|afternoon|evening)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|now|new|latest|just|announced|announcement"
    r"|effective|immediately|starting|next|beginning)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:said|says|told|wrote|writes|confirmed|announced|tweeted|posted)\b", re.IGNORECASE
)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day")
_HELPER = re.compile(
    r"\b(has|have|had|is|are|was|were|will|would|to) (?:\w+ ){0,2}$", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_HAD = re.compile(r"\bhad\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z]{4,}")
_EMPTY = frozenset({"about", "after", "also", "been", "compa", "could", "from", "have", "into"})
_EMPTY |= {"more", "other", "over", "said", "some", "than", "that", "their", "they", "this"}
_EMPTY |= {"were", "what", "when", "which", "will", "with", "would"}
_STEM, _WEEK = 5, 7
_HEIGHTS = (1, 3, 8)


class Ages:
    """Looks at one article's lines for signs of age."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._published = dates.local_day(reading.document.published)
        title = reading.title
        self._title = _stems(title.text) if title else set()
        self._old = [modality.is_background(line.text, self._published) for line in reading.lines]
        self._opening = {a.name for line in reading.lines[:5] for a in line.actors()}
        self._first: dict[str, int] = {}
        for place, line in enumerate(reading.lines):
            for actor in () if line.is_title else line.actors():
                self._first.setdefault(actor.name, place)

    def of_line(self, place: int) -> dict[str, float]:
        """What the words of a line, its height and its neighbours say."""
        line = self._reading.lines[place]
        found = {f"age_old_{m.group().lower()}": 1.0 for m in _OLD.finditer(line.text)}
        found |= {_fresh_name(m.group().lower()): 1.0 for m in _FRESH.finditer(line.text)}
        found |= {f"age_said_{m.group().lower()}": 1.0 for m in _SAID.finditer(line.text)}
        found |= {f"age_top_{n}": 1.0 for n in _HEIGHTS if line.sentence.number <= n}
        return found | self._years(line) | self._around(place) | self._headline(line)

    def of_act(
        self, place: int, actor: Actor, start: int, end: int, has_cue: bool
    ) -> dict[str, float]:
        """What the verb between two offsets says, and where the company is first named."""
        line = self._reading.lines[place]
        height = line.sentence.number / max(1, len(self._reading.lines) - 1)
        aside = modality.is_aside(line, start, end, height, self._reading.headlines(actor))
        found = {
            "age_aside": float(aside),
            "age_first": float(self._first.get(actor.name) == place),
            "age_in_opening": float(actor.name in self._opening),
        }
        day = dates.day_of(line.text, start, self._published)
        if day and self._published:
            fresh = (self._published - day).days <= _WEEK
            found["age_day_fresh" if fresh else "age_day_old"] = 1.0
        return found | (_tense(line, start, end) if has_cue else {}) | _root(line)

    def _years(self, line: Line) -> dict[str, float]:
        if self._published is None:
            return {}
        named = [int(year) for year in _YEAR.findall(line.text)]
        return {f"age_year_{_compared(year, self._published)}": 1.0 for year in named}

    def _around(self, place: int) -> dict[str, float]:
        """Dated sentences before it in its paragraph, and the one after it."""
        lines = self._reading.lines
        mine = lines[place].sentence
        above = [
            n
            for n in range(max(0, place - 8), place)
            if lines[n].sentence.paragraph == mine.paragraph
            and lines[n].sentence.field == mine.field
        ]
        return {
            "age_old_above": float(any(self._old[n] for n in above)),
            "age_had_above": float(any(_HAD.search(lines[n].text) for n in above)),
            "age_old_below": float(place + 1 < len(lines) and self._old[place + 1]),
        }

    def _headline(self, line: Line) -> dict[str, float]:
        """How much of the headline the line tells again."""
        if line.is_title:
            return {}
        shared = len(self._title & _stems(line.text))
        return {
            "age_headline": shared / max(3, len(self._title)),
            "age_headline_much": float(shared >= 3),
        }


def _fresh_name(word: str) -> str:
    return "age_fresh_weekday" if _WEEKDAY.fullmatch(word) else f"age_fresh_{word}"


def _compared(year: int, published: Day) -> str:
    if year == published.year:
        return "same"
    return "old" if year < published.year else "next"


def _tense(line: Line, start: int, end: int) -> dict[str, float]:
    """The form of the cue's verb and the helping verb before it."""
    token = line.grammar.at(start, end) if line.grammar else None
    found = {f"age_tag_{token.tag}": 1.0} if token else {}
    helper = _HELPER.search(line.text[max(0, start - 40) : start])
    if helper:
        found[f"age_aux_{helper.group(1).lower()}"] = 1.0
    return found


def _root(line: Line) -> dict[str, float]:
    tokens = line.grammar.tokens if line.grammar else ()
    root = next((token for token in tokens if token.head == token.number), None)
    return {f"age_root_{root.tag}": 1.0} if root else {}


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.lower())} - _EMPTY
