"""What was owed held against what was sent: every alert must have an end that the ledger proves."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import AlertState
from tracker.store.schema import AlertRow, DeliveryRow, HookAlertRow
from tracker.store.schema.mail import DeliveryResult

LATE = timedelta(hours=24)
"""Owed and due for so long, an alert is late."""


def faults(session: Session, since: datetime, now: datetime) -> Iterator[tuple[str, int]]:
    """What does not fit together: a sentence, and for how many alerts it holds.

    ``since`` bounds what is looked at of those that have ended.
    """
    accepted = _has(DeliveryResult.ACCEPTED)
    ended = AlertRow.created_at >= since
    for what, condition in (
        ("owed and due for more than a day", _late(now)),
        ("marked as sent, but no server accepted them", _is(AlertState.SENT) & ended & ~accepted),
        ("accepted by a server, but still owed", _is(AlertState.OWED) & accepted & ~_came_back()),
        ("failed without a reason", _is(AlertState.FAILED) & ended & _empty(AlertRow.last_error)),
    ):
        number = session.scalar(select(func.count()).select_from(AlertRow).where(condition)) or 0
        if number:
            yield what, number
    dead = and_(HookAlertRow.state == AlertState.FAILED, HookAlertRow.created_at >= since)
    given_up = session.scalar(select(func.count()).select_from(HookAlertRow).where(dead)) or 0
    if given_up:
        yield "words to hooks given up", given_up


def ended(session: Session, since: datetime) -> dict[str, int]:
    """How many of the alerts that became owed since then stand where."""
    rows = session.execute(
        select(AlertRow.state, func.count())
        .where(AlertRow.created_at >= since)
        .group_by(AlertRow.state)
    )
    return {state: number for state, number in rows}


def _is(state: AlertState) -> ColumnElement[bool]:
    return AlertRow.state == state


def _empty(text: ColumnElement[str] | object) -> ColumnElement[bool]:
    return func.coalesce(text, "") == ""


def _late(now: datetime) -> ColumnElement[bool]:
    return and_(
        AlertRow.state == AlertState.OWED,
        AlertRow.due_at < now - LATE,
        or_(AlertRow.leased_until.is_(None), AlertRow.leased_until < now),
    )


def _has(*results: DeliveryResult) -> ColumnElement[bool]:
    return (
        select(DeliveryRow.id)
        .where(DeliveryRow.alert_id == AlertRow.id, DeliveryRow.result.in_(results))
        .exists()
    )


def _came_back() -> ColumnElement[bool]:
    return _has(DeliveryResult.BOUNCED, DeliveryResult.RETURNED)
