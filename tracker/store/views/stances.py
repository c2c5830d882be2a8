"""Which stances there are: found by filter, counted by company, topic and year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day

from sqlalchemy import ColumnElement, Text, cast, exists, func, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known
from tracker.domain.filters import Filters
from tracker.store.among import among
from tracker.store.schema import OrganisationRow, PositionSpanRow, StanceRow, StanceTopicRow
from tracker.store.views import filtering, months, remembered
from tracker.store.views.records import CompanyRef, Lens, StanceLine
from tracker.store.views.stance_lines import NEWEST, lines

_ROW, _COMPANY = StanceRow.__table__.c, OrganisationRow.__table__.c
"""Columns of the tables: rows are read as they are, without their objects."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which stances: every field that is set must hold. ``topic`` includes secondary ones.

    ``moved`` leaves out those after which every position stood as before.
    """

    company: int | None = None
    brand: str | None = None
    topic: str | None = None
    act: str | None = None
    year: int | None = None
    ids: tuple[str, ...] | None = None
    filters: Filters | None = None
    moved: bool = False


def find(
    session: Session, lens: Lens, wanted: Wanted, *, limit: int = 500, skip: int = 0
) -> list[StanceLine]:
    """The stances that match, newest first, each with its proof, reactions and changes."""
    query = select(_ROW.id).where(*conditions(lens, wanted), *filtered(session, wanted))
    ids = session.scalars(query.order_by(*NEWEST).limit(limit).offset(skip)).all()
    return lines(session, lens, ids)


def shown(session: Session, lens: Lens, ids: Sequence[str]) -> Sequence[str]:
    """Those of them that show, newest first."""
    query = select(_ROW.id).where(*conditions(lens, Wanted(ids=tuple(ids))))
    return session.scalars(query.order_by(*NEWEST)).all()


def count(session: Session, lens: Lens, wanted: Wanted) -> int:
    """How many stances match."""
    query = select(func.count()).select_from(StanceRow)
    query = query.where(*conditions(lens, wanted), *filtered(session, wanted))
    return session.execute(query).scalar_one()


def years(session: Session, lens: Lens) -> list[int]:
    """The years in which there are stances, newest first."""
    return remembered.once(session, ("years", lens), lambda own: _years(own, lens))


def _years(session: Session, lens: Lens) -> list[int]:
    if lens.known is Known.NOW:
        return months.years(session, lens)
    every = select(func.substr(cast(_ROW.date, Text), 1, 4)).where(*conditions(lens, Wanted()))
    return sorted(map(int, session.scalars(every.distinct())), reverse=True)


def companies(session: Session, lens: Lens) -> list[CompanyRef]:
    """The companies with a stance, by name."""
    query = (
        select(_COMPANY.id, _COMPANY.slug, _COMPANY.name)
        .where(exists().where(_ROW.company_id == _COMPANY.id, *conditions(lens, Wanted())))
        .order_by(func.lower(_COMPANY.name))
    )
    return [CompanyRef(*row) for row in session.execute(query)]


def by_company(session: Session, lens: Lens) -> dict[int, tuple[int, Day]]:
    """How many stances each company has, and the day of the last one."""
    query = (
        select(_ROW.company_id, func.count(), func.max(_ROW.date))
        .where(*conditions(lens, Wanted()))
        .group_by(_ROW.company_id)
    )
    return {company: (number, last) for company, number, last in session.execute(query)}


def by_topic(session: Session, lens: Lens) -> dict[str, tuple[int, int, Day]]:
    """By topic, first or not: how many stances, of how many companies, and the last's day."""
    query = (
        select(
            StanceTopicRow.topic,
            func.count(),
            func.count(_ROW.company_id.distinct()),
            func.max(_ROW.date),
        )
        .join(StanceRow, _ROW.id == StanceTopicRow.stance_id)
        .where(*conditions(lens, Wanted()))
        .group_by(StanceTopicRow.topic)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(query)}


def conditions(lens: Lens, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What must hold of a stance that shows through the lens and matches."""
    found: list[ColumnElement[bool]] = [
        _ROW.published.is_(True),
        _ROW.level.in_(lens.levels),
        _ROW.date <= lens.day,
    ]
    if lens.known is Known.THEN:
        found.append(_ROW.known_on <= lens.day)
    equal = (
        (_ROW.company_id, wanted.company),
        (_ROW.brand, wanted.brand),
        (_ROW.act, wanted.act),
    )
    found += [column == value for column, value in equal if value is not None]
    if wanted.year is not None:
        found.append(_ROW.date.between(Day(wanted.year, 1, 1), Day(wanted.year, 12, 31)))
    if wanted.ids is not None:
        found.append(among(_ROW.id, wanted.ids))
    if wanted.moved:
        moved = PositionSpanRow.word != PositionSpanRow.word_before
        found.append(exists().where(PositionSpanRow.stance_id == _ROW.id, moved))
    if wanted.topic is not None:
        of_topic = select(StanceTopicRow.stance_id).where(StanceTopicRow.topic == wanted.topic)
        found.append(_ROW.id.in_(of_topic))
    return found


def filtered(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What its filters ask for besides."""
    return filtering.of_stances(session, wanted.filters) if wanted.filters else []
