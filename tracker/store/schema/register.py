"""Who and what: organisations, people, topics, hosts."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.codes import NameKind, OrganisationKind, Origin, Tier, TopicKind
from tracker.store.schema.base import Base, Code, one_of


class OrganisationRow(Base):
    __tablename__ = "organisations"
    __table_args__ = (
        one_of("kind", OrganisationKind),
        one_of("origin", Origin),
        CheckConstraint("slug <> '' AND name <> ''", name="named"),
        Index("ix_organisations_kind_name", "kind", "name"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(Code)
    origin: Mapped[str] = mapped_column(Code, default=Origin.STARTER)
    focus: Mapped[str | None]
    domain: Mapped[str | None]
    country: Mapped[str | None]
    sector: Mapped[str | None]
    wikidata: Mapped[str | None]
    standalone: Mapped[bool] = mapped_column(default=False)
    ambiguous: Mapped[bool] = mapped_column(default=False)
    ambiguity: Mapped[str | None]
    note: Mapped[str | None]
    names: Mapped[list["OrganisationNameRow"]] = relationship(
        order_by="OrganisationNameRow.id", cascade="all, delete-orphan"
    )
    parents: Mapped[list["ParentRow"]] = relationship(
        foreign_keys="ParentRow.organisation_id",
        order_by="ParentRow.id",
        cascade="all, delete-orphan",
    )


class OrganisationNameRow(Base):
    __tablename__ = "organisation_names"
    __table_args__ = (
        one_of("kind", NameKind),
        UniqueConstraint("organisation_id", "kind", "text"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    text: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(Code)
    since: Mapped[date | None]
    until: Mapped[date | None]


class ParentRow(Base):
    __tablename__ = "parents"
    __table_args__ = (
        UniqueConstraint("organisation_id", "parent_id", "since"),
        CheckConstraint("organisation_id <> parent_id", name="not_itself"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    note: Mapped[str | None]
    parent: Mapped[OrganisationRow] = relationship(foreign_keys=[parent_id])


class PersonRow(Base):
    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("name", "organisation_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str | None]
    since: Mapped[date | None]
    until: Mapped[date | None]
    organisation: Mapped[OrganisationRow] = relationship()


class TopicRow(Base):
    __tablename__ = "topics"
    __table_args__ = (one_of("kind", TopicKind),)
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    group: Mapped[str] = mapped_column("topic_group")
    name: Mapped[str]
    covers: Mapped[str]
    cues: Mapped[str]
    excludes: Mapped[str]
    reference_side: Mapped[str]
    contested: Mapped[bool]
    split_by: Mapped[str | None]
    kind: Mapped[str] = mapped_column(Code)
    practice: Mapped[str]
    place: Mapped[int]


class HostRow(Base):
    __tablename__ = "hosts"
    __table_args__ = (one_of("tier", Tier),)
    host: Mapped[str] = mapped_column(primary_key=True)
    tier: Mapped[str] = mapped_column(Code)
    aggregator: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None]
