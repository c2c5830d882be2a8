"""What entries lead to: articles, snapshots, stories, findings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.schema.base import Base, Code, one_of
from tracker.store.schema.polling import WorkState


class FindingOutcome(StrEnum):
    """What became of a finding."""

    RECORDED = "recorded"
    JOINED = "joined"
    UNLOCATED = "unlocated"
    UNKNOWN_NAME = "unknown_name"
    SET_ASIDE = "set_aside"


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
