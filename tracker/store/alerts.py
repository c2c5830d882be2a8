"""The outbox: who is owed what, who may send it, and what became of it.

A row is owed, then sent, failed with a reason, or withdrawn before it was sent. Whoever sends
holds a lease; when that runs out (a crash) somebody else may send the same mail again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text, true, update
from sqlalchemy.orm import Session, aliased

from tracker.domain import wishes
from tracker.domain.alerting import bundles
from tracker.domain.codes import AlertKind, AlertState, Pace
from tracker.domain.model import AlertId, AlertToSend, Reason, StanceId
from tracker.domain.wish_words import in_words
from tracker.store.database import on_sqlite
from tracker.store.schema import AlertRow, SubscriberRow, SubscriptionRow
from tracker.store.wish_words import names_of

ALONE = (AlertKind.CONFIRMATION, AlertKind.MOVE)
"""Mails that carry nothing else and wait for nothing."""

CLAIMING = 7_210_411
"""The advisory lock on PostgreSQL under which rows are claimed, one claim at a time."""


def claim(
    session: Session,
    now: datetime,
    limit: int,
    lease: timedelta,
    *,
    except_domains: Collection[str] = (),
) -> list[AlertToSend]:
    """Take at most ``limit`` mails to send, oldest first, and hold them until the lease is over.

    A subscriber's alerts stay in order: one is not taken while an earlier one still waits.
    Addresses in ``except_domains`` must wait.
    """
    _one_claim_at_a_time(session)
    ready = session.execute(_ready(now).where(_elsewhere(except_domains)).limit(limit)).all()
    _bundle(session, {row.subscriber_id for row in ready}, now)
    rows = _with_their_bundles(session, [row.id for row in ready])
    until = now + lease
    session.execute(
        update(AlertRow)
        .where(AlertRow.id.in_([row.id for row in rows]))
        .values(attempts=AlertRow.attempts + 1, leased_until=until)
        .execution_options(synchronize_session=False)
    )
    reasons, answered = _reasons(session, rows), _answered(session, rows)
    alerts = {row.id: _to_send(row, reasons, answered, until) for row in rows}
    return _mails(session, rows, alerts)


def sent_since(session: Session, moment: datetime) -> int:
    """How many alerts were sent since then."""
    return session.scalar(select(func.count()).where(AlertRow.sent_at > moment)) or 0


def owed(session: Session) -> int:
    """How many alerts wait to be sent."""
    return session.scalar(select(func.count()).where(AlertRow.state == AlertState.OWED)) or 0


def _one_claim_at_a_time(session: Session) -> None:
    """SQLite has one writer; on PostgreSQL two claims could else break the order."""
    if not on_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CLAIMING})


def _ready(now: datetime) -> Any:
    """Owed and due, leased by nobody, first of its mail, no earlier one of the person waiting."""
    waiting = (
        select(AlertRow.subscriber_id, func.min(AlertRow.id).label("first"))
        .where(
            AlertRow.state == AlertState.OWED,
            AlertRow.kind.not_in(ALONE),
            AlertRow.pace == Pace.AT_ONCE,
            or_(AlertRow.due_at > now, AlertRow.leased_until > now),
        )
        .group_by(AlertRow.subscriber_id)
        .subquery("waiting")
    )
    bundle = (
        select(AlertRow.mailed_with, func.min(AlertRow.id).label("first"))
        .where(AlertRow.state == AlertState.OWED, AlertRow.mailed_with.is_not(None))
        .group_by(AlertRow.mailed_with)
        .subquery("bundle")
    )
    return (
        select(AlertRow.id, AlertRow.subscriber_id)
        .outerjoin(waiting, waiting.c.subscriber_id == AlertRow.subscriber_id)
        .outerjoin(bundle, bundle.c.mailed_with == AlertRow.mailed_with)
        .where(
            _free(now),
            or_(bundle.c.first.is_(None), bundle.c.first == AlertRow.id),
            or_(
                AlertRow.kind.in_(ALONE),
                AlertRow.pace != Pace.AT_ONCE,
                waiting.c.first.is_(None),
                waiting.c.first > AlertRow.id,
            ),
        )
        .order_by(AlertRow.created_at, AlertRow.id)
        .with_for_update(skip_locked=True, of=AlertRow)
    )


def _free(now: datetime) -> ColumnElement[bool]:
    return and_(
        AlertRow.state == AlertState.OWED,
        AlertRow.due_at <= now,
        or_(AlertRow.leased_until.is_(None), AlertRow.leased_until <= now),
    )


def _elsewhere(domains: Collection[str]) -> ColumnElement[bool]:
    address = func.lower(SubscriberRow.address)
    if not domains:
        return true()
    there = or_(*(address.endswith(f"@{domain}", autoescape=True) for domain in domains))
    return AlertRow.subscriber_id.not_in(select(SubscriberRow.id).where(there))


def _bundle(session: Session, subscribers: Iterable[int], now: datetime) -> None:
    """Mark which alerts go out as one mail; only those that nobody ever tried to send.

    No bundle reaches over an alert that goes out by itself: it would arrive too late.
    """
    fresh = and_(
        _free(now),
        AlertRow.attempts == 0,
        AlertRow.mailed_with.is_(None),
        AlertRow.kind != AlertKind.CORRECTION,
    )
    rows = session.execute(
        select(AlertRow.subscriber_id, AlertRow.id, AlertRow.created_at, AlertRow.pace, fresh)
        .where(
            AlertRow.subscriber_id.in_(set(subscribers)),
            AlertRow.state == AlertState.OWED,
            AlertRow.kind.not_in(ALONE),
        )
        .order_by(AlertRow.created_at, AlertRow.id)
    ).all()
    at_once: dict[int, list[list[tuple[AlertId, datetime]]]] = {}
    gathered: dict[int, list[AlertId]] = {}
    for subscriber, alert, created, pace, is_fresh in rows:
        if pace != Pace.AT_ONCE:
            gathered.setdefault(subscriber, []).extend([AlertId(alert)] if is_fresh else [])
            continue
        runs = at_once.setdefault(subscriber, [[]])
        if is_fresh:
            runs[-1].append((AlertId(alert), created))
        else:
            runs.append([])
    for run in (run for runs in at_once.values() for run in runs):
        _mail_together(session, bundles(run, now))
    _mail_together(session, (group for group in gathered.values() if group))


def _mail_together(session: Session, groups: Iterable[Sequence[AlertId]]) -> None:
    for group in groups:
        session.execute(
            update(AlertRow)
            .where(AlertRow.id.in_(group))
            .values(mailed_with=group[0])
            .execution_options(synchronize_session=False)
        )


def _with_their_bundles(session: Session, ids: Sequence[int]) -> Sequence[AlertRow]:
    of_bundles = select(AlertRow.mailed_with).where(
        AlertRow.id.in_(ids), AlertRow.mailed_with.is_not(None)
    )
    return session.scalars(
        select(AlertRow)
        .where(
            AlertRow.state == AlertState.OWED,
            or_(AlertRow.id.in_(ids), AlertRow.mailed_with.in_(of_bundles)),
        )
        .order_by(AlertRow.created_at, AlertRow.id)
        .execution_options(populate_existing=True)
    ).all()


def _reasons(session: Session, rows: Iterable[AlertRow]) -> dict[int, Reason]:
    ids = {wish for row in rows for wish in row.subscription_ids}
    found = session.scalars(select(SubscriptionRow).where(SubscriptionRow.id.in_(ids))).all()
    asked = {row.id: wishes.from_address(row.query) for row in found}
    names = names_of(session, asked.values())
    said = {row.id: partial(in_words, asked[row.id], names) for row in found}
    return {row.id: Reason(said[row.id](), row.token, said[row.id]) for row in found}


def _answered(session: Session, rows: Iterable[AlertRow]) -> dict[int, str]:
    """The Message-ID of the mail that carried each alert which one of these corrects."""
    told = aliased(AlertRow)
    found = session.execute(
        select(told.id, AlertRow.message_id)
        .join(AlertRow, AlertRow.id == func.coalesce(told.mailed_with, told.id))
        .where(told.id.in_({row.replies_to for row in rows if row.replies_to}))
    )
    return {told_id: mailed for told_id, mailed in found}


def _mails(
    session: Session, rows: Sequence[AlertRow], alerts: Mapping[int, AlertToSend]
) -> list[AlertToSend]:
    """One value per mail: the first alert of it, with the others that it carries.

    The Message-ID of a bundle is that of the alert it was made for, even if that one is withdrawn.
    """
    mails: dict[int, list[AlertToSend]] = {}
    for row in rows:
        mails.setdefault(row.mailed_with or row.id, []).append(alerts[row.id])
    ids = select(AlertRow.id, AlertRow.message_id).where(AlertRow.id.in_(mails))
    message_ids = {row.id: row.message_id for row in session.execute(ids)}
    return [
        replace(first, message_id=message_ids[leader], also=tuple(more))
        for leader, (first, *more) in mails.items()
    ]


def _to_send(
    row: AlertRow, reasons: Mapping[int, Reason], answered: Mapping[int, str], until: datetime
) -> AlertToSend:
    return AlertToSend(
        id=AlertId(row.id),
        kind=AlertKind(row.kind),
        address=row.subscriber.address,
        change=row.change_key,
        payload=row.payload,
        attempts=row.attempts + 1,
        created=row.created_at,
        token=row.subscriber.token,
        message_id=row.message_id,
        pace=Pace(row.pace),
        replies_to=answered.get(row.replies_to) if row.replies_to else None,
        language=row.subscriber.language,
        zone=row.subscriber.zone,
        stance=StanceId(row.stance_id) if row.stance_id else None,
        leased_until=until,
        reasons=tuple(reasons[wish] for wish in row.subscription_ids if wish in reasons),
    )
