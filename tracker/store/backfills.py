"""Backfills of sources: how far each has come."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain.backfill import Backfill, BackfillState, BackfillWay
from tracker.domain.model import SourceId
from tracker.store.schema import BackfillRow


def find(session: Session, source: SourceId) -> Backfill | None:
    """The backfill of a source, if there ever was one."""
    row = session.get(BackfillRow, source)
    if row is None:
        return None
    return Backfill(
        source=SourceId(row.source_id),
        way=BackfillWay(row.way),
        until=row.until,
        ahead=tuple((row.next_url or "").split()),
        state=BackfillState(row.state),
        pages=row.pages,
        entries=row.entries,
        last_error=row.last_error,
    )


def save(session: Session, backfill: Backfill, now: datetime) -> None:
    """Keep how far it has come."""
    row = session.get(BackfillRow, backfill.source)
    if row is None:
        row = BackfillRow(source_id=backfill.source, started_at=now)
        session.add(row)
    row.way, row.state, row.until = backfill.way, backfill.state, backfill.until
    row.next_url = "\n".join(backfill.ahead) or None
    row.pages, row.entries, row.last_error = backfill.pages, backfill.entries, backfill.last_error
    row.ended_at = None if backfill.state is BackfillState.UNDER_WAY else now
