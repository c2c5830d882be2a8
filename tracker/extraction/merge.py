"""Sentences of one article that tell the same thing become one record with several quotes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.codes import Act, Modality, Novelty
from tracker.domain.model import Span
from tracker.extraction.acts import PRECEDENCE, Proposal
from tracker.extraction.calls import Demand
from tracker.extraction.reactions import Judgement
from tracker.extraction.reading import Line

LONGEST_QUOTE = 300
_SUPPORTING = frozenset({Act.COMMITS, Act.DEFENDS, Act.UPHOLDS, Act.DISCLOSES, Act.CHANGES_POLICY})
_RANK = {act: place for place, act in enumerate(PRECEDENCE)}


@dataclass(slots=True)
class Stance:
    """The proposals of one record, the one that is shown first."""

    proposals: list[Proposal]

    @property
    def first(self) -> Proposal:
        """The proposal whose sentence is the proof."""
        return self.proposals[0]


def stances(proposals: Iterable[Proposal]) -> list[Stance]:
    """Proposals joined by company, act and topic; supporting words join the act they support."""
    usable = [p for p in proposals if p.mood.modality not in _DROPPED]
    per_sentence = _one_act_a_sentence(usable)
    found: list[Stance] = []
    for proposal in sorted(per_sentence, key=_strength):
        home = next((each for each in found if _same(each.first, proposal)), None)
        if home:
            home.proposals.append(proposal)
        else:
            found.append(Stance([proposal]))
    return sorted(found, key=lambda each: _place(each.first.line))


_UNASKED = 0.5
"""How likely a proposal counts of which the model was not asked."""
_DROPPED = frozenset({Modality.HYPOTHETICAL, Modality.DEMANDED, Modality.DENIED, Modality.HEDGED})


def _one_act_a_sentence(proposals: list[Proposal]) -> list[Proposal]:
    """In one sentence a company does one thing to one matter: the act that takes precedence."""
    best: dict[tuple[str, int, bool], Proposal] = {}
    for each in proposals:
        regulation = each.act in {Act.SUPPORTS_REGULATION, Act.OPPOSES_REGULATION}
        key = (each.company.name, each.line.sentence.number, regulation)
        known = best.get(key)
        if known is None or _choice(each) < _choice(known):
            best[key] = each
    return list(best.values())


def _choice(each: Proposal) -> tuple[bool, bool, int, int]:
    return (not each.cue.strong, not each.part.direct, _RANK[each.act], each.cue.start)


def _strength(each: Proposal) -> tuple[bool, bool, float, bool, bool, bool, int, int]:
    """What is shown first: the new, what rules see, the likely (by tenths), plain and early."""
    likely = _UNASKED if each.model is None else each.model
    return (
        each.mood.background,
        each.only_model,
        -round(likely, 1),
        each.act in _SUPPORTING,
        not each.part.direct,
        each.line.is_title,
        _RANK[each.act] if each.line.is_title else 0,
        each.line.sentence.number,
    )


def _same(known: Proposal, other: Proposal) -> bool:
    if known.company.name != other.company.name or known.mood.background != other.mood.background:
        return False
    if not set(known.topic.codes[:2]) & set(other.topic.codes[:2]):
        return False
    if known.act is other.act:
        return True
    return other.act in _SUPPORTING and known.act is not Act.DECLINES_COMMENT


def _place(line: Line) -> tuple[bool, int]:
    return (line.is_title, line.sentence.number)


def reactions(judgements: Iterable[Judgement]) -> list[list[Judgement]]:
    """Judgements joined by actor, kind and company; unnamed groups give way to named actors."""
    found: list[list[Judgement]] = []
    ordered = sorted(
        judgements,
        key=lambda each: (each.actor.collective, each.line.is_title, each.line.sentence.number),
    )
    for each in ordered:
        home = next((known for known in found if _same_reaction(known[0], each)), None)
        if home:
            home.append(each)
        else:
            found.append([each])
    return found


def _same_reaction(known: Judgement, other: Judgement) -> bool:
    if known.kind is not other.kind or not set(known.about) & set(other.about):
        return False
    return known.actor.name == other.actor.name or other.actor.collective


def calls(demands: Iterable[Demand]) -> list[list[Demand]]:
    """Demands joined by caller and target; unnamed callers give way to named ones."""
    found: list[list[Demand]] = []
    for each in sorted(
        demands, key=lambda each: (each.caller.collective, each.line.sentence.number)
    ):
        home = next((known for known in found if _same_call(known[0], each)), None)
        if home:
            home.append(each)
        else:
            found.append([each])
    return found


def _same_call(known: Demand, other: Demand) -> bool:
    if known.caller.name != other.caller.name and not other.caller.collective:
        return False
    if known.targets or other.targets:
        return bool(set(known.targets) & set(other.targets))
    return True


def span(line: Line, start: int, end: int) -> Span:
    """The sentence, verbatim; of a long one, the clauses around the cue (codebook rule 1)."""
    sentence = line.sentence
    left, right = 0, len(sentence.text)
    if right > LONGEST_QUOTE:
        left, right = _window(sentence.text, start, end)
    quote = sentence.text[left:right]
    return Span(sentence.field, sentence.start + left, sentence.start + right, quote)


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """The longest run of whole clauses around the cue that fits, the sentence's opening first."""
    borders = [0, *(m.end() for m in re.finditer(r"[,;:—–] ", text)), len(text)]
    fits = [
        (left, right)
        for left in borders
        for right in borders
        if left <= start and right >= end and 0 < right - left <= LONGEST_QUOTE
    ]
    if fits:
        left, right = min(fits, key=lambda pair: (pair[0] - pair[1], pair[0]))
        return left, left + len(text[left:right].rstrip(" ,;:—–"))
    left = max(0, min(start - 60, len(text) - LONGEST_QUOTE))
    left = text.find(" ", left) + 1 if left else 0
    right = text.rfind(" ", left, left + LONGEST_QUOTE)
    return left, right if right > end else min(len(text), left + LONGEST_QUOTE)


def novelty(background: bool) -> Novelty:
    """The document's word on the age of the act."""
    return Novelty.BACKGROUND if background else Novelty.NEW
