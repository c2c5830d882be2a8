"""Disputed facts: what another report says of a fact of a stance, beside the stance's own value."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.model import DisputedFact, StanceId
from tracker.store.schema import DisputedFactRow


def note(
    session: Session, stance: StanceId, facts: Iterable[DisputedFact], now: datetime
) -> list[int]:
    """Keep what other reports say, each value once; return the rows that are new."""
    known = {(row.field, row.value) for row in _rows(session, [stance])}
    added = []
    for fact in facts:
        if (fact.field, fact.value) not in known:
            known.add((fact.field, fact.value))
            row = DisputedFactRow(
                stance_id=stance, field=fact.field, value=fact.value, url=fact.url, noted_at=now
            )
            session.add(row)
            added.append(row)
    session.flush()
    return [row.id for row in added]


def of(session: Session, stances: Iterable[StanceId]) -> dict[StanceId, list[DisputedFact]]:
    """The disputed facts of each of these stances, in the order in which they were noted."""
    found: dict[StanceId, list[DisputedFact]] = {}
    for row in _rows(session, stances):
        fact = DisputedFact(row.field, row.value, row.url)
        found.setdefault(StanceId(row.stance_id), []).append(fact)
    return found


def drop(session: Session, rows: Iterable[int]) -> None:
    """Take back what a merge had noted."""
    wanted = DisputedFactRow.id.in_(list(rows))
    for row in session.scalars(select(DisputedFactRow).where(wanted)):
        session.delete(row)


def _rows(session: Session, stances: Iterable[StanceId]) -> list[DisputedFactRow]:
    query = (
        select(DisputedFactRow)
        .where(DisputedFactRow.stance_id.in_(list(stances)))
        .order_by(DisputedFactRow.id)
    )
    return list(session.scalars(query))
