"""Promises that can be tested: which there are, where they stand, when they fall due.

The states are those of codebook section 5. A step is only ever added; one that was wrong is
corrected by a later one, with a reason.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import timedelta

from tracker.domain.changes import last_day, range_of
from tracker.domain.codes import Act, Novelty, Precision, RelationKind, ReviewState
from tracker.domain.due_dates import due_in
from tracker.domain.errors import UsageError
from tracker.domain.model import (
    Commitment,
    CommitmentId,
    CommitmentStep,
    Relation,
    Stance,
    StanceId,
)
from tracker.domain.outcomes import CommitmentState, NoticeKind
from tracker.domain.position_table import sign_of

NOT_DUE, IN_PROGRESS = CommitmentState.NOT_DUE, CommitmentState.IN_PROGRESS
KEPT, PARTLY_KEPT = CommitmentState.KEPT, CommitmentState.PARTLY_KEPT
OVERDUE, BROKEN = CommitmentState.OVERDUE, CommitmentState.BROKEN
WITHDRAWN, SUPERSEDED = CommitmentState.WITHDRAWN, CommitmentState.SUPERSEDED

RUNNING = frozenset({NOT_DUE, IN_PROGRESS})
"""States in which the due day still lies ahead."""

LIVE = RUNNING | {PARTLY_KEPT, OVERDUE, KEPT}
"""States of a promise that can still be withdrawn, broken or kept."""

NEEDS_OUTSIDE_WORD = frozenset({KEPT, PARTLY_KEPT, BROKEN})
"""States that the company's own word alone cannot prove (codebook section 5)."""

REMIND_BEFORE = timedelta(days=30)

