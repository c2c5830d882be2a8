"""How the watching goes: incidents of sources, backfills."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.backfill import BackfillState, BackfillWay
from tracker.domain.health import IncidentKind
from tracker.store.schema.base import Base, Code, one_of


class IncidentRow(Base):
    """Something is wrong with a source; closed by itself when it is well again."""

    __tablename__ = "incidents"
    __table_args__ = (one_of("kind", IncidentKind),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    kind: Mapped[str] = mapped_column(Code)
    what: Mapped[str]
    opened_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)


class BackfillRow(Base):
    """How far the older entries of a source have been fetched."""

    __tablename__ = "backfills"
    __table_args__ = (one_of("way", BackfillWay), one_of("state", BackfillState))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    way: Mapped[str] = mapped_column(Code)
    state: Mapped[str] = mapped_column(Code)
    next_url: Mapped[str | None]
    until: Mapped[date]
    pages: Mapped[int]
    entries: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
