"""Positions as they were known on a past day, where later reports have changed them since.

The table of spans holds what is known now. It differs from what was known then only for companies
with a stance, or a decision on one, that came to be known after the day it counts from: theirs are
derived again from what had been reported. All others are read from the table.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from datetime import date as Day

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.knowledge import decided_then, known_then
from tracker.domain.model import PositionSpan
from tracker.domain.positions import positions_of
from tracker.domain.register import family_of
from tracker.store import organisations, stances, topics
from tracker.store.schema import OrganisationRow, RelationRow, StanceRow


@dataclass(frozen=True, slots=True)
class Then:
    """The companies (slugs) whose spans are derived again, and these spans."""

    companies: frozenset[str]
    spans: tuple[PositionSpan, ...]


def positions_then(session: Session, day: Day) -> Then:
    """What was known on a day, of the companies for which it matters; read once in a session."""
    known: dict[Day, Then] = session.info.setdefault("positions_then", {})
    if day not in known:
        known[day] = _derive(session, day)
    return known[day]


def _derive(session: Session, day: Day) -> Then:
    late = _told_later(session, day) | _decided_later(session, day)
    if not late:
        return Then(frozenset(), ())
    registry = organisations.registry(session)
    slugs = family_of(late, {one.slug: one for one in registry.organisations})
    told = known_then(stances.of_companies(session, slugs), day)
    relations = stances.relations_among(session, [stance.id for stance in told])
    spans = positions_of(
        told,
        decided_then(relations, day),
        topics.by_code(session).values(),
        day,
        registry=registry,
    )
    return Then(frozenset(slugs), spans)


def _told_later(session: Session, day: Day) -> set[str]:
    query = (
        select(OrganisationRow.slug)
        .join(StanceRow, StanceRow.company_id == OrganisationRow.id)
        .where(StanceRow.known_on > day, StanceRow.date <= day)
        .distinct()
    )
    return set(session.scalars(query))


def _decided_later(session: Session, day: Day) -> set[str]:
    after = datetime.combine(day + timedelta(days=1), time(), UTC)
    query = (
        select(OrganisationRow.slug)
        .join(StanceRow, StanceRow.company_id == OrganisationRow.id)
        .join(RelationRow, RelationRow.stance_id == StanceRow.id)
        .where(RelationRow.decided, RelationRow.decided_at >= after, StanceRow.date <= day)
        .distinct()
    )
    return set(session.scalars(query))
