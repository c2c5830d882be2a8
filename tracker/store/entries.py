"""Entries of feeds: stored exactly once, read until their article is known."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from tracker.domain.model import ArticleId, Entry, EntryId, EntryToRead, SourceId
from tracker.store.database import insert_into
from tracker.store.fairness import in_turns
from tracker.store.schema import EntryRow
from tracker.store.schema.polling import WorkState

AT_ONCE = 5_000
"""Keys in one question; databases take some ten thousand."""

ENTRIES = cast(Table, EntryRow.__table__)
"""Rows that are only written need no objects."""

_IN_TURNS = in_turns(EntryRow.source_id, EntryRow.next_try, EntryRow.id)

TRIES = 3
"""After so many failures an entry is quarantined: listed, and read again only when asked."""


def add_new(
    session: Session, brought: Sequence[tuple[SourceId, Iterable[Entry]]], now: datetime
) -> dict[SourceId, int]:
    """Store what these sources have not brought before; return how many of each are new."""
    offered = {(source, entry.key): entry for source, some in brought for entry in some}
    known = _known(session, list(offered))
    new = {place: entry for place, entry in offered.items() if place not in known}
    counts = dict.fromkeys((source for source, _ in brought), 0)
    for source, _key in new:
        counts[source] += 1
    if new:
        rows = [_row(source, entry, now) for (source, _), entry in new.items()]
        # another process may have stored the same entry a moment ago
        session.execute(insert_into(session, ENTRIES).on_conflict_do_nothing(), rows)
    return counts


def _known(session: Session, places: Sequence[tuple[SourceId, str]]) -> set[tuple[int, str]]:
    known: set[tuple[int, str]] = set()
    for start in range(0, len(places), AT_ONCE):
        keys = [key for _, key in places[start : start + AT_ONCE]]
        sources = {source for source, _ in places[start : start + AT_ONCE]}
        rows = session.execute(
            select(EntryRow.source_id, EntryRow.key).where(
                EntryRow.source_id.in_(sources), EntryRow.key.in_(keys)
            )
        )
        known.update((row.source_id, row.key) for row in rows)
    return known


def _row(source: SourceId, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "source_id": source,
        "key": entry.key,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "author": entry.author,
        "published": entry.published,
        "published_offset_s": offset_of(entry.published),
        "published_raw": entry.published_raw,
        "first_seen": now,
        "next_try": now,
        "state": WorkState.WAITING,
        "attempts": 0,
    }


def waiting(
    session: Session,
    now: datetime,
    limit: int,
    sources: Iterable[SourceId] | None = None,
    only: Iterable[EntryId] | None = None,
) -> list[EntryId]:
    """Entries whose article is not known yet: the oldest of each source, then the next of each."""
    query = select(EntryRow.id).where(EntryRow.state == WorkState.WAITING, EntryRow.next_try <= now)
    if sources is not None:
        query = query.where(EntryRow.source_id.in_(list(sources)))
    if only is not None:
        query = query.where(EntryRow.id.in_(list(only)))
    ids = session.scalars(query.order_by(*_IN_TURNS).limit(limit))
    return [EntryId(id_) for id_ in ids]


def addresses_waiting(
    session: Session, now: datetime, limit: int
) -> list[tuple[EntryId, str | None]]:
    """The same entries with their addresses alone."""
    query = select(EntryRow.id, EntryRow.url).where(
        EntryRow.state == WorkState.WAITING, EntryRow.next_try <= now
    )
    rows = session.execute(query.order_by(*_IN_TURNS).limit(limit))
    return [(EntryId(row.id), row.url) for row in rows]


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


def articles_of(session: Session, sources: Iterable[SourceId]) -> list[ArticleId]:
    """The articles that entries of these sources led to."""
    ids = session.scalars(
        select(EntryRow.article_id)
        .where(EntryRow.source_id.in_(list(sources)), EntryRow.article_id.is_not(None))
        .distinct()
    )
    return [ArticleId(id_) for id_ in ids if id_ is not None]


def pull_back(session: Session, now: datetime, slack: timedelta) -> int:
    """Let entries be read that a clock that was ahead has put off; return how many."""
    late = now + slack
    found = session.scalars(
        update(ENTRIES)
        .where(ENTRIES.c.state == WorkState.WAITING, ENTRIES.c.next_try > late)
        .where(ENTRIES.c.first_seen > late)
        .values(next_try=now)
        .returning(ENTRIES.c.id)
    )
    return len(found.all())


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
