"""The outbox: who is owed what, who may send it, and what became of it.

A row is owed, then sent, failed with a reason, or withdrawn before it was sent. Whoever sends
holds a lease; when that runs out (a crash) somebody else may send the same mail again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Text,
    and_,
    column,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.domain.alerting import Change, StanceNews, bundles, message_id
from tracker.domain.codes import AlertKind, AlertState
from tracker.domain.model import AlertId, AlertToSend, Reason, StanceId, Subscription
from tracker.store.schema import AlertRow, SubscriptionRow
from tracker.store.schema.base import UtcDateTime
from tracker.store.subscribers import in_words

NEWS = (AlertKind.STANCE, AlertKind.CHANGE)
CLAIMING = 7_210_411
"""The advisory lock on PostgreSQL under which rows are claimed, one claim at a time."""


def owe(
    session: Session,
    change: Change,
    news: StanceNews,
    wishes: Iterable[Subscription],
    domain: str,
    now: datetime,
) -> int:
    """Owe word of a change to everybody who holds one of these wishes; return how many are new.

    ``wishes`` are those that match (``alerting.matching``). A subscriber gets one row, whatever
    number of wishes match and however often this is called. ``domain`` is the right side of the
    Message-ID.
    """
    told = _told(session, change)
    by_subscriber: dict[int, list[int]] = {}
    for wish in wishes:
        if wish.subscriber not in told:
            by_subscriber.setdefault(wish.subscriber, []).append(wish.id)
    row = _Shared(change.alert_kind, change.key, change.stance, news.to_json(), domain, now)
    _insert(session, row, by_subscriber)
    return len(by_subscriber)


def owe_confirmation(
    session: Session,
    subscriber: int,
    wish: int,
    payload: Mapping[str, Any],
    domain: str,
    now: datetime,
) -> None:
    """Owe the mail that asks whether a wish was really meant; once per wish and day."""
    key = f"confirm/{wish}/{now:%Y-%m-%d}"
    row = _Shared(AlertKind.CONFIRMATION, key, None, dict(payload), domain, now)
    _insert(session, row, {subscriber: [wish]})


def claim(session: Session, now: datetime, limit: int, lease: timedelta) -> list[AlertToSend]:
    """Take at most ``limit`` mails to send, oldest first, and hold them until the lease is over.

    A subscriber's alerts stay in order: one is not taken while an earlier one still waits.
    """
    _one_claim_at_a_time(session)
    ready = session.execute(_ready(now).limit(limit)).all()
    _bundle(session, {row.subscriber_id for row in ready}, now)
    rows = _with_their_bundles(session, [row.id for row in ready])
    until = now + lease
    session.execute(
        update(AlertRow)
        .where(AlertRow.id.in_([row.id for row in rows]))
        .values(attempts=AlertRow.attempts + 1, leased_until=until)
        .execution_options(synchronize_session=False)
    )
    reasons = _reasons(session, rows)
    return _mails(session, rows, {row.id: _to_send(row, reasons, until) for row in rows})


def sent_since(session: Session, moment: datetime) -> int:
    """How many alerts were sent since then."""
    return session.scalar(select(func.count()).where(AlertRow.sent_at > moment)) or 0


def owed(session: Session) -> int:
    """How many alerts wait to be sent."""
    return session.scalar(select(func.count()).where(AlertRow.state == AlertState.OWED)) or 0


def _told(session: Session, change: Change) -> set[int]:
    return set(
        session.scalars(
            select(AlertRow.subscriber_id).where(
                AlertRow.change_key == change.key, AlertRow.kind == change.alert_kind
            )
        )
    )


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all rows of one change have in common."""

    kind: AlertKind
    key: str
    stance: str | None
    payload: Mapping[str, Any]
    domain: str
    now: datetime


def _insert(session: Session, row: _Shared, wishes: Mapping[int, Sequence[int]]) -> None:
    """One statement for all subscribers, so that the payload is handed over once."""
    own = [
        [subscriber, ids, message_id(f"{row.kind}:{row.key}:{subscriber}", row.domain)]
        for subscriber, ids in wishes.items()
    ]
    is_sqlite = _is_sqlite(session)
    each = func.json_each if is_sqlite else func.json_array_elements
    one = each(literal(own, JSON)).table_valued(column("value", JSON)).c.value
    values = {
        AlertRow.subscriber_id: one[0].as_integer(),
        AlertRow.subscription_ids: one[1],
        AlertRow.message_id: one[2].as_string(),
        AlertRow.kind: literal(row.kind),
        AlertRow.change_key: literal(row.key),
        AlertRow.stance_id: literal(row.stance, Text),
        AlertRow.payload: literal(row.payload, JSON),
        AlertRow.state: literal(AlertState.OWED),
        AlertRow.created_at: literal(row.now, UtcDateTime),
        AlertRow.due_at: literal(row.now, UtcDateTime),
        AlertRow.attempts: literal(0),
    }
    insert = sqlite.insert if is_sqlite else postgresql.insert
    rows = select(*values.values()).where(literal(True))
    session.execute(insert(AlertRow).from_select(list(values), rows).on_conflict_do_nothing())


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _one_claim_at_a_time(session: Session) -> None:
    """SQLite has one writer; on PostgreSQL two claims could else break the order."""
    if not _is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CLAIMING})


def _ready(now: datetime) -> Any:
    """Owed and due, leased by nobody, first of its mail, no earlier one of the person waiting."""
    waiting = (
        select(AlertRow.subscriber_id, func.min(AlertRow.id).label("first"))
        .where(
            AlertRow.state == AlertState.OWED,
            AlertRow.kind != AlertKind.CONFIRMATION,
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
                AlertRow.kind == AlertKind.CONFIRMATION,
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


def _bundle(session: Session, subscribers: Iterable[int], now: datetime) -> None:
    """Mark which alerts go out as one mail; only those that nobody ever tried to send."""
    fresh = session.execute(
        select(AlertRow.subscriber_id, AlertRow.id, AlertRow.created_at)
        .where(
            AlertRow.subscriber_id.in_(set(subscribers)),
            _free(now),
            AlertRow.attempts == 0,
            AlertRow.mailed_with.is_(None),
            AlertRow.kind.in_(NEWS),
        )
        .order_by(AlertRow.created_at, AlertRow.id)
    ).all()
    waiting: dict[int, list[tuple[AlertId, datetime]]] = {}
    for subscriber, alert, created in fresh:
        waiting.setdefault(subscriber, []).append((AlertId(alert), created))
    for alerts in waiting.values():
        for bundle in bundles(alerts, now):
            session.execute(
                update(AlertRow)
                .where(AlertRow.id.in_(bundle))
                .values(mailed_with=bundle[0])
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
    wishes = session.scalars(select(SubscriptionRow).where(SubscriptionRow.id.in_(ids)))
    return {wish.id: Reason(in_words(wish), wish.token) for wish in wishes}


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


def _to_send(row: AlertRow, reasons: Mapping[int, Reason], until: datetime) -> AlertToSend:
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
        stance=StanceId(row.stance_id) if row.stance_id else None,
        leased_until=until,
        reasons=tuple(reasons[wish] for wish in row.subscription_ids if wish in reasons),
    )
