"""Every correction of something that was shown, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import CorrectionKind
from tracker.store.schema import CorrectionRow
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import stances
from tracker.store.views.records import Lens, StanceLine


@dataclass(frozen=True, slots=True)
class Correction:
    """What was shown and is no longer so; ``stance`` is None when nothing of it is shown now."""

    at: datetime
    kind: str
    record_kind: str
    record: str
    stance: StanceLine | None
    was: str | None
    now: str | None
    why: str | None


def read(session: Session, lens: Lens, *, limit: int, skip: int = 0) -> list[Correction]:
    """The corrections of records, newest first."""
    query = (
        select(CorrectionRow)
        .order_by(CorrectionRow.noticed_at.desc(), CorrectionRow.id.desc())
        .limit(limit)
        .offset(skip)
    )
    rows = session.execute(query).scalars().all()
    ids = tuple(row.record_id for row in rows if row.record_kind == RecordKind.STANCE)
    shown = {one.id: one for one in stances.find(session, lens, stances.Wanted(ids=ids))}
    return [
        Correction(
            at=row.noticed_at,
            kind=row.kind,
            record_kind=row.record_kind,
            record=row.record_id,
            stance=shown.get(row.record_id),
            was=row.was,
            now=row.now,
            why=row.why,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When a record was taken back, and why."""

    at: datetime
    why: str | None


def withdrawal(session: Session, record: str) -> Withdrawal | None:
    """When and why a record that was shown was taken back; None for one that never was."""
    query = select(CorrectionRow.noticed_at, CorrectionRow.why).where(
        CorrectionRow.record_id == record, CorrectionRow.kind == CorrectionKind.WITHDRAWN
    )
    row = session.execute(query.order_by(CorrectionRow.id.desc()).limit(1)).first()
    return Withdrawal(*row) if row else None
