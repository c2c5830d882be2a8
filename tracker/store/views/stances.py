"""Stances as lists and timelines show them, found by filter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date as Day

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known, RelationKind
from tracker.domain.filters import Filters
from tracker.domain.model import Name
from tracker.domain.register import holds_on
from tracker.store.schema import (
    OrganisationRow,
    PositionSpanRow,
    RelationRow,
    StanceRow,
    StanceTopicRow,
)
from tracker.store.views import filtering, lookup, positions, reactions, sources_of
from tracker.store.views.records import (
    CompanyRef,
    Lens,
    ReactionLine,
    SpanLine,
    StanceLine,
    TopicRef,
)
from tracker.store.views.sources_of import Proof


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
    query = (
        select(StanceRow)
        .where(*_conditions(lens, wanted), *_filtered(session, wanted))
        .order_by(StanceRow.date.desc(), StanceRow.id)
        .limit(limit)
        .offset(skip)
    )
    return _lines(session, lens, session.execute(query).scalars().all())


def count(session: Session, lens: Lens, wanted: Wanted) -> int:
    """How many stances match."""
    query = select(func.count()).select_from(StanceRow)
    query = query.where(*_conditions(lens, wanted), *_filtered(session, wanted))
    return session.execute(query).scalar_one()


def years(session: Session, lens: Lens) -> list[int]:
    """The years in which there are stances, newest first."""
    days = select(StanceRow.date).where(*_conditions(lens, Wanted())).distinct()
    return sorted({day.year for day in session.execute(days).scalars()}, reverse=True)


def companies(session: Session, lens: Lens) -> list[CompanyRef]:
    """The companies with a stance, by name."""
    query = (
        select(OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name)
        .where(
            OrganisationRow.id.in_(select(StanceRow.company_id).where(*_conditions(lens, Wanted())))
        )
        .order_by(OrganisationRow.name)
    )
    return [CompanyRef(*row) for row in session.execute(query)]


def by_company(session: Session, lens: Lens) -> dict[int, tuple[int, Day]]:
    """How many stances each company has, and the day of the last one."""
    query = (
        select(StanceRow.company_id, func.count(), func.max(StanceRow.date))
        .where(*_conditions(lens, Wanted()))
        .group_by(StanceRow.company_id)
    )
    return {company: (number, last) for company, number, last in session.execute(query)}


def left_out(session: Session, lens: Lens, wanted: Wanted) -> int:
    """How many stances need checking and do not show; none where every level shows."""
    every = replace(lens, every_level=True)
    return count(session, every, wanted) - count(session, lens, wanted)


def by_topic(session: Session, lens: Lens) -> dict[str, tuple[int, int, Day]]:
    """By topic, first or not: how many stances, of how many companies, and the last's day."""
    query = (
        select(
            StanceTopicRow.topic,
            func.count(),
            func.count(StanceRow.company_id.distinct()),
            func.max(StanceRow.date),
        )
        .join(StanceRow, StanceRow.id == StanceTopicRow.stance_id)
        .where(*_conditions(lens, Wanted()))
        .group_by(StanceTopicRow.topic)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(query)}


def _conditions(lens: Lens, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        StanceRow.published.is_(True),
        StanceRow.level.in_(lens.levels),
        StanceRow.date <= lens.day,
    ]
    if lens.known is Known.THEN:
        found.append(StanceRow.known_on <= lens.day)
    equal = (
        (StanceRow.company_id, wanted.company),
        (StanceRow.brand, wanted.brand),
        (StanceRow.act, wanted.act),
    )
    found += [column == value for column, value in equal if value is not None]
    if wanted.year is not None:
        found.append(StanceRow.date.between(Day(wanted.year, 1, 1), Day(wanted.year, 12, 31)))
    if wanted.ids is not None:
        found.append(StanceRow.id.in_(wanted.ids))
    if wanted.moved:
        moved = PositionSpanRow.word != PositionSpanRow.word_before
        found.append(exists().where(PositionSpanRow.stance_id == StanceRow.id, moved))
    if wanted.topic is not None:
        of_topic = (StanceTopicRow.stance_id == StanceRow.id, StanceTopicRow.topic == wanted.topic)
        found.append(exists().where(*of_topic))
    return found


def _filtered(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    return filtering.of_stances(session, wanted.filters) if wanted.filters else []


def _lines(session: Session, lens: Lens, rows: Iterable[StanceRow]) -> list[StanceLine]:
    rows = list(rows)
    ids = [row.id for row in rows]
    topics = lookup.topics(session)
    proofs = sources_of.of_stances(session, ids)
    answers = reactions.to_stances(session, lens, ids)
    broken = _breaking(session, ids)
    former = lookup.former_names(session, {row.company_id for row in rows})
    begun: dict[str, list[SpanLine]] = {}
    for span in positions.spans(session, lens, stances=ids) if ids else []:
        begun.setdefault(span.stance or "", []).append(span)
    for row in rows:
        begun[row.id] = _of_its_own(begun.get(row.id, []), row.brand)
    return [
        _line(
            row,
            topics,
            proofs[row.id],
            tuple(answers.get(row.id, ())),
            tuple(begun[row.id]),
            row.id in broken,
            former,
        )
        for row in rows
    ]


def _of_its_own(begun: list[SpanLine], brand: str | None) -> list[SpanLine]:
    """What a brand did is told of the brand, though it moves its owner too (ledger R7)."""
    own = [span for span in begun if span.brand == brand]
    return own or begun


def _breaking(session: Session, ids: list[str]) -> set[str]:
    """The stances of which a person decided that they break an earlier promise (ux.md)."""
    query = (
        select(RelationRow.stance_id)
        .join(StanceRow, StanceRow.id == RelationRow.stance_id)
        .where(
            RelationRow.stance_id.in_(ids),
            RelationRow.decided,
            RelationRow.kind.in_((RelationKind.REVERSES, RelationKind.CONTRADICTS)),
            StanceRow.direction < 0,
        )
    )
    return set(session.execute(query).scalars())


def _line(
    row: StanceRow,
    topics: dict[str, TopicRef],
    proof: Proof,
    answers: tuple[ReactionLine, ...],
    begun: tuple[SpanLine, ...],
    breaks_promise: bool,
    former: dict[int, list[Name]],
) -> StanceLine:
    company: OrganisationRow = row.company
    held = (name.text for name in former.get(company.id, ()) if holds_on(name, row.date))
    return StanceLine(
        id=row.id,
        company=CompanyRef(company.id, company.slug, company.name),
        brand=row.brand,
        act=row.act,
        topics=tuple(topics[one.topic] for one in row.topics),
        direction=row.direction,
        date=row.date,
        precision=row.precision,
        effective_date=row.effective_date,
        scope=row.scope,
        summary=row.summary,
        speaker=row.speaker,
        speaker_role=row.speaker_role,
        authority=row.authority,
        trigger=row.trigger,
        track=row.track,
        matter=row.matter,
        joint_id=row.joint_id,
        level=row.level,
        review_state=row.review_state,
        origin=row.origin,
        extractor=row.extractor,
        breaks_promise=breaks_promise,
        named=next(held, company.name),
        known_on=row.known_on,
        known_exactly=row.first_reported is not None,
        spans=begun,
        quote=proof.quote,
        links=proof.links,
        reactions=answers,
    )
