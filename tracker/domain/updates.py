"""What a new version of the starter data changes in a record, and what this installation keeps.

The shipped files own what happened; how well a record is attested, when it was first reported and
where a target of a call stands may be known better here, from what was read or entered since.
"""

from dataclasses import replace
from datetime import date as Day
from typing import TypeVar

from tracker.domain.codes import Level, ReviewState
from tracker.domain.model import Call, CallTarget, Reaction, Stance

Record = TypeVar("Record", bound=Stance | Reaction | Call)

_SURENESS = (Level.UNCONFIRMED, Level.REPORTED, Level.CONFIRMED)
"""Levels that reports raise; the others are a person's judgement and stand."""

_BY_A_PERSON = frozenset({ReviewState.EDITED, ReviewState.REJECTED})


def bring_up_to_date(known: Record | None, shipped: Record) -> Record:
    """Return the record as it is to be stored: the known one where nothing is to be changed."""
    if known is None:
        return shipped
    if known.review_state in _BY_A_PERSON or _is_merged(known):
        return known
    accepted = ReviewState.ACCEPTED in (known.review_state, shipped.review_state)
    shared = replace(
        shipped,
        level=better_level(known.level, shipped.level),
        review_state=ReviewState.ACCEPTED if accepted else shipped.review_state,
        disposition=known.disposition,
        confidence=known.confidence,
        published=known.published,
    )
    return _with_what_was_learned(known, shared)


def _with_what_was_learned(known: Record, shipped: Record) -> Record:
    if isinstance(known, Stance) and isinstance(shipped, Stance):
        return replace(
            shipped,
            first_reported=earlier(known.first_reported, shipped.first_reported),
            first_seen=known.first_seen,
        )
    if isinstance(known, Call) and isinstance(shipped, Call):
        return replace(
            shipped,
            targets=_targets(known, shipped),
            delivered_on=known.delivered_on or shipped.delivered_on,
            delivery_proof=known.delivery_proof or shipped.delivery_proof,
            withdrawn_on=known.withdrawn_on or shipped.withdrawn_on,
        )
    return shipped


def _is_merged(known: Stance | Reaction | Call) -> bool:
    return isinstance(known, Stance) and known.merged_into is not None


def better_level(known: Level, shipped: Level) -> Level:
    """Return the level that was raised further; a person's judgement of the known one stands."""
    if known not in _SURENESS:
        return known
    if shipped not in _SURENESS:
        return shipped
    return max(known, shipped, key=_SURENESS.index)


def earlier(one: Day | None, other: Day | None) -> Day | None:
    """Return the earlier of two days, as far as they are known."""
    known = [day for day in (one, other) if day is not None]
    return min(known, default=None)


def _targets(known: Call, shipped: Call) -> tuple[CallTarget, ...]:
    """A target that has moved on here stays where it is; one that was added here stays."""
    here = {target.company: target for target in known.targets}
    kept = [_further(here.pop(one.company, one), one) for one in shipped.targets]
    return (*kept, *here.values())


def _further(known: CallTarget, shipped: CallTarget) -> CallTarget:
    moved_on = len(known.history) > len(shipped.history)
    return known if moved_on else shipped
