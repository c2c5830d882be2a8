"""From the model's opinions and the rules to proposals, judgements and demands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker.domain.codes import Act, Modality, Novelty, ReactionKind
from tracker.domain.model import TopicCode
from tracker.extraction import acts, calls, dates, reactions
from tracker.extraction.actors import Actor
from tracker.extraction.acts import Cue, Proposal
from tracker.extraction.calls import Demand
from tracker.extraction.heads import Opinion
from tracker.extraction.modality import Mood
from tracker.extraction.pairs import COMPANY, Pair, list_of
from tracker.extraction.reactions import Judgement
from tracker.extraction.reading import Line, Reading
from tracker.extraction.topics import Choice

_WORDS, _MODEL = 1.0, 1.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The probabilities from which on a pair counts (chosen by cross-validation, and on unseen
    articles that hold nothing but tempt: most of what publishers send is such).

    ``agreed``: enough where the rules see the same stance; ``alone``: needed where they do not;
    ``doubtful``: needed there when the words deny it or put it under a condition, when they name
    no topic, or when the company is not the one who acts or speaks.
    """

    agreed: float = 0.15
    alone: float = 0.6
    doubtful: float = 0.8
    old: float = 0.75
    """Old is what is this many times as probably old as new."""
    reaction_agreed: float = 0.25
    reaction: float = 0.4
    unnamed: float = 0.5
    """Needed for the reaction of a group without a name ("advocates")."""
    call_agreed: float = 0.02
    call: float = 0.2


Thought = tuple[Pair, Opinion]


def proposals(
    thoughts: Iterable[Thought], told: Iterable[Proposal], limits: Thresholds
) -> list[Proposal]:
    """Stances that rules and model see, and those that the model alone is sure of."""
    asked = [(pair, opinion) for pair, opinion in thoughts if pair.kind == COMPANY]
    by_place: dict[tuple[str, int], Thought] = {_place(p.line, p.actor): (p, o) for p, o in asked}
    found: list[Proposal] = []
    agreed: set[tuple[str, int]] = set()
    for proposal in told:
        place = _place(proposal.line, proposal.company)
        thought = by_place.get(place)
        if thought and _stance(thought[1]) >= limits.agreed:
            agreed.add(place)
            found.append(_weighed(proposal, thought[1], limits))
    seen = {proposal.company.name for proposal in found}
    for pair, opinion in _shared(asked):
        if _NO_REPLY.search(pair.line.text) or _place(pair.line, pair.actor) in agreed:
            continue
        if pair.line.is_title and pair.actor.name in seen:
            continue  # a headline tells again what the text tells, in words that mislead
        if _stance(opinion) >= _needed(pair, limits):
            found.append(_proposal(pair, opinion, limits))
    return found


def _needed(pair: Pair, limits: Thresholds) -> float:
    """How sure the model must be where the rules see nothing."""
    named = pair.topic is not None and pair.topic.own
    acts_itself = pair.features.get("subject") or pair.features.get("speaks")
    plain = named and acts_itself and pair.mood.modality not in _READ_ANYWAY
    return limits.alone if plain else limits.doubtful


def _place(line: Line, actor: Actor) -> tuple[str, int]:
    return actor.name, -1 if line.is_title else line.sentence.number


def _stance(opinion: Opinion) -> float:
    return 1 - opinion.stance["none"]


def _weighed(proposal: Proposal, opinion: Opinion, limits: Thresholds) -> Proposal:
    """What the rules propose, with the model's word on the act, the matter and the age."""
    topic = proposal.topic if proposal.topic.sure else _topic(proposal.topic, opinion)
    act = _corrected(proposal.act, opinion)
    mood = Mood(proposal.mood.modality, proposal.mood.background or _is_old(opinion, limits))
    direction = acts.direction(act, topic, proposal.scope)
    weighed = replace(proposal, act=act, topic=topic, mood=mood, direction=direction)
    return _believed(weighed, opinion)


_SURELY_NOT, _LIKELY = 0.04, 0.5


def _corrected(act: Act, opinion: Opinion) -> Act:
    """The act of the words, unless the model all but rules it out and knows a better one.

    Words that say that nothing changes are believed.
    """
    if act is Act.UPHOLDS:
        return act
    best = max(sorted(opinion.act), key=lambda code: opinion.act[code])
    wrong = opinion.act.get(act.value, 0.0) < _SURELY_NOT
    return Act(best) if wrong and opinion.act[best] >= _LIKELY else act


def _is_old(opinion: Opinion, limits: Thresholds) -> bool:
    return opinion.stance["background"] > limits.old * opinion.stance["new"]


def _believed(proposal: Proposal, opinion: Opinion) -> Proposal:
    """A proposal with what the model thinks of it."""
    return replace(
        proposal,
        model=round(_stance(opinion), 4),
        new=round(opinion.stance["new"], 4),
        matter=round(opinion.topic.get(proposal.topic.codes[0], 0.0), 4),
        deed=round(opinion.act.get(proposal.act.value, 0.0), 4),
    )


def _shared(asked: list[Thought]) -> list[Thought]:
    """Companies listed side by side do the same: the surest opinion of a list is that of all."""
    placed = [(pair, opinion, list_of(pair)) for pair, opinion in asked]
    lists: dict[tuple[int, int], Opinion] = {}
    for _, opinion, place in placed:
        if place and (place not in lists or _stance(opinion) > _stance(lists[place])):
            lists[place] = opinion
    return [(pair, lists[place] if place else opinion) for pair, opinion, place in placed]


_NO_REPLY = re.compile(
    r"\b(?:did|does|has|have|had)(?: not|n['’]t) (?:immediately |yet )?(?:repl|respond|return)",
    re.IGNORECASE,
)
"""A same-day non-reply is no stance (annotation rule 2)."""


