"""Companies × topics: the busiest of each, or all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import timedelta
from itertools import chain

from sqlalchemy.orm import Session

from tracker.domain.filters import Filters
from tracker.store.views import by_company, calls, filtering, lookup, positions
from tracker.store.views.positions import Held
from tracker.store.views.records import CompanyRef, Lens, SpanLine, Standing, TopicRef

NOTHING = Filters()
"""Filters that ask for nothing."""

RECENT = timedelta(days=730)
"""How far back an arrow looks."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one company stands on one topic; ``way`` is ↗ or ↘ in two years, if it may be said."""

    standing: Standing | None = None
    brands: tuple[Standing, ...] = ()
    way: str | None = None
    stale: bool = False
    asked: Day | None = None


EMPTY = Cell()


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
    """What the rows and columns are, by id and code, what they are called, how many there are."""

    companies: tuple[int, ...]
    topics: tuple[str, ...]
    names: dict[int, CompanyRef]
    all_companies: int
    all_topics: int


def read(
    session: Session, lens: Lens, *, rows: int, columns: int, wanted: Filters = NOTHING
) -> Grid:
    """The companies and topics with the most positions on the lens' day, in that order."""
    if wanted:
        standings = find(session, lens, wanted)
        shape = _shape(session, positions.places(standings), rows, columns)
        cells = _cells(standings, _changed(session, lens, shape.companies), lens.day)
    else:
        shape = _shape(session, positions.held(session, lens), rows, columns)
        cells = by_company.read(
            session, lens, "cells", shape.companies, lambda ids: _find_cells(session, lens, ids)
        )
    every = [(one, cells.get(one, {})) for one in shape.companies]
    open_ones = [one for one, of in every if any(_is_open(of, code) for code in shape.topics)]
    asked = calls.first_asked(session, lens, open_ones) if open_ones else {}
    by_code = lookup.topics(session)
    order = _in_order(shape.topics, (of for _one, of in every), positions.pledges(session))
    return Grid(
        topics=tuple(by_code[code] for code in order),
        rows=tuple(
            Row(shape.names[one], tuple(_at(of, (one, code), asked) for code in order))
            for one, of in every
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


def _shape(session: Session, places: dict[int, Held], rows: int, columns: int) -> _Shape:
    """The companies with the most positions on the busiest topics, and the topics of most of them.

    A topic of many companies, none of which is among the rows, would be an empty column.
    """
    by_topic = Counter(chain.from_iterable(held.own for held in places.values()))
    known = {*by_topic, *chain.from_iterable(held.of_brands for held in places.values())}
    order = [code for code in lookup.topics(session) if code in known]
    top = tuple(sorted(order, key=lambda code: -by_topic[code])[:columns])
    columns_of = frozenset(top)
    names = by_company.named(session, places)

    def rank(one: int) -> tuple[int, int, str]:
        held = places[one]
        inside = (held.own | held.of_brands) & columns_of
        return -len(inside), -len(held.own), names[one].name

    busiest = sorted(names, key=rank)[:rows]
    among = Counter(chain.from_iterable(places[one].own | places[one].of_brands for one in busiest))
    topics = sorted(order, key=lambda code: (-among[code], -by_topic[code]))[:columns]
    return _Shape(tuple(busiest), tuple(topics), names, len(names), len(known))


def _in_order(
    topics: Sequence[str], rows: Iterable[Mapping[str, Cell]], pledges: Mapping[str, str]
) -> list[str]:
    """The topics with the most positions first, those on old evidence last; a joint pledge counts
    once (codebook section 9)."""
    found: dict[str, set[str | int]] = {code: set() for code in topics}
    old: dict[str, set[str | int]] = {code: set() for code in topics}
    for cells in rows:
        for code in found.keys() & cells.keys():
            if (one := cells[code].standing) is not None:
                counted = old if cells[code].stale else found
                counted[code].add(pledges.get(one.newest.stance or "", one.company.id))
    return sorted(topics, key=lambda code: (-len(found[code]), -len(old[code])))


def _find_cells(
    session: Session, lens: Lens, companies: frozenset[int] | None
) -> dict[int, dict[str, Cell]]:
    standings = positions.standings(session, lens, companies=companies)
    return _cells(standings, _changed(session, lens, companies), lens.day)


def _changed(session: Session, lens: Lens, companies: Iterable[int] | None) -> list[SpanLine]:
    return positions.changed(session, lens, lens.day - RECENT, companies=companies)


def _cells(
    standings: Iterable[Standing], changed: Iterable[SpanLine], day: Day
) -> dict[int, dict[str, Cell]]:
    """By company and topic what a cell shows, but for calls."""
    ways: dict[tuple[int, str], str] = {}
    for move in positions.moves_in(changed):
        if move.brand is None and not move.topic.contested:
            ways.setdefault((move.company.id, move.topic.code), move.direction)
    found: dict[int, dict[str, Cell]] = {}
    for one in standings:
        cells, code = found.setdefault(one.company.id, {}), one.topic.code
        cell = cells.get(code, EMPTY)
        if one.brand is not None:
            cells[code] = replace(cell, brands=(*cell.brands, one))
            continue
        way = ways.get((one.company.id, code))
        way = way if way in ("tightened", "loosened") else None
        cells[code] = replace(cell, standing=one, way=way, stale=one.stale(day))
    return found


def _is_open(cells: dict[str, Cell], topic: str) -> bool:
    return cells.get(topic, EMPTY).standing is None


def _at(cells: dict[str, Cell], place: tuple[int, str], asked: dict[tuple[int, str], Day]) -> Cell:
    """The cell of a company and topic; where it has no position, since when it is asked for one."""
    cell = cells.get(place[1], EMPTY)
    return replace(cell, asked=asked[place]) if cell.standing is None and place in asked else cell
