"""Incidents of sources: opened when something is wrong, closed when it no longer is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.domain.codes import SourceStatus
from tracker.domain.health import Course, IncidentKind
from tracker.domain.model import SourceId
from tracker.store.schema import IncidentRow, SourceDayRow, SourceRow

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Incident:
    """Something wrong with one source, in a sentence; times in UTC."""

    id: int
    source: SourceId
    title: str
    url: str
    kind: IncidentKind
    what: str
    opened_at: datetime
    told_at: datetime | None
    closed_at: datetime | None


def courses(session: Session, today: Day) -> dict[SourceId, Course]:
    """How each active source has been doing."""
    weeks = _weeks(session, today)
    rows = session.execute(
        select(
            SourceRow.id, SourceRow.failing_since, SourceRow.last_error, SourceRow.overflowed_at
        ).where(SourceRow.status == SourceStatus.ACTIVE)
    )
    return {
        SourceId(row.id): Course(
            weeks.get(row.id, [0] * WEEKS), row.failing_since, row.last_error, row.overflowed_at
        )
        for row in rows
    }


def _weeks(session: Session, today: Day) -> dict[int, list[int]]:
    """New entries a week and source; the present week ends today."""
    first = today - timedelta(days=7 * WEEKS - 1)
    rows = session.execute(
        select(SourceDayRow.source_id, SourceDayRow.day, SourceDayRow.new_entries).where(
            SourceDayRow.day >= first, SourceDayRow.day <= today, SourceDayRow.new_entries > 0
        )
    )
    weeks: dict[int, list[int]] = {}
    for source, day, number in rows:
        weeks.setdefault(source, [0] * WEEKS)[(day - first).days // 7] += number
    return weeks


def open_ones(session: Session) -> list[Incident]:
    """What is wrong now, oldest first."""
    query = (
        select(IncidentRow, SourceRow.title, SourceRow.url)
        .join(SourceRow, SourceRow.id == IncidentRow.source_id)
        .where(IncidentRow.closed_at.is_(None))
        .order_by(IncidentRow.opened_at, IncidentRow.id)
    )
    return [_incident(row, title, url) for row, title, url in session.execute(query)]


def open_one(
    session: Session, source: SourceId, kind: IncidentKind, what: str, now: datetime
) -> None:
    """Note that something is wrong."""
    session.add(IncidentRow(source_id=source, kind=kind, what=what, opened_at=now))


def close(session: Session, ids: Iterable[int], now: datetime) -> None:
    """Note that these are over."""
    session.execute(update(IncidentRow).where(IncidentRow.id.in_(list(ids))).values(closed_at=now))


def note_told(session: Session, ids: Iterable[int], now: datetime) -> None:
    """Note that the operator was told of these."""
    session.execute(update(IncidentRow).where(IncidentRow.id.in_(list(ids))).values(told_at=now))


def _incident(row: IncidentRow, title: str, url: str) -> Incident:
    return Incident(
        id=row.id,
        source=SourceId(row.source_id),
        title=title,
        url=url,
        kind=IncidentKind(row.kind),
        what=row.what,
        opened_at=row.opened_at,
        told_at=row.told_at,
        closed_at=row.closed_at,
    )
