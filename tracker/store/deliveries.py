"""The ledger of deliveries: every try to hand a mail over, and what became of its alerts.

A mail may carry several alerts (``AlertToSend.also``); each gets its own row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from tracker.domain import news
from tracker.domain.addresses import domain_of
from tracker.domain.alerting import wait_after
from tracker.domain.codes import AlertKind, AlertState
from tracker.domain.errors import DeliveryError
from tracker.domain.model import AlertId, AlertToSend
from tracker.domain.subjects import subject
from tracker.store import refusals
from tracker.store.alerts import ALONE
from tracker.store.schema import (
    AlertRow,
    DeliveryRow,
    SubscriberRow,
)
from tracker.store.schema.mail import DeliveryResult
from tracker.store.still_true import Objection

LONGEST_ANSWER = 500
"""Code points kept of what a server said."""

OFFERED = (DeliveryResult.ACCEPTED, DeliveryResult.REFUSED, DeliveryResult.REJECTED)

MOST_BUGS = 3
"""Tries after which an alert that we cannot turn into a mail is set aside."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what a subscriber was sent, and why."""

    at: datetime
    subject: str
    path: str | None
    state: AlertState
    note: str
    wishes: tuple[int, ...]


def carried(mail: AlertToSend) -> Iterator[AlertToSend]:
    """Every alert that goes out in a mail, the first one included."""
    yield mail
    yield from mail.also


def still_ours(session: Session, mail: AlertToSend) -> bool:
    """Whether the lease on a mail is still the one we were given."""
    row = session.get(AlertRow, mail.id)
    return (
        row is not None and row.state == AlertState.OWED and row.leased_until == mail.leased_until
    )


def record_sent(session: Session, mail: AlertToSend, answer: str, now: datetime) -> None:
    """The server accepted the mail, and said this."""
    for row in _rows(session, mail):
        row.state, row.sent_at = AlertState.SENT, now
        row.leased_until = row.last_error = None
        note(session, row, DeliveryResult.ACCEPTED, answer, now)


def record_failure(
    session: Session, mail: AlertToSend, error: DeliveryError, now: datetime
) -> bool:
    """The mail was not accepted: try later, give it up, or suspend the address (promise 13).

    True when it looks as if the server refuses every address: then nobody is suspended for it.
    """
    result = _result_of(error)
    rows = _rows(session, mail)
    for row in rows:
        note(session, row, result, str(error), now)
    session.flush()
    reader = rows[0].subscriber_id
    everybody = error.permanent and refusals.takes_back(session, reader, now)
    wait = None if error.permanent and not everybody else wait_after(mail.attempts)
    for row in rows:
        _try_later(row, str(error), wait, now)
    session.flush()
    if error.permanent and not everybody:
        refusals.suspend(session, reader, f"refused for good: {error}", now)
    elif error.code and refusals.too_many_soft_ones(session, reader, now):
        refusals.suspend(session, reader, f"refused on five days of seven: {error}", now)
    return everybody


def _result_of(error: DeliveryError) -> DeliveryResult:
    if error.permanent:
        return DeliveryResult.REJECTED
    return DeliveryResult.REFUSED if error.code else DeliveryResult.FAILED


def record_bug(session: Session, mail: AlertToSend, bug: Exception, now: datetime) -> None:
    """The mail could not even be written; after three tries it is set aside.

    Alerts that were to share it are tried one by one, so that one cannot hold up the others.
    """
    wait = wait_after(mail.attempts) if mail.attempts < MOST_BUGS else None
    for row in _rows(session, mail):
        row.mailed_with = None
        _try_later(row, repr(bug), wait, now)
        note(session, row, DeliveryResult.FAILED, repr(bug), now)


def give_back(session: Session, mails: Iterable[AlertToSend]) -> None:
    """Nothing could be sent at all: these were not tried, and may be taken again at once.

    A mail of several that was never tried is made up anew then, with what came meanwhile.
    """
    for mail in mails:
        session.execute(
            update(AlertRow)
            .where(
                AlertRow.id.in_([alert.id for alert in carried(mail)]),
                AlertRow.state == AlertState.OWED,
                AlertRow.leased_until == mail.leased_until,
            )
            .values(
                leased_until=None,
                attempts=AlertRow.attempts - 1,
                mailed_with=case((AlertRow.attempts > 1, AlertRow.mailed_with)),
            )
        )