def _proposal(pair: Pair, opinion: Opinion, limits: Thresholds) -> Proposal:
    """What the model alone sees; the rules lend cue, mood and topic where they have any."""
    act = _best_act(pair, opinion)
    topic = _topic(pair.topic, opinion)
    old = pair.mood.background or _is_old(opinion, limits)
    old = old or bool(pair.features.get("background"))
    cue = pair.cue if pair.cue and pair.cue.act is act else None
    start, end = (pair.cue.start, pair.cue.end) if pair.cue else (0, 1)
    modality = Modality.ASSERTED if pair.mood.modality in _READ_ANYWAY else pair.mood.modality
    scope = acts.scope_after(pair.line, pair.cue) if pair.cue else None
    alone = Proposal(
        pair.actor,
        act,
        pair.line,
        cue or Cue(act, start, end, False),
        pair.part,
        Mood(modality, old),
        topic,
        scope,
        acts.direction(act, topic, scope),
        only_model=True,
    )
    return _believed(alone, opinion)


_READ_ANYWAY = frozenset(
    {Modality.DENIED, Modality.HEDGED, Modality.HYPOTHETICAL, Modality.DEMANDED}
)


def _best_act(pair: Pair, opinion: Opinion) -> Act:
    ranked = dict(opinion.act)
    if pair.cue and pair.cue.strong and pair.part.direct:
        code = acts.act_of(pair.cue.act, pair.mood).value
        ranked[code] = ranked.get(code, 0.0) + 0.15
    return Act(max(sorted(ranked), key=lambda code: ranked[code]))


def _topic(choice: Choice | None, opinion: Opinion) -> Choice:
    """The model's topics and those of the words, weighed; sure when both name the same first."""
    scores = {code: _MODEL * p for code, p in opinion.topic.items()}
    if choice:
        for place, code in enumerate(choice.codes):
            scores[code] = scores.get(code, 0.0) + _WORDS * (0.6 if choice.sure else 0.35) / (
                place + 1
            )
    ranked = sorted(scores, key=lambda code: (-scores[code], code))
    codes = tuple(TopicCode(c) for c in ranked[:3] if scores[c] >= 0.4 * scores[ranked[0]])
    agreed = choice is not None and choice.sure and choice.codes[0] == codes[0]
    return Choice(codes, agreed, scores[ranked[0]])


def judgements(
    thoughts: Iterable[Thought],
    told: Iterable[Judgement],
    subject: Actor | None,
    limits: Thresholds,
) -> list[Judgement]:
    """Reactions that rules and model see, and those that the model alone is sure of."""
    asked = {_place(p.line, p.actor): (p, o) for p, o in thoughts if p.kind != COMPANY}
    found: list[Judgement] = []
    agreed: set[tuple[str, int]] = set()
    for each in told:
        place = _place(each.line, each.actor)
        thought = asked.get(place)
        if thought and _reaction(thought[1]) >= limits.reaction_agreed:
            agreed.add(place)
            found.append(replace(each, model=round(_reaction(thought[1]), 4)))
    for place, (pair, opinion) in asked.items():
        least = limits.unnamed if pair.actor.collective else limits.reaction
        if _reaction(opinion) >= least and place not in agreed:
            judgement = _judgement(pair, opinion, subject)
            found += [judgement] if judgement else []
    return found


def _reaction(opinion: Opinion) -> float:
    return 1 - opinion.reaction["none"]


def _judgement(pair: Pair, opinion: Opinion, subject: Actor | None) -> Judgement | None:
    """What the model alone sees, about the companies of the sentence or of the news."""
    about = reactions.about(pair.line, pair.actor, subject)
    if not about:
        return None
    kinds = {kind: p for kind, p in opinion.reaction.items() if kind != "none"}
    kind = ReactionKind(max(sorted(kinds), key=lambda each: kinds[each]))
    if _is_in_capitals(pair) or not reactions.may_judge(pair.actor, kind):
        return None
    novelty = Novelty.BACKGROUND if pair.features.get("background") else Novelty.NEW
    start, end = _stretch(pair)
    told = round(_reaction(opinion), 4)
    return Judgement(
        pair.actor, kind, about, pair.line, start, end, novelty, pair.part.direct, model=told
    )


def demands(
    thoughts: Iterable[Thought], told: Iterable[Demand], reading: Reading, limits: Thresholds
) -> list[Demand]:
    """Calls that rules and model see, and those that the model alone is sure of."""
    published = dates.local_day(reading.document.published)
    asked = {_place(p.line, p.actor): (p, o) for p, o in thoughts if p.kind != COMPANY}
    found: list[Demand] = []
    agreed: set[tuple[str, int]] = set()
    for each in told:
        place = _place(each.line, each.caller)
        thought = asked.get(place)
        if thought and thought[1].call >= limits.call_agreed:
            agreed.add(place)
            found.append(replace(each, model=round(thought[1].call, 4)))
    for place, (pair, opinion) in asked.items():
        if place in agreed or _is_in_capitals(pair) or not calls.may_call(pair.actor):
            continue
        asks = pair.features.get("subject") or pair.features.get("speaks")
        if asks and opinion.call >= limits.call:
            demand = calls.from_line(pair.line, pair.actor, published)
            found += [replace(demand, model=round(opinion.call, 4))] if demand else []
    return found


def _is_in_capitals(pair: Pair) -> bool:
    """In a headline any words look like a name."""
    return pair.line.is_title and not pair.actor.known


def _stretch(pair: Pair) -> tuple[int, int]:
    """Where in the line the judgement stands: at the actor's name, else at its start."""
    spot = re.search(re.escape(pair.actor.name), pair.line.text)
    return spot.span() if spot else (0, 1)
