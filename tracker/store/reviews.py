"""What waits for a person, what a person decided, and the findings behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.codes import ReviewState
from tracker.domain.model import SnapshotId
from tracker.store.schema import FindingRow, ReviewRow
from tracker.store.schema.ledger import RecordKind, ReviewKind
from tracker.store.schema.world import FindingOutcome


@dataclass(frozen=True, slots=True)
class Review:
    """What waits for a person, or waited; ``record`` is None while only claimed.

    ``record`` is the id of a record, or the number of a change of a watched page.
    """

    id: int
    kind: ReviewKind
    record: str | None
    finding: int | None
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
) -> None:
    """Put a record into the queue; one that waits already is not asked for twice."""
    if record is not None and waiting_for(session, kind, record):
        return
    session.add(
        ReviewRow(
            record_kind=kind,
            record_id=record,
            finding_id=finding,
            reason="; ".join(reasons),
            proposed=dict(proposed),
            asked_at=now,
        )
    )
    session.flush()


def waiting_for(session: Session, kind: RecordKind | ReviewKind, record: str) -> bool:
    """Whether this record waits for a person."""
    return (
        session.scalar(
            select(ReviewRow.id).where(
                ReviewRow.record_kind == kind,
                ReviewRow.record_id == record,
                ReviewRow.decided_at.is_(None),
            )
        )
        is not None
    )


def waiting(session: Session, limit: int = 50) -> list[Review]:
    """The queue, oldest first."""
    rows = session.scalars(
        select(ReviewRow)
        .where(ReviewRow.decided_at.is_(None))
        .order_by(ReviewRow.asked_at, ReviewRow.id)
        .limit(limit)
    )
    return [_value(row) for row in rows]


def count_waiting(session: Session) -> int:
    """How many records wait for a person."""
    query = select(func.count()).select_from(ReviewRow).where(ReviewRow.decided_at.is_(None))
    return session.scalar(query) or 0


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
        reason=row.reason,
        proposed=row.proposed,
        asked_at=row.asked_at,
        decision=ReviewState(row.decision) if row.decision else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        why=row.why,
    )
