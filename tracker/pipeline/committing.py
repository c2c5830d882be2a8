"""Promises: accepted or entered by a person, moved by dated steps, raised when they fall due."""

from dataclasses import asdict, dataclass, replace
from datetime import date as Day
from datetime import datetime

from tracker.domain.codes import Origin, Precision, ReviewState
from tracker.domain.commitments import (
    Promise,
    first_step,
    with_step,
)
from tracker.domain.errors import UsageError
from tracker.domain.model import (
    Commitment,
    CommitmentId,
    CommitmentStep,
    StanceId,
)
from tracker.domain.outcomes import CommitmentState
from tracker.pipeline.calling import plain
from tracker.pipeline.correcting import take_back_overdue
from tracker.pipeline.following import COMMITMENT
from tracker.pipeline.outside_word import require_outside_word
from tracker.pipeline.register import Register, load_register, require_organisation
from tracker.store import commitments, facts, history, stances
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person may say of a promise: its words, its day or its condition."""

    promised: str | None = None
    due: Day | None = None
    due_precision: Precision = Precision.DAY
    condition: str | None = None


def list_commitments(
    database: Database, *, company: str | None = None, proposed: bool = False
) -> list[Commitment]:
    """The promises that are shown, or those that wait for a person; of one company (a slug)."""
    with database.reading() as session:
        require_organisation(session, company)
        if company is None:
            found = commitments.every(session)
        else:
            found = commitments.of_companies(session, [company])
    return [one for one in found if (_waits(one) if proposed else one.shown)]


def show_commitment(database: Database, id_: str) -> Commitment:
    """One promise with all its steps. Raises UsageError."""
    with database.reading() as session:
        return _get(session, id_)


def add_commitment(
    database: Database, stance: str, terms: Terms, by: str, now: datetime
) -> CommitmentId:
    """Enter what a stance promises. Raises UsageError when it could not be tested."""
    with database.transaction() as session:
        write_alone(session)
        found = stances.get(session, StanceId(stance))
        if found is None:
            raise UsageError(f"there is no stance {stance!r}")
        promise = Promise(terms.due, terms.due_precision, terms.condition)
        commitment = Commitment(
            id=commitments.free_id(session, f"{found.id}-promise"),
            company=found.company,
            company_name=found.company_name,
            topic=found.topic,
            stance=found.id,
            promised=terms.promised or found.summary or "",
            date=found.date,
            steps=(first_step(found.date, promise),),
            brand=found.brand,
            precision=found.precision,
            scope=found.scope,
            due=terms.due,
            due_precision=terms.due_precision,
            condition=terms.condition,
            review_state=ReviewState.ACCEPTED,
            origin=Origin.EDITOR,
        )
        _require_testable(commitment)
        _save(session, load_register(session), commitment, "entered", by, now)
    return commitment.id


def decide_commitment(
    database: Database, id_: str, verdict: ReviewState, terms: Terms, by: str, now: datetime
) -> Commitment:
    """Accept a proposed promise, with its day or condition put right, or reject it.

    Raises UsageError when it is decided already, or could not be tested.
    """
    with database.transaction() as session:
        write_alone(session)
        before = _get(session, id_)
        if not _waits(before):
            raise UsageError(f"{id_} is decided: {before.review_state}")
        after = replace(
            before,
            promised=terms.promised or before.promised,
            due=terms.due or before.due,
            due_precision=terms.due_precision if terms.due else before.due_precision,
            condition=terms.condition or before.condition,
        )
        if verdict is not ReviewState.REJECTED:
            _require_testable(after)
            verdict = ReviewState.EDITED if after != before else ReviewState.ACCEPTED
        after = replace(after, review_state=verdict)
        _save(session, load_register(session), after, verdict.value, by, now)
    return after


def move_commitment(
    database: Database, id_: str, step: CommitmentStep, by: str, now: datetime
) -> Commitment:
    """Add a step to a promise. Raises UsageError.

    That it was kept or broken needs a page or a stance that is not only the company's own word.
    """
    with database.transaction() as session:
        write_alone(session)
        before = _get(session, id_)
        register = load_register(session)
        require_outside_word(session, register, before, step)
        after = with_step(before, step)
        if step.corrects and before.now.state is CommitmentState.OVERDUE:
            take_back_overdue(session, before, step, now)
        _save(session, register, after, "moved", by, now, step)
    return after


def _waits(commitment: Commitment) -> bool:
    return commitment.review_state is ReviewState.PROPOSED


def _get(session: Session, id_: str) -> Commitment:
    found = commitments.get(session, CommitmentId(id_))
    if found is None:
        raise UsageError(f"there is no commitment {id_!r}; `tracker commitments list` shows them")
    return found


def _require_testable(commitment: Commitment) -> None:
    if commitment.due is None and not (commitment.condition or "").strip():
        raise UsageError("a promise can be tested by a day or a condition: --due or --condition")
    if commitment.due is not None and commitment.due < commitment.date.replace(month=1, day=1):
        raise UsageError(f"{commitment.due} is before the promise of {commitment.date}")
    if not commitment.promised.strip():
        raise UsageError("say what is promised: --promised")


def _save(
    session: Session,
    register: Register,
    commitment: Commitment,
    action: str,
    by: str,
    now: datetime,
    step: CommitmentStep | None = None,
) -> None:
    commitments.save(session, commitment, register.ids)
    change = plain({"to": asdict(step)}) if step else plain({"due": commitment.due})
    why = step.why if step else None
    history.note(session, COMMITMENT, commitment.id, action, by=by, now=now, change=change, why=why)
    facts.touch(session, now)
