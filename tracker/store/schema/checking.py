"""What became of texts after they were read: checks, corrections, changes of watched pages."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.codes import CheckOutcome, CorrectionKind, PageChangeKind
from tracker.store.schema.base import Base, Code, one_of
from tracker.store.schema.ledger import RecordKind


class ArticleCheckRow(Base):
    """A quoted article was fetched again: what came of it, and a note by its editors if any."""

    __tablename__ = "article_checks"
    __table_args__ = (one_of("outcome", CheckOutcome),)
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(Code)
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshots.id"))
    note: Mapped[str | None]
    error: Mapped[str | None]


class CorrectionRow(Base):
    """Something that was shown is no longer so; who was told of the record is owed word of it.

    A quote has one correction at most (``evidence_id``); what a person did has none. ``told_as``
    is the key of what was told, where only that was wrong and not the whole record. ``told_at``
    is when word of it was owed.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        one_of("kind", CorrectionKind),
        one_of("record_kind", RecordKind),
        UniqueConstraint("evidence_id"),
        Index("ix_corrections_record_kind_record_id", "record_kind", "record_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    record_kind: Mapped[str] = mapped_column(Code)
    record_id: Mapped[str]
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshots.id"))
    was: Mapped[str | None]
    now: Mapped[str | None]
    why: Mapped[str | None]
    told_as: Mapped[str | None]
    noticed_at: Mapped[datetime] = mapped_column(index=True)
    told_at: Mapped[datetime | None] = mapped_column(index=True)


class PageChangeRow(Base):
    """A watched page says something else than before, is gone, or is there again."""

    __tablename__ = "page_changes"
    __table_args__ = (one_of("kind", PageChangeKind),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    kind: Mapped[str] = mapped_column(Code)
    before_id: Mapped[int | None] = mapped_column(ForeignKey("snapshots.id"))
    after_id: Mapped[int | None] = mapped_column(ForeignKey("snapshots.id"))
    noticed_at: Mapped[datetime] = mapped_column(index=True)
