"""What was set aside after it failed too often: feeds, entries, texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.store.schema import ArticleRow, EntryRow, SnapshotRow, SourceRow
from tracker.store.schema.polling import WorkState


class Quarantined(StrEnum):
    """What can be in quarantine."""

    FEED = "feed"
    ENTRY = "entry"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One thing in quarantine: ``name`` says what it is called, ``error`` why it is here."""

    kind: Quarantined
    id: int
    name: str
    url: str | None
    error: str
    since: datetime | None

    @property
    def key(self) -> str:
        """How a person names it: ``entry:12``."""
        return f"{self.kind}:{self.id}"


def every(session: Session) -> Iterator[SetAside]:
    """Everything in quarantine, feeds first."""
    yield from _feeds(session)
    yield from _entries(session)
    yield from _texts(session)


def _feeds(session: Session) -> Iterator[SetAside]:
    query = select(SourceRow).where(SourceRow.broke_reader.is_not(None)).order_by(SourceRow.id)
    for row in session.scalars(query):
        error, since = row.last_error or "", row.failing_since
        yield SetAside(Quarantined.FEED, row.id, row.title, row.url, error, since)


def _entries(session: Session) -> Iterator[SetAside]:
    query = (
        select(EntryRow.id, EntryRow.title, EntryRow.url, EntryRow.last_error, EntryRow.first_seen)
        .where(EntryRow.state == WorkState.QUARANTINED)
        .order_by(EntryRow.id)
    )
    for row in session.execute(query):
        yield SetAside(
            Quarantined.ENTRY, row.id, row.title, row.url, row.last_error or "", row.first_seen
        )


def _texts(session: Session) -> Iterator[SetAside]:
    query = (
        select(SnapshotRow.id, SnapshotRow.title, ArticleRow.url, SnapshotRow.last_error)
        .add_columns(SnapshotRow.fetched_at)
        .join(ArticleRow, ArticleRow.id == SnapshotRow.article_id)
        .where(SnapshotRow.state == WorkState.QUARANTINED)
        .order_by(SnapshotRow.id)
    )
    for row in session.execute(query):
        yield SetAside(
            Quarantined.TEXT, row.id, row.title, row.url, row.last_error or "", row.fetched_at
        )


def retry(session: Session, found: SetAside, now: datetime) -> None:
    """Let it be tried anew, as if it had never failed."""
    if found.kind is Quarantined.FEED:
        source = session.get_one(SourceRow, found.id)
        source.broke_reader = source.etag = source.last_modified = source.body_hash = None
        source.next_due = now
        return
    row: EntryRow | SnapshotRow
    if found.kind is Quarantined.ENTRY:
        row = session.get_one(EntryRow, found.id)
    else:
        row = session.get_one(SnapshotRow, found.id)
    row.state, row.attempts, row.next_try = WorkState.WAITING, 0, now
