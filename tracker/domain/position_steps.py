"""What a stance does to the two tracks of a position, on which day, and for how long."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Day

from tracker.domain.codes import Precision, TopicKind, Track
from tracker.domain.model import Stance, TopicCode
from tracker.domain.position_table import Rule, rule_for

_UNTIL_DATE = re.compile(r"until (\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Step:
    """What one stance does to one track, and on which day."""

    date: Day
    track: Track
    stance: Stance
    direction: int | None
    rule: Rule


def steps_by_topic(
    stances: Iterable[Stance], kinds: Mapping[TopicCode, TopicKind]
) -> dict[TopicCode, list[Step]]:
    """Return the steps of stances in the order of R1, by the topics for which they count.

    A secondary topic counts only when the stance carries a direction for it (A.2).
    """
    steps: dict[TopicCode, list[Step]] = defaultdict(list)
    for stance in stances:
        directions = {**stance.directions, stance.topic: stance.direction}
        for topic, direction in directions.items():
            rule = rule_for(stance, direction, kinds.get(topic, TopicKind.PRACTICE))
            if rule is not None:
                steps[topic].extend(_steps(stance, direction, rule))
    return {topic: sorted(found, key=_order) for topic, found in steps.items()}


def precision_of(step: Step) -> Precision:
    """Return how exactly the day of a step is known."""
    effective = step.stance.effective_date
    own = step.track is Track.SAYS or effective is None or effective == step.stance.date
    return step.stance.precision if own else Precision.DAY


def end_of_term(term: str | None) -> Day | None:
    """Return the last day of ``until YYYY-MM-DD``; None for terms that end by no date."""
    if term is None:
        return None
    found = _UNTIL_DATE.fullmatch(term)
    return Day.fromisoformat(found[1]) if found else None


def is_longer(new: str | None, old: str | None) -> bool:
    """Tell whether a term is longer: durable, then open or a condition, then the later date."""
    return _length(new) > _length(old)


def _length(term: str | None) -> tuple[int, Day]:
    end = end_of_term(term)
    if end is not None:
        return (0, end)
    return (2 if term is None else 1, Day.min)


def _steps(stance: Stance, direction: int | None, rule: Rule) -> Iterable[Step]:
    if stance.track is not Track.DOES:
        yield Step(stance.date, Track.SAYS, stance, direction, rule)
    if stance.track is not Track.SAYS:
        yield Step(stance.effective_date or stance.date, Track.DOES, stance, direction, rule)


def _order(step: Step) -> tuple[object, ...]:
    stance = step.stance
    content = (stance.extent or "", stance.term or "", stance.scope or "", stance.id)
    negative = (step.direction or 0) <= 0
    return (step.date, negative, stance.act, content, step.track is Track.DOES)
