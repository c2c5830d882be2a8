"""Reactions: who judges a company, and how (codebook section 3)."""

import re
from dataclasses import dataclass
from functools import cache

from tracker.domain.codes import Novelty, ReactionKind
from tracker.extraction import acts, dates, modality, roles, words
from tracker.extraction.actors import Actor
from tracker.extraction.reading import Line, Reading
from tracker.extraction.topics import Matter

_ABOUT = re.compile(
    r"\b(?:the|this|its|their|that) (?:\w+ )?(?:decision|move|announcement|company|firm|change"
    r"|policy|plan|platform|news|step|commitment|feature|tool|settlement|deal)\b",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"\b(?:but|however|although|though|first step|not enough|must now|still|falls short|yet)\b",
    re.IGNORECASE,
)
_BY_OFFICIALS = frozenset({"regulator", "government", "legislature"})
_ORDER = (
    ReactionKind.SUES,
    ReactionKind.SANCTIONS,
    ReactionKind.RESIGNS_PROTESTS,
    ReactionKind.DROPS_SUPPLIER,
    ReactionKind.VOTES,
    ReactionKind.SUPPORTS_PEER,
    ReactionKind.WELCOMES,
    ReactionKind.REPORTS,
    ReactionKind.INVESTIGATES,
    ReactionKind.CRITICISES,
)


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
    model: float | None = None


@cache
def _cues() -> tuple[tuple[ReactionKind, words.Cues], ...]:
    lists = {
        ReactionKind(row["code"]): row["strong"] for row in words.read("reactions")["reaction"]
    }
    return tuple((kind, words.pattern(lists[kind])) for kind in _ORDER)


@cache
def _all_cues() -> tuple[tuple[str, words.Cues], ...]:
    rows = words.read("reactions")["reaction"]
    return tuple(
        (f"{strength}_{row['code']}", words.pattern(row[strength]))
        for row in rows
        for strength in ("strong", "weak")
    )


def seen(line: Line) -> list[tuple[str, roles.Part]]:
    """Every cue of a reaction in the line, by name, with the actors of its clause."""
    return [
        (name, roles.judging(line, place.start(), place.end()))
        for name, cue in _all_cues()
        for place in cue.finditer(line.text)
    ]


def mentions_judgement(text: str) -> bool:
    """Whether any cue of a reaction stands in the text."""
    return any(cue.search(text) for _, cue in _cues())


def judgements(reading: Reading, matter: Matter, subject: Actor | None) -> list[Judgement]:
    """Every reaction the lines state; ``subject`` is the company whose stance is the news."""
    found: list[Judgement] = []
    published = dates.local_day(reading.document.published)
    for line in reading.lines:
        topic = matter.choose(line.text)
        if topic is None or not topic.sure or acts.is_round_up(line.text):
            continue
        taken: set[str] = set()
        for kind, cue in _cues():
            for place in cue.finditer(line.text):
                judgement = _judge(line, kind, place, subject)
                if judgement is None or judgement.actor.name in taken or _is_vague(judgement):
                    continue
                old = modality.is_background(line.text, published)
                novelty = Novelty.BACKGROUND if old else Novelty.NEW
                taken.add(judgement.actor.name)
                found.append(Judgement(*_fields(judgement), novelty, judgement.direct))
    return found


def _is_vague(each: Judgement) -> bool:
    """An unknown name, or a company that the line leaves unsaid: too little without a model."""
    named = any(m.actor.name in each.about for m in each.line.mentions)
    if named:
        return not each.direct and not each.line.speech.stretches
    return each.actor.kind == "stranger" or not each.line.focus_is_sure


def _fields(each: Judgement) -> tuple[Actor, ReactionKind, tuple[str, ...], Line, int, int]:
    return each.actor, each.kind, each.about, each.line, each.start, each.end


def _judge(
    line: Line, kind: ReactionKind, place: re.Match[str], subject: Actor | None
) -> Judgement | None:
    speaker = line.speech.speaker if line.speech.holds(place.start()) else None
    part = roles.judging(line, place.start(), place.end())
    actors = (speaker,) if speaker else roles.judges(part, line)
    if part.demanded or (part.reporter is not None and part.reporter.is_company):
        return None
    actor = next((each for each in actors if each is not None and may_judge(each, kind)), None)
    if actor is None:
        return None
    judged = about(line, actor, subject)
    if not judged:
        return None
    if kind is ReactionKind.WELCOMES and _RESERVED.search(line.text[place.end() :]):
        kind = ReactionKind.WELCOMES_INSUFFICIENT
    return Judgement(
        actor, kind, judged, line, place.start(), place.end(), Novelty.NEW, part.direct
    )


def may_judge(actor: Actor, kind: ReactionKind) -> bool:
    """Whether such an actor can react in such a way."""
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


def about(line: Line, actor: Actor, subject: Actor | None) -> tuple[str, ...]:
    """The companies judged: those named in the line, else the one whose stance is the news."""
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