def note_outage(session: Session, mail: AlertToSend, reason: str, now: datetime) -> None:
    """Write once into the ledger that the mail server could not be used; nothing else changes."""
    for row in _rows(session, mail):
        if row.last_error != reason[:LONGEST_ANSWER]:
            row.last_error = reason[:LONGEST_ANSWER]
            note(session, row, DeliveryResult.FAILED, reason, now)


def settle(session: Session, alert: AlertToSend, objection: Objection, now: datetime) -> None:
    """End an alert that must not be sent any more, with the reason."""
    row = session.get_one(AlertRow, alert.id)
    row.state, row.leased_until, row.last_error = objection.state, None, objection.why
    note(session, row, DeliveryResult.WITHDRAWN, objection.why, now)


def told(session: Session, subscriber: int, limit: int = 50) -> list[Told]:
    """What a subscriber was sent or is owed, newest first; confirmations are left out."""
    rows = session.scalars(
        select(AlertRow)
        .where(AlertRow.subscriber_id == subscriber, AlertRow.kind.not_in(ALONE))
        .order_by(AlertRow.created_at.desc(), AlertRow.id.desc())
        .limit(limit)
    )
    return [_told(row) for row in rows]


def tries(session: Session, alert: AlertId) -> list[tuple[datetime, DeliveryResult, str]]:
    """Every try to send an alert: when, with which result, and what the server said."""
    rows = session.scalars(
        select(DeliveryRow).where(DeliveryRow.alert_id == alert).order_by(DeliveryRow.id)
    )
    return [(row.at, DeliveryResult(row.result), row.answer) for row in rows]


def tried_since(session: Session, moment: datetime) -> Counter[str]:
    """How many alerts were offered to each domain since then."""
    addresses = session.scalars(
        select(SubscriberRow.address)
        .join(AlertRow, AlertRow.subscriber_id == SubscriberRow.id)
        .join(DeliveryRow, DeliveryRow.alert_id == AlertRow.id)
        .where(DeliveryRow.at > moment, DeliveryRow.result.in_(OFFERED))
    )
    return Counter(map(domain_of, addresses))


def _rows(session: Session, mail: AlertToSend) -> Sequence[AlertRow]:
    ids = [alert.id for alert in carried(mail)]
    return session.scalars(select(AlertRow).where(AlertRow.id.in_(ids)).order_by(AlertRow.id)).all()


def _try_later(row: AlertRow, reason: str, wait: timedelta | None, now: datetime) -> None:
    if row.state != AlertState.OWED:
        return  # somebody else sent it after our lease ran out
    row.leased_until, row.last_error = None, reason[:LONGEST_ANSWER]
    if wait is None:
        row.state = AlertState.FAILED
    else:
        row.due_at = now + wait


def note(
    session: Session, row: AlertRow, result: DeliveryResult, answer: str, now: datetime
) -> None:
    """Write one line into the ledger."""
    said = answer[:LONGEST_ANSWER]
    session.add(DeliveryRow(alert_id=row.id, at=now, result=result, answer=said))


def _told(row: AlertRow) -> Told:
    about, path = _about(row)
    return Told(
        at=row.sent_at or row.created_at,
        subject=about,
        path=path,
        state=AlertState(row.state),
        note=_note_for_reader(row),
        wishes=tuple(row.subscription_ids),
    )


def _note_for_reader(row: AlertRow) -> str:
    """Why it was not sent; while it still waits there is nothing to say."""
    if row.state in (AlertState.SENT, AlertState.OWED):
        return ""
    return row.last_error or ""


def _about(row: AlertRow) -> tuple[str, str | None]:
    try:
        told = news.read(AlertKind(row.kind), row.payload)
    except (KeyError, TypeError, ValueError):
        return "An alert that we could not write", None
    return subject(told), told.path
