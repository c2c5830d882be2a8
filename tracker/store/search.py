"""Search: one function over SQLite FTS5 and PostgreSQL, with facets and highlights.

Only the newest thousands of what fits are looked at: they are counted, sorted and offered as
facets, so that a word that is everywhere is answered as fast as a rare one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from typing import Any

from sqlalchemy import ColumnElement, Integer, column, func, select, table
from sqlalchemy.orm import Session

from tracker.domain.filters import Attested, Filters
from tracker.store import matching, tags
from tracker.store.among import among
from tracker.store.database import on_sqlite
from tracker.store.highlights import Piece, highlight
from tracker.store.schema import (
    ArticleRow,
    CallRow,
    OrganisationRow,
    PositionSpanRow,
    ReactionRow,
    SearchRow,
    StanceRow,
    TopicRow,
)

MOST = 2_000
"""Results that are looked at, the newest first."""

PER_FACET = 12
FACETS = ("kind", "company", "topic", "position", "by", "year", "source", "act", "track",
          "country", "sector")  # fmt: skip

PUBLISHED = frozenset({"stance", "reaction", "call"})
"""The kinds that are looked up once more before they are shown."""

_INDEX = table("search_index", column("rowid", Integer), column("search_index"))


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: ``record`` is an id, of organisations the slug; ``url`` that of an article.

    ``stance`` is the stance that a reaction answers, ``company`` the first one concerned (a slug).
    """

    kind: str
    record: str
    title: str
    day: Day | None
    precision: str
    company: str | None
    topic: str | None
    pieces: tuple[Piece, ...]
    organisation_kind: str | None = None
    stance: str | None = None
    url: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """How many results one narrower question would have; ``name`` is empty for codes."""

    field: str
    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits, how many there are, and the facets; ``more`` when there are even more."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    more: bool = False
    facets: tuple[Facet, ...] = ()


_DOCUMENT = SearchRow.__table__.c
_FOUND = (_DOCUMENT.id, _DOCUMENT.kind, _DOCUMENT.record_id.label("record"), _DOCUMENT.tags)
Found = Any
"""A row of these columns: thousands are looked at, of which a page shows few."""


def find(
    session: Session, filters: Filters, *, limit: int = 20, skip: int = 0, by_rank: bool = False
) -> Results:
    """What fits the filters, newest first, or the best of the newest first."""
    if not matching.asks_for_something(filters):
        return Results()
    found = _newest(session, filters, MOST + 1)
    more, found = len(found) > MOST, found[:MOST]
    if by_rank and found:
        found = _best_first(session, filters, found)
    hits = _hits(session, filters, found[skip : skip + limit])
    return Results(tuple(hits), len(found), more, tuple(_facets(session, found)))


def count(session: Session, filters: Filters) -> int:
    """How many fit; no more than are looked at."""
    if not matching.asks_for_something(filters):
        return 0
    return len(_newest(session, filters, MOST))


def stances_with(session: Session, filters: Filters) -> list[str]:
    """The ids of the newest stances that hold the words of the filters."""
    asked = Filters(words=filters.words, kind=("stance",), level=Attested.ALL)
    return [one.record for one in _newest(session, asked, MOST)]


def _newest(session: Session, filters: Filters, most: int) -> Sequence[Found]:
    query = select(*_FOUND)
    if on_sqlite(session):
        asked = _INDEX.c.search_index.op("MATCH")(matching.for_sqlite(filters))
        query = query.join_from(_INDEX, SearchRow.__table__, _DOCUMENT.id == _INDEX.c.rowid)
        query = query.where(asked).order_by(_INDEX.c.rowid.desc())
    else:
        asked = matching.VECTOR.op("@@")(matching.for_postgresql(filters))
        query = query.where(asked).order_by(_DOCUMENT.id.desc())
    return session.execute(query.where(*matching.conditions(filters)).limit(most)).all()


def _best_first(session: Session, filters: Filters, found: Sequence[Found]) -> Sequence[Found]:
    """The same ones, by how well they fit; those of equal rank stay newest first."""
    last = found[-1].id
    rank: ColumnElement[Any]
    if on_sqlite(session):
        asked = _INDEX.c.search_index.op("MATCH")(matching.for_sqlite(filters))
        rank = func.bm25(column("search_index"), 4.0, 1.0, 0.0)
        query = select(_INDEX.c.rowid, rank).where(asked, _INDEX.c.rowid >= last)
    else:
        rank = -func.ts_rank(matching.VECTOR, matching.words_for_postgresql(filters))
        fits = matching.VECTOR.op("@@")(matching.for_postgresql(filters))
        query = select(_DOCUMENT.id, rank).where(fits, _DOCUMENT.id >= last)
    ranks = dict(map(tuple, session.execute(query).all()))
    return sorted(found, key=lambda one: ranks.get(one.id, 0.0))


