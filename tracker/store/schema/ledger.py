"""The ledger: stances, reactions, calls, their evidence, what follows from them, and history."""

from datetime import date as Day
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.clocks import certainly_asked
from tracker.domain.codes import (
    Act,
    Authority,
    CallStatus,
    Disposition,
    EvidenceRole,
    EvidenceState,
    Extent,
    Level,
    Modality,
    Novelty,
    Origin,
    Precision,
    QuoteField,
    ReactionKind,
    RelationKind,
    ReviewState,
    Track,
    Trigger,
)
from tracker.store.schema.base import Base, Code, one_of
from tracker.store.schema.following import CallDemandRow
from tracker.store.schema.register import OrganisationRow


class RecordKind(StrEnum):
    """The three kinds of record that carry evidence."""

    STANCE = "stance"
    REACTION = "reaction"
    CALL = "call"


class ReviewKind(StrEnum):
    """What may wait for a person: a record, a change of a watched page, what a reader sent in."""

    STANCE = "stance"
    REACTION = "reaction"
    CALL = "call"
    PAGE_CHANGE = "page_change"
    SUBMISSION = "submission"


def _belongs_to_one_record() -> CheckConstraint:
    return CheckConstraint(
        "(CASE WHEN stance_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN reaction_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN call_id IS NULL THEN 0 ELSE 1 END) = 1",
        name="one_record",
    )


class Attested:
    """How sure the extractor was, how well it is attested, who saw it: the same for each record."""

    disposition: Mapped[str] = mapped_column(Code)
    confidence: Mapped[float | None]
    level: Mapped[str] = mapped_column(Code)
    review_state: Mapped[str] = mapped_column(Code)
    origin: Mapped[str] = mapped_column(Code)
    published: Mapped[bool]
    extractor: Mapped[str | None]
    note: Mapped[str | None]


ATTESTED = tuple(Attested.__annotations__)
"""The names of those columns."""


def _attested() -> tuple[CheckConstraint, ...]:
    return (
        one_of("disposition", Disposition),
        one_of("level", Level),
        one_of("review_state", ReviewState),
        one_of("origin", Origin),
    )


_JOINT = text("joint_id IS NOT NULL")
"""Few stances are part of a joint pledge: the index holds only those."""


def _day_of_the_act(context: Any) -> Day:
    """When a stance counts as known, where nothing says when it was first reported."""
    day: Day = context.get_current_parameters()["date"]
    return day


def _asked_by(context: Any) -> Day:
    """When a call had been asked for certain (ledger E), where nobody has worked it out."""
    known = context.get_current_parameters()
    return certainly_asked(known["date"], Precision(known["precision"]), known.get("delivered_on"))


