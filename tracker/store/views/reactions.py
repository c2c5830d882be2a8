"""Who answered: reactions to stances and practices."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known
from tracker.store import reported
from tracker.store.among import OnMany
from tracker.store.schema import (
    OrganisationRow,
    ReactionAboutRow,
    ReactionRow,
    StanceTopicRow,
)
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import lookup, remembered, sources_of
from tracker.store.views.records import CompanyRef, Lens, ReactionLine, ReactionMark
from tracker.store.views.sources_of import Proof

_ROW, _ACTOR = ReactionRow.__table__.c, OrganisationRow.__table__.c
_WITH_ACTOR = ReactionRow.__table__.outerjoin(OrganisationRow.__table__, _ACTOR.id == _ROW.actor_id)


def to_stances(session: Session, lens: Lens, ids: Iterable[str]) -> dict[str, list[ReactionLine]]:
    """The reactions to each of these stances, oldest first."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    result: dict[str, list[ReactionLine]] = {}
    rows = _WHOLE.rows(session, wanted, levels=lens.levels, day=lens.day)
    for line in _lines(session, lens, rows):
        result.setdefault(line.stance or "", []).append(line)
    return result


def marks(session: Session, lens: Lens, ids: Iterable[str]) -> dict[str, list[ReactionMark]]:
    """The reactions to each of these stances as charts mark them, oldest first."""
    rows = _MARKS.rows(session, ids, levels=lens.levels, day=lens.day)
    result: dict[str, list[ReactionMark]] = {}
    for row in _known(session, lens, rows):
        _id, stance, actor, kind, date, precision, _origin, name = row
        result.setdefault(stance, []).append(_mark(name or actor, kind, date, precision))
    return result


_MAY_SHOW = (
    _ROW.published.is_(True),
    _ROW.level.in_(bindparam("levels", expanding=True)),
    or_(_ROW.date.is_(None), _ROW.date <= bindparam("day")),
)
"""The same as ``_shown``, for statements that are built once."""

_LINE = (
    select(ReactionRow.__table__, _ACTOR.name.label("name"), _ACTOR.slug.label("slug"))
    .select_from(_WITH_ACTOR)
    .order_by(_ROW.date, _ROW.id)
)
_WHOLE = OnMany(_ROW.stance_id, _LINE.where(*_MAY_SHOW).limit(5_000).where)
_MARKS = OnMany(
    _ROW.stance_id,
    select(
        _ROW.id,
        _ROW.stance_id,
        _ROW.actor_name,
        _ROW.reaction,
        _ROW.date,
        _ROW.precision,
        _ROW.origin,
        _ACTOR.name,
    )
    .select_from(_WITH_ACTOR)
    .where(*_MAY_SHOW)
    .order_by(_ROW.date, _ROW.id)
    .where,
)

_mark = lru_cache(maxsize=10_000)(ReactionMark)
"""The same answer is the very same mark: what is drawn of it is known by it."""


def to_practices(
    session: Session,
    lens: Lens,
    *,
    company: int | None = None,
    topic: str | None = None,
    limit: int = 100,
) -> list[ReactionLine]:
    """Reactions that answer a practice and no single stance, oldest first."""
    name = ("practices", lens, company, topic, limit)
    return remembered.once(
        session, name, lambda own: _to_practices(own, lens, company, topic, limit)
    )


def _to_practices(
    session: Session, lens: Lens, company: int | None, topic: str | None, limit: int
) -> list[ReactionLine]:
    wanted: list[ColumnElement[bool]] = [ReactionRow.stance_id.is_(None)]
    if company is not None:
        about = select(ReactionAboutRow.reaction_id).where(
            ReactionAboutRow.organisation_id == company
        )
        wanted.append(ReactionRow.id.in_(about))
    if topic is not None:
        wanted.append(ReactionRow.topic == topic)
    return _read(session, lens, wanted, limit)


def count(session: Session, lens: Lens, topic: str) -> int:
    """How many reactions there are on a topic: to its stances, and to the practice itself."""
    of_topic = select(StanceTopicRow.stance_id).where(StanceTopicRow.topic == topic)
    to_practice = and_(_ROW.stance_id.is_(None), _ROW.topic == topic)
    return sum(_count(session, lens, one) for one in (_ROW.stance_id.in_(of_topic), to_practice))


def _count(session: Session, lens: Lens, wanted: ColumnElement[bool]) -> int:
    if lens.known is Known.NOW:
        query = select(func.count()).select_from(ReactionRow.__table__)
        return session.execute(query.where(*_shown(lens), wanted)).scalar_one()
    told = select(_ROW.id, _ROW.date, _ROW.precision, _ROW.origin)
    return len(_known(session, lens, session.execute(told.where(*_shown(lens), wanted)).all()))


def by_actor(session: Session, lens: Lens, actor: int, limit: int = 200) -> list[ReactionLine]:
    """Everything that an organisation said of stances and practices, oldest first."""
    return _read(session, lens, [ReactionRow.actor_id == actor], limit)


def _read(
    session: Session, lens: Lens, wanted: list[ColumnElement[bool]], limit: int
) -> list[ReactionLine]:
    rows = session.execute(_LINE.where(*_shown(lens), *wanted).limit(limit)).all()
    return _lines(session, lens, rows)


def _lines(session: Session, lens: Lens, rows: Sequence[Any]) -> list[ReactionLine]:
    known = _known(session, lens, rows)
    ids = [row.id for row in known]
    proofs, about = sources_of.of_reactions(session, ids), _about(session, ids)
    return [_line(row, proofs[row.id], tuple(about.get(row.id, ()))) for row in known]


def _shown(lens: Lens) -> tuple[ColumnElement[bool], ...]:
    in_time = or_(_ROW.date.is_(None), _ROW.date <= lens.day)
    return _ROW.published.is_(True), _ROW.level.in_(lens.levels), in_time


def _about(session: Session, ids: list[str]) -> dict[str, list[CompanyRef]]:
    """The companies that each of these reactions is about."""
    if not ids:
        return {}
    found: dict[str, list[CompanyRef]] = {}
    for reaction, *company in _CONCERNED.rows(session, ids):
        found.setdefault(reaction, []).append(lookup.company(*company))
    return found


_NAMED = ReactionAboutRow.__table__.c
_CONCERNED = OnMany(
    _NAMED.reaction_id,
    select(_NAMED.reaction_id, _ACTOR.id, _ACTOR.slug, _ACTOR.name)
    .join_from(ReactionAboutRow.__table__, OrganisationRow.__table__)
    .order_by(_NAMED.reaction_id, _NAMED.place)
    .where,
)


def _known(session: Session, lens: Lens, rows: Sequence[Any]) -> Sequence[Any]:
    """Those of them that had been reported by the lens' day, where it asks what was known then."""
    if lens.known is Known.NOW:
        return rows
    told = reported.known_then(session, RecordKind.REACTION, rows, lens.day)
    return [row for row in rows if row.id in told]


def _line(row: Any, proof: Proof, about: tuple[CompanyRef, ...]) -> ReactionLine:
    return ReactionLine(
        id=row.id,
        actor=row.name or row.actor_name,
        actor_slug=row.slug,
        actor_type=row.actor_type,
        affiliate=row.affiliate,
        speaker=row.speaker,
        kind=row.reaction,
        summary=row.summary,
        practice=row.practice,
        date=row.date,
        precision=row.precision,
        level=row.level,
        stance=row.stance_id,
        topic=row.topic,
        about=about,
        quote=proof.quote,
        links=proof.links,
    )
