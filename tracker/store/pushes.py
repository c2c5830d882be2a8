"""Hubs that feeds offer, and our subscriptions to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import SourceStatus
from tracker.domain.model import SourceId
from tracker.store.schema import PushRow, SourceRow

AT_MOST_EVERY = timedelta(minutes=1)
"""However often a hub tells of a source, it is asked no oftener than this."""


@dataclass(frozen=True, slots=True)
class Push:
    """One hub of one source: the feed's own address there is ``topic``."""

    source: SourceId
    hub: str
    topic: str
    secret: str | None


def offer(
    session: Session, offers: Sequence[tuple[SourceId, str | None, str]], now: datetime
) -> None:
    """Note which hub (None: none any more) each of these feeds offers, for which topic."""
    ids = [source for source, _, _ in offers]
    known = {
        row.source_id: row
        for row in session.scalars(select(PushRow).where(PushRow.source_id.in_(ids)))
    }
    for source, hub, topic in offers:
        row = known.get(source)
        if row is not None and (row.hub, row.topic) == (hub, topic):
            continue
        if row is not None:
            session.delete(row)
            session.flush()
        if hub:
            session.add(PushRow(source_id=source, hub=hub, topic=topic, next_try=now))


def to_ask(session: Session, now: datetime, limit: int) -> list[Push]:
    """Hubs to subscribe to now, or again, of sources that are asked at all."""
    rows = session.scalars(
        select(PushRow)
        .join(SourceRow, SourceRow.id == PushRow.source_id)
        .where(PushRow.next_try <= now, SourceRow.status == SourceStatus.ACTIVE)
        .order_by(PushRow.next_try)
        .limit(limit)
    )
    return [_push(row) for row in rows]


def by_token(session: Session, token: str) -> Push | None:
    """The subscription that this part of our address belongs to."""
    row = session.scalar(select(PushRow).where(PushRow.token == token))
    return _push(row) if row else None


def note_asking(
    session: Session, source: SourceId, token: str, secret: str, next_try: datetime
) -> None:
    """The hub is being asked; it will call this token, and sign with this secret."""
    row = session.get_one(PushRow, source)
    row.token, row.secret, row.next_try, row.last_error = token, secret, next_try, None


def note_failure(session: Session, source: SourceId, error: str, next_try: datetime) -> None:
    """The hub does not push: it cannot be reached, or it denies."""
    row = session.get_one(PushRow, source)
    row.last_error, row.next_try, row.verified_until = error, next_try, None


def note_verified(session: Session, source: SourceId, until: datetime, next_try: datetime) -> None:
    """The hub pushes until then; it is asked again before."""
    row = session.get_one(PushRow, source)
    row.verified_until, row.next_try = until, next_try


def note_news(session: Session, source: SourceId, now: datetime) -> None:
    """The hub says that there is news: the source is due."""
    session.get_one(PushRow, source).last_push = now
    row = session.get_one(SourceRow, source)
    if row.status == SourceStatus.ACTIVE:
        soonest = row.last_polled + AT_MOST_EVERY if row.last_polled else now
        row.next_due = min(row.next_due, max(now, soonest))


def _push(row: PushRow) -> Push:
    return Push(SourceId(row.source_id), row.hub, row.topic, row.secret)
