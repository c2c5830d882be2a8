"""What becomes of calls and promises: demands, classes of targets, commitments, proposals."""

from datetime import date as Day
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.codes import Origin, Precision, ReviewState
from tracker.domain.outcomes import (
    CommitmentState,
    DemandKind,
    NoticeKind,
    ProposalKind,
    Verdict,
)
from tracker.store.schema.base import Base, Code, one_of
from tracker.store.schema.register import OrganisationRow


class CallDemandRow(Base):
    """One of several things that a call asks for; a call that asks for one has no row here."""

    __tablename__ = "call_demands"
    __table_args__ = (one_of("kind", DemandKind),)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    asked: Mapped[str]
    topic: Mapped[str | None] = mapped_column(ForeignKey("topics.code"))


class ClassMemberRow(Base):
    """A company that may be meant by a class in words, such as "IBM's competitors".

    ``since`` and ``until`` bound the calls for which it is; nothing follows before a person says
    so. ``key`` is the class without case and accents.
    """

    __tablename__ = "class_members"
    __table_args__ = (one_of("verdict", Verdict), UniqueConstraint("key", "company_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    name: Mapped[str]
    company_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    since: Mapped[Day | None]
    until: Mapped[Day | None]
    proposed_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(Code)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    why: Mapped[str | None]
    company: Mapped[OrganisationRow] = relationship(lazy="joined", innerjoin=True)


class CommitmentRow(Base):
    """A promise that can be tested; one that is proposed is not shown."""

    __tablename__ = "commitments"
    __table_args__ = (
        one_of("precision", Precision),
        one_of("due_precision", Precision),
        one_of("review_state", ReviewState),
        one_of("origin", Origin),
        Index("ix_commitments_company_id_topic", "company_id", "topic"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    brand: Mapped[str | None]
    topic: Mapped[str] = mapped_column(ForeignKey("topics.code"))
    stance_id: Mapped[str] = mapped_column(ForeignKey("stances.id"), index=True)
    promised: Mapped[str]
    scope: Mapped[str | None]
    date: Mapped[Day]
    precision: Mapped[str] = mapped_column(Code)
    due: Mapped[Day | None] = mapped_column(index=True)
    due_precision: Mapped[str] = mapped_column(Code)
    condition: Mapped[str | None]
    review_state: Mapped[str] = mapped_column(Code)
    origin: Mapped[str] = mapped_column(Code)
    note: Mapped[str | None]
    company: Mapped[OrganisationRow] = relationship(lazy="joined", innerjoin=True)
    steps: Mapped[list["CommitmentStepRow"]] = relationship(
        order_by="CommitmentStepRow.id", lazy="selectin"
    )


class CommitmentStepRow(Base):
    """Where a promise stood from a day on. Rows are only ever added."""

    __tablename__ = "commitment_steps"
    __table_args__ = (one_of("state", CommitmentState), one_of("precision", Precision))
    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[str] = mapped_column(ForeignKey("commitments.id"), index=True)
    state: Mapped[str] = mapped_column(Code)
    date: Mapped[Day]
    precision: Mapped[str] = mapped_column(Code)
    why: Mapped[str | None]
    stance_id: Mapped[str | None] = mapped_column(ForeignKey("stances.id"))
    url: Mapped[str | None]
    corrects: Mapped[bool]


class ProposalRow(Base):
    """What a stance may mean for a call or a promise. ``key`` lets it be proposed once, ever."""

    __tablename__ = "proposals"
    __table_args__ = (
        one_of("kind", ProposalKind),
        one_of("verdict", Verdict),
        UniqueConstraint("key"),
        Index("ix_proposals_decided_at_id", "decided_at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    kind: Mapped[str] = mapped_column(Code)
    stance_id: Mapped[str] = mapped_column(ForeignKey("stances.id"), index=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    commitment_id: Mapped[str | None] = mapped_column(ForeignKey("commitments.id"), index=True)
    status: Mapped[str] = mapped_column(Code)
    met: Mapped[list[Any]]
    rank: Mapped[int]
    reason: Mapped[str]
    proposed_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(Code)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    why: Mapped[str | None]
    company: Mapped[OrganisationRow] = relationship(lazy="joined", innerjoin=True)


class NoticeRow(Base):
    """Something raised once: ``key`` names it. ``told_at`` is when those who asked were owed it."""

    __tablename__ = "notices"
    __table_args__ = (
        one_of("kind", NoticeKind),
        Index("ix_notices_told_at_noticed_at", "told_at", "noticed_at"),
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    topic: Mapped[str | None] = mapped_column(ForeignKey("topics.code"))
    happens_on: Mapped[Day]
    stance_id: Mapped[str | None] = mapped_column(ForeignKey("stances.id"))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"))
    commitment_id: Mapped[str | None] = mapped_column(ForeignKey("commitments.id"))
    noticed_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    company: Mapped[OrganisationRow] = relationship(lazy="joined", innerjoin=True)
