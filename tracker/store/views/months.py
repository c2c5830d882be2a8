"""How many records show, from the counts by month that the database itself keeps."""

from datetime import date as Day

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tracker.store.schema import MonthCountRow, ReactionRow, StanceRow
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import remembered
from tracker.store.views.records import Lens

_COUNT = MonthCountRow.__table__.c
_TABLES = {RecordKind.STANCE: StanceRow.__table__, RecordKind.REACTION: ReactionRow.__table__}


def number(session: Session, lens: Lens, kind: RecordKind) -> int:
    """How many published records of a kind there were by the lens' day; undated ones are."""
    whole = sum(number for _month, number in _before(session, lens, kind))
    query = select(func.count()).select_from(_TABLES[kind]).where(*_since_the_first(lens, kind))
    return whole + session.execute(query).scalar_one()


def years(session: Session, lens: Lens) -> list[int]:
    """The years in which there are stances, newest first."""
    now = (
        select(StanceRow.__table__.c.id).where(*_since_the_first(lens, RecordKind.STANCE)).limit(1)
    )
    found = {month.year for month, number in _before(session, lens, RecordKind.STANCE) if number}
    if session.execute(now).first():
        found.add(lens.day.year)
    return sorted(found, reverse=True)


def _since_the_first(lens: Lens, kind: RecordKind) -> tuple[ColumnElement[bool], ...]:
    """What must hold of a record that shows and is of the month of the day, up to that day."""
    row = _TABLES[kind].c
    begun = row.date.between(lens.day.replace(day=1), lens.day)
    return begun, row.published.is_(True), row.level.in_(lens.levels)


def _before(session: Session, lens: Lens, kind: RecordKind) -> list[tuple[Day, int]]:
    """The whole months before the day, with their numbers."""
    name = ("months", kind, lens.levels)
    every = remembered.once(session, name, lambda reader: _read(reader, lens.levels, kind))
    first = lens.day.replace(day=1)
    return [one for one in every if one[0] < first]


def _read(session: Session, levels: tuple[str, ...], kind: RecordKind) -> list[tuple[Day, int]]:
    query = (
        select(_COUNT.month, func.sum(_COUNT.number))
        .where(_COUNT.record == kind.value, _COUNT.level.in_(levels))
        .group_by(_COUNT.month)
    )
    return [(month, int(number)) for month, number in session.execute(query)]
