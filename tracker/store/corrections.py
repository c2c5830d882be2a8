"""What was shown and is no longer so. Who was told of the record is owed word of it, once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import CorrectionKind
from tracker.domain.model import SnapshotId
from tracker.store.schema import CorrectionRow
from tracker.store.schema.ledger import RecordKind


@dataclass(frozen=True, slots=True)
class Correction:
    """``was`` is the quote as it was shown, ``now`` what stands in its place, if anything does.

    ``snapshot`` is the text in which it was missed, None when the whole page is gone or a person
    withdrew the record. ``told_as`` is the key of what was told, where only that was wrong. Times
    in UTC.
    """

    id: int
    kind: CorrectionKind
    record_kind: RecordKind
    record: str
    evidence: int | None
    snapshot: SnapshotId | None
    was: str | None
    now: str | None
    why: str | None
    told_as: str | None
    noticed_at: datetime


def add(
    session: Session,
    kind: CorrectionKind,
    record: tuple[RecordKind, str],
    at: datetime,
    *,
    evidence: int | None = None,
    snapshot: SnapshotId | None = None,
    was: str | None = None,
    now: str | None = None,
    why: str | None = None,
    told_as: str | None = None,
) -> bool:
    """Note a correction; False when there is one for this quote already."""
    known = select(CorrectionRow.id).where(CorrectionRow.evidence_id == evidence)
    if evidence is not None and session.scalar(known) is not None:
        return False
    session.add(
        CorrectionRow(
            kind=kind,
            record_kind=record[0],
            record_id=record[1],
            evidence_id=evidence,
            snapshot_id=snapshot,
            was=was,
            now=now,
            why=why,
            told_as=told_as,
            noticed_at=at,
        )
    )
    session.flush()
    return True


def since(session: Session, moment: datetime, limit: int = 1000) -> list[Correction]:
    """The corrections noticed from a moment on, oldest first."""
    rows = session.scalars(
        select(CorrectionRow)
        .where(CorrectionRow.noticed_at >= moment)
        .order_by(CorrectionRow.id)
        .limit(limit)
    )
    return [_value(row) for row in rows]


def of(session: Session, kind: RecordKind, record: str) -> list[Correction]:
    """The corrections of a record, oldest first."""
    rows = session.scalars(
        select(CorrectionRow)
        .where(CorrectionRow.record_kind == kind, CorrectionRow.record_id == record)
        .order_by(CorrectionRow.id)
    )
    return [_value(row) for row in rows]


def untold(session: Session) -> list[Correction]:
    """The corrections that nobody was told of yet, oldest first."""
    rows = session.scalars(
        select(CorrectionRow).where(CorrectionRow.told_at.is_(None)).order_by(CorrectionRow.id)
    )
    return [_value(row) for row in rows]


def mark_told(session: Session, correction: int, now: datetime) -> None:
    """Word of it is owed to everybody who was told of the record."""
    session.get_one(CorrectionRow, correction).told_at = now


def _value(row: CorrectionRow) -> Correction:
    return Correction(
        id=row.id,
        kind=CorrectionKind(row.kind),
        record_kind=RecordKind(row.record_kind),
        record=row.record_id,
        evidence=row.evidence_id,
        snapshot=SnapshotId(row.snapshot_id) if row.snapshot_id else None,
        was=row.was,
        now=row.now,
        why=row.why,
        told_as=row.told_as,
        noticed_at=row.noticed_at,
    )
