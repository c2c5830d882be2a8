"""Stances and the relations between them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.domain.changes import range_of
from tracker.domain.codes import Origin, Precision, RelationKind
from tracker.domain.knowledge import known_on
from tracker.domain.model import Relation, Stance, StanceId
from tracker.store.schema import OrganisationRow, RelationRow, StanceRow, StanceTopicRow
from tracker.store.stance_values import FIELDS, PLAIN, built, value


def save(session: Session, stance: Stance, companies: Mapping[str, int]) -> None:
    """Add a stance, or bring the stored one up to date; ``companies`` are row ids by slug."""
    save_all(session, [stance], companies)


def save_all(session: Session, wanted: Iterable[Stance], companies: Mapping[str, int]) -> None:
    """Add or bring up to date many stances at once."""
    by_id = {stance.id: stance for stance in wanted}
    rows = {row.id: row for row in _rows(session, by_id)}
    for id_, stance in by_id.items():
        row = rows.get(id_) or StanceRow(id=id_)
        _fill(row, stance, companies)
        session.add(row)
    session.flush()


def _rows(session: Session, ids: Iterable[StanceId]) -> Iterable[StanceRow]:
    return session.scalars(select(StanceRow).where(StanceRow.id.in_(list(ids)))).unique()


def _fill(row: StanceRow, stance: Stance, companies: Mapping[str, int]) -> None:
    row.company_id = companies[stance.company]
    for field in PLAIN:
        setattr(row, field, getattr(stance, field))
    row.known_on = known_on(stance)
    topics = _directed(stance)
    if [(t.topic, t.direction) for t in row.topics] != topics:
        row.topics = [
            StanceTopicRow(place=place, topic=topic, direction=direction)
            for place, (topic, direction) in enumerate(topics)
        ]


def _directed(stance: Stance) -> list[tuple[str, int | None]]:
    """The topics, primary first, each with the direction that belongs to it."""
    return [
        (topic, stance.direction if topic == stance.topic else stance.directions.get(topic))
        for topic in dict.fromkeys((stance.topic, *stance.topics))
    ]


def get(session: Session, stance: StanceId) -> Stance | None:
    """One stance by its id, also one that was merged into another."""
    row = session.get(StanceRow, stance)
    return value(row) if row else None


def by_ids(session: Session, ids: Iterable[str]) -> list[Stance]:
    """These stances, by date and id."""
    wanted = list(ids)
    return _values(session, (StanceRow.id.in_(wanted),)) if wanted else []


def every(session: Session) -> list[Stance]:
    """Every stance, by date and id."""
    return _values(session, ())


def by_id(session: Session) -> dict[StanceId, Stance]:
    """Every stance by its id, also those that were merged into others."""
    return {stance.id: stance for stance in map(value, session.scalars(select(StanceRow)).unique())}


def of_companies(session: Session, slugs: Iterable[str]) -> list[Stance]:
    """Every stance of these companies."""
    return _values(session, (OrganisationRow.slug.in_(list(slugs)),))


def near(
    session: Session, slugs: Iterable[str], days: tuple[date, date], within: timedelta
) -> list[Stance]:
    """Stances of these companies that may have been taken around these days (first and last).

    They are the ones that a new report may tell of again; an imprecise date stands for its range.
    """
    first, last = days[0] - within, days[1] + within
    since = StanceRow.date >= first
    loose = (StanceRow.precision != Precision.DAY) & (StanceRow.date >= first - timedelta(days=366))
    wanted = (OrganisationRow.slug.in_(list(slugs)), StanceRow.date <= last, since | loose)
    return [stance for stance in _values(session, wanted) if range_of(stance)[1] >= first]


def _values(session: Session, conditions: Iterable[Any]) -> list[Stance]:
    """Stances by date and id, read as plain rows: they may be a hundred thousand."""
    session.flush()
    connection = session.connection()
    where = (StanceRow.merged_into.is_(None), *conditions)
    topics: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    query = _with_company(select(*_TOPIC)).join(StanceTopicRow, StanceTopicRow.stance_id == _ID)
    for id_, topic, direction in connection.execute(
        query.where(*where).order_by(StanceTopicRow.place)
    ):
        topics[id_].append((topic, direction))
    rows = connection.execute(
        _with_company(select(*_COLUMNS)).where(*where).order_by(StanceRow.date, StanceRow.id)
    )
    return [
        built(dict(zip(FIELDS, values, strict=True)), slug, name, topics[values[0]])
        for slug, name, *values in rows
    ]


_ID = StanceRow.id
_TOPIC = (_ID, StanceTopicRow.topic, StanceTopicRow.direction)
_COLUMNS = (
    OrganisationRow.slug,
    OrganisationRow.name,
    *(getattr(StanceRow, name) for name in FIELDS),
)


def _with_company(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.select_from(StanceRow).join(
        OrganisationRow, StanceRow.company_id == OrganisationRow.id
    )


def has_any(session: Session, slug: str) -> bool:
    """Whether anything has been published of a company before."""
    return (
        session.scalar(
            select(StanceRow.id)
            .join(OrganisationRow, StanceRow.company_id == OrganisationRow.id)
            .where(OrganisationRow.slug == slug, StanceRow.published)
            .limit(1)
        )
        is not None
    )


def companies_turning(session: Session, after: date, until: date) -> list[str]:
    """The companies (slugs) with a public stance that is dated, or takes effect, in these days."""
    turning = StanceRow.effective_date.between(after, until) | StanceRow.date.between(after, until)
    rows = session.scalars(
        select(OrganisationRow.slug)
        .join(StanceRow, StanceRow.company_id == OrganisationRow.id)
        .where(StanceRow.published, turning)
        .distinct()
        .order_by(OrganisationRow.slug)
    )
    return list(rows)


def companies(session: Session) -> list[str]:
    """The companies (slugs) of which any stance is on record."""
    query = select(OrganisationRow.slug).join(StanceRow, StanceRow.company_id == OrganisationRow.id)
    return list(session.scalars(query.distinct().order_by(OrganisationRow.slug)))


def ids(session: Session) -> list[StanceId]:
    """The id of every stance."""
    return [StanceId(id_) for id_ in session.scalars(select(StanceRow.id).order_by(StanceRow.id))]


def free_id(session: Session, wanted: str) -> StanceId:
    """The wanted id, or the first one with a number behind it that nobody has."""
    taken = set(session.scalars(select(StanceRow.id).where(StanceRow.id.startswith(wanted))))
    return StanceId(first_free(wanted, taken))


def first_free(wanted: str, taken: set[str]) -> str:
    """``wanted``, or ``wanted-2``, ``wanted-3`` …, whichever is not taken."""
    number, candidate = 1, wanted
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def relate(
    session: Session, relations: Iterable[Relation], origin: Origin, now: datetime | None = None
) -> list[Relation]:
    """Add the relations that are not known yet and return those; a decided one settles a proposal.

    What a person has refused stays refused unless a person (origin editor) decides again; ``now``
    is when that person does.
    """
    wanted = list(relations)
    known = {_key(row): row for row in _relation_rows(session, {one.stance for one in wanted})}
    added = []
    for relation in wanted:
        key = (relation.stance, relation.to, relation.kind.value)
        row = known.get(key)
        if row is None:
            row = known[key] = _new_relation(relation, origin)
            session.add(row)
            added.append(relation)
        if origin is Origin.EDITOR:
            row.refused, row.decided_at = False, now
        row.decided = not row.refused and (row.decided or relation.decided)
    session.flush()
    return added


def refuse(session: Session, relation: Relation, now: datetime) -> None:
    """Note that a person found a relation to be wrong: it is not proposed again."""
    for row in _relation_rows(session, {relation.stance}):
        if _key(row) == (relation.stance, relation.to, relation.kind.value):
            row.refused, row.decided, row.decided_at = True, False, now
    session.flush()


def _new_relation(relation: Relation, origin: Origin) -> RelationRow:
    return RelationRow(
        stance_id=relation.stance,
        to_id=relation.to,
        kind=relation.kind,
        origin=origin,
        decided=relation.decided,
        refused=False,
    )


def _key(row: RelationRow) -> tuple[str, str, str]:
    return (row.stance_id, row.to_id, row.kind)


def _relation_rows(session: Session, ids: Iterable[StanceId]) -> Iterable[RelationRow]:
    wanted = RelationRow.stance_id.in_(list(ids))
    return session.scalars(select(RelationRow).where(wanted).order_by(RelationRow.id))


def relations_of_companies(session: Session, slugs: Iterable[str]) -> list[Relation]:
    """The relations that begin at a stance of these companies, but those a person refused."""
    mine = select(StanceRow.id).join(OrganisationRow, OrganisationRow.id == StanceRow.company_id)
    query = _upheld().where(
        RelationRow.stance_id.in_(mine.where(OrganisationRow.slug.in_(list(slugs))))
    )
    return [_relation(row) for row in session.scalars(query)]


def relations_among(session: Session, stances: Iterable[StanceId] | None = None) -> list[Relation]:
    """The relations that begin at these stances, or all; without those that a person refused."""
    query = _upheld()
    if stances is not None:
        query = query.where(RelationRow.stance_id.in_(list(stances)))
    return [_relation(row) for row in session.scalars(query)]


def _upheld() -> Select[RelationRow]:
    return select(RelationRow).where(RelationRow.refused.is_(False)).order_by(RelationRow.id)


def _relation(row: RelationRow) -> Relation:
    return Relation(
        RelationKind(row.kind),
        StanceId(row.stance_id),
        StanceId(row.to_id),
        row.decided,
        row.decided_at.date() if row.decided_at else None,
    )


def count(session: Session) -> int:
    """How many stances there are."""
    return session.scalar(select(func.count()).select_from(StanceRow)) or 0
