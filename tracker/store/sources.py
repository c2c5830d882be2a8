"""Sources: what is watched, when it is due, how it has been doing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import Origin, SourceKind, SourceStatus, Tier
from tracker.domain.errors import Fault
from tracker.domain.model import Source, SourceId
from tracker.store.schema import OrganisationRow, SourceRow


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """A source with its health; times in UTC."""

    id: SourceId
    url: str
    title: str
    kind: SourceKind
    status: SourceStatus
    tier: Tier
    organisation: str | None
    publisher_kind: str | None
    language: str | None
    licence: str | None
    next_due: datetime
    interval: timedelta
    last_polled: datetime | None
    last_ok: datetime | None
    last_new: datetime | None
    failures: int
    failing_since: datetime | None
    last_error: str | None
    error_cause: str | None
    error_fault: Fault | None
    overflowed_at: datetime | None
    broke_reader: bool


def add(session: Session, new: Source, now: datetime, origin: Origin) -> tuple[SourceId, bool]:
    """Watch a source; a second time nothing changes. Return its id and whether it is new."""
    known = session.scalar(select(SourceRow.id).where(SourceRow.url == new.url))
    if known is not None:
        return SourceId(known), False
    row = _row(new, _organisation(session, new.organisation), now, origin)
    session.add(row)
    session.flush()
    return SourceId(row.id), True


def add_all(
    session: Session,
    wanted: Iterable[Source],
    organisations: Mapping[str, int],
    now: datetime,
    origin: Origin,
) -> int:
    """Watch many sources at once (row ids of organisations by slug); return how many are new."""
    known = set(session.scalars(select(SourceRow.url)))
    new = {source.url: source for source in wanted if source.url not in known}
    session.add_all(
        _row(source, organisations.get(source.organisation or ""), now, origin)
        for source in new.values()
    )
    session.flush()
    return len(new)


def _row(new: Source, organisation: int | None, now: datetime, origin: Origin) -> SourceRow:
    return SourceRow(
        url=new.url,
        title=new.title,
        kind=new.kind,
        organisation_id=organisation,
        publisher_kind=new.publisher_kind,
        tier=new.tier,
        language=new.language,
        timezone=new.timezone,
        licence=new.licence,
        note=new.note,
        origin=origin,
        added_at=now,
        next_due=now,
    )


def _organisation(session: Session, slug: str | None) -> int | None:
    if slug is None:
        return None
    return session.scalar(select(OrganisationRow.id).where(OrganisationRow.slug == slug))


def every(session: Session) -> list[WatchedSource]:
    """Every source, by title."""
    rows = session.execute(
        select(SourceRow, OrganisationRow.slug)
        .outerjoin(OrganisationRow, SourceRow.organisation_id == OrganisationRow.id)
        .order_by(SourceRow.title, SourceRow.id)
    )
    return [_watched(row, slug) for row, slug in rows]


def set_status(session: Session, source: SourceId, status: SourceStatus, now: datetime) -> bool:
    """Pause or resume; False when there is no such source. Resuming makes it due at once."""
    row = session.get(SourceRow, source)
    if row is None:
        return False
    row.status = status
    if status is SourceStatus.ACTIVE:
        row.next_due = now
    return True


def forget_body(session: Session, source: SourceId) -> None:
    """Ask for the whole body next time, and read it even if it is the one that was read last."""
    row = session.get_one(SourceRow, source)
    row.etag = row.last_modified = row.body_hash = None


def _watched(row: SourceRow, slug: str | None) -> WatchedSource:
    return WatchedSource(
        id=SourceId(row.id),
        url=row.url,
        title=row.title,
        kind=SourceKind(row.kind),
        status=SourceStatus(row.status),
        tier=Tier(row.tier),
        organisation=slug,
        publisher_kind=row.publisher_kind,
        language=row.language,
        licence=row.licence,
        next_due=row.next_due,
        interval=timedelta(seconds=row.interval_s),
        last_polled=row.last_polled,
        last_ok=row.last_ok,
        last_new=row.last_new,
        failures=row.failures,
        failing_since=row.failing_since,
        last_error=row.last_error,
        error_cause=row.error_cause,
        error_fault=Fault(row.error_fault) if row.error_fault else None,
        overflowed_at=row.overflowed_at,
        broke_reader=row.broke_reader is not None,
    )
