"""Stances as lists and timelines show them, found by filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, func, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known, RelationKind
from tracker.domain.filters import Filters
from tracker.domain.model import Name
from tracker.domain.register import holds_on
from tracker.store.among import among
from tracker.store.schema import (
    OrganisationRow,
    PositionSpanRow,
    RelationRow,
    StanceRow,
    StanceTopicRow,
)
from tracker.store.views import filtering, lookup, months, positions, reactions, sources_of
from tracker.store.views.records import (
    CompanyRef,
    Lens,
    ReactionLine,
    ReactionMark,
    SpanLine,
    StanceLine,
    StanceMark,
    TopicRef,
)
from tracker.store.views.sources_of import Proof

_ROW, _COMPANY = StanceRow.__table__.c, OrganisationRow.__table__.c
_RELATION = RelationRow.__table__.c
"""Columns of the tables: rows are read as they are, without their objects."""

NEWEST = (_ROW.date.desc(), _ROW.id)
"""The order of lists."""

_MARKED = (
    _ROW.id,
    _ROW.company_id,
    _ROW.brand,
    _ROW.act,
    _ROW.date,
    _ROW.precision,
    _ROW.scope,
    _ROW.summary,
    _ROW.trigger_code,
    _ROW.track,
)
"""What a chart needs of a stance."""


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


def marks(session: Session, lens: Lens, ids: Sequence[str]) -> list[StanceMark]:
    """These stances as charts mark them: what a page draws and does not tell, newest first."""
    return marks_and_lines(session, lens, ids, ())[0]


def marks_and_lines(
    session: Session,
    lens: Lens,
    marked: Sequence[str],
    listed: Sequence[str],
    known: Sequence[SpanLine] = (),
) -> tuple[list[StanceMark], list[StanceLine]]:
    """Some stances as charts mark them, and some as lists show them: both in one go.

    ``known`` are all words of their company, where they have one in common.
    """
    drawn, told = set(marked), set(listed)
    rows = _rows(session, [*drawn | told], _MARKED)
    more = _more(session, lens, rows, known)
    marks = _marks(session, lens, [row for row in rows if row.id in drawn], more)
    return marks, _lines(session, lens, _rows(session, listed), more)


def lines(session: Session, lens: Lens, ids: Sequence[str]) -> list[StanceLine]:
    """These stances, newest first, each with its proof, reactions and changes."""
    rows = _rows(session, ids)
    return _lines(session, lens, rows, _more(session, lens, rows))


def _marks(session: Session, lens: Lens, rows: Sequence[Any], more: "_More") -> list[StanceMark]:
    answers = reactions.marks(session, lens, (row.id for row in rows))
    return [_mark(row, more, tuple(answers.get(row.id, ()))) for row in rows]


def _rows(
    session: Session,
    ids: Sequence[str],
    columns: Sequence[Any] = (StanceRow.__table__,),
) -> Sequence[Any]:
    """The rows of these, newest first; of their companies too."""
    if not ids:
        return ()
    query = (
        select(*columns, _COMPANY.slug.label("slug"), _COMPANY.name.label("name"))
        .join_from(StanceRow.__table__, OrganisationRow.__table__)
        .where(among(_ROW.id, ids))
        .order_by(*NEWEST)
    )
    return session.execute(query).all()


def count(session: Session, lens: Lens, wanted: Wanted) -> int:
    """How many stances match."""
    query = select(func.count()).select_from(StanceRow)
    query = query.where(*conditions(lens, wanted), *filtered(session, wanted))
    return session.execute(query).scalar_one()


def years(session: Session, lens: Lens) -> list[int]:
    """The years in which there are stances, newest first."""
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


@dataclass(frozen=True, slots=True)
class _More:
    """What is known of some stances besides their own rows."""

    topics: dict[str, tuple[TopicRef, ...]]
    companies: dict[int, CompanyRef]
    begun: dict[str, list[SpanLine]]
    broken: set[str]
    former: dict[int, list[Name]]

    def named(self, row: Any) -> str:
        """The name of the company on the day of the stance."""
        former = self.former.get(row.company_id, ())
        return next((one.text for one in former if holds_on(one, row.date)), str(row.name))

    def spans(self, row: Any) -> tuple[SpanLine, ...]:
        """The words that the stance began."""
        return tuple(_of_its_own(self.begun.get(row.id, []), row.brand))


def _more(
    session: Session, lens: Lens, rows: Sequence[Any], known: Sequence[SpanLine] = ()
) -> _More:
    ids = [row.id for row in rows]
    companies = {row.company_id: CompanyRef(row.company_id, row.slug, row.name) for row in rows}
    return _More(
        _topics(session, ids),
        companies,
        positions.begun(session, lens, ids, known),
        _breaking(session, ids),
        lookup.former_names(session, companies),
    )


def _topics(session: Session, ids: list[str]) -> dict[str, tuple[TopicRef, ...]]:
    by_code = lookup.topics(session)
    of = StanceTopicRow.__table__.c
    query = select(of.stance_id, of.topic).where(among(of.stance_id, ids))
    found: dict[str, tuple[TopicRef, ...]] = {}
    for stance, topic in session.execute(query.order_by(of.stance_id, of.place)):
        found[stance] = (*found.get(stance, ()), by_code[topic])
    return found


def _lines(session: Session, lens: Lens, rows: Sequence[Any], more: _More) -> list[StanceLine]:
    ids = [row.id for row in rows]
    proofs = sources_of.of_stances(session, ids)
    answers = reactions.to_stances(session, lens, ids)
    return [_line(row, more, proofs[row.id], tuple(answers.get(row.id, ()))) for row in rows]


def _of_its_own(begun: list[SpanLine], brand: str | None) -> list[SpanLine]:
    """What a brand did is told of the brand, though it moves its owner too (ledger R7)."""
    own = [span for span in begun if span.brand == brand]
    return own or begun


def _breaking(session: Session, ids: list[str]) -> set[str]:
    """The stances of which a person decided that they break an earlier promise (ux.md)."""
    query = (
        select(_RELATION.stance_id)
        .join_from(RelationRow.__table__, StanceRow.__table__, _ROW.id == _RELATION.stance_id)
        .where(
            among(_RELATION.stance_id, ids),
            _RELATION.decided,
            _RELATION.kind.in_((RelationKind.REVERSES, RelationKind.CONTRADICTS)),
            _ROW.direction < 0,
        )
    )
    return set(session.execute(query).scalars())


def _mark(row: Any, more: _More, answers: tuple[ReactionMark, ...]) -> StanceMark:
    return StanceMark(
        id=row.id,
        company=more.companies[row.company_id],
        brand=row.brand,
        act=row.act,
        topics=more.topics[row.id],
        date=row.date,
        precision=row.precision,
        scope=row.scope,
        summary=row.summary,
        trigger=row.trigger_code,
        track=row.track,
        breaks_promise=row.id in more.broken,
        named=more.named(row),
        spans=more.spans(row),
        reactions=answers,
    )


def _line(row: Any, more: _More, proof: Proof, answers: tuple[ReactionLine, ...]) -> StanceLine:
    return StanceLine(
        id=row.id,
        company=more.companies[row.company_id],
        brand=row.brand,
        act=row.act,
        topics=more.topics[row.id],
        direction=row.direction,
        date=row.date,
        precision=row.precision,
        effective_date=row.effective_date,
        scope=row.scope,
        summary=row.summary,
        speaker=row.speaker,
        speaker_role=row.speaker_role,
        authority=row.authority,
        trigger=row.trigger_code,
        track=row.track,
        matter=row.matter,
        joint_id=row.joint_id,
        level=row.level,
        review_state=row.review_state,
        origin=row.origin,
        extractor=row.extractor,
        breaks_promise=row.id in more.broken,
        named=more.named(row),
        known_on=row.known_on,
        known_exactly=row.first_reported is not None,
        spans=more.spans(row),
        quote=proof.quote,
        links=proof.links,
        reactions=answers,
    )
