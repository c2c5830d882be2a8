"""Reactions: who judges a company, and how (codebook section 3)."""

import re
from dataclasses import dataclass
from functools import cache

from tracker.domain.codes import Novelty, ReactionKind
from tracker.extraction import dates, modality, roles, words
from tracker.extraction.actors import Actor
from tracker.extraction.reading import Line, Reading

_ABOUT = re.compile(
    r"\b(?:the|this|its|their|that) (?:\w+ )?(?:decision|move|announcement|company|firm|change|policy|plan|platform|news|step|commitment|feature|tool|settlement|deal)\b",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"\b(?:but|however|although|though|first step|not enough|must now|still|falls short|yet)\b",
    re.IGNORECASE,
)
_BY_OFFICIALS = frozenset({"regulator", "government", "legislature"})
_ORDER = (
    ReactionKind.SUES, ReactionKind.SANCTIONS, ReactionKind.RESIGNS_PROTESTS, ReactionKind.DROPS_SUPPLIER,
    ReactionKind.VOTES, ReactionKind.SUPPORTS_PEER, ReactionKind.WELCOMES, ReactionKind.REPORTS,
    ReactionKind.INVESTIGATES, ReactionKind.CRITICISES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """One actor's reaction in one sentence."""

    actor: Actor
    kind: ReactionKind
    about: tuple[str, ...]
    line: Line
    start: int
    end: int
    novelty: Novelty
    direct: bool


@cache
def _cues() -> tuple[tuple[ReactionKind, re.Pattern[str]], ...]:
    lists = {
        ReactionKind(row["code"]): row["strong"] for row in words.read("reactions")["reaction"]
    }
    return tuple((kind, words.pattern(lists[kind])) for kind in _ORDER)


def mentions_judgement(text: str) -> bool:
    """Whether any cue of a reaction stands in the text."""
    return any(cue.search(text) for _, cue in _cues())


def judgements(reading: Reading, subject: Actor | None) -> list[Judgement]:
    """Every reaction the lines state; ``subject`` is the company whose stance is the news."""
    found: list[Judgement] = []
    published = dates.local_day(reading.document.published)
    for line in reading.lines:
        taken: set[str] = set()
        for kind, cue in _cues():
            for place in cue.finditer(line.text):
                judgement = _judge(line, kind, place, subject)
                if judgement is None or judgement.actor.name in taken:
                    continue
                old = modality.is_background(line.text, published)
                novelty = Novelty.BACKGROUND if old else Novelty.NEW
                taken.add(judgement.actor.name)
                found.append(Judgement(*_fields(judgement), novelty, judgement.direct))
    return found


def _fields(each: Judgement) -> tuple[Actor, ReactionKind, tuple[str, ...], Line, int, int]:
    return each.actor, each.kind, each.about, each.line, each.start, each.end


def _judge(
    line: Line, kind: ReactionKind, place: re.Match[str], subject: Actor | None
) -> Judgement | None:
    speaker = line.speech.speaker if line.speech.holds(place.start()) else None
    part = roles.part(line, place.start(), place.end())
    actors = (speaker,) if speaker else part.actors
    if part.demanded or (part.reporter is not None and part.reporter.is_company):
        return None
    actor = next((each for each in actors if each is not None and _may_judge(each, kind)), None)
    if actor is None:
        return None
    about = _about(line, actor, subject)
    if not about:
        return None
    if kind is ReactionKind.WELCOMES and _RESERVED.search(line.text[place.end() :]):
        kind = ReactionKind.WELCOMES_INSUFFICIENT
    return Judgement(actor, kind, about, line, place.start(), place.end(), Novelty.NEW, part.direct)


def _may_judge(actor: Actor, kind: ReactionKind) -> bool:
    if kind is ReactionKind.SANCTIONS:
        return actor.actor_type in _BY_OFFICIALS
    if kind is ReactionKind.RESIGNS_PROTESTS:
        return actor.actor_type in {"workers", "union", "users"}
    if actor.is_company:
        return kind in {
            ReactionKind.SUES,
            ReactionKind.CRITICISES,
            ReactionKind.DROPS_SUPPLIER,
            ReactionKind.INVESTIGATES,
            ReactionKind.WELCOMES,
        }
    return actor.kind != "media"


def _about(line: Line, actor: Actor, subject: Actor | None) -> tuple[str, ...]:
    named = [
        m.actor.name
        for m in line.mentions
        if m.actor.is_company and m.actor.certain and m.actor.name != actor.name
    ]
    if named:
        return tuple(dict.fromkeys(named))
    target = subject or line.focus
    if target is None or target.name == actor.name:
        return ()
    if _ABOUT.search(line.text) or line.speech.stretches:
        return (target.name,)
    return ()
