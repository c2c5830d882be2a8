"""Companies × topics: the busiest of each, or all."""

from collections import Counter
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta

from sqlalchemy.orm import Session

from tracker.domain.filters import Filters
from tracker.store.views import calls, filtering, positions
from tracker.store.views.records import CompanyRef, Lens, Move, Standing, TopicRef

RECENT = timedelta(days=730)
"""How far back an arrow looks."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one company stands on one topic; ``way`` is ↗ or ↘ in two years, if it may be said."""

    standing: Standing | None
    brands: tuple[Standing, ...]
    way: str | None
    stale: bool
    asked: Day | None


@dataclass(frozen=True, slots=True)
class Row:
    """One company over all columns."""

    company: CompanyRef
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The matrix, and how much of it is left out."""

    topics: tuple[TopicRef, ...]
    rows: tuple[Row, ...]
    all_topics: int
    all_companies: int


def build(
    standings: list[Standing],
    moves: list[Move],
    asked: dict[tuple[int, str], Day],
    day: Day,
    rows: int,
    columns: int,
) -> Grid:
    """The companies and topics with the most positions, in that order."""
    by_topic = Counter(one.topic.code for one in standings if one.brand is None)
    by_company = Counter(one.company.id for one in standings if one.brand is None)
    topics = {one.topic.code: one.topic for one in standings}
    companies = {one.company.id: one.company for one in standings}
    order = {code: place for place, code in enumerate(topics)}
    top = sorted(topics, key=lambda code: (-by_topic[code], order[code]))[:columns]
    inside = Counter(one.company.id for one in standings if one.topic.code in top)
    busiest = sorted(
        companies, key=lambda one: (-inside[one], -by_company[one], companies[one].name)
    )[:rows]
    cells = _Cells(standings, moves, asked, day)
    return Grid(
        topics=tuple(topics[code] for code in top),
        rows=tuple(
            Row(companies[one], tuple(cells.at(one, code) for code in top)) for one in busiest
        ),
        all_topics=len(topics),
        all_companies=len(companies),
    )


def wanted(session: Session, standings: list[Standing], filters: Filters) -> list[Standing]:
    """The standings of the companies (by name, country, sector), topics and words wanted."""
    if filters.company or filters.country or filters.sector:
        ids = set(session.scalars(filtering.companies(filters)))
        standings = [one for one in standings if one.company.id in ids]
    if filters.topic:
        standings = [one for one in standings if one.topic.slug in filters.topic]
    if filters.position:
        standings = [one for one in standings if any(s.word in filters.position for s in one.spans)]
    return standings


class _Cells:
    def __init__(
        self,
        standings: list[Standing],
        moves: list[Move],
        asked: dict[tuple[int, str], Day],
        day: Day,
    ) -> None:
        self._day = day
        self._asked = asked
        self._own = {(s.company.id, s.topic.code): s for s in standings if s.brand is None}
        self._brands: dict[tuple[int, str], list[Standing]] = {}
        for standing in standings:
            if standing.brand is not None:
                key = (standing.company.id, standing.topic.code)
                self._brands.setdefault(key, []).append(standing)
        self._ways: dict[tuple[int, str], str] = {}
        for move in moves:
            if move.brand is None and not move.topic.contested:
                self._ways.setdefault((move.company.id, move.topic.code), move.direction)

    def at(self, company: int, topic: str) -> Cell:
        own = self._own.get((company, topic))
        way = self._ways.get((company, topic))
        return Cell(
            standing=own,
            brands=tuple(self._brands.get((company, topic), ())),
            way=way if own and way in ("tightened", "loosened") else None,
            stale=own is not None and own.stale(self._day),
            asked=self._asked.get((company, topic)) if own is None else None,
        )


def read(session: Session, lens: Lens, *, rows: int, columns: int) -> Grid:
    """The grid of everything as it stood on the lens' day."""
    return of(session, lens, positions.standings(session, lens), rows=rows, columns=columns)


def of(session: Session, lens: Lens, standings: list[Standing], *, rows: int, columns: int) -> Grid:
    """The grid of these standings."""
    moves = positions.moves(session, lens, lens.day - RECENT)
    return build(standings, moves, calls.first_asked(session, lens), lens.day, rows, columns)
