"""What the program itself needs: facts, leases, limits, staff, the search documents."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.codes import Sender, UserRole
from tracker.store.schema.base import Base, Code, one_of


class FactRow(Base):
    """One remembered fact about this installation, such as the version of the starter data."""

    __tablename__ = "facts"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class LeaseRow(Base):
    """Who may act alone until when: exactly one scheduler holds the lease of that name."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]


class LimitRow(Base):
    """How often something was tried in a window of time; shared by all web workers."""

    __tablename__ = "limits"
    bucket: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class SubmissionRow(Base):
    """What a reader sent in about a page; a review of its own holds what a person decided."""

    __tablename__ = "submissions"
    __table_args__ = (one_of("sender", Sender),)
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    about: Mapped[str]
    sender: Mapped[str] = mapped_column(Code)
    text: Mapped[str]
    source: Mapped[str | None]
    contact: Mapped[str | None]
    sent_at: Mapped[datetime] = mapped_column(index=True)


class UserRow(Base):
    """A member of staff; one who is not ``active`` cannot sign in, and the name stays theirs."""

    __tablename__ = "users"
    __table_args__ = (one_of("role", UserRole),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str | None]
    role: Mapped[str] = mapped_column(Code)
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]


class SignInRow(Base):
    """Somebody is signed in until ``ends_at``; ``key`` is the hash of what their browser holds."""

    __tablename__ = "sign_ins"
    key: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class SearchRow(Base):
    """One searchable text; the full-text index over it is made by the migrations.

    Ids rise with the day (``store/tags.py``), so what is newest stands at the end. ``body`` is the
    last column: SQLite reads a row from its beginning, and bodies are long.
    """

    __tablename__ = "search_documents"
    __table_args__ = (UniqueConstraint("kind", "record_id"),)
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(Code)
    record_id: Mapped[str]
    day: Mapped[date | None]
    tags: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
