"""Companies × topics: the busiest of each, or all."""

from collections import Counter
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta

from sqlalchemy.orm import Session

from tracker.domain.filters import Filters
from tracker.store.views import calls, filtering, lookup, positions
from tracker.store.views.records import CompanyRef, Lens, Move, Standing, TopicRef

NOTHING = Filters()
"""Filters that ask for nothing."""

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


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the rows and columns are, by id and code, and how many there would be."""

    companies: tuple[int, ...]
    topics: tuple[str, ...]
    all_companies: int
    all_topics: int


def read(
    session: Session, lens: Lens, *, rows: int, columns: int, wanted: Filters = NOTHING
) -> Grid:
    """The companies and topics with the most positions on the lens' day, in that order."""
    if wanted:
        standings = find(session, lens, wanted)
        shape = _shape(session, positions.places(standings), rows, columns)
    else:
        shape = _shape(session, positions.held(session, lens), rows, columns)
        companies, topics = shape.companies, shape.topics
        standings = positions.standings(session, lens, companies=companies, topics=topics)
    moves = positions.moves(
        session, lens, lens.day - RECENT, companies=shape.companies, topics=shape.topics
    )
    asked = calls.first_asked(session, lens, shape.companies)
    cells = _Cells(standings, moves, asked, lens.day)
    names = lookup.companies(session, shape.companies)
    by_code = lookup.topics(session)
    return Grid(
        topics=tuple(by_code[code] for code in shape.topics),
        rows=tuple(
            Row(names[one], tuple(cells.at(one, code) for code in shape.topics))
            for one in shape.companies
        ),
        all_topics=shape.all_topics,
        all_companies=shape.all_companies,
    )


def find(session: Session, lens: Lens, wanted: Filters) -> list[Standing]:
    """The standings of the companies, topics, words, tracks and levels wanted."""
    spans = filtering.spans(session, positions.in_force(session, lens), wanted)
    standings = positions.pair(spans)
    if wanted.position:
        standings = [one for one in standings if any(s.word in wanted.position for s in one.spans)]
    return standings


def _shape(
    session: Session, places: dict[tuple[int, str], bool], rows: int, columns: int
) -> _Shape:
    """The companies with the most positions on the busiest topics, and the topics of most of them.

    A topic of many companies, none of which is among the rows, would be an empty column.
    """
    by_topic = Counter(topic for (_, topic), own in places.items() if own)
    by_company = Counter(company for (company, _), own in places.items() if own)
    known = {topic for _, topic in places}
    order = [code for code in lookup.topics(session) if code in known]
    top = tuple(sorted(order, key=lambda code: -by_topic[code])[:columns])
    columns_of = frozenset(top)
    inside = Counter(company for company, topic in places if topic in columns_of)
    names = lookup.companies(session, {company for company, _ in places})
    busiest = sorted(names, key=lambda one: (-inside[one], -by_company[one], names[one].name))[
        :rows
    ]
    chosen = frozenset(busiest)
    among = Counter(topic for company, topic in places if company in chosen)
    topics = sorted(order, key=lambda code: (-among[code], -by_topic[code]))[:columns]
    return _Shape(tuple(busiest), tuple(topics), len(names), len(known))


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
