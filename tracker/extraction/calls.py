"""Calls: who asks which companies, or which class of companies, to do what (codebook section 4)."""

import re
from dataclasses import dataclass
from datetime import date as Day
from functools import cache

from tracker.extraction import dates, roles, words
from tracker.extraction.actors import Actor
from tracker.extraction.reading import Line, Reading

_TURN = re.compile(r"\b(?:your turn|over to you|your move|now you),? ", re.IGNORECASE)
_OTHERS = re.compile(
    r"\s*(?:on |for |that )?(?:\w+ ){0,3}?(?:lawmakers|legislators|senat\w+|congress|parliament"
    r"|ministers?|governments?|regulators?|white house|commission|administration|president"
    r"|courts?|states|voters|police)\b",
    re.IGNORECASE,
)
"""Calls on them are none on companies (annotation rule 4)."""
_ASKED = re.compile(
    r"\bto (?:immediately |also |now |publicly )?(?P<asked>[a-z]+ [^.;:“”\"]{2,160})"
)


@dataclass(frozen=True, slots=True)
class Demand:
    """One call in one sentence."""

    caller: Actor
    targets: tuple[str, ...]
    target_class: str | None
    asked: str
    line: Line
    start: int
    end: int
    deadline: Day | None
    direct: bool
    model: float | None = None


@cache
def _verbs() -> words.Cues:
    return words.pattern(words.read("reactions")["call"]["strong"])


@cache
def _direct() -> words.Cues:
    return words.pattern(words.read("reactions")["call"]["direct"])


@cache
def _class() -> words.Cues:
    return words.pattern(words.read("reactions")["call"]["classes"])


def seen(line: Line) -> list[tuple[str, roles.Part]]:
    """Every verb of asking and word of duty in the line, with the actors of its clause."""
    return [
        (name, roles.judging(line, place.start(), place.end()))
        for name, cue in (("asks", _verbs()), ("duty", _direct()), ("class", _class()))
        for place in cue.finditer(line.text)
    ]


def mentions_demand(text: str) -> bool:
    """Whether a verb of asking stands in the text."""
    return bool(_verbs().search(text))


def mentions_duty(text: str) -> bool:
    """Whether 'must', 'should' or the like stands in the text."""
    return bool(_direct().search(text))


def demands(reading: Reading) -> list[Demand]:
    """Every call that the lines state, each with its targets."""
    found: list[Demand] = []
    published = dates.local_day(reading.document.published)
    for line in reading.lines:
        for place in _verbs().finditer(line.text):
            demand = _asking(line, place, published)
            if demand:
                found.append(demand)
                break
        else:
            found += _spoken(line, published)
    return found


def from_line(line: Line, caller: Actor, published: Day | None) -> Demand | None:
    """A call of a given caller: by its words of asking, else aimed at whom the line names."""
    for verb in _verbs().finditer(line.text):
        targets, target_class = _addressed(line, verb.end(), caller)
        if targets or target_class:
            return _demand(line, verb, caller, targets, target_class, published)
    duty = _direct().search(line.text) or _verbs().search(line.text)
    named = tuple(
        dict.fromkeys(
            m.actor.name
            for m in line.mentions
            if m.actor.is_company and m.actor.name != caller.name
        )
    )
    if not named and _asks_others(line):
        return None
    group = None if named else _class().search(line.text)
    if not named and group is None:
        named = (line.focus.name,) if line.focus else ()
    place = duty or re.search(r"\S+", line.text)
    if place is None:
        return None
    return _demand(line, place, caller, named, group.group() if group else None, published)


def _asks_others(line: Line) -> bool:
    """Whether the words right after a verb of asking name lawmakers or a state."""
    return any(_OTHERS.match(line.text, verb.end()) for verb in _verbs().finditer(line.text))


def _demand(
    line: Line,
    place: re.Match[str],
    caller: Actor,
    targets: tuple[str, ...],
    target_class: str | None,
    published: Day | None,
) -> Demand:
    asked = _ASKED.search(line.text[place.end() :])
    said = asked.group("asked").strip() if asked else line.text[place.start() :].strip(' .”"')
    deadline = dates.deadline_of(line.text, published)
    return Demand(
        caller, targets, target_class, said[:160], line, place.start(), place.end(), deadline, False
    )


def headline_targets(reading: Reading) -> tuple[str, ...]:
    """Companies that the headline addresses: 'Your turn, A and B'."""
    title = reading.title
    turn = _TURN.search(title.text) if title else None
    if title is None or turn is None:
        return ()
    end = re.search(r"['’”\":]", title.text[turn.end() :])
    limit = turn.end() + end.start() if end else len(title.text)
    return tuple(
        m.actor.name for m in title.mentions if turn.end() <= m.start < limit and m.actor.is_company
    )


def _asking(line: Line, place: re.Match[str], published: Day | None) -> Demand | None:
    part = roles.judging(line, place.start(), place.end())
    caller = next((actor for actor in roles.judges(part, line) if may_call(actor)), None)
    if caller is None:
        return None
    targets, target_class = _addressed(line, place.end(), caller)
    if not targets and not target_class:
        return None
    asked = _ASKED.search(line.text[place.end() :])
    words_asked = asked.group("asked").strip() if asked else line.text[place.start() :].strip(" .")
    deadline = dates.deadline_of(line.text, published)
    return Demand(
        caller,
        targets,
        target_class,
        words_asked[:160],
        line,
        place.start(),
        place.end(),
        deadline,
        part.direct,
    )


def _addressed(line: Line, after: int, caller: Actor) -> tuple[tuple[str, ...], str | None]:
    """Whom the words right after the verb of asking name: companies, or a class of them."""
    rest = line.text[after:]
    stop = re.search(r"\b(?:to|that|for|over|about|not)\b|[;.“”\"]", rest)
    limit = after + (stop.start() if stop else len(rest))
    named_class = _class().search(line.text, after, limit + 1)
    near = [m for m in line.mentions if after <= m.start < limit and m.actor.is_company]
    if named_class:
        start = min(
            [m.start for m in near if m.start < named_class.start()], default=named_class.start()
        )
        return (), line.text[start : named_class.end()].strip()
    if not near and re.match(
        r"\s*(?:the company|the firm|it|the platform|the social network|him)\b", rest
    ):
        return ((line.focus.name,), None) if line.focus else ((), None)
    return tuple(dict.fromkeys(m.actor.name for m in near if m.actor.name != caller.name)), None


def _spoken(line: Line, published: Day | None) -> list[Demand]:
    """'Retailers should commit …' said by somebody: the subject of the duty is the target."""
    speaker = line.speech.speaker
    if speaker is None or not may_call(speaker):
        return []
    for place in _direct().finditer(line.text):
        if not (line.speech.holds(place.start()) or line.speech.stretches == ()):
            continue
        before = line.text[max(0, place.start() - 60) : place.start()]
        named_class = list(_class().finditer(before))
        near = [
            m.actor for m in line.mentions if m.actor.is_company and 0 <= place.start() - m.end <= 3
        ]
        if not near and not (named_class and len(before) - named_class[-1].end() <= 3):
            continue
        targets = tuple(actor.name for actor in near if actor.name != speaker.name)
        group = named_class[-1].group() if named_class and not targets else None
        if targets or group:
            asked = line.text[place.start() :].strip(' .”"')[:160]
            deadline = dates.deadline_of(line.text, published)
            return [
                Demand(
                    speaker, targets, group, asked, line, place.start(), place.end(), deadline, True
                )
            ]
    return []


def may_call(actor: Actor) -> bool:
    """Whether such an actor's asking is a call on companies."""
    return actor.kind not in {"company", "media"}