_ENDS = frozenset({WITHDRAWN, SUPERSEDED})
_FOLLOWS: Mapping[CommitmentState, frozenset[CommitmentState]] = {
    NOT_DUE: frozenset(CommitmentState) - {NOT_DUE},
    IN_PROGRESS: frozenset(CommitmentState) - {NOT_DUE, IN_PROGRESS},
    PARTLY_KEPT: frozenset({KEPT, OVERDUE, BROKEN, *_ENDS}),
    OVERDUE: frozenset({KEPT, PARTLY_KEPT, BROKEN, *_ENDS}),
    KEPT: frozenset({BROKEN, *_ENDS}),
    BROKEN: frozenset({KEPT, PARTLY_KEPT, *_ENDS}),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """What makes a stance testable: a day, with its precision, or a condition."""

    due: Day | None = None
    precision: Precision = Precision.DAY
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class StateProposal:
    """What a stance may mean for a promise; a person decides."""

    commitment: CommitmentId
    stance: str
    state: CommitmentState
    why: str


def promise_of(stance: Stance, texts: Iterable[str] = ()) -> Promise | None:
    """Return what can be tested of a new promise, or None; ``texts`` are its own words."""
    if stance.act is not Act.COMMITS or stance.novelty is not Novelty.NEW:
        return None
    if sign_of(stance.direction) == -1:
        return None
    if stance.effective_date is not None and stance.effective_date > stance.date:
        return Promise(stance.effective_date)
    for text in (*texts, stance.scope or "", stance.summary or ""):
        found = due_in(text, stance.date)
        if found is not None and last_day(*found) > stance.date:
            return Promise(*found)
    condition = _condition(stance.term)
    return Promise(condition=condition) if condition else None


def notice_key(commitment: Commitment, kind: NoticeKind, day: Day) -> str:
    """Names what the calendar brings for a promise, so that nobody is told of it twice."""
    return f"{commitment.id}/{kind}/{day}"


def with_step(commitment: Commitment, step: CommitmentStep) -> Commitment:
    """Return the commitment with one more step. Raises UsageError when it cannot follow."""
    now = commitment.held[-2] if step.corrects and len(commitment.held) > 1 else commitment.now
    if step.corrects and not (step.why or "").strip():
        raise UsageError(f"{commitment.id}: a correction needs a reason")
    back = step.corrects and (step.state is now.state or now is commitment.now)
    if not back and step.state not in _FOLLOWS.get(now.state, frozenset()):
        raise UsageError(
            f"{commitment.id}: {step.state} cannot follow {now.state}. "
            "If that is wrong, correct it: --correct with a reason."
        )
    if step.date < commitment.date or (not step.corrects and step.date < now.date):
        earliest = max(commitment.date, now.date)
        raise UsageError(f"{commitment.id}: {step.date} is before {earliest}: {now.state} since")
    if step.state in NEEDS_OUTSIDE_WORD and step.date <= commitment.date:
        raise UsageError(f"{commitment.id}: what shows {step.state} must be newer than the promise")
    return replace(commitment, steps=(*commitment.steps, step))


def follow_stance_of(commitment: Commitment, stance: Stance, promise: Promise | None) -> Commitment:
    """Return the commitment after its stance was put right: whose it is, of what, since when.

    A proposed one also takes over the day or condition that the stance promises now, and waits no
    longer where that cannot be tested any more; what a person accepted keeps its terms.
    """
    followed = replace(
        commitment,
        company=stance.company,
        company_name=stance.company_name,
        brand=stance.brand,
        topic=stance.topic,
        date=stance.date,
        precision=stance.precision,
    )
    if commitment.review_state is not ReviewState.PROPOSED:
        return _begun_anew(followed, replace(commitment.held[0], date=stance.date))
    if promise is None:
        return replace(followed, review_state=ReviewState.REJECTED)
    followed = replace(
        followed,
        scope=stance.scope,
        due=promise.due,
        due_precision=promise.precision,
        condition=promise.condition,
    )
    return _begun_anew(followed, first_step(stance.date, promise))


def _begun_anew(commitment: Commitment, begun: CommitmentStep) -> Commitment:
    """With a first step that corrects the one on record, where nothing has come after it."""
    [first, *later] = commitment.held
    if later or (first.state, first.date) == (begun.state, begun.date):
        return commitment
    why = "its stance was put right"
    anew = CommitmentStep(begun.state, begun.date, begun.precision, why=why, corrects=True)
    return replace(commitment, steps=(*commitment.steps, anew))


def standing_on(commitment: Commitment, day: Day) -> CommitmentStep:
    """Return where a promise stood on a day; before its first step, that one."""
    begun = [step for step in commitment.held if step.date <= day]
    return begun[-1] if begun else commitment.held[0]


def shown_by(commitment: Commitment, later: Collection[StanceId]) -> Commitment:
    """Return the commitment without the steps that rest on stances reported only later."""
    known = [step for step in commitment.steps if step.stance not in later]
    return replace(commitment, steps=tuple(known) or commitment.steps[:1])


def first_step(date: Day, promise: Promise) -> CommitmentStep:
    """Return the step with which a promise begins: not due, or running until a condition."""
    return CommitmentStep(NOT_DUE if promise.due else IN_PROGRESS, date)


def overdue_step(commitment: Commitment, today: Day) -> CommitmentStep | None:
    """Return the step of a promise whose day has passed with nothing on record, else None."""
    if not commitment.shown or commitment.due is None or commitment.now.state not in RUNNING:
        return None
    last = last_day(commitment.due, commitment.due_precision)
    if today <= last:
        return None
    why = "its day has passed, and nothing on record shows that it was kept"
    return CommitmentStep(OVERDUE, last + timedelta(days=1), why=why)


def is_due_soon(commitment: Commitment, today: Day) -> bool:
    """Tell whether the last day of a running promise is at most thirty days away."""
    if not commitment.shown or commitment.due is None or commitment.now.state not in RUNNING:
        return False
    return ends_soon(last_day(commitment.due, commitment.due_precision), today)


def ends_soon(last: Day, today: Day) -> bool:
    """Tell whether a last day is today or at most thirty days away."""
    return today <= last <= today + REMIND_BEFORE


def propose_states(
    stance: Stance, commitments: Iterable[Commitment], relations: Iterable[Relation]
) -> tuple[StateProposal, ...]:
    """Return what a stance may mean for promises of its company (ledger A.3 row 19)."""
    related = {found.to: found.kind for found in relations if found.stance == stance.id}
    found = []
    for commitment in commitments:
        if commitment.now.state not in LIVE or commitment.stance == stance.id:
            continue
        said = _said_of(stance, commitment, related.get(commitment.stance))
        if said is not None and said[0] in _FOLLOWS.get(commitment.now.state, frozenset()):
            found.append(StateProposal(commitment.id, stance.id, *said))
    return tuple(found)


def _said_of(
    stance: Stance, commitment: Commitment, relation: RelationKind | None
) -> tuple[CommitmentState, str] | None:
    if range_of(stance)[1] <= commitment.date:
        return None
    if relation is RelationKind.IMPLEMENTS:
        return KEPT, "it implements the promise"
    if relation is RelationKind.SUPERSEDES:
        return SUPERSEDED, "it takes the place of the promise"
    if relation is RelationKind.REVERSES:
        return WITHDRAWN, "it reverses the promise"
    same = (stance.company, stance.topic) == (commitment.company, commitment.topic)
    if same and stance.act is Act.WALKS_BACK and stance.novelty is Novelty.NEW:
        return WITHDRAWN, "the company walks back on the same topic"
    return None


def _condition(term: str | None) -> str | None:
    words = (term or "").removeprefix("until ").strip()
    dated = re.fullmatch(r"\d{4}-\d\d-\d\d", words)
    return None if not words or words == "open" or dated else words
