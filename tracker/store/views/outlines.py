"""Which stances match, in narrow rows: pages count, sort and cut them before reading any whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from tracker.domain.register import countries_of
from tracker.store.schema import OrganisationRow, StanceRow, StanceTopicRow
from tracker.store.views import lookup, stance_lines, stances
from tracker.store.views.records import Lens
from tracker.store.views.stances import Wanted

_ROW, _COMPANY = StanceRow.__table__.c, OrganisationRow.__table__.c


_YEAR = func.substr(cast(_ROW.date, Text), 1, 4)
"""As text: thousands of days are not made for the years alone."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The stances that match, newest first: their ids, and those of each company.

    A company's are those of which the topic is the first. ``left_out`` need checking: they are
    only counted.
    """

    ids: tuple[str, ...]
    by_company: dict[int, tuple[str, ...]]
    left_out: int
    companies: frozenset[int]
    acts: frozenset[str]
    years: frozenset[str]

    def of_companies(self, companies: Iterable[int], limit: int) -> tuple[str, ...]:
        """The newest ones of these companies."""
        wanted = {id_ for company in companies for id_ in self.by_company.get(company, ())}
        return tuple(islice((id_ for id_ in self.ids if id_ in wanted), limit))


def read(session: Session, lens: Lens, wanted: Wanted) -> Outline:
    """Which stances match: read once, so that pages count, sort and cut without asking again."""
    every = replace(lens, every_level=True)
    place = StanceTopicRow.__table__.c
    of_topic = place.topic == wanted.topic if wanted.topic is not None else place.place == 0
    query = (
        select(_ROW.id, _ROW.company_id, _ROW.level, place.place, _ROW.act, _YEAR)
        .join_from(StanceRow.__table__, StanceTopicRow.__table__, place.stance_id == _ROW.id)
        .where(of_topic, *stances.conditions(every, replace(wanted, topic=None)))
        .where(*stances.filtered(session, wanted))
        .order_by(*stance_lines.NEWEST)
    )
    return _outline(session.execute(query).all(), frozenset(lens.levels))


def _outline(rows: Sequence[Any], levels: frozenset[str]) -> Outline:
    shown = [row for row in rows if row[2] in levels]
    own: dict[int, list[str]] = {}
    for id_, company, _level, place, *_ in shown:
        if place == 0:
            own.setdefault(company, []).append(id_)
    return Outline(
        ids=tuple(row[0] for row in shown),
        by_company={company: tuple(found) for company, found in own.items()},
        left_out=len(rows) - len(shown),
        companies=frozenset(row[1] for row in shown),
        acts=frozenset(row[4] for row in shown),
        years=frozenset(row[5] for row in shown),
    )


def offered(
    session: Session, lens: Lens, wanted: Wanted, told: Outline, fields: Iterable[str]
) -> dict[str, frozenset[str]]:
    """By field of filters: what a page may be narrowed by, the values on it before it is.

    ``told`` are the stances that match; all of the page where nothing is filtered.
    """
    every = read(session, lens, replace(wanted, filters=None)) if wanted.filters else told
    values = _occurring(session, every, fields)
    return values | _topics(session, lens, wanted) if "topic" in fields else values


def _occurring(
    session: Session, found: Outline, fields: Iterable[str]
) -> dict[str, frozenset[str]]:
    """By field of filters: the values that occur among these stances."""
    values = {"act": found.acts, "year": found.years}
    if {"country", "sector"} & set(fields):
        columns = select(_COMPANY.country, _COMPANY.sector).distinct()
        rows = session.execute(columns.where(_COMPANY.id.in_(found.companies))).all()
        values["country"] = frozenset(code for row in rows for code in countries_of(row[0]))
        values["sector"] = frozenset(row[1] for row in rows if row[1])
    return values


def _topics(session: Session, lens: Lens, wanted: Wanted) -> dict[str, frozenset[str]]:
    """The topics, first or not, of all stances of a page: those of one company or brand."""
    place = StanceTopicRow.__table__.c
    query = select(place.topic).join_from(
        StanceRow.__table__, StanceTopicRow.__table__, place.stance_id == _ROW.id
    )
    codes = set(session.scalars(query.where(*stances.conditions(lens, wanted)).distinct()))
    every = lookup.topics(session).values()
    return {"topic": frozenset(one.slug for one in every if one.code in codes)}
