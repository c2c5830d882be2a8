"""Who answered: reactions to stances and practices."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known
from tracker.domain.knowledge import is_over
from tracker.store.schema import ReactionAboutRow, ReactionRow
from tracker.store.views import sources_of
from tracker.store.views.records import CompanyRef, Lens, ReactionLine
from tracker.store.views.sources_of import Proof


def to_stances(session: Session, lens: Lens, ids: Iterable[str]) -> dict[str, list[ReactionLine]]:
    """The reactions to each of these stances, oldest first."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    result: dict[str, list[ReactionLine]] = {}
    for line in _read(session, lens, [ReactionRow.stance_id.in_(wanted)], 5_000):
        result.setdefault(line.stance or "", []).append(line)
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


def by_actor(session: Session, lens: Lens, actor: int, limit: int = 200) -> list[ReactionLine]:
    """Everything that an organisation said of stances and practices, oldest first."""
    return _read(session, lens, [ReactionRow.actor_id == actor], limit)


def _read(
    session: Session, lens: Lens, wanted: list[ColumnElement[bool]], limit: int
) -> list[ReactionLine]:
    query = (
        select(ReactionRow)
        .where(
            ReactionRow.published,
            ReactionRow.level.in_(lens.levels),
            or_(ReactionRow.date.is_(None), ReactionRow.date <= lens.day),
            *wanted,
        )
        .order_by(ReactionRow.date, ReactionRow.id)
        .limit(limit)
    )
    rows = [row for row in session.execute(query).scalars() if _was_known(row, lens)]
    proofs = sources_of.of_reactions(session, (row.id for row in rows))
    return [_line(row, proofs[row.id]) for row in rows]


def _was_known(row: ReactionRow, lens: Lens) -> bool:
    return lens.known is Known.NOW or is_over(row.date, row.precision, lens.day)


def _line(row: ReactionRow, proof: Proof) -> ReactionLine:
    actor = row.actor
    about = tuple(
        CompanyRef(one.organisation.id, one.organisation.slug, one.organisation.name)
        for one in row.about
    )
    return ReactionLine(
        id=row.id,
        actor=actor.name if actor else row.actor_name,
        actor_slug=actor.slug if actor else None,
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
