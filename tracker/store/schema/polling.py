"""What polling works with: sources, their days and entries, hubs that push, hosts that are held."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.codes import Origin, SourceKind, SourceStatus, Tier
from tracker.domain.errors import Fault
from tracker.store.schema.base import Base, Code, one_of


class WorkState(StrEnum):
    """Where an entry stands before it is read, or a snapshot before it is analysed."""

    WAITING = "waiting"
    DONE = "done"
    QUARANTINED = "quarantined"


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


class PushRow(Base):
    """A hub that a feed offers (WebSub), and our subscription to it, if there is one."""

    __tablename__ = "pushes"
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    hub: Mapped[str]
    topic: Mapped[str]
    token: Mapped[str | None] = mapped_column(unique=True)
    secret: Mapped[str | None]
    next_try: Mapped[datetime] = mapped_column(index=True)
    verified_until: Mapped[datetime | None]
    last_push: Mapped[datetime | None]
    last_error: Mapped[str | None]


class HeldHostRow(Base):
    """A host that answered 429 or 503 and said until when it wants to be left alone."""

    __tablename__ = "held_hosts"
    host: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
