"""Entries of feeds: stored exactly once, read until their article is known."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.model import ArticleId, Entry, EntryId, EntryToRead, SourceId
from tracker.store.schema import EntryRow
from tracker.store.schema.world import WorkState

TRIES = 3
"""After so many failures an entry is quarantined: listed, and read again only when asked."""


def add_new(session: Session, source: SourceId, entries: Iterable[Entry], now: datetime) -> int:
    """Store the entries that this source has not brought before; return how many."""
    offered = {entry.key: entry for entry in entries}
    known = set(
        session.scalars(
            select(EntryRow.key).where(
                EntryRow.source_id == source, EntryRow.key.in_(list(offered))
            )
        )
    )
    new = [entry for key, entry in offered.items() if key not in known]
    session.add_all(
        EntryRow(
            source_id=source,
            key=entry.key,
            url=entry.url,
            title=entry.title,
            summary=entry.summary,
            content=entry.content,
            author=entry.author,
            published=entry.published,
            published_offset_s=offset_of(entry.published),
            published_raw=entry.published_raw,
            first_seen=now,
            next_try=now,
        )
        for entry in new
    )
    session.flush()
    return len(new)


def waiting(
    session: Session, now: datetime, limit: int, sources: Iterable[SourceId] | None = None
) -> list[EntryId]:
    """Entries whose article is not known yet, oldest first."""
    query = select(EntryRow.id).where(EntryRow.state == WorkState.WAITING, EntryRow.next_try <= now)
    if sources is not None:
        query = query.where(EntryRow.source_id.in_(list(sources)))
    ids = session.scalars(query.order_by(EntryRow.next_try, EntryRow.id).limit(limit))
    return [EntryId(id_) for id_ in ids]


def to_read(session: Session, ids: Iterable[EntryId]) -> list[EntryToRead]:
    """These entries with their texts, less those that somebody else has read meanwhile."""
    rows = session.scalars(
        select(EntryRow)
        .where(EntryRow.id.in_(list(ids)), EntryRow.state == WorkState.WAITING)
        .order_by(EntryRow.next_try, EntryRow.id)
    )
    return [
        EntryToRead(
            id=EntryId(row.id),
            source=SourceId(row.source_id),
            url=row.url,
            title=row.title,
            summary=row.summary,
            content=row.content,
            published=in_zone(row.published, row.published_offset_s),
            attempts=row.attempts,
        )
        for row in rows
    ]


def record_read(session: Session, entry: EntryId, article: ArticleId) -> None:
    """The entry led to this article."""
    row = session.get_one(EntryRow, entry)
    row.article_id, row.state, row.last_error = article, WorkState.DONE, None


def record_failure(
    session: Session, entry: EntryId, error: str, next_try: datetime, *, counts: bool = True
) -> bool:
    """Note a failed reading; True when the entry is quarantined now.

    A failure of our own (``counts`` false) never brings an entry into quarantine.
    """
    row = session.get_one(EntryRow, entry)
    row.last_error, row.next_try = error, next_try
    row.attempts += counts
    if row.attempts >= TRIES:
        row.state = WorkState.QUARANTINED
    return row.state == WorkState.QUARANTINED


def offset_of(moment: datetime | None) -> int | None:
    """The publisher's offset from UTC in seconds: weekdays are resolved with it."""
    offset = moment.utcoffset() if moment else None
    return int(offset.total_seconds()) if offset is not None else None


def in_zone(moment: datetime | None, offset_s: int | None) -> datetime | None:
    """Give a stored moment back with the publisher's offset."""
    if moment is None:
        return None
    zone = timezone(timedelta(seconds=offset_s)) if offset_s else UTC
    return moment.astimezone(zone)
