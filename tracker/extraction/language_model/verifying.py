"""The model proposes, code decides: what of a claim the article itself proves."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.domain.codes import Act, Modality, Novelty, ReactionKind
from tracker.extraction import dates
from tracker.extraction.actors import Actor
from tracker.extraction.acts import Cue, Proposal
from tracker.extraction.calls import Demand
from tracker.extraction.language_model import question
from tracker.extraction.language_model.answer import Claim
from tracker.extraction.modality import Mood
from tracker.extraction.reactions import Judgement
from tracker.extraction.reading import Line, Reading
from tracker.extraction.roles import NOBODY
from tracker.extraction.topics import Choice


@dataclass(slots=True)
class Proven:
    """The claims whose words stand in the article, and the number of the others."""

    stances: list[Proposal] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    dropped: int = 0


def prove(reading: Reading, claims: Iterable[Claim]) -> Proven:
    """Keep a claim when its quote stands in its sentence and everybody in it in the article."""
    lines = question.shown(reading)
    names = _Names(reading)
    proven = Proven()
    for claim in claims:
        line = lines[claim.sentence] if 0 <= claim.sentence < len(lines) else None
        actor = names.find(claim.actor)
        start = line.text.find(claim.quote) if line else -1
        others = [names.find(name) for name in claim.others]
        if line is None or actor is None or start < 0 or None in others:
            proven.dropped += 1
            continue
        end = start + len(claim.quote)
        companies = tuple(each.name for each in others if each is not None and each.is_company)
        _keep(proven, reading, claim, line, (start, end), actor, companies)
    return proven


def _keep(
    proven: Proven,
    reading: Reading,
    claim: Claim,
    line: Line,
    spot: tuple[int, int],
    actor: Actor,
    companies: tuple[str, ...],
) -> None:
    if claim.kind == "announcements" and actor.is_company and _concerns(line, actor):
        proven.stances.append(_stance(claim, line, spot, actor))
    elif claim.kind == "reactions" and companies:
        kind = ReactionKind(claim.code)
        proven.judgements.append(
            Judgement(actor, kind, companies, line, *spot, claim.novelty, direct=False)
        )
    elif claim.kind == "calls" and companies:
        deadline = dates.deadline_of(line.text, dates.local_day(reading.document.published))
        asked = claim.asked[:160]
        proven.demands.append(
            Demand(actor, companies, None, asked, line, *spot, deadline, direct=False)
        )
    else:
        proven.dropped += 1


def _stance(claim: Claim, line: Line, spot: tuple[int, int], company: Actor) -> Proposal:
    act, topics = Act(claim.code), (claim.topic,) if claim.topic else ()
    mood = Mood(Modality.ASSERTED, claim.novelty is Novelty.BACKGROUND)
    cue = Cue(act, *spot, strong=False)
    return Proposal(company, act, line, cue, NOBODY, mood, Choice(topics, False, 0.0), None, None)


def _concerns(line: Line, company: Actor) -> bool:
    """Whether the sentence names the company, or speaks of it without its name."""
    speaker = line.speech.speaker
    there = {actor.name for actor in line.actors()}
    there |= {each.name for each in (speaker, line.focus) if each is not None}
    return company.name in there


class _Names:
    """Everybody in the article, by the words that name them there and by their own name."""

    def __init__(self, reading: Reading) -> None:
        self._by_words: dict[str, Actor] = {}
        for line in reading.lines:
            for mention in line.mentions:
                actor = mention.actor
                for words in (line.text[mention.start : mention.end], actor.name, actor.brand):
                    if words:
                        self._by_words.setdefault(words.casefold(), actor)

    def find(self, words: str) -> Actor | None:
        return self._by_words.get(words.casefold())
