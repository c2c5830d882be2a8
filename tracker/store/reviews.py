"""What waits for a person, what a person decided, and the findings behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from tracker.domain.codes import Question, ReviewState
from tracker.domain.model import SnapshotId
from tracker.store.schema import FindingRow, ReviewRow
from tracker.store.schema.ledger import RecordKind, ReviewKind
from tracker.store.schema.world import FindingOutcome


@dataclass(frozen=True, slots=True)
class Review:
    """What waits for a person, or waited; ``record`` is None while only claimed.

    ``record`` is the id of a record, or the number of a change of a watched page; ``about`` names
    the other stance of a relation, the day of a term, or the source that a page is.
    """

    id: int
    kind: ReviewKind
    record: str | None
    finding: int | None
    question: Question
    about: str | None
    reason: str
    proposed: Mapping[str, Any]
    asked_at: datetime
    decision: ReviewState | None
    decided_by: str | None
    decided_at: datetime | None
    why: str | None


def keep_finding(
    session: Session,
    snapshot: SnapshotId,
    extractor: str,
    kind: RecordKind,
    claim: Mapping[str, Any],
    outcome: FindingOutcome,
    record: str | None,
    now: datetime,
) -> int:
    """Keep what an extractor claimed, as it came, with what became of it."""
    row = FindingRow(
        snapshot_id=snapshot,
        extractor=extractor,
        record_kind=kind,
        claim=dict(claim),
        outcome=outcome,
        record_id=record,
        found_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def ask(
    session: Session,
    kind: RecordKind | ReviewKind,
    record: str | None,
    reasons: Iterable[str],
    proposed: Mapping[str, Any],
    now: datetime,
    finding: int | None = None,
    question: Question = Question.RECORD,
    about: str | None = None,
) -> bool:
    """Put a question about a record into the queue; False where it waits for an answer already."""
    if record is not None and waiting_for(session, kind, record, question, about):
        return False
    session.add(
        ReviewRow(
            record_kind=kind,
            record_id=record,
            finding_id=finding,
            question=question,
            about=about,
            reason="; ".join(reasons),
            proposed=dict(proposed),
            asked_at=now,
        )
    )
    session.flush()
    return True


def ask_anew(session: Session, review: int, reason: str, proposed: Mapping[str, Any]) -> None:
    """Put a question that still waits in other words."""
    row = session.get_one(ReviewRow, review)
    row.reason, row.proposed = reason, dict(proposed)


def last_asked(
    session: Session, record: str, question: Question, about: str | None = None
) -> datetime | None:
    """When a person was last asked that, decided or not."""
    query = select(func.max(ReviewRow.asked_at)).where(
        ReviewRow.record_id == record, ReviewRow.question == question
    )
    return session.scalar(query if about is None else query.where(ReviewRow.about == about))


def open_about(session: Session, record: str, question: Question | None = None) -> list[Review]:
    """What waits about a record, or about another one in relation to it."""
    query = select(ReviewRow).where(
        ReviewRow.decided_at.is_(None),
        (ReviewRow.record_id == record) | (ReviewRow.about == record),
    )
    if question is not None:
        query = query.where(ReviewRow.question == question)
    return [_value(row) for row in session.scalars(query.order_by(ReviewRow.id))]


def unknown_names(session: Session) -> list[Review]:
    """What waits because the register does not know a name."""
    rows = session.scalars(
        select(ReviewRow)
        .where(ReviewRow.record_id.is_(None), ReviewRow.decided_at.is_(None))
        .order_by(ReviewRow.id)
    )
    return [_value(row) for row in rows]


def snapshot_of(session: Session, review: int) -> SnapshotId | None:
    """The text in which the finding behind a question was made."""
    found = session.scalar(
        select(FindingRow.snapshot_id)
        .join(ReviewRow, ReviewRow.finding_id == FindingRow.id)
        .where(ReviewRow.id == review)
    )
    return SnapshotId(found) if found is not None else None


def reopen(session: Session, reviews: Iterable[int]) -> None:
    """Let questions wait again that were closed with a merge."""
    for row in session.scalars(select(ReviewRow).where(ReviewRow.id.in_(list(reviews)))):
        row.decision = row.decided_by = row.decided_at = row.why = None


def waiting_for(
    session: Session,
    kind: RecordKind | ReviewKind,
    record: str,
    question: Question = Question.RECORD,
    about: str | None = None,
) -> bool:
    """Whether this question about a record waits for a person."""
    return (
        session.scalar(
            select(ReviewRow.id).where(
                ReviewRow.record_kind == kind,
                ReviewRow.record_id == record,
                ReviewRow.question == question,
                ReviewRow.about == about if about is not None else ReviewRow.about.is_(None),
                ReviewRow.decided_at.is_(None),
            )
        )
        is not None
    )


def waiting(
    session: Session, limit: int = 50, kind: ReviewKind | None = None, skip: int = 0
) -> list[Review]:
    """The queue, oldest first; with ``kind`` only what is about such records."""
    query = select(ReviewRow).where(ReviewRow.decided_at.is_(None))
    if kind is not None:
        query = query.where(ReviewRow.record_kind == kind)
    query = query.order_by(ReviewRow.asked_at, ReviewRow.id).offset(skip).limit(limit)
    return [_value(row) for row in session.scalars(query)]


def neighbours(session: Session, review: Review) -> tuple[int | None, int | None]:
    """What waits just before and just after a question of the queue."""
    here = (review.asked_at, review.id)
    place = tuple_(ReviewRow.asked_at, ReviewRow.id)
    order = (ReviewRow.asked_at, ReviewRow.id)
    query = select(ReviewRow.id).where(ReviewRow.decided_at.is_(None)).limit(1)
    before = query.where(place < here).order_by(*(column.desc() for column in order))
    return session.scalar(before), session.scalar(query.where(place > here).order_by(*order))


def count_waiting(session: Session) -> int:
    """How many records wait for a person."""
    return sum(count_by_kind(session).values())


def count_by_kind(session: Session) -> dict[ReviewKind, int]:
    """How many questions wait about each kind of record."""
    query = (
        select(ReviewRow.record_kind, func.count())
        .where(ReviewRow.decided_at.is_(None))
        .group_by(ReviewRow.record_kind)
    )
    return {ReviewKind(kind): number for kind, number in session.execute(query)}


def get(session: Session, review: int) -> Review | None:
    """One item of the queue."""
    row = session.get(ReviewRow, review)
    return _value(row) if row else None


def decide(
    session: Session,
    review: int,
    decision: ReviewState,
    *,
    by: str,
    now: datetime,
    accepted: Mapping[str, Any] | None = None,
    why: str | None = None,
) -> None:
    """Note what a person decided."""
    row = session.get_one(ReviewRow, review)
    row.decision, row.decided_by, row.decided_at = decision, by, now
    row.accepted = dict(accepted) if accepted else None
    row.why = why


def _value(row: ReviewRow) -> Review:
    return Review(
        id=row.id,
        kind=ReviewKind(row.record_kind),
        record=row.record_id,
        finding=row.finding_id,
        question=Question(row.question),
        about=row.about,
        reason=row.reason,
        proposed=row.proposed,
        asked_at=row.asked_at,
        decision=ReviewState(row.decision) if row.decision else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        why=row.why,
    )