# --- hits -----------------------------------------------------------------------------------------


def _hits(session: Session, filters: Filters, found: Sequence[Found]) -> Iterator[Hit]:
    ids = [one.id for one in found]
    rows = session.execute(
        select(_DOCUMENT.id, _DOCUMENT.title, _DOCUMENT.body).where(_DOCUMENT.id.in_(ids))
    )
    texts = {row.id: row for row in rows}
    more = _more(session, found)
    terms = filters.terms
    for one in found:
        details = more.get((one.kind, one.record), {})
        if not details and one.kind in PUBLISHED:  # it was taken back since
            continue
        text, told = texts[one.id], tags.read(one.tags)
        yield Hit(
            kind=one.kind,
            record=one.record,
            title=text.title,
            day=tags.day_of(one.id),
            company=next(iter(told.get("company", ())), None),
            topic=next(iter(told.get("topic", ())), None),
            pieces=tuple(highlight(text.body, terms)),
            **{"precision": "day", **details},
        )


def _more(session: Session, found: Iterable[Found]) -> dict[tuple[str, str], dict[str, Any]]:
    """What else a hit shows, by kind and record."""
    by_kind: dict[str, list[str]] = {}
    for one in found:
        by_kind.setdefault(one.kind, []).append(one.record)
    result: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, records in by_kind.items():
        for row in session.execute(_DETAILS[kind](records)):
            details = row._asdict()
            result[kind, str(details.pop("record"))] = details
    return result


_DETAILS: Mapping[str, Any] = {
    "stance": lambda records: select(StanceRow.id.label("record"), StanceRow.precision).where(
        StanceRow.id.in_(records), StanceRow.published
    ),
    "reaction": lambda records: select(
        ReactionRow.id.label("record"), ReactionRow.precision, ReactionRow.stance_id.label("stance")
    ).where(ReactionRow.id.in_(records), ReactionRow.published),
    "call": lambda records: select(CallRow.id.label("record"), CallRow.precision).where(
        CallRow.id.in_(records), CallRow.published
    ),
    "organisation": lambda records: select(
        OrganisationRow.slug.label("record"), OrganisationRow.kind.label("organisation_kind")
    ).where(OrganisationRow.slug.in_(records)),
    "article": lambda records: select(
        ArticleRow.id.label("record"), ArticleRow.url, ArticleRow.host
    ).where(ArticleRow.id.in_([int(record) for record in records])),
}


# --- facets ---------------------------------------------------------------------------------------


def _facets(session: Session, found: Sequence[Found]) -> Iterator[Facet]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for name, value, number in tags.counted(one.tags for one in found):
        if name in counts:
            counts[name][value] += number
    for day, number in tags.days_of(one.id for one in found).items():
        counts["year"][str(day.year)] += number
    counts["position"] = _positions(session, found)
    names = _names(session, counts)
    for field, numbers in counts.items():
        ordered = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
        for value, number in ordered[:PER_FACET]:
            shown = value.upper() if field == "country" else value
            yield Facet(field, shown, names.get((field, value), ""), number)


def _positions(session: Session, found: Iterable[Found]) -> Counter[str]:
    """The words that the found stances began."""
    stances = [one.record for one in found if one.kind == "stance"]
    row = PositionSpanRow.__table__.c
    query = select(row.word, row.stance_id).where(among(row.stance_id, stances)).distinct()
    return Counter(word for word, _stance in session.execute(query))


def _names(session: Session, counts: Mapping[str, Counter[str]]) -> dict[tuple[str, str], str]:
    slugs = {*counts["company"], *counts["by"]}
    row, topic = OrganisationRow.__table__.c, TopicRow.__table__.c
    rows = session.execute(select(row.slug, row.name).where(among(row.slug, slugs)))
    names = {(field, slug): name for slug, name in rows for field in ("company", "by")}
    topics = session.execute(select(topic.slug, topic.name))
    return names | {("topic", slug): name for slug, name in topics}