class StanceRow(Attested, Base):
    __tablename__ = "stances"
    __table_args__ = (
        one_of("act", Act),
        one_of("precision", Precision),
        one_of("trigger_code", Trigger),
        one_of("authority", Authority),
        one_of("extent", Extent),
        one_of("track", Track),
        one_of("novelty", Novelty),
        one_of("modality", Modality),
        *_attested(),
        CheckConstraint("direction BETWEEN -3 AND 3", name="direction"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        Index("ix_stances_company_id_date", "company_id", "date"),
        Index("ix_stances_date_published_level", "date", "published", "level"),
        Index("ix_stances_joint_id", "joint_id", sqlite_where=_JOINT, postgresql_where=_JOINT),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    brand: Mapped[str | None]
    act: Mapped[str] = mapped_column(Code)
    direction: Mapped[int | None]
    date: Mapped[Day]
    precision: Mapped[str] = mapped_column(Code)
    effective_date: Mapped[Day | None]
    first_reported: Mapped[Day | None]
    first_seen: Mapped[datetime | None]
    scope: Mapped[str | None]
    summary: Mapped[str | None]
    speaker: Mapped[str | None]
    speaker_role: Mapped[str | None]
    authority: Mapped[str | None] = mapped_column(Code)
    trigger: Mapped[str] = mapped_column("trigger_code", Code)
    extent: Mapped[str | None] = mapped_column(Code)
    term: Mapped[str | None]
    track: Mapped[str | None] = mapped_column(Code)
    matter: Mapped[str | None]
    joint_id: Mapped[str | None]
    novelty: Mapped[str] = mapped_column(Code)
    modality: Mapped[str] = mapped_column(Code)
    known_on: Mapped[Day] = mapped_column(index=True, default=_day_of_the_act)
    merged_into: Mapped[str | None] = mapped_column(index=True)
    company: Mapped[OrganisationRow] = relationship(lazy="joined", innerjoin=True)
    topics: Mapped[list["StanceTopicRow"]] = relationship(
        order_by="StanceTopicRow.place", cascade="all, delete-orphan", lazy="selectin"
    )


class StanceTopicRow(Base):
    """A topic of a stance; place 0 is the primary one. A secondary may carry a direction."""

    __tablename__ = "stance_topics"
    __table_args__ = (Index("ix_stance_topics_topic_place", "topic", "place"),)
    stance_id: Mapped[str] = mapped_column(ForeignKey("stances.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(ForeignKey("topics.code"))
    direction: Mapped[int | None]


class CallRow(Attested, Base):
    __tablename__ = "calls"
    __table_args__ = (
        one_of("asked_act", Act),
        one_of("precision", Precision),
        *_attested(),
        Index("ix_calls_published_date", "published", "date"),
        Index("ix_calls_published_asked_by", "published", "asked_by"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    caller_type: Mapped[str] = mapped_column(Code)
    asked: Mapped[str]
    asked_act: Mapped[str | None] = mapped_column(Code)
    date: Mapped[Day]
    precision: Mapped[str] = mapped_column(Code)
    target_class: Mapped[str | None]
    deadline: Mapped[Day | None]
    channel: Mapped[str | None]
    delivered_on: Mapped[Day | None]
    asked_by: Mapped[Day] = mapped_column(default=_asked_by)
    delivery_proof: Mapped[str | None]
    public_url: Mapped[str | None]
    withdrawn_on: Mapped[Day | None]
    callers: Mapped[list["CallCallerRow"]] = relationship(
        order_by="CallCallerRow.place", cascade="all, delete-orphan", lazy="selectin"
    )
    topics: Mapped[list["CallTopicRow"]] = relationship(
        order_by="CallTopicRow.place", cascade="all, delete-orphan", lazy="selectin"
    )
    targets: Mapped[list["CallTargetRow"]] = relationship(
        order_by="CallTargetRow.id", cascade="all, delete-orphan", lazy="selectin"
    )
    demands: Mapped[list[CallDemandRow]] = relationship(
        order_by=CallDemandRow.place, cascade="all, delete-orphan", lazy="selectin"
    )


class CallCallerRow(Base):
    __tablename__ = "call_callers"
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)


class CallTopicRow(Base):
    __tablename__ = "call_topics"
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(ForeignKey("topics.code"), index=True)


class CallTargetRow(Base):
    """A named addressee with its present status; earlier ones are in call_target_statuses."""

    __tablename__ = "call_targets"
    __table_args__ = (
        one_of("status", CallStatus),
        one_of("precision", Precision),
        UniqueConstraint("call_id", "organisation_id"),
        Index("ix_call_targets_organisation_id_status", "organisation_id", "status"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    status: Mapped[str] = mapped_column(Code)
    status_date: Mapped[Day | None]
    precision: Mapped[str] = mapped_column(Code)
    of_class: Mapped[str | None]
    organisation: Mapped[OrganisationRow] = relationship(lazy="joined", innerjoin=True)
    statuses: Mapped[list["CallTargetStatusRow"]] = relationship(
        order_by="CallTargetStatusRow.id", cascade="all, delete-orphan", lazy="selectin"
    )


class CallTargetStatusRow(Base):
    """One dated status of a target, and the stances (their ids) that brought it about.

    ``met`` are the places of the demands that are met; ``corrects``: the row before was wrong.
    """

    __tablename__ = "call_target_statuses"
    __table_args__ = (one_of("status", CallStatus), one_of("precision", Precision))
    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("call_targets.id"), index=True)
    status: Mapped[str] = mapped_column(Code)
    status_date: Mapped[Day | None]
    precision: Mapped[str] = mapped_column(Code)
    answered_by: Mapped[list[Any]]
    met: Mapped[list[Any]] = mapped_column(default=list)
    corrects: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str | None]


class ReactionRow(Attested, Base):
    __tablename__ = "reactions"
    __table_args__ = (
        one_of("reaction", ReactionKind),
        one_of("precision", Precision),
        one_of("novelty", Novelty),
        *_attested(),
        Index("ix_reactions_actor_id_date", "actor_id", "date"),
        Index("ix_reactions_date_published_level", "date", "published", "level"),
        Index("ix_reactions_stance_id_shown", "stance_id", "published", "level", "date"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    actor_name: Mapped[str]
    actor_type: Mapped[str] = mapped_column(Code)
    affiliate: Mapped[str | None]
    speaker: Mapped[str | None]
    reaction: Mapped[str] = mapped_column(Code)
    stance_id: Mapped[str | None] = mapped_column(ForeignKey("stances.id"))
    practice: Mapped[str | None]
    topic: Mapped[str | None] = mapped_column(ForeignKey("topics.code"))
    summary: Mapped[str | None]
    date: Mapped[Day | None]
    precision: Mapped[str] = mapped_column(Code)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"), index=True)
    target_class: Mapped[str | None]
    novelty: Mapped[str] = mapped_column(Code)
    actor: Mapped[OrganisationRow | None] = relationship(lazy="joined")
    about: Mapped[list["ReactionAboutRow"]] = relationship(
        order_by="ReactionAboutRow.place", cascade="all, delete-orphan", lazy="selectin"
    )


class ReactionAboutRow(Base):
    __tablename__ = "reaction_about"
    reaction_id: Mapped[str] = mapped_column(ForeignKey("reactions.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation: Mapped[OrganisationRow] = relationship(lazy="joined", innerjoin=True)


class EvidenceRow(Base):
    """A verbatim span of a snapshot: ``snapshot.field[start:end] == quote``."""

    __tablename__ = "evidence"
    __table_args__ = (
        _belongs_to_one_record(),
        one_of("field", QuoteField),
        one_of("role", EvidenceRole),
        one_of("state", EvidenceState),
        CheckConstraint("0 <= start_at AND start_at < end_at", name="span"),
        UniqueConstraint("stance_id", "snapshot_id", "field", "start_at"),
        UniqueConstraint("reaction_id", "snapshot_id", "field", "start_at"),
        UniqueConstraint("call_id", "snapshot_id", "field", "start_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    stance_id: Mapped[str | None] = mapped_column(ForeignKey("stances.id"))
    reaction_id: Mapped[str | None] = mapped_column(ForeignKey("reactions.id"))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"))
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshots.id"), index=True)
    field: Mapped[str] = mapped_column(Code)
    start: Mapped[int] = mapped_column("start_at")
    end: Mapped[int] = mapped_column("end_at")
    quote: Mapped[str]
    role: Mapped[str] = mapped_column(Code)
    state: Mapped[str] = mapped_column(Code)
    extractor: Mapped[str | None]
    found_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]


class LinkRow(Base):
    """A page that carries a record of which no quote is stored ('source only')."""

    __tablename__ = "links"
    __table_args__ = (
        _belongs_to_one_record(),
        UniqueConstraint("stance_id", "url"),
        UniqueConstraint("reaction_id", "url"),
        UniqueConstraint("call_id", "url"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    stance_id: Mapped[str | None] = mapped_column(ForeignKey("stances.id"))
    reaction_id: Mapped[str | None] = mapped_column(ForeignKey("reactions.id"))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"))
    url: Mapped[str] = mapped_column(index=True)
    host: Mapped[str]
    seen: Mapped[bool | None]


class RelationRow(Base):
    """``decided``: a person (or the starter data) holds it to be true; ``refused``: to be wrong."""

    __tablename__ = "relations"
    __table_args__ = (
        one_of("kind", RelationKind),
        UniqueConstraint("stance_id", "kind", "to_id"),
        CheckConstraint("stance_id <> to_id", name="not_itself"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    stance_id: Mapped[str] = mapped_column(ForeignKey("stances.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("stances.id"), index=True)
    kind: Mapped[str] = mapped_column(Code)
    decided: Mapped[bool]
    refused: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None]
    origin: Mapped[str] = mapped_column(Code)
