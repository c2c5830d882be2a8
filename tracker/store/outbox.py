"""The outbox as an operator sees it: how much stands where, one alert whole, another try."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from tracker.domain.codes import AlertState
from tracker.store import facts
from tracker.store.schema import AlertRow, DeliveryRow, SubscriberRow
from tracker.store.schema.mail import SubscriberState

HELD = "sending_held"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Standing(StrEnum):
    """Where an alert stands; one that is leased is in somebody's hands right now."""

    OWED = "owed"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many alerts stand where, how many addresses are suspended, and how fast it goes.

    ``late`` are owed and could have been sent for more than an hour.
    """

    owed: int
    leased: int
    sent: int
    failed: int
    withdrawn: int
    suspended_addresses: int
    sent_last_hour: int
    sent_last_day: int
    late: int
    oldest_owed: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One alert in a list."""

    id: int
    standing: Standing
    kind: str
    address: str
    change: str
    created: datetime
    due: datetime
    attempts: int
    sent: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """One alert with every try."""

    line: Line
    message_id: str
    mailed_with: int | None
    tries: tuple[tuple[datetime, str, str], ...]


def hold(session: Session, by: str, now: datetime) -> None:
    """Let nothing leave until ``release``, in any process."""
    facts.remember(session, HELD, f"{now:%Y-%m-%d %H:%M} UTC, {by}")
    facts.touch(session, now)


def release(session: Session, now: datetime) -> None:
    """Let mails and words to programs leave again."""
    facts.remember(session, HELD, "")
    facts.touch(session, now)


def held(session: Session) -> str | None:
    """Since when and by whom sending is held; None while it is not."""
    return facts.fact(session, HELD) or None


def counts(session: Session, now: datetime) -> Counts:
    """The numbers of this moment."""

    def number(standing: Standing) -> int:
        return _number(session, _standing(standing, now))

    oldest = select(func.min(AlertRow.created_at)).where(AlertRow.state == AlertState.OWED)
    return Counts(
        **{standing.value: number(standing) for standing in Standing},
        suspended_addresses=_suspended(session),
        sent_last_hour=_number(session, AlertRow.sent_at > now - HOUR),
        sent_last_day=_number(session, AlertRow.sent_at > now - DAY),
        late=_number(session, _standing(Standing.OWED, now) & (AlertRow.due_at < now - HOUR)),
        oldest_owed=session.scalar(oldest),
    )


def lines(
    session: Session, standing: Standing | None, now: datetime, limit: int, skip: int = 0
) -> Iterator[Line]:
    """Alerts, newest first."""
    query = select(AlertRow).order_by(AlertRow.id.desc()).limit(limit).offset(skip)
    if standing is not None:
        query = query.where(_standing(standing, now))
    for row in session.scalars(query):
        yield _line(row, now)


def whole(session: Session, alert: int, now: datetime) -> Whole | None:
    """One alert with every try; None when there is none of that number."""
    row = session.get(AlertRow, alert)
    if row is None:
        return None
    tries = session.scalars(
        select(DeliveryRow).where(DeliveryRow.alert_id == alert).order_by(DeliveryRow.id)
    )
    told = tuple((one.at, one.result, one.answer) for one in tries)
    return Whole(_line(row, now), row.message_id, row.mailed_with, told)


def retry(session: Session, alerts: Collection[int] | None, now: datetime) -> list[int]:
    """Owe failed alerts again: these, or all that failed; return which.

    One that reached nobody because its address is suspended fails again: resume that first.
    """
    chosen = AlertRow.state == AlertState.FAILED
    if alerts is not None:
        chosen = and_(chosen, AlertRow.id.in_(alerts))
    done = session.execute(
        update(AlertRow)
        .where(chosen)
        .values(state=AlertState.OWED, due_at=now, attempts=0, sent_at=None)
        .returning(AlertRow.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(done.scalars())


def wake(session: Session, now: datetime) -> int:
    """Let all that waits for its next try be tried now; return how many."""
    waiting = and_(AlertRow.state == AlertState.OWED, AlertRow.attempts > 0, AlertRow.due_at > now)
    done = session.execute(
        update(AlertRow)
        .where(waiting)
        .values(due_at=now)
        .returning(AlertRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())


def _standing(standing: Standing, now: datetime) -> ColumnElement[bool]:
    leased = func.coalesce(AlertRow.leased_until > now, False)
    owed = AlertRow.state == AlertState.OWED
    return {
        Standing.OWED: and_(owed, ~leased),
        Standing.LEASED: and_(owed, leased),
        Standing.SENT: AlertRow.state == AlertState.SENT,
        Standing.FAILED: AlertRow.state == AlertState.FAILED,
        Standing.WITHDRAWN: AlertRow.state == AlertState.WITHDRAWN_BEFORE_SEND,
    }[standing]


def _stands(row: AlertRow, now: datetime) -> Standing:
    if row.state == AlertState.OWED:
        held = row.leased_until is not None and row.leased_until > now
        return Standing.LEASED if held else Standing.OWED
    if row.state == AlertState.WITHDRAWN_BEFORE_SEND:
        return Standing.WITHDRAWN
    return Standing(row.state)


def _line(row: AlertRow, now: datetime) -> Line:
    return Line(
        id=row.id,
        standing=_stands(row, now),
        kind=row.kind,
        address=row.subscriber.address,
        change=row.change_key,
        created=row.created_at,
        due=row.due_at,
        attempts=row.attempts,
        sent=row.sent_at,
        last_error=row.last_error,
    )


def _number(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(AlertRow).where(condition)) or 0


def _suspended(session: Session) -> int:
    query = select(func.count()).where(SubscriberRow.state == SubscriberState.SUSPENDED)
    return session.scalar(query) or 0
