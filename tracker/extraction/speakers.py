"""Whose words a record gives: the person who speaks for its organisation."""

import re
from collections.abc import Iterable, Sequence

from tracker.extraction import quotes
from tracker.extraction.actors import Actor
from tracker.extraction.merge import Stance
from tracker.extraction.reactions import Judgement
from tracker.extraction.reading import Line, Reading

_SPOKESPERSON = re.compile(
    r"\b(?:spokes(?:man|woman|person)|representative)\b(?:,? for [^,.;]{1,40})? "
    r"(?:said|says|told|tells|wrote|confirmed|added)",
    re.IGNORECASE,
)
_NEAR = 6
"""Sentences within which one of several people of an organisation speaks on the same matter."""


def of_stance(stance: Stance, reading: Reading) -> Actor | None:
    """The person who speaks for the company, or the office where no name is given."""
    company = stance.first.company.name
    told = [
        actor
        for each in stance.proposals
        for actor in (each.line.speech.speaker, each.part.reporter, each.company, said(each.line))
    ]
    own = next((actor for actor in _of(company, told) if actor.person or actor.role), None)
    if own is not None and own.person is None:
        own = reading.cast.officer(own.name, own.role or "") or own
    if own is not None or is_unnamed(stance.first.line):
        return own
    return nearest(company, stance.first.line, reading)


def is_unnamed(line: Line) -> bool:
    """Whether a spokesperson without a name says it: then it is nobody else's word."""
    return _SPOKESPERSON.search(line.text) is not None


def of_reaction(group: Sequence[Judgement], reading: Reading) -> str | None:
    """The person whose words or name the article gives for an organisation that judges."""
    first = group[0]
    told = [
        actor
        for each in group
        for actor in (each.actor, each.line.speech.speaker, *each.line.actors())
    ]
    spoken = _of(first.actor.name, told)
    own = next((actor for actor in spoken if actor.person), None)
    found = own or nearest(first.actor.name, first.line, reading)
    return found.person if found and found.person != first.actor.name else None


def nearest(name: str, line: Line, reading: Reading) -> Actor | None:
    """The person of an organisation who speaks in the article: the only one, or one close by."""
    at = line.sentence.number
    voices = [
        (abs(each.sentence.number - at), each.sentence.number < at, place, actor)
        for place, each in enumerate(reading.lines)
        for actor in _of(name, (each.speech.speaker, said(each)))
        if actor.person and actor.person != name
    ]
    if not voices:
        return None
    gap, _, _, actor = min(voices, key=lambda voice: voice[:3])
    alone = len({voice[3].person for voice in voices}) == 1
    return actor if alone or gap <= _NEAR else None


def said(line: Line) -> Actor | None:
    """Who says what the sentence tells, with or without quotation marks."""
    return quotes.attribution(line.text, line.mentions, line.speech.stretches)


def _of(name: str, actors: Iterable[Actor | None]) -> list[Actor]:
    return [actor for actor in actors if actor is not None and actor.name == name]
