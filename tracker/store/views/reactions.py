"""Who answered: reactions to stances and practices."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known
from tracker.store import reported
from tracker.store.among import among
from tracker.store.schema import (
    OrganisationRow,
    ReactionAboutRow,
    ReactionRow,
    StanceTopicRow,
)
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import sources_of
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
    for line in _read(session, lens, [among(_ROW.stance_id, wanted)], 5_000):
        result.setdefault(line.stance or "", []).append(line)
    return result


def marks(session: Session, lens: Lens, ids: Iterable[str]) -> dict[str, list[ReactionMark]]:
    """The reactions to each of these stances as charts mark them, oldest first."""
    dated = (_ROW.date, _ROW.precision, _ROW.origin)
    columns = (_ROW.id, _ROW.stance_id, _ROW.actor_name, _ROW.reaction, *dated, _ACTOR.name)
    query = select(*columns).select_from(_WITH_ACTOR).where(among(_ROW.stance_id, ids))
    rows = session.execute(query.where(*_shown(lens)).order_by(_ROW.date, _ROW.id)).all()
    result: dict[str, list[ReactionMark]] = {}
    for row in _known(session, lens, rows):
        mark = ReactionMark(row.name or row.actor_name, row.reaction, row.date, row.precision)
        result.setdefault(row.stance_id, []).append(mark)
    return result


def to_practices(
    session: Session,
    lens: Lens,
    *,
    company: int | None = None,
    topic: str | None = None,
    limit: int = 100,
) -> list[ReactionLine]:
    """Reactions that answer a practice and no single stance, oldest first."""
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
    query = select(ReactionRow.__table__, _ACTOR.name.label("name"), _ACTOR.slug.label("slug"))
    query = query.select_from(_WITH_ACTOR).where(*_shown(lens), *wanted)
    rows = session.execute(query.order_by(_ROW.date, _ROW.id).limit(limit)).all()
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
    about = ReactionAboutRow.__table__.c
    query = (
        select(about.reaction_id, _ACTOR.id, _ACTOR.slug, _ACTOR.name)
        .join_from(ReactionAboutRow.__table__, OrganisationRow.__table__)
        .where(among(about.reaction_id, ids))
        .order_by(about.reaction_id, about.place)
    )
    found: dict[str, list[CompanyRef]] = {}
    for reaction, *company in session.execute(query):
        found.setdefault(reaction, []).append(CompanyRef(*company))
    return found


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
