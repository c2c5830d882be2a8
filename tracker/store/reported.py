"""When reactions and calls were first reported, and what of a call was known on a day.

A record without an article of ours (most of the starter history) counts as known from the last
day that its own date covers.
"""

from collections.abc import Iterable
from datetime import UTC
from datetime import date as Day
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.knowledge import known_by
from tracker.domain.model import StanceId
from tracker.store.evidence import COLUMN
from tracker.store.schema import (
    ArticleRow,
    EvidenceRow,
    SnapshotRow,
    StanceRow,
)
from tracker.store.schema.ledger import RecordKind


def known_then(session: Session, kind: RecordKind, rows: Iterable[Any], day: Day) -> set[str]:
    """The ids of those reactions or calls that had been reported by the end of a day."""
    found = list(rows)
    first = first_days(session, kind, [row.id for row in found])
    return {
        row.id
        for row in found
        if known_by(day, row.date, row.precision, row.origin, first.get(row.id))
    }


def first_days(session: Session, kind: RecordKind, ids: Iterable[str]) -> dict[str, Day]:
    """The day of the first article that carries each record; those without one are left out."""
    owner = getattr(EvidenceRow, COLUMN[kind])
    rows = session.execute(
        select(owner, ArticleRow.published, ArticleRow.first_seen)
        .join(SnapshotRow, SnapshotRow.id == EvidenceRow.snapshot_id)
        .join(ArticleRow, ArticleRow.id == SnapshotRow.article_id)
        .where(owner.in_(list(ids)))
    )
    first: dict[str, Day] = {}
    for record, published, seen in rows:
        day = (published or seen).astimezone(UTC).date()
        first[record] = min(day, first.get(record, day))
    return first


def told_later(session: Session, day: Day) -> set[StanceId]:
    """The stances that had not been reported by the end of a day."""
    query = select(StanceRow.id).where(StanceRow.known_on > day)
    return {StanceId(id_) for id_ in session.scalars(query)}
