"""What feeds and pages bring: sources, entries, articles, snapshots, stories, findings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.codes import Origin, SourceKind, SourceStatus, Tier
from tracker.domain.errors import Fault
from tracker.store.schema.base import Base, Code, one_of


class WorkState(StrEnum):
    """Where an entry stands before it is read, or a snapshot before it is analysed."""

    WAITING = "waiting"
    DONE = "done"
    QUARANTINED = "quarantined"


class FindingOutcome(StrEnum):
    """What became of a finding."""

    RECORDED = "recorded"
    JOINED = "joined"
    UNLOCATED = "unlocated"
    UNKNOWN_NAME = "unknown_name"
    SET_ASIDE = "set_aside"


class SourceRow(Base):
    __tablename__ = "sources"
    __table_args__ = (
        one_of("kind", SourceKind),
        one_of("status", SourceStatus),
        one_of("tier", Tier),
        one_of("origin", Origin),
        one_of("error_fault", Fault),
        Index("ix_sources_status_next_due", "status", "next_due"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(Code, default=SourceKind.FEED)
    title: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    publisher_kind: Mapped[str | None]
    tier: Mapped[str] = mapped_column(Code, default=Tier.WEAK)
    language: Mapped[str | None]
    timezone: Mapped[str | None]
    licence: Mapped[str | None]
    origin: Mapped[str] = mapped_column(Code, default=Origin.EDITOR)
    note: Mapped[str | None]
    added_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(Code, default=SourceStatus.ACTIVE)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str | None]
    next_due: Mapped[datetime]
    interval_s: Mapped[int] = mapped_column(default=3600)
    last_polled: Mapped[datetime | None]
    last_ok: Mapped[datetime | None]
    last_new: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    last_error: Mapped[str | None]
    error_cause: Mapped[str | None] = mapped_column(Code)
    error_fault: Mapped[str | None] = mapped_column(Code)
    moved_to: Mapped[str | None]
    moved_seen: Mapped[int] = mapped_column(default=0)
    read_whole_at: Mapped[datetime | None]
    distrusted: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[str | None]
    window_s: Mapped[int | None]
    overflowed_at: Mapped[datetime | None]
    broke_reader: Mapped[str | None]


class SourceDayRow(Base):
    """What one source did on one day (UTC): the proof of coverage, and the bars on /sources."""

    __tablename__ = "source_days"
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    good: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    new_entries: Mapped[int] = mapped_column(default=0)


class EntryRow(Base):
    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("source_id", "key"),
        one_of("state", WorkState),
        Index("ix_entries_state_next_try", "state", "next_try"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    key: Mapped[str]
    url: Mapped[str | None]
    title: Mapped[str]
    summary: Mapped[str]
    content: Mapped[str]
    author: Mapped[str]
    published: Mapped[datetime | None]
    published_offset_s: Mapped[int | None]
    published_raw: Mapped[str]
    first_seen: Mapped[datetime] = mapped_column(index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    state: Mapped[str] = mapped_column(Code, default=WorkState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime]
    last_error: Mapped[str | None]


class StoryRow(Base):
    """One happening. A story that turned out to be another one lives on as ``merged_into``."""

    __tablename__ = "stories"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    first_seen: Mapped[datetime]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("stories.id"), index=True)


class ArticleRow(Base):
    __tablename__ = "articles"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    host: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    language: Mapped[str | None]
    published: Mapped[datetime | None] = mapped_column(index=True)
    published_offset_s: Mapped[int | None]
    first_seen: Mapped[datetime]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id"), index=True)
    tier: Mapped[str | None] = mapped_column(Code)
    story_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id"), index=True)
    simhash: Mapped[str | None] = mapped_column(index=True)
    copy_of: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    licence: Mapped[str | None]
    original_url: Mapped[str | None] = mapped_column(index=True)
    quoted_at: Mapped[datetime | None]
    recheck_at: Mapped[datetime | None] = mapped_column(index=True)


class ArticleTermRow(Base):
    """A name or rare word of an article and its weight: by these its story is found."""

    __tablename__ = "article_terms"
    __table_args__ = (Index("ix_article_terms_term_day", "term", "day"),)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[float]
    day: Mapped[date]


class SnapshotRow(Base):
    """One immutable text of an article, and whether it has been analysed."""

    __tablename__ = "snapshots"
    __table_args__ = (
        UniqueConstraint("article_id", "sha256"),
        one_of("state", WorkState),
        Index("ix_snapshots_state_next_try", "state", "next_try"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    title: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str]
    fetched_at: Mapped[datetime]
    taken_from: Mapped[str] = mapped_column(Code)
    state: Mapped[str] = mapped_column(Code, default=WorkState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime]
    last_error: Mapped[str | None]
    analysed_at: Mapped[datetime | None]
    extractor: Mapped[str | None]


class FindingRow(Base):
    """What an extractor claimed of a snapshot, kept as it came, with what became of it."""

    __tablename__ = "findings"
    __table_args__ = (one_of("outcome", FindingOutcome),)
    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id"), index=True)
    extractor: Mapped[str]
    record_kind: Mapped[str] = mapped_column(Code)
    claim: Mapped[dict[str, Any]]
    outcome: Mapped[str] = mapped_column(Code)
    record_id: Mapped[str | None] = mapped_column(index=True)
    found_at: Mapped[datetime]
