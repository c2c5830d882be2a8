"""What refusals and reports do to an address, and how that is taken back (promise 13)."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from tracker.domain.codes import AlertState
from tracker.domain.refusals import (
    SOFT_WINDOW,
    Try,
    Verdict,
    refused_by_all_means,
    softly_refused_too_often,
)
from tracker.store.schema import AlertRow, DeliveryRow, SubscriberRow
from tracker.store.schema.mail import DeliveryResult, SubscriberState

LONGEST_REASON = 500
LOOKS_BACK = timedelta(days=7)
MOST_TRIES = 1000
"""So many tries at most are looked back on."""

VERDICTS = {
    DeliveryResult.ACCEPTED: Verdict.ACCEPTED,
    DeliveryResult.REFUSED: Verdict.REFUSED,
    DeliveryResult.REJECTED: Verdict.REJECTED,
    DeliveryResult.BOUNCED: Verdict.REJECTED,
    DeliveryResult.RETURNED: Verdict.REFUSED,
}


def suspend(session: Session, reader: int, why: str, now: datetime) -> None:
    """Write to this address no more until it confirms again."""
    row = session.get_one(SubscriberRow, reader)
    if row.state != SubscriberState.STOPPED:
        row.state, row.suspended_why = SubscriberState.SUSPENDED, why[:LONGEST_REASON]
        row.suspended_at = now


def takes_back(session: Session, reader: int, now: datetime) -> bool:
    """Whether the server seems to refuse everybody; if so, suspensions it caused are taken back.

    An address refused for good twice, while mail for others was accepted in between, is no proof.
    """
    tries = _tries(session.execute(_query(now - LOOKS_BACK).limit(MOST_TRIES)).all())
    everybody = refused_by_all_means(tries)
    if not everybody or _others_were_accepted(session, reader, _refused_before(reader, now)):
        return False
    since = min(one.at for one in tries if one.reader in everybody)
    _reinstate(session, everybody, since, now)
    return True


def too_many_soft_ones(session: Session, reader: int, now: datetime) -> bool:
    """Whether an address refused softly on five days of the last seven."""
    own = _query(now - SOFT_WINDOW).where(AlertRow.subscriber_id == reader)
    tries = _tries(session.execute(own).all())
    return softly_refused_too_often(reversed(tries), now)


def resume(session: Session, address: str, now: datetime) -> bool:
    """An operator knows that an address works again; False when it is not suspended."""
    row = session.scalar(select(SubscriberRow).where(SubscriberRow.address == address))
    if row is None or row.state != SubscriberState.SUSPENDED:
        return False
    _reinstate(session, [row.id], row.suspended_at or now, now)
    return True


def suspended(session: Session) -> list[tuple[str, datetime | None, str]]:
    """The suspended addresses, since when and why, newest first."""
    rows = session.scalars(
        select(SubscriberRow)
        .where(SubscriberRow.state == SubscriberState.SUSPENDED)
        .order_by(SubscriberRow.suspended_at.desc(), SubscriberRow.id)
    )
    return [(row.address, row.suspended_at, row.suspended_why or "") for row in rows]


def _reinstate(session: Session, readers: Collection[int], since: datetime, now: datetime) -> None:
    """Let these readers be written to again, and owe them what failed only for that reason."""
    rows = session.scalars(
        select(SubscriberRow).where(
            SubscriberRow.id.in_(readers), SubscriberRow.state == SubscriberState.SUSPENDED
        )
    )
    for row in rows:
        confirmed = row.confirmed_at is not None
        row.state = SubscriberState.ACTIVE if confirmed else SubscriberState.PENDING
        row.suspended_why = row.suspended_at = None
    failed_since = select(DeliveryRow.alert_id).where(
        DeliveryRow.at >= since,
        DeliveryRow.result.in_((DeliveryResult.REJECTED, DeliveryResult.WITHDRAWN)),
    )
    session.execute(
        update(AlertRow)
        .where(
            AlertRow.subscriber_id.in_(readers),
            AlertRow.state == AlertState.FAILED,
            AlertRow.id.in_(failed_since),
        )
        .values(state=AlertState.OWED, due_at=now + timedelta(minutes=1))
        .execution_options(synchronize_session="fetch")
    )


def _refused_before(reader: int, now: datetime) -> Any:
    """The last try before now at which this reader was refused for good."""
    return (
        select(func.max(DeliveryRow.id))
        .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
        .where(
            AlertRow.subscriber_id == reader,
            DeliveryRow.result.in_((DeliveryResult.REJECTED, DeliveryResult.BOUNCED)),
            DeliveryRow.at < now,
        )
        .scalar_subquery()
    )


def _others_were_accepted(session: Session, reader: int, after: Any) -> bool:
    """Whether the server took mail for another reader after a try; False when there is none."""
    found = session.scalar(
        select(DeliveryRow.id)
        .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
        .where(
            AlertRow.subscriber_id != reader,
            DeliveryRow.result == DeliveryResult.ACCEPTED,
            DeliveryRow.id > after,
        )
        .limit(1)
    )
    return found is not None


def _tries(rows: Iterable[Any]) -> list[Try]:
    return [Try(reader, at, VERDICTS[DeliveryResult(result)]) for at, result, reader in rows]


def _query(since: datetime) -> Any:
    """Tries to reach anybody, newest first. What was accepted and came back was not accepted."""
    later = aliased(DeliveryRow)
    came_back = (
        select(later.id)
        .where(
            later.alert_id == DeliveryRow.alert_id,
            later.id > DeliveryRow.id,
            later.result.in_((DeliveryResult.BOUNCED, DeliveryResult.RETURNED)),
        )
        .exists()
    )
    return (
        select(DeliveryRow.at, DeliveryRow.result, AlertRow.subscriber_id)
        .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
        .where(
            DeliveryRow.at > since,
            DeliveryRow.result.in_(VERDICTS),
            (DeliveryRow.result != DeliveryResult.ACCEPTED) | ~came_back,
        )
        .order_by(DeliveryRow.id.desc())
    )
