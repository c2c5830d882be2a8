"""What is raised once, for people who asked to be told of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.domain.model import CallId, CommitmentId, StanceId, TopicCode
from tracker.domain.outcomes import NoticeKind
from tracker.store.schema import NoticeRow, OrganisationRow


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that is raised; ``key`` names it for ever, ``company`` is a slug.

    ``happens_on`` is the day that it is about: a deadline, the end of a pause, a new status.
    """

    key: str
    kind: NoticeKind
    company: str
    happens_on: Day
    topic: TopicCode | None = None
    stance: StanceId | None = None
    call: CallId | None = None
    commitment: CommitmentId | None = None


def raise_once(session: Session, wanted: Iterable[Notice], now: datetime) -> list[Notice]:
    """Raise what was never raised before; return that."""
    fresh = {one.key: one for one in wanted}
    for key in session.scalars(select(NoticeRow.key).where(NoticeRow.key.in_(list(fresh)))):
        del fresh[key]
    if not fresh:
        return []
    companies = dict(session.execute(select(OrganisationRow.slug, OrganisationRow.id)).all())
    session.add_all(
        NoticeRow(
            key=one.key,
            kind=one.kind,
            company_id=companies[one.company],
            topic=one.topic,
            happens_on=one.happens_on,
            stance_id=one.stance,
            call_id=one.call,
            commitment_id=one.commitment,
            noticed_at=now,
        )
        for one in fresh.values()
    )
    session.flush()
    return list(fresh.values())


def untold(session: Session) -> list[Notice]:
    """What was raised and nobody was owed word of yet, oldest first."""
    rows = session.scalars(
        select(NoticeRow)
        .where(NoticeRow.told_at.is_(None))
        .order_by(NoticeRow.noticed_at, NoticeRow.key)
    )
    return [_value(row) for row in rows]


def mark_told(session: Session, keys: Iterable[str], now: datetime) -> None:
    """Whoever asked for these was owed word of them."""
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.key.in_(list(keys)), NoticeRow.told_at.is_(None))
        .values(told_at=now)
    )


def _value(row: NoticeRow) -> Notice:
    return Notice(
        key=row.key,
        kind=NoticeKind(row.kind),
        company=row.company.slug,
        happens_on=row.happens_on,
        topic=TopicCode(row.topic) if row.topic else None,
        stance=StanceId(row.stance_id) if row.stance_id else None,
        call=CallId(row.call_id) if row.call_id else None,
        commitment=CommitmentId(row.commitment_id) if row.commitment_id else None,
    )
