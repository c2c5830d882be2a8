"""Search by text: one function over SQLite FTS5 and PostgreSQL, with facets and highlights."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Day
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, column, func, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from tracker.domain.codes import Level
from tracker.store.schema import ArticleRow, OrganisationRow, SearchRow, StanceRow, TopicRow

MOST_TERMS = 12
"""Terms of one question; a longer one is cut."""

AROUND = 110
"""Characters shown on either side of the first hit: well inside what may be public."""

_TERM = re.compile(r'(-?)(?:"([^"]*)"|([^\s"]+))')
_WORD = re.compile(r"\w+")
_INDEX = table("search_index", column("rowid", Integer), column("search_index"))


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase of the question, as plain words only."""

    words: tuple[str, ...]
    excluded: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What else must hold; ids and codes of the database."""

    kind: str | None = None
    company: int | None = None
    topic: str | None = None
    year: int | None = None
    every_level: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it was asked for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; ``record`` is a stance's id or an organisation's slug, ``url`` an article's."""

    kind: str
    record: str
    title: str
    day: Day | None
    company: str | None
    topic: str | None
    pieces: tuple[Piece, ...]
    precision: str = "day"
    organisation_kind: str | None = None
    url: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """How many results one narrower question would have."""

    field: str
    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits, newest first, how many there are in all, and the facets."""

    hits: tuple[Hit, ...]
    total: int
    facets: tuple[Facet, ...]


def parse(text: str) -> tuple[Term, ...]:
    """The terms of a question: words, "phrases", -exclusions, and prefixes with a star."""
    return tuple(_terms(text))[:MOST_TERMS]


def find(
    session: Session,
    text: str,
    filters: Filters,
    *,
    limit: int = 20,
    skip: int = 0,
    by_rank: bool = False,
) -> Results:
    """The documents that hold every term. No text of a person ever reaches the query language."""
    terms = parse(text)
    if not any(not term.excluded for term in terms):
        return Results((), 0, ())
    matching = [_matches(session, terms), *_conditions(filters)]
    total = session.execute(
        select(func.count()).select_from(SearchRow).where(*matching)
    ).scalar_one()
    query = _documents(matching).order_by(*_order(session, terms, by_rank))
    rows = session.execute(query.limit(limit).offset(skip)).all()
    pages = _addresses(session, [row.record_id for row in rows if row.kind == "article"])
    hits = tuple(_hit(row, terms, pages) for row in rows)
    return Results(hits, total, tuple(_facets(session, matching)))


def _terms(text: str) -> Iterator[Term]:
    for minus, phrase, word in _TERM.findall(text):
        words = tuple(_WORD.findall(phrase or word))
        if words:
            yield Term(words, excluded=bool(minus), prefix=word.endswith("*"))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_shown(filters.every_level)]
    if filters.kind is not None:
        found.append(SearchRow.kind == filters.kind)
    if filters.company is not None:
        found.append(SearchRow.company_id == filters.company)
    if filters.topic is not None:
        found.append(SearchRow.topic == filters.topic)
    if filters.year is not None:
        first, last = Day(filters.year, 1, 1), Day(filters.year, 12, 31)
        found.append(SearchRow.day.between(first, last))
    return found


def _shown(every_level: bool) -> ColumnElement[bool]:
    """Stances that are not public are not found either."""
    levels = [Level.CONFIRMED, Level.REPORTED, Level.DISPUTED]
    levels += [Level.UNCONFIRMED] if every_level else []
    public = select(StanceRow.id).where(
        StanceRow.published.is_(True), StanceRow.level.in_([level.value for level in levels])
    )
    return or_(SearchRow.kind != "stance", SearchRow.record_id.in_(public))


def _matches(session: Session, terms: tuple[Term, ...]) -> ColumnElement[bool]:
    if _is_sqlite(session):
        asked = _for_sqlite(terms)
        rows = select(_INDEX.c.rowid).where(_INDEX.c.search_index.op("MATCH")(asked))
        return SearchRow.id.in_(rows)
    return _vector().op("@@")(_for_postgresql(terms))


def _for_sqlite(terms: tuple[Term, ...]) -> str:
    """Each term as a quoted string, so that nothing in it is an operator of FTS5."""
    wanted = " AND ".join(_quoted(term) for term in terms if not term.excluded)
    refused = "".join(f" NOT {_quoted(term)}" for term in terms if term.excluded)
    return f"({wanted}){refused}"


def _quoted(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + ("*" if term.prefix else "")


def _for_postgresql(terms: tuple[Term, ...]) -> ColumnElement[Any]:
    wanted = [_as_tsquery(term) for term in terms if not term.excluded]
    refused = [func.tsquery_not(_as_tsquery(term)) for term in terms if term.excluded]
    asked = wanted[0]
    for one in [*wanted[1:], *refused]:
        asked = func.tsquery_and(asked, one, type_=TSQUERY)
    return asked


def _as_tsquery(term: Term) -> ColumnElement[Any]:
    if term.prefix:
        lexemes = " <-> ".join(term.words) + ":*"
        return func.to_tsquery("simple", lexemes, type_=TSQUERY)
    return func.phraseto_tsquery("english", " ".join(term.words), type_=TSQUERY)


def _vector() -> ColumnElement[Any]:
    return func.to_tsvector("english", SearchRow.title + " " + SearchRow.body)


def _order(session: Session, terms: tuple[Term, ...], by_rank: bool) -> list[Any]:
    newest = [SearchRow.day.desc().nulls_last(), SearchRow.id.desc()]
    if not by_rank:
        return newest
    if not _is_sqlite(session):
        return [func.ts_rank(_vector(), _for_postgresql(terms)).desc(), *newest]
    asked = _for_sqlite(terms)
    rank = (
        select(column("rank"))
        .select_from(_INDEX)
        .where(_INDEX.c.search_index.op("MATCH")(asked), _INDEX.c.rowid == SearchRow.id)
        .scalar_subquery()
    )
    return [rank, *newest]


def _documents(matching: list[ColumnElement[bool]]) -> Select[Any, *tuple[Any, ...]]:
    return (
        select(
            SearchRow.kind,
            SearchRow.record_id,
            SearchRow.title,
            SearchRow.body,
            SearchRow.day,
            OrganisationRow.name.label("company"),
            OrganisationRow.kind.label("organisation_kind"),
            StanceRow.precision,
            TopicRow.name.label("topic"),
        )
        .outerjoin(OrganisationRow, OrganisationRow.id == SearchRow.company_id)
        .outerjoin(TopicRow, TopicRow.code == SearchRow.topic)
        .outerjoin(StanceRow, (StanceRow.id == SearchRow.record_id) & (SearchRow.kind == "stance"))
        .where(*matching)
    )


def _facets(session: Session, matching: list[ColumnElement[bool]]) -> Iterator[Facet]:
    number = func.count().label("number")
    kinds = select(SearchRow.kind, SearchRow.kind, number).where(*matching)
    companies = select(OrganisationRow.slug, OrganisationRow.name, number).where(
        OrganisationRow.id == SearchRow.company_id, *matching
    )
    topics = select(TopicRow.slug, TopicRow.name, number).where(
        TopicRow.code == SearchRow.topic, *matching
    )
    for name, query, keys in (
        ("kind", kinds, (SearchRow.kind,)),
        ("company", companies, (OrganisationRow.slug, OrganisationRow.name)),
        ("topic", topics, (TopicRow.slug, TopicRow.name)),
    ):
        grouped = query.group_by(*keys).order_by(number.desc(), keys[0]).limit(12)
        for value, label, count in session.execute(grouped):
            yield Facet(name, value, label, count)


def _addresses(session: Session, articles: list[str]) -> dict[str, tuple[str, str]]:
    """Address and host of each of these articles."""
    query = select(ArticleRow.id, ArticleRow.url, ArticleRow.host).where(
        ArticleRow.id.in_([int(one) for one in articles])
    )
    return {str(row.id): (row.url, row.host) for row in session.execute(query)}


def _hit(row: Any, terms: tuple[Term, ...], pages: dict[str, tuple[str, str]]) -> Hit:
    url, host = pages.get(row.record_id, (None, None)) if row.kind == "article" else (None, None)
    return Hit(
        kind=row.kind,
        record=row.record_id,
        title=row.title,
        day=row.day,
        company=row.company,
        topic=row.topic,
        pieces=tuple(highlight(row.body, terms)),
        precision=row.precision or "day",
        organisation_kind=row.organisation_kind,
        url=url,
        host=host,
    )


def highlight(body: str, terms: tuple[Term, ...]) -> Iterator[Piece]:
    """A short stretch around the first hit, with every hit in it marked."""
    wanted = [_pattern(term) for term in terms if not term.excluded]
    pattern = re.compile("|".join(wanted) or r"(?!)", re.IGNORECASE)
    first = pattern.search(body)
    start, end = _stretch(body, first.start() if first else 0)
    if start > 0:
        yield Piece("…", False)
    place = start
    for found in pattern.finditer(body, start, end):
        yield Piece(body[place : found.start()], False)
        yield Piece(found.group(), True)
        place = found.end()
    yield Piece(body[place:end] + ("…" if end < len(body) else ""), False)


def _pattern(term: Term) -> str:
    phrase = r"\W+".join(re.escape(word) for word in term.words)
    return rf"\b{phrase}\w*" if term.prefix else rf"\b{phrase}\b"


def _stretch(body: str, hit: int) -> tuple[int, int]:
    """Whole words around a place."""
    start = max(0, hit - AROUND)
    if start > 0:
        start = body.find(" ", start, hit) + 1 or start
    end = min(len(body), start + 2 * AROUND)
    if end < len(body):
        end = max(body.rfind(" ", hit, end), hit + 1)
    return start, end


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
