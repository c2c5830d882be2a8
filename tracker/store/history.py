"""What was done to every record, by whom and why. Rows are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.store.schema import HistoryRow
from tracker.store.schema.ledger import RecordKind


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one record."""

    at: datetime
    by: str
    action: str
    change: Mapping[str, Any]
    why: str | None


def note(
    session: Session,
    kind: RecordKind | str,
    record: str,
    action: str,
    *,
    by: str,
    now: datetime,
    change: Mapping[str, Any] | None = None,
    why: str | None = None,
) -> None:
    """Add a step: ``by`` is an extractor with its version, a user, or the starter data."""
    session.add(
        HistoryRow(
            at=now,
            by=by,
            record_kind=kind,
            record_id=record,
            action=action,
            change=dict(change or {}),
            why=why,
        )
    )


def of(session: Session, kind: RecordKind | str, record: str) -> list[Step]:
    """Everything that was done to a record, oldest first."""
    rows = session.scalars(
        select(HistoryRow)
        .where(HistoryRow.record_kind == kind, HistoryRow.record_id == record)
        .order_by(HistoryRow.id)
    )
    return [_step(row) for row in rows]


def newest(session: Session, kind: RecordKind | str, record: str, limit: int) -> list[Step]:
    """The last things that were done to a record, newest first."""
    rows = session.scalars(
        select(HistoryRow)
        .where(HistoryRow.record_kind == kind, HistoryRow.record_id == record)
        .order_by(HistoryRow.id.desc())
        .limit(limit)
    )
    return [_step(row) for row in rows]


def _step(row: HistoryRow) -> Step:
    return Step(row.at, row.by, row.action, row.change, row.why)
