"""What follows from the ledger, what is asked about it, and what was done to it."""

from datetime import date as Day
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.codes import (
    ChangeKind,
    PositionWord,
    Precision,
    Question,
    ReviewState,
    Track,
)
from tracker.store.schema.base import Base, Code, one_of
from tracker.store.schema.ledger import ReviewKind
from tracker.store.schema.register import OrganisationRow


class PositionSpanRow(Base):
    """Derived from the stances whenever one of them changes; never typed in."""

    __tablename__ = "position_spans"
    __table_args__ = (
        one_of("track", Track),
        one_of("word", PositionWord),
        one_of("word_before", PositionWord),
        one_of("change", ChangeKind),
        one_of("precision", Precision),
        CheckConstraint("until IS NULL OR since < until", name="order"),
        Index("ix_position_spans_company_id_topic", "company_id", "topic"),
        Index("ix_position_spans_topic_since", "topic", "since"),
        Index("ix_position_spans_since", "since"),
        Index("ix_position_spans_in_force", "until", "company_id", "topic", "brand", "since"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    brand: Mapped[str | None]
    topic: Mapped[str] = mapped_column(ForeignKey("topics.code"))
    track: Mapped[str] = mapped_column(Code)
    word: Mapped[str] = mapped_column(Code)
    word_before: Mapped[str] = mapped_column(Code)
    since: Mapped[Day]
    precision: Mapped[str] = mapped_column(Code)
    until: Mapped[Day | None]
    change: Mapped[str] = mapped_column(Code)
    stance_id: Mapped[str | None] = mapped_column(ForeignKey("stances.id"), index=True)
    rests_on: Mapped[list[Any]]
    steps: Mapped[list[Any]] = mapped_column(default=list)
    last_evidence: Mapped[Day | None]
    scope: Mapped[str | None]
    term: Mapped[str | None]
    compelled: Mapped[bool]
    company: Mapped[OrganisationRow] = relationship(lazy="joined", innerjoin=True)


class ChangeRow(Base):
    """Something that subscribers may be owed word of; written with the stance it tells of."""

    __tablename__ = "changes"
    __table_args__ = (one_of("kind", ChangeKind),)
    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    stance_id: Mapped[str] = mapped_column(ForeignKey("stances.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    topic: Mapped[str] = mapped_column(ForeignKey("topics.code"))
    says_before: Mapped[str] = mapped_column(Code)
    says_after: Mapped[str] = mapped_column(Code)
    does_before: Mapped[str] = mapped_column(Code)
    does_after: Mapped[str] = mapped_column(Code)
    happened_on: Mapped[Day]
    noticed_at: Mapped[datetime] = mapped_column(index=True)


class DisputedFactRow(Base):
    """What another report says of a fact of a stance; the stance's own value stands beside it."""

    __tablename__ = "disputed_facts"
    __table_args__ = (UniqueConstraint("stance_id", "field", "value"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    stance_id: Mapped[str] = mapped_column(ForeignKey("stances.id"))
    field: Mapped[str] = mapped_column(Code)
    value: Mapped[str]
    url: Mapped[str | None]
    noted_at: Mapped[datetime]


class MergeRow(Base):
    """Two records of one event became one; the old id leads to the new one until they are split.

    ``moved`` says what went over and what it changed, so that a split can take it back.
    """

    __tablename__ = "merges"
    __table_args__ = (CheckConstraint("old_id <> new_id", name="not_itself"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[str] = mapped_column(ForeignKey("stances.id"), index=True)
    new_id: Mapped[str] = mapped_column(ForeignKey("stances.id"), index=True)
    moved: Mapped[dict[str, Any]]
    merged_at: Mapped[datetime]
    merged_by: Mapped[str]
    why: Mapped[str | None]
    split_at: Mapped[datetime | None]


class ReviewRow(Base):
    """What waits for a person, or what that person decided.

    ``question`` says what is asked; ``about`` names what else it is about: the other stance of a
    relation, or the day of a term.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        one_of("record_kind", ReviewKind),
        one_of("decision", ReviewState),
        one_of("question", Question),
        Index("ix_reviews_decided_at_asked_at", "decided_at", "asked_at"),
        Index("ix_reviews_record_kind_record_id", "record_kind", "record_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    record_kind: Mapped[str] = mapped_column(Code)
    record_id: Mapped[str | None]
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))
    question: Mapped[str] = mapped_column(Code, default=Question.RECORD)
    about: Mapped[str | None]
    reason: Mapped[str]
    proposed: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(Code)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    accepted: Mapped[dict[str, Any] | None]
    why: Mapped[str | None]


class HistoryRow(Base):
    """Every change of every record, by whom and why. Rows are only ever added."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_record_kind_record_id", "record_kind", "record_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]
    record_kind: Mapped[str] = mapped_column(Code)
    record_id: Mapped[str]
    action: Mapped[str] = mapped_column(Code)
    change: Mapped[dict[str, Any]]
    why: Mapped[str | None]
