"""Who wants to hear of what: addresses, their wishes, and the tokens that open their pages."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.errors import UsageError
from tracker.domain.model import SubscriberId, Subscription, SubscriptionId, TopicCode
from tracker.store.schema import OrganisationRow, SubscriberRow, SubscriptionRow, TopicRow
from tracker.store.schema.mail import SubscriberState, SubscriptionState

TOKEN_BYTES = 24
"""192 random bits: nobody guesses a token (promise 27)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish of a subscriber as its manage page shows it; ``company`` is a slug."""

    id: SubscriptionId
    words: str
    token: str
    state: SubscriptionState
    company: str | None
    topic: TopicCode | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address and what it asked for."""

    id: SubscriberId
    address: str
    token: str
    state: SubscriberState
    suspended_why: str | None
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a new wish is for: a company (slug), a topic, both, or everything.

    ``filter_for`` makes one of names that people give.
    """

    company: str | None = None
    topic: TopicCode | None = None


def filter_for(session: Session, company: str | None, topic: str | None) -> Filter:
    """What these names stand for: the slug of a company, the code or slug of a topic; empty ones
    count as not given. Raises UsageError when one of them is unknown here.
    """
    _company_id(session, company or None)
    code = session.scalar(
        select(TopicRow.code).where(or_(TopicRow.code == topic, TopicRow.slug == topic))
    )
    if topic and code is None:
        raise UsageError(f"there is no topic {topic!r} here; see the list at /t")
    return Filter(company or None, TopicCode(code) if code else None)


def wishes(session: Session) -> list[Subscription]:
    """Every confirmed wish of everybody who may be written to."""
    rows = session.execute(
        select(
            SubscriptionRow.id,
            SubscriptionRow.subscriber_id,
            OrganisationRow.slug,
            SubscriptionRow.topic,
        )
        .join(SubscriberRow, SubscriberRow.id == SubscriptionRow.subscriber_id)
        .outerjoin(OrganisationRow, OrganisationRow.id == SubscriptionRow.company_id)
        .where(
            SubscriptionRow.state == SubscriptionState.ACTIVE,
            SubscriberRow.state == SubscriberState.ACTIVE,
        )
        .order_by(SubscriptionRow.id)
    )
    return [
        Subscription(
            SubscriptionId(wish),
            SubscriberId(subscriber),
            company,
            TopicCode(topic) if topic else None,
        )
        for wish, subscriber, company, topic in rows
    ]


def everybody(session: Session) -> list[Subscriber]:
    """All subscribers with their wishes, for operators."""
    wishes: dict[int, list[SubscriptionRow]] = {}
    for wish in session.scalars(select(SubscriptionRow).order_by(SubscriptionRow.id)):
        wishes.setdefault(wish.subscriber_id, []).append(wish)
    rows = session.scalars(select(SubscriberRow).order_by(SubscriberRow.id))
    return [_with_wishes(row, wishes.get(row.id, ())) for row in rows]


def by_token(session: Session, token: str) -> Subscriber | None:
    """The subscriber whose own token this is."""
    row = session.scalar(select(SubscriberRow).where(SubscriberRow.token == token))
    return _subscriber(session, row) if row else None


def by_wish_token(session: Session, token: str) -> tuple[Subscriber, Wish] | None:
    """The wish that a token belongs to, and whose it is."""
    row = session.scalar(select(SubscriptionRow).where(SubscriptionRow.token == token))
    return (_subscriber(session, row.subscriber), _wish(row)) if row else None


def find_or_add(session: Session, address: str, now: datetime) -> SubscriberRow:
    """The subscriber with this address, however its letters are cased; a new one is pending."""
    _one_at_a_time(session, address)
    row = session.scalar(
        select(SubscriberRow).where(func.lower(SubscriberRow.address) == address.lower())
    )
    if row is None:
        row = SubscriberRow(
            address=address, token=_token(), state=SubscriberState.PENDING, created_at=now
        )
        session.add(row)
        session.flush()
    return row


def find_or_add_wish(
    session: Session, subscriber: SubscriberRow, wanted: Filter, now: datetime
) -> SubscriptionRow:
    """The subscriber's wish for this; a new one, or one that had ended, is pending."""
    company = _company_id(session, wanted.company)
    row = session.scalar(
        select(SubscriptionRow).where(
            SubscriptionRow.subscriber_id == subscriber.id,
            _same(SubscriptionRow.company_id, company),
            _same(SubscriptionRow.topic, wanted.topic),
        )
    )
    if row is None:
        row = SubscriptionRow(
            subscriber=subscriber,
            company_id=company,
            topic=wanted.topic,
            state=SubscriptionState.PENDING,
            token=_token(),
            created_at=now,
        )
        session.add(row)
    elif row.state == SubscriptionState.ENDED:
        row.state = SubscriptionState.PENDING
    session.flush()
    return row


