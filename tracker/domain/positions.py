"""Positions: where a company stands on a topic, in words and in deeds (ledger section A).

Derived from the stances by the table in ``position_table``; never typed in, and the same
whatever the order in which the stances came.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date as Day

from tracker.domain.codes import (
    Extent,
    Level,
    PositionWord,
    RelationKind,
    ReviewState,
    Track,
)
from tracker.domain.model import PositionSpan, Registry, Relation, Stance, StanceId, Topic
from tracker.domain.position_fold import fold
from tracker.domain.position_rollup import lanes_of, roll_up, show
from tracker.domain.position_steps import steps_by_topic
from tracker.domain.position_table import NO_STATEMENT, extent_of

COUNTED = frozenset({Level.CONFIRMED, Level.REPORTED, Level.DISPUTED})
"""Levels that count in positions (R6); a view of everything passes its own set."""


def positions_of(
    stances: Iterable[Stance],
    relations: Iterable[Relation],
    topics: Iterable[Topic],
    day: Day | None = None,
    *,
    registry: Registry | None = None,
    levels: frozenset[Level] = COUNTED,
) -> tuple[PositionSpan, ...]:
    """Return every word of every position, by company, topic, brand, track and day.

    With ``day`` (today, or the day asked for) later stances are left out, and terms that ended
    before it have expired; without, a term expires only where a later stance shows the time to
    have passed. The ``registry`` says who owned a brand when (R7).
    """
    kinds = {topic.code: topic.kind for topic in topics}
    known = list(stances)
    decided = [relation for relation in relations if relation.decided]
    counted = [stance for stance in known if counts(stance, levels, day)]
    mute = _undo_nothing_told(known, {stance.id for stance in counted}, decided)
    counted = [stance for stance in counted if stance.id not in mute]
    turns = _by_stance(decided)
    spans: list[PositionSpan] = []
    for lane, found in lanes_of(counted, registry).items():
        for topic, steps in steps_by_topic(found, kinds).items():
            folded = fold(steps, topic, turns, lane.owners[0], day)
            spans.extend(show(lane, folded))
    return tuple(sorted(roll_up(spans), key=_place))


def _by_stance(relations: Iterable[Relation]) -> dict[StanceId, list[Relation]]:
    turns: dict[StanceId, list[Relation]] = defaultdict(list)
    for relation in relations:
        turns[relation.stance].append(relation)
    return dict(turns)


def _undo_nothing_told(
    known: Iterable[Stance], counted: Collection[StanceId], decided: Iterable[Relation]
) -> set[StanceId]:
    """Partial acts that undo, in one matter, a stance which does not count: they add nothing (R3).

    A cancelled plan that is not told of must not look like a step beyond what held before it.
    """
    by_id = {stance.id: stance for stance in known}
    mute = set()
    for relation in decided:
        one, undone = by_id.get(relation.stance), by_id.get(relation.to)
        if relation.kind is not RelationKind.REVERSES or one is None or undone is None:
            continue
        same_matter = one.matter is not None and one.matter == undone.matter
        before = undone.date <= one.date
        if same_matter and before and undone.id not in counted and _is_partial(one):
            mute.add(one.id)
    return mute


def _is_partial(stance: Stance) -> bool:
    return extent_of(stance, stance.direction) is Extent.PART


def counts(stance: Stance, levels: frozenset[Level] = COUNTED, day: Day | None = None) -> bool:
    """Tell whether a stance may set a position (R6): public, attested, not rejected, not later."""
    return (
        stance.published
        and stance.level in levels
        and stance.review_state is not ReviewState.REJECTED
        and (day is None or stance.date <= day)
    )


def position_on(spans: Iterable[PositionSpan], day: Day) -> tuple[PositionSpan, ...]:
    """Return the words that held on a day, each with its evidence up to that day."""
    return tuple(
        as_of(span, day)
        for span in spans
        if span.since <= day and (span.until is None or day < span.until)
    )


def word_on(
    spans: Iterable[PositionSpan], track: Track, day: Day, brand: str | None = None
) -> PositionWord:
    """Return the word of one track on a day; the spans are of one company and one topic."""
    for span in position_on(spans, day):
        if span.track is track and span.brand == brand:
            return span.word
    return NO_STATEMENT


def as_of(span: PositionSpan, day: Day) -> PositionSpan:
    """Return a span that had begun by a day, with its evidence, scope and term of that day."""
    known = tuple(step for step in span.steps if step.date <= day)
    if not known or len(known) == len(span.steps):
        return span
    last = known[-1]
    told = [step.date for step in known if step.stance is not None]
    return replace(
        span,
        steps=known,
        last_evidence=told[-1] if told else None,
        term=last.term,
        scope=last.scope,
        compelled=last.compelled,
        rests_on=last.rests_on,
    )


def _place(span: PositionSpan) -> tuple[str, str, str, bool, Day]:
    return (span.company, span.topic, span.brand or "", span.track is Track.DOES, span.since)
