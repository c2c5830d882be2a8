"""Positions: derived from the stances, never typed in."""

from dataclasses import dataclass
from datetime import date as Day

from tracker.domain.codes import (
    ChangeKind,
    PositionWord,
    Precision,
    Track,
)
from tracker.domain.model.identifiers import StanceId, TopicCode


@dataclass(frozen=True, slots=True)
class PositionStep:
    """One stance that began or kept a word, and what held from its day on (ledger R2).

    ``stance`` is None where a term ran out.
    """

    date: Day
    stance: StanceId | None
    change: ChangeKind
    term: str | None = None
    scope: str | None = None
    compelled: bool = False
    rests_on: tuple[StanceId, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionSpan:
    """One word of one track between two days; ``until`` is the first day it no longer holds.

    ``stance`` is the one that began the word, ``change`` what its coming did to the position.
    ``last_evidence`` is the day of the latest stance that kept it. ``steps`` are the stances that
    began and kept the word, in order; term, scope and the like are those of the last one.
    """

    company: str
    topic: TopicCode
    track: Track
    word: PositionWord
    since: Day
    until: Day | None
    change: ChangeKind
    stance: StanceId | None
    before: PositionWord = PositionWord.NO_STATEMENT
    precision: Precision = Precision.DAY
    last_evidence: Day | None = None
    scope: str | None = None
    term: str | None = None
    compelled: bool = False
    brand: str | None = None
    rests_on: tuple[StanceId, ...] = ()
    steps: tuple[PositionStep, ...] = ()
