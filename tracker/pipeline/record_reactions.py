"""Found reactions become reactions, linked to the stance that they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tracker.domain.codes import Novelty, Origin, Precision, ReactionKind, ReviewState
from tracker.domain.model import FoundReaction, Reaction, ReactionId, Stance
from tracker.pipeline.record_stances import Told
from tracker.pipeline.report import Report, ask_who, attach, keep, located, note, slugged
from tracker.store import reactions, stances
from tracker.store.schema.ledger import RecordKind
from tracker.store.schema.world import FindingOutcome

KIND = RecordKind.REACTION
ANSWERS_WITHIN = timedelta(days=14)
"""How long after a stance an answer to its company on its topic is taken to be about it."""
SAME_WITHIN = timedelta(days=7)
APPROVAL = frozenset({ReactionKind.WELCOMES, ReactionKind.WELCOMES_INSUFFICIENT})


@dataclass(frozen=True, slots=True)
class Answered:
    """A reaction that the report tells of, and whether it was known before."""

    reaction: Reaction
    found: FoundReaction
    known: bool


def record_reaction(report: Report, found: FoundReaction, told: Sequence[Told]) -> Answered | None:
    """Join a reaction to the one it repeats, or record a new one, not yet shown."""
    spans = located(report, found)
    if not spans:
        keep(report, KIND, found, FindingOutcome.UNLOCATED)
        return None
    about = tuple(
        report.register.slugs[name] for name in found.about if name in report.register.slugs
    )
    if not about:
        ask_who(report, KIND, found, ", ".join(found.about) or "nobody named")
        return None
    reaction = _as_reaction(report, found, about, _answered(report, found, about, told))
    known = _find_known(report, reaction)
    if known is not None:
        if attach(report, KIND, known.id, spans, found.novelty):
            note(report, KIND, known.id, "evidence added")
        keep(report, KIND, found, FindingOutcome.JOINED, known.id)
        return Answered(known, found, known=True)
    if found.novelty is Novelty.BACKGROUND:
        keep(report, KIND, found, FindingOutcome.SET_ASIDE)
        return None
    reactions.save(report.session, reaction, report.register.ids)
    attach(report, KIND, reaction.id, spans, found.novelty)
    keep(report, KIND, found, FindingOutcome.RECORDED, reaction.id)
    note(report, KIND, reaction.id, "recorded")
    report.tally.count("reactions")
    return Answered(reaction, found, known=False)


def _answered(
    report: Report, found: FoundReaction, about: Sequence[str], told: Sequence[Told]
) -> Stance | None:
    """The stance that is answered: one of this report before an earlier one, of the same topic.

    News is answered before the background of a report, which tells of older things.
    """
    of_its_age = sorted(told, key=lambda one: one.found.novelty is not found.novelty)
    here = [t.stance for t in of_its_age if t.stance.company in about and _answers(found, t.stance)]
    if here:
        return here[0]
    today = (report.day, report.day)
    recent = [
        stance
        for stance in stances.near(report.session, about, today, ANSWERS_WITHIN)
        if found.topic and stance.date <= report.day and _answers(found, stance)
    ]
    return recent[-1] if recent else None


def _answers(found: FoundReaction, stance: Stance) -> bool:
    on_topic = found.topic is None or found.topic in (stance.topic, *stance.topics)
    return on_topic and stance.review_state is not ReviewState.REJECTED


def _as_reaction(
    report: Report, found: FoundReaction, about: tuple[str, ...], stance: Stance | None
) -> Reaction:
    topic = found.topic or (stance.topic if stance else None)
    day = found.date or report.day
    wanted = slugged(found.actor, day, found.reaction, about[0])
    return Reaction(
        id=ReactionId(reactions.free_id(report.session, wanted)),
        actor_name=found.actor,
        actor_type=found.actor_type,
        reaction=found.reaction,
        about=about,
        actor=report.register.slugs.get(found.actor),
        speaker=found.speaker,
        stance=stance.id if stance else None,
        practice=None if stance or topic is None else report.register.topics[topic].practice,
        topic=topic,
        date=day,
        precision=Precision.DAY if found.date else Precision.RANGE,
        novelty=found.novelty,
        disposition=found.disposition,
        confidence=found.confidence,
        origin=Origin.EXTRACTED,
        extractor=report.extractor,
    )


def _find_known(report: Report, new: Reaction) -> Reaction | None:
    slugs = [new.actor] if new.actor else []
    for known in reactions.by_actors(report.session, slugs, [new.actor_name]):
        if _same_kind(known.reaction, new.reaction) and _same_matter(known, new):
            return known
    return None


def _same_kind(one: ReactionKind, other: ReactionKind) -> bool:
    return one is other or {one, other} <= APPROVAL


def _same_matter(one: Reaction, other: Reaction) -> bool:
    if one.stance and one.stance == other.stance:
        return True
    if one.date is None or other.date is None or not set(one.about) & set(other.about):
        return False
    on_topic = one.topic is None or other.topic is None or one.topic == other.topic
    return on_topic and abs(one.date - other.date) <= SAME_WITHIN
