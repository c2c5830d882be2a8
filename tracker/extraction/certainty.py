"""How sure the chain is, folded to one number, and whether that suffices to publish."""

from tracker.domain.codes import Act, Disposition, Modality
from tracker.extraction.acts import Proposal
from tracker.extraction.calls import Demand
from tracker.extraction.genre import Genre
from tracker.extraction.reactions import Judgement

PUBLISH_FROM = 0.75
_PROMISES = frozenset({Act.COMMITS, Act.ENDS, Act.PAUSES, Act.RESTRICTS})


def of_stance(first: Proposal, mentions: int, kind: Genre) -> float:
    """The product of the certainties of company, act, topic, mood, age and genre."""
    company = 0.98 if first.part.direct and first.part.sure else 0.8 if first.part.sure else 0.5
    act = 0.94 if first.cue.strong else 0.5
    topic = 0.96 if first.topic.sure else 0.6
    asserted = first.mood.modality is Modality.ASSERTED
    promised = first.mood.modality is Modality.PLANNED and first.act in _PROMISES
    mood = 0.98 if asserted else 0.9 if promised else 0.4
    age = 0.5 if first.mood.background else 0.97
    genre = 0.98 if kind.states_facts else 0.4
    told_again = 1.03 if mentions > 1 else 1.0
    return round(min(0.99, company * act * topic * mood * age * genre * told_again), 3)


def of_reaction(first: Judgement, kind: Genre) -> float:
    """The product of the certainties of actor, judgement and genre."""
    actor = 0.97 if first.actor.known and first.direct else 0.6
    judged = 0.9 if first.direct else 0.7
    genre = 0.98 if kind.states_facts else 0.5
    return round(actor * judged * genre, 3)


def of_call(first: Demand, kind: Genre) -> float:
    """The product of the certainties of caller, target and genre."""
    caller = 0.97 if first.caller.known and first.direct else 0.6
    target = 0.9 if first.targets else 0.75
    genre = 0.98 if kind.states_facts else 0.5
    return round(caller * target * genre, 3)


def disposition(confidence: float, certain: bool) -> Disposition:
    """``publish`` when nothing of it is in doubt, else ``review``."""
    sure = certain and confidence >= PUBLISH_FROM
    return Disposition.PUBLISH if sure else Disposition.REVIEW
