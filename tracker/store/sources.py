"""Sources: what is watched, when it is due, how it has been doing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import Origin, SourceKind, SourceStatus, Tier
from tracker.domain.errors import Fault, FetchError, TrackerError
from tracker.domain.model import Source, SourceId, SourceToPoll, Validators
from tracker.domain.polling import NextPoll, is_theirs
from tracker.store.schema import OrganisationRow, SourceDayRow, SourceRow


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


def due(
    session: Session, now: datetime, limit: int, only: Iterable[SourceId] | None = None
) -> list[SourceToPoll]:
    """The active sources whose turn has come, longest waiting first.

    With ``only`` those sources, due or not.
    """
    query = select(SourceRow).where(SourceRow.status == SourceStatus.ACTIVE)
    if only is None:
        query = query.where(SourceRow.next_due <= now)
    else:
        query = query.where(SourceRow.id.in_(list(only)))
    rows = session.scalars(query.order_by(SourceRow.next_due, SourceRow.id).limit(limit))
    return [_to_poll(row) for row in rows]


def active_ids(session: Session) -> list[SourceId]:
    """Every source that is asked at all, longest waiting first."""
    ids = session.scalars(
        select(SourceRow.id)
        .where(SourceRow.status == SourceStatus.ACTIVE)
        .order_by(SourceRow.next_due, SourceRow.id)
    )
    return [SourceId(id_) for id_ in ids]


def set_status(session: Session, source: SourceId, status: SourceStatus, now: datetime) -> bool:
    """Pause or resume; False when there is no such source. Resuming makes it due at once."""
    row = session.get(SourceRow, source)
    if row is None:
        return False
    row.status = status
    if status is SourceStatus.ACTIVE:
        row.next_due = now
    return True


def record_good(
    session: Session,
    source: SourceId,
    now: datetime,
    turn: NextPoll,
    *,
    new_entries: int = 0,
    body: tuple[Validators, str] | None = None,
    title: str | None = None,
) -> None:
    """The source answered: validators, next turn and health together.

    ``body`` holds the validators and the hash of a body that was read whole; None after 304.
    """
    row = session.get_one(SourceRow, source)
    row.last_polled = row.last_ok = now
    row.failing_since = row.last_error = row.error_cause = row.error_fault = None
    _take_turn(session, row, turn)
    if body is not None:
        row.etag, row.last_modified = body[0].etag, body[0].last_modified
        row.body_hash = body[1]
    if new_entries:
        row.last_new = now
    if title and row.title == row.url:
        row.title = title
    _count(session, source, now, good=1, new=new_entries)


def record_bad(
    session: Session, source: SourceId, now: datetime, turn: NextPoll, error: TrackerError
) -> None:
    """The source could not be had; whose fault it was is kept beside the message."""
    row = session.get_one(SourceRow, source)
    row.last_polled = now
    row.failing_since = row.failing_since or now
    row.last_error = str(error)
    row.error_fault = Fault.THEIRS if is_theirs(error) else Fault.OURS
    row.error_cause = error.cause if isinstance(error, FetchError) else "not_a_feed"
    _take_turn(session, row, turn)
    _count(session, source, now, failed=1)


def forget_body(session: Session, source: SourceId) -> None:
    """Ask for the whole body next time, and read it even if it is the one that was read last."""
    row = session.get_one(SourceRow, source)
    row.etag = row.last_modified = row.body_hash = None


def _take_turn(session: Session, row: SourceRow, turn: NextPoll) -> None:
    row.next_due, row.interval_s = turn.due, int(turn.interval.total_seconds())
    row.failures, row.status = turn.failures, turn.status
    row.moved_to, row.moved_seen = turn.moved_to, turn.moved_seen
    if turn.url != row.url and not _taken(session, turn.url):
        row.url = turn.url


def _taken(session: Session, url: str) -> bool:
    return session.scalar(select(SourceRow.id).where(SourceRow.url == url)) is not None


def _count(
    session: Session,
    source: SourceId,
    now: datetime,
    *,
    good: int = 0,
    failed: int = 0,
    new: int = 0,
) -> None:
    day = session.get(SourceDayRow, (source, now.date()))
    if day is None:
        day = SourceDayRow(source_id=source, day=now.date(), good=0, failed=0, new_entries=0)
        session.add(day)
    day.good += good
    day.failed += failed
    day.new_entries += new


def _to_poll(row: SourceRow) -> SourceToPoll:
    return SourceToPoll(
        id=SourceId(row.id),
        url=row.url,
        kind=SourceKind(row.kind),
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        failures=row.failures,
        interval=timedelta(seconds=row.interval_s),
        moved_to=row.moved_to,
        moved_seen=row.moved_seen,
    )


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
    )
