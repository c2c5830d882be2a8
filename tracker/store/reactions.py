"""Reactions to stances and practices."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.domain.codes import (
    Disposition,
    Level,
    Novelty,
    Origin,
    Precision,
    ReactionKind,
    ReviewState,
)
from tracker.domain.model import CallId, Reaction, ReactionId, StanceId, TopicCode
from tracker.store.schema import OrganisationRow, ReactionAboutRow, ReactionRow
from tracker.store.schema.ledger import ATTESTED
from tracker.store.stances import first_free

PLAIN = (
    "actor_name",
    "actor_type",
    "affiliate",
    "speaker",
    "reaction",
    "practice",
    "topic",
    "summary",
    "date",
    "precision",
    "target_class",
    "novelty",
    *ATTESTED,
)


def save(session: Session, reaction: Reaction, organisations: Mapping[str, int]) -> None:
    """Add a reaction, or bring the stored one up to date; row ids of organisations by slug."""
    save_all(session, [reaction], organisations)


def save_all(
    session: Session, wanted: Iterable[Reaction], organisations: Mapping[str, int]
) -> None:
    """Add or bring up to date many reactions at once."""
    by_id = {reaction.id: reaction for reaction in wanted}
    query = select(ReactionRow).where(ReactionRow.id.in_(list(by_id)))
    rows = {row.id: row for row in session.scalars(query).unique()}
    for id_, reaction in by_id.items():
        row = rows.get(id_) or ReactionRow(id=id_)
        _fill(row, reaction, organisations)
        session.add(row)
    session.flush()


def _fill(row: ReactionRow, reaction: Reaction, organisations: Mapping[str, int]) -> None:
    row.actor_id = organisations[reaction.actor] if reaction.actor else None
    row.stance_id, row.call_id = reaction.stance, reaction.call
    for field in PLAIN:
        setattr(row, field, getattr(reaction, field))
    wanted = [organisations[slug] for slug in dict.fromkeys(reaction.about)]
    if [a.organisation_id for a in row.about] != wanted:
        row.about = [
            ReactionAboutRow(place=place, organisation_id=id_) for place, id_ in enumerate(wanted)
        ]


def get(session: Session, reaction: ReactionId) -> Reaction | None:
    """One reaction by its id."""
    row = session.get(ReactionRow, reaction)
    return value(row) if row else None


def by_ids(session: Session, ids: Iterable[str]) -> list[Reaction]:
    """These reactions, by id."""
    query = _all().where(ReactionRow.id.in_(list(ids)))
    return [value(row) for row in session.scalars(query).unique()]


def ids(session: Session) -> list[ReactionId]:
    """The id of every reaction."""
    rows = session.scalars(select(ReactionRow.id).order_by(ReactionRow.id))
    return [ReactionId(id_) for id_ in rows]


def every(session: Session) -> list[Reaction]:
    """Every reaction, by id."""
    return [value(row) for row in session.scalars(_all()).unique()]


def by_actors(session: Session, slugs: Iterable[str], names: Iterable[str]) -> list[Reaction]:
    """What these actors (slugs, or names as written) said."""
    query = (
        _all()
        .outerjoin(OrganisationRow, ReactionRow.actor_id == OrganisationRow.id)
        .where(OrganisationRow.slug.in_(list(slugs)) | ReactionRow.actor_name.in_(list(names)))
    )
    return [value(row) for row in session.scalars(query).unique()]


def _all() -> Select[ReactionRow]:
    return select(ReactionRow).order_by(ReactionRow.id)


def free_id(session: Session, wanted: str) -> ReactionId:
    """The wanted id, or the first one with a number behind it that nobody has."""
    taken = set(session.scalars(select(ReactionRow.id).where(ReactionRow.id.startswith(wanted))))
    return ReactionId(first_free(wanted, taken))


def value(row: ReactionRow) -> Reaction:
    """The row as a value."""
    return Reaction(
        id=ReactionId(row.id),
        actor_name=row.actor_name,
        actor_type=row.actor_type,
        reaction=ReactionKind(row.reaction),
        about=tuple(a.organisation.slug for a in row.about),
        actor=row.actor.slug if row.actor else None,
        affiliate=row.affiliate,
        speaker=row.speaker,
        stance=StanceId(row.stance_id) if row.stance_id else None,
        practice=row.practice,
        topic=TopicCode(row.topic) if row.topic else None,
        summary=row.summary,
        date=row.date,
        precision=Precision(row.precision),
        call=CallId(row.call_id) if row.call_id else None,
        target_class=row.target_class,
        novelty=Novelty(row.novelty),
        disposition=Disposition(row.disposition),
        confidence=row.confidence,
        level=Level(row.level),
        review_state=ReviewState(row.review_state),
        origin=Origin(row.origin),
        published=row.published,
        extractor=row.extractor,
        note=row.note,
    )
