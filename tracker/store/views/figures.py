"""Figures of this installation for a program that watches it (/metrics). Each is cheap to count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from tracker.domain.codes import SourceStatus
from tracker.store import facts, outbox
from tracker.store.schema import (
    AlertRow,
    CallRow,
    DeliveryRow,
    HookAlertRow,
    ReactionRow,
    ReviewRow,
    SourceRow,
    StanceRow,
    SubscriberRow,
)

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, with what it is of."""

    name: str
    help: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def read(session: Session, now: datetime) -> Iterator[Figure]:
    """Every figure; those of one name follow each other."""
    yield from _sources(session, now)
    for name, row in (("stances", StanceRow), ("reactions", ReactionRow), ("calls", CallRow)):
        query = select(row.level, func.count()).where(row.published).group_by(row.level)
        yield from _grouped(session, name, f"Published {name} by level.", "level", query)
    waiting = select(func.count()).select_from(ReviewRow).where(ReviewRow.decided_at.is_(None))
    yield Figure("reviews_waiting", "Records that wait for a person.", _one(session, waiting))
    yield from _mail(session, now)
    version = float(facts.fact(session, "data_version") or 0)
    yield Figure("data_version", "Rises with every change of what pages show.", version)


def _mail(session: Session, now: datetime) -> Iterator[Figure]:
    states = select(AlertRow.state, func.count()).group_by(AlertRow.state)
    yield from _grouped(session, "alerts", "Mails by state.", "state", states)
    owed = select(func.min(AlertRow.created_at)).where(AlertRow.state == "owed")
    oldest = session.execute(owed).scalar_one()
    age = (now - oldest).total_seconds() if oldest else 0
    yield Figure("oldest_owed_alert_seconds", "Age of the oldest mail that is owed.", age)
    lately = select(DeliveryRow.result, func.count()).where(DeliveryRow.at > now - DAY)
    tries = lately.group_by(DeliveryRow.result)
    yield from _grouped(session, "deliveries_last_day", "Tries by result.", "result", tries)
    words = select(HookAlertRow.state, func.count()).group_by(HookAlertRow.state)
    yield from _grouped(session, "hook_words", "Words to programs by state.", "state", words)
    held = float(outbox.held(session) is not None)
    yield Figure("sending_held", "1 while an operator holds all sending.", held)
    people = select(SubscriberRow.state, func.count()).group_by(SubscriberRow.state)
    yield from _grouped(session, "subscribers", "Addresses by state.", "state", people)


def _sources(session: Session, now: datetime) -> Iterator[Figure]:
    by_status = select(SourceRow.status, func.count()).group_by(SourceRow.status)
    yield from _grouped(
        session, "sources", "Feeds and watched pages by status.", "status", by_status
    )
    failing = case((SourceRow.failing_since.is_not(None), 1), else_=0)
    row = session.execute(
        select(func.sum(failing), func.max(SourceRow.last_ok), func.min(SourceRow.next_due)).where(
            SourceRow.status == SourceStatus.ACTIVE
        )
    ).one()
    yield Figure("sources_failing", "Active sources that fail.", row[0] or 0)
    if row[1]:
        age = (now - row[1]).total_seconds()
        yield Figure("last_good_poll_seconds", "Time since a source was read without fault.", age)
    late = max(0.0, (now - row[2]).total_seconds()) if row[2] else 0
    yield Figure("scheduler_lag_seconds", "How long the next source has been due.", late)


def _grouped(
    session: Session, name: str, text: str, label: str, query: Select[Any, *tuple[Any, ...]]
) -> Iterator[Figure]:
    for value, number in sorted(session.execute(query).all()):
        yield Figure(name, text, number, ((label, value),))


def _one(session: Session, query: Select[Any, *tuple[Any, ...]]) -> float:
    return float(session.execute(query).scalar_one())
