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
from tracker.extraction.pairs import COMPANY, Pair
from tracker.extraction.reactions import Judgement
from tracker.extraction.reading import Reading
from tracker.extraction.topics import Choice

STANCE_FROM, REACTION_FROM, CALL_FROM = 0.5, 0.5, 0.4
"""From which probability on a pair becomes a finding (chosen by cross-validation)."""
_WORDS, _MODEL = 1.0, 1.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The probabilities from which on a pair counts."""

    stance: float = STANCE_FROM
    reaction: float = REACTION_FROM
    call: float = CALL_FROM


Thought = tuple[Pair, Opinion]


def proposals(thoughts: Iterable[Thought], limits: Thresholds) -> list[Proposal]:
    """Stances that the model sees; act and topic weigh its opinion with the cues."""
    found: list[Proposal] = []
    for pair, opinion in thoughts:
        if pair.kind != COMPANY or 1 - opinion.stance["none"] < limits.stance:
            continue
        act = _best_act(pair, opinion)
        topic = _topic(pair.topic, opinion)
        old = opinion.stance["background"] > opinion.stance["new"]
        cue = pair.cue if pair.cue and pair.cue.act is act else None
        cue = cue or Cue(
            act, pair.cue.start if pair.cue else 0, pair.cue.end if pair.cue else 1, False
        )
        modality = Modality.ASSERTED if pair.mood.modality in _READ_ANYWAY else pair.mood.modality
        scope = acts.scope_after(pair.line, cue) if pair.cue else None
        sign = acts.direction(act, topic, scope)
        found.append(
            Proposal(
                pair.actor,
                act,
                pair.line,
                cue,
                pair.part,
                Mood(modality, old),
                topic,
                scope,
                sign,
                model=round(1 - opinion.stance["none"], 4),
            )
        )
    return found


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
    thoughts: Iterable[Thought], subject: Actor | None, limits: Thresholds
) -> list[Judgement]:
    """Reactions that the model sees, each about the companies of its sentence or the news."""
    found: list[Judgement] = []
    for pair, opinion in thoughts:
        if pair.kind == COMPANY or 1 - opinion.reaction["none"] < limits.reaction:
            continue
        kinds = {kind: p for kind, p in opinion.reaction.items() if kind != "none"}
        kind = ReactionKind(max(sorted(kinds), key=lambda each: kinds[each]))
        about = reactions.about(pair.line, pair.actor, subject)
        if not about:
            continue
        old = bool(pair.features.get("background"))
        novelty = Novelty.BACKGROUND if old else Novelty.NEW
        start, end = _stretch(pair)
        found.append(
            Judgement(
                pair.actor,
                kind,
                about,
                pair.line,
                start,
                end,
                novelty,
                pair.part.direct,
                model=round(1 - opinion.reaction["none"], 4),
            )
        )
    return found


def demands(thoughts: Iterable[Thought], reading: Reading, limits: Thresholds) -> list[Demand]:
    """Calls that the model sees; targets are read off the words of asking."""
    found: list[Demand] = []
    published = dates.local_day(reading.document.published)
    for pair, opinion in thoughts:
        if pair.kind == COMPANY or opinion.call < limits.call:
            continue
        demand = calls.from_line(pair.line, pair.actor, published)
        if demand:
            found.append(replace(demand, model=round(opinion.call, 4)))
    return found


def _stretch(pair: Pair) -> tuple[int, int]:
    """Where in the line the judgement stands: at the actor's name, else at its start."""
    spot = re.search(re.escape(pair.actor.name), pair.line.text)
    return spot.span() if spot else (0, 1)
