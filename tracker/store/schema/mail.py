"""Who wants what, what is owed to them, what was sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.codes import AlertKind, AlertState
from tracker.store.schema.base import Base, Code, one_of
from tracker.store.schema.register import OrganisationRow, TopicRow


class SubscriberState(StrEnum):
    """Whether an address may be written to: only ``active`` ones get alerts."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    STOPPED = "stopped"


class SubscriptionState(StrEnum):
    """Whether a wish is confirmed and still held."""

    PENDING = "pending"
    ACTIVE = "active"
    ENDED = "ended"


class DeliveryResult(StrEnum):
    """How one try to hand a mail over went."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class SubscriberRow(Base):
    """An address; ``token`` opens its manage page and stops its mail, for mail of any age."""

    __tablename__ = "subscribers"
    __table_args__ = (one_of("state", SubscriberState),)
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(Code, default=SubscriberState.PENDING)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmation_sent_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    suspended_why: Mapped[str | None]


class SubscriptionRow(Base):
    """A wish for a company, a topic, both, or (both empty) everything."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        one_of("state", SubscriptionState),
        Index("ix_subscriptions_state_company_id_topic", "state", "company_id", "topic"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    topic: Mapped[str | None] = mapped_column(ForeignKey("topics.code"))
    state: Mapped[str] = mapped_column(Code, default=SubscriptionState.PENDING)
    token: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    subscriber: Mapped[SubscriberRow] = relationship(lazy="joined", innerjoin=True)
    company: Mapped[OrganisationRow | None] = relationship(lazy="joined")
    topic_row: Mapped[TopicRow | None] = relationship(lazy="joined")


class AlertRow(Base):
    """The outbox. One row per address, change and kind, however many wishes match.

    ``mailed_with`` names the alert whose mail (and Message-ID) carries this one too; the first
    alert of such a mail names itself.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        one_of("kind", AlertKind),
        one_of("state", AlertState),
        UniqueConstraint("subscriber_id", "change_key", "kind"),
        Index("ix_alerts_state_due_at", "state", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"))
    kind: Mapped[str] = mapped_column(Code)
    change_key: Mapped[str] = mapped_column(index=True)
    stance_id: Mapped[str | None] = mapped_column(ForeignKey("stances.id"), index=True)
    payload: Mapped[dict[str, Any]]
    subscription_ids: Mapped[list[Any]]
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(Code, default=AlertState.OWED)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    mailed_with: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    subscriber: Mapped[SubscriberRow] = relationship(lazy="joined", innerjoin=True)


class DeliveryRow(Base):
    """One try: when, with which result, and what the server said."""

    __tablename__ = "deliveries"
    __table_args__ = (one_of("result", DeliveryResult),)
    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), index=True)
    at: Mapped[datetime]
    result: Mapped[str] = mapped_column(Code)
    answer: Mapped[str]
