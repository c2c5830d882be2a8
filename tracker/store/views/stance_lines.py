"""Stances as lists tell them and as charts mark them, made of their rows."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import RelationKind
from tracker.domain.model import Name
from tracker.domain.register import holds_on
from tracker.store.among import OnMany
from tracker.store.schema import OrganisationRow, RelationRow, StanceRow, StanceTopicRow
from tracker.store.views import lookup, positions, reactions, sources_of
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

MOST_MARKS = 5_000
"""Stances of which a process keeps what a chart shows."""

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
    rows = _rows(session, [*drawn | told], _MARKS)
    more = _more(session, lens, rows, known)
    marks = _marks(session, lens, [row for row in rows if row.id in drawn], more)
    return marks, _lines(session, lens, _rows(session, listed, _WHOLE), more)


def lines(session: Session, lens: Lens, ids: Sequence[str]) -> list[StanceLine]:
    """These stances, newest first, each with its proof, reactions and changes."""
    rows = _rows(session, ids, _WHOLE)
    return _lines(session, lens, rows, _more(session, lens, rows))


def _marks(session: Session, lens: Lens, rows: Sequence[Any], more: "_More") -> list[StanceMark]:
    answers = reactions.marks(session, lens, (row.id for row in rows))
    return [_mark(row, more, tuple(answers.get(row.id, ()))) for row in rows]


def _rows(
    session: Session,
    ids: Sequence[str],
    asked: OnMany,
) -> Sequence[Any]:
    """The rows of these, newest first; of their companies too."""
    if not ids:
        return ()
    return asked.rows(session, ids)


def _with_company(columns: Sequence[Any]) -> OnMany:
    query = select(*columns, _COMPANY.slug.label("slug"), _COMPANY.name.label("name"))
    query = query.join_from(StanceRow.__table__, OrganisationRow.__table__).order_by(*NEWEST)
    return OnMany(_ROW.id, query.where)


_MARKS, _WHOLE = _with_company(_MARKED), _with_company((StanceRow.__table__,))


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
    about = {(row.company_id, row.slug, row.name) for row in rows}
    companies = {one[0]: lookup.company(*one) for one in about}
    return _More(
        _topics(session, ids),
        companies,
        positions.begun(session, lens, ids, known),
        _breaking(session, ids),
        lookup.former_names(session, companies),
    )


_OF = StanceTopicRow.__table__.c
_TOPICS = OnMany(
    _OF.stance_id, select(_OF.stance_id, _OF.topic).order_by(_OF.stance_id, _OF.place).where
)


def _topics(session: Session, ids: list[str]) -> dict[str, tuple[TopicRef, ...]]:
    by_code = lookup.topics(session)
    found: dict[str, tuple[TopicRef, ...]] = {}
    for stance, topic in _TOPICS.rows(session, ids):
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
    return {row[0] for row in _BREAKING.rows(session, ids)}


_BREAKING = OnMany(
    _RELATION.stance_id,
    select(_RELATION.stance_id)
    .join_from(RelationRow.__table__, StanceRow.__table__, _ROW.id == _RELATION.stance_id)
    .where(
        _RELATION.decided,
        _RELATION.kind.in_((RelationKind.REVERSES, RelationKind.CONTRADICTS)),
        _ROW.direction < 0,
    )
    .where,
)


_drawn: OrderedDict[tuple[Any, ...], tuple[Any, StanceMark]] = OrderedDict()


def _mark(row: Any, more: _More, answers: tuple[ReactionMark, ...]) -> StanceMark:
    """The mark of a row: as long as it would show the same it is the very same one, and what is
    drawn of it is known by it.
    """
    spans, topics, named = more.spans(row), more.topics[row.id], more.named(row)
    company = more.companies[row.company_id]
    parts = (company, *topics, *spans, *answers)
    key = (tuple(row), row.id in more.broken, named, *map(id, parts))
    known = _drawn.get(key)
    if known is None:  # with its parts: as long as they are kept nothing else can lie there
        mark = _mark_of(row, company, topics, more, named, spans, answers)
        known = _drawn[key] = (parts, mark)
        if len(_drawn) > MOST_MARKS:
            _drawn.popitem(last=False)
    return known[1]


def _mark_of(
    row: Any,
    company: CompanyRef,
    topics: tuple[TopicRef, ...],
    more: _More,
    named: str,
    spans: tuple[SpanLine, ...],
    answers: tuple[ReactionMark, ...],
) -> StanceMark:
    return StanceMark(
        id=row.id,
        company=company,
        brand=row.brand,
        act=row.act,
        topics=topics,
        date=row.date,
        precision=row.precision,
        scope=row.scope,
        summary=row.summary,
        trigger=row.trigger_code,
        track=row.track,
        breaks_promise=row.id in more.broken,
        named=named,
        spans=spans,
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
