"""Who wants what, what is owed to them, what was sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.codes import AlertKind, AlertState, Pace
from tracker.store.schema.base import Base, Code, one_of


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
    """How one try to hand a mail over went, and what was heard of it later.

    Refused may pass, rejected is for good. Bounced (for good) and returned (it may pass) came back
    after a server had accepted it; delayed is still on its way; complained: marked as spam.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    REJECTED = "rejected"
    BOUNCED = "bounced"
    RETURNED = "returned"
    DELAYED = "delayed"
    COMPLAINED = "complained"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class SubscriberRow(Base):
    """An address; ``token`` opens its manage page and stops its mail, for mail of any age.

    ``zone`` (IANA), ``digest_hour`` and ``digest_weekday`` (0 is Monday) say when gathered mail
    goes out. Nothing goes out before ``paused_until``.
    """

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
    suspended_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(Code, default="en", server_default="en")
    zone: Mapped[str] = mapped_column(default="UTC", server_default="UTC")
    digest_hour: Mapped[int] = mapped_column(default=7, server_default="7")
    digest_weekday: Mapped[int] = mapped_column(default=0, server_default="0")


class AddressChangeRow(Base):
    """A reader moves to another address (``to_id``); done when both addresses have agreed."""

    __tablename__ = "address_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"), index=True)
    old_token: Mapped[str] = mapped_column(unique=True)
    new_token: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    old_agreed_at: Mapped[datetime | None]
    new_agreed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class SubscriptionRow(Base):
    """A wish: ``query`` is what is asked for, as it stands in the address of a page.

    ``former`` holds what was asked for before its reader changed it, each with the moment until
    which it was (ISO 8601), oldest first.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (one_of("state", SubscriptionState), one_of("pace", Pace))
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"), index=True)
    query: Mapped[str]
    pace: Mapped[str] = mapped_column(Code, default=Pace.AT_ONCE)
    state: Mapped[str] = mapped_column(Code, default=SubscriptionState.PENDING, index=True)
    token: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    former: Mapped[list[Any] | None]
    subscriber: Mapped[SubscriberRow] = relationship(lazy="joined", innerjoin=True)


class WatchListRow(Base):
    """Companies and topics (slugs) that a reader has put together under a name.

    ``key`` names it in addresses: nobody guesses it, and it says nothing of its reader.
    """

    __tablename__ = "watch_lists"
    __table_args__ = (UniqueConstraint("subscriber_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"))
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    companies: Mapped[list[Any]]
    topics: Mapped[list[Any]]
    created_at: Mapped[datetime]


class AlertRow(Base):
    """The outbox. One row per address, change and kind, however many wishes match.

    ``mailed_with`` names the alert whose mail (and Message-ID) carries this one too; the first
    alert of such a mail names itself. ``replies_to`` names the alert that a correction corrects.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        one_of("kind", AlertKind),
        one_of("state", AlertState),
        one_of("pace", Pace),
        UniqueConstraint("subscriber_id", "change_key", "kind"),
        Index("ix_alerts_state_due_at", "state", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"))
    kind: Mapped[str] = mapped_column(Code)
    change_key: Mapped[str] = mapped_column(index=True)
    stance_id: Mapped[str | None] = mapped_column(ForeignKey("stances.id"), index=True)
    reaction_id: Mapped[str | None] = mapped_column(ForeignKey("reactions.id"), index=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"), index=True)
    payload: Mapped[dict[str, Any]]
    subscription_ids: Mapped[list[Any]]
    message_id: Mapped[str] = mapped_column(unique=True)
    pace: Mapped[str] = mapped_column(Code, default=Pace.AT_ONCE)
    state: Mapped[str] = mapped_column(Code, default=AlertState.OWED)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    mailed_with: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    replies_to: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    subscriber: Mapped[SubscriberRow] = relationship(lazy="joined", innerjoin=True)


class DeliveryRow(Base):
    """One try: when, with which result, and what the server said."""

    __tablename__ = "deliveries"
    __table_args__ = (one_of("result", DeliveryResult),)
    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    result: Mapped[str] = mapped_column(Code)
    answer: Mapped[str]


class HookRow(Base):
    """An address of a program that is told as readers are; ``query`` is what it asks for.

    ``secret`` signs what is posted there.
    """

    __tablename__ = "hooks"
    __table_args__ = (UniqueConstraint("url", "query"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    secret: Mapped[str]
    query: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class HookAlertRow(Base):
    """What is owed to a hook: one row per hook, change and kind."""

    __tablename__ = "hook_alerts"
    __table_args__ = (
        one_of("state", AlertState),
        UniqueConstraint("hook_id", "change_key", "kind"),
        Index("ix_hook_alerts_state_due_at", "state", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("hooks.id"))
    kind: Mapped[str] = mapped_column(Code)
    change_key: Mapped[str]
    stance_id: Mapped[str | None] = mapped_column(ForeignKey("stances.id"), index=True)
    reaction_id: Mapped[str | None] = mapped_column(ForeignKey("reactions.id"), index=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("calls.id"), index=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(Code, default=AlertState.OWED)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    hook: Mapped[HookRow] = relationship(lazy="joined", innerjoin=True)