def confirm(session: Session, subscriber: int, chosen: Sequence[int], now: datetime) -> None:
    """Make the chosen wishes count. Whoever had stopped all mail keeps only these."""
    row = session.get_one(SubscriberRow, subscriber)
    begins_anew = row.state == SubscriberState.STOPPED
    for wish in _wishes_of(session, subscriber):
        if wish.id in chosen:
            wish.state, wish.ended_at = SubscriptionState.ACTIVE, None
            wish.confirmed_at = wish.confirmed_at or now
        elif begins_anew and wish.state == SubscriptionState.ACTIVE:
            wish.state, wish.ended_at = SubscriptionState.ENDED, now
    _activate(row, now)


def end_wish(session: Session, subscriber: int, wish: int, now: datetime) -> None:
    """Stop one wish; to do so again changes nothing."""
    row = _own_wish(session, subscriber, wish)
    if row is not None and row.state != SubscriptionState.ENDED:
        row.state, row.ended_at = SubscriptionState.ENDED, now


def renew_wish(session: Session, subscriber: int, wish: int, now: datetime) -> None:
    """Take up a wish again that was confirmed before."""
    row = _own_wish(session, subscriber, wish)
    if row is not None and row.confirmed_at is not None:
        row.state, row.ended_at = SubscriptionState.ACTIVE, None
        _activate(row.subscriber, now)


def stop_all(session: Session, subscriber: int, now: datetime) -> None:
    """Send nothing more to this address; its wishes are kept for a change of mind."""
    row = session.get_one(SubscriberRow, subscriber)
    if row.state != SubscriberState.STOPPED:
        row.state, row.stopped_at = SubscriberState.STOPPED, now


def resume(session: Session, subscriber: int, now: datetime) -> None:
    """Write to this address again, if it was confirmed once."""
    row = session.get_one(SubscriberRow, subscriber)
    if row.confirmed_at is not None:
        _activate(row, now)


def in_words(wish: SubscriptionRow) -> str:
    """What a wish is for, as people read it."""
    company = wish.company.name if wish.company else None
    return _words(company, wish.topic_row.name if wish.topic_row else None)


def words_for(session: Session, wanted: Filter) -> str:
    """What a filter is for, as people read it."""
    company = session.scalar(
        select(OrganisationRow.name).where(OrganisationRow.slug == wanted.company)
    )
    topic = session.scalar(select(TopicRow.name).where(TopicRow.code == wanted.topic))
    return _words(company, topic)


def _words(company: str | None, topic: str | None) -> str:
    return " on ".join(filter(None, (company, topic))) or "everything"


def _activate(row: SubscriberRow, now: datetime) -> None:
    row.state, row.stopped_at, row.suspended_why = SubscriberState.ACTIVE, None, None
    row.confirmed_at = row.confirmed_at or now


def _own_wish(session: Session, subscriber: int, wish: int) -> SubscriptionRow | None:
    row = session.get(SubscriptionRow, wish)
    return row if row is not None and row.subscriber_id == subscriber else None


def _wishes_of(session: Session, subscriber: int) -> Sequence[SubscriptionRow]:
    return session.scalars(
        select(SubscriptionRow)
        .where(SubscriptionRow.subscriber_id == subscriber)
        .order_by(SubscriptionRow.id)
    ).all()


def _subscriber(session: Session, row: SubscriberRow) -> Subscriber:
    return _with_wishes(row, _wishes_of(session, row.id))


def _with_wishes(row: SubscriberRow, wishes: Sequence[SubscriptionRow]) -> Subscriber:
    return Subscriber(
        id=SubscriberId(row.id),
        address=row.address,
        token=row.token,
        state=SubscriberState(row.state),
        suspended_why=row.suspended_why,
        wishes=tuple(_wish(wish) for wish in wishes),
    )


def _wish(row: SubscriptionRow) -> Wish:
    return Wish(
        id=SubscriptionId(row.id),
        words=in_words(row),
        token=row.token,
        state=SubscriptionState(row.state),
        company=row.company.slug if row.company else None,
        topic=TopicCode(row.topic) if row.topic else None,
        created_at=row.created_at,
    )


def _same(column: InstrumentedAttribute[Any], value: object) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _company_id(session: Session, slug: str | None) -> int | None:
    if slug is None:
        return None
    found = session.scalar(select(OrganisationRow.id).where(OrganisationRow.slug == slug))
    if found is None:
        raise UsageError(f"there is no organisation {slug!r} here; see the list at /c")
    return found


def _one_at_a_time(session: Session, address: str) -> None:
    """SQLite has one writer; on PostgreSQL two requests could else add one address twice."""
    if session.get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256(address.lower().encode()).digest()[:8]
        key = int.from_bytes(digest, signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
