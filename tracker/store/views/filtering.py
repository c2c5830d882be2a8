"""Filters of an address as conditions on stances and companies."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.codes import COMPELLED, Track
from tracker.domain.filters import Attested, Filters
from tracker.domain.tracks import SAID
from tracker.store import search
from tracker.store.schema import (
    ArticleRow,
    EvidenceRow,
    LinkRow,
    OrganisationRow,
    PositionSpanRow,
    SnapshotRow,
    StanceRow,
    StanceTopicRow,
    TopicRow,
)


def of_stances(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    """What must hold of a stance. The words are looked for as the search page does."""
    found = [*_of_words(session, filters), *_of_period(filters), *_of_level(filters)]
    if filters.company or filters.country or filters.sector:
        found.append(StanceRow.company_id.in_(companies(filters)))
    if filters.topic:
        of_topic = select(StanceTopicRow.stance_id).join(
            TopicRow, TopicRow.code == StanceTopicRow.topic
        )
        found.append(StanceRow.id.in_(of_topic.where(TopicRow.slug.in_(filters.topic))))
    if filters.act:
        found.append(StanceRow.act.in_(filters.act))
    if filters.track:
        found.append(or_(*(_on_track(Track(code)) for code in filters.track)))
    for column, values in (
        (PositionSpanRow.word, filters.position),
        (PositionSpanRow.change, filters.change),
    ):
        if values:
            begun = exists().where(PositionSpanRow.stance_id == StanceRow.id, column.in_(values))
            found.append(begun)
    if filters.source:
        found.append(_carried_by(filters.source))
    return found


def companies(filters: Filters) -> Select[int]:
    """The row ids of the companies that are wanted."""
    query = select(OrganisationRow.id)
    if filters.company:
        query = query.where(OrganisationRow.slug.in_(filters.company))
    if filters.country:
        query = query.where(OrganisationRow.country.in_(filters.country))
    if filters.sector:
        query = query.where(OrganisationRow.sector.in_(filters.sector))
    return query


def unknown(session: Session, filters: Filters) -> bool:
    """Whether a company or topic is asked for that is not on record."""
    named = ((OrganisationRow.slug, filters.company), (TopicRow.slug, filters.topic))
    for column, slugs in named:
        known = set(session.scalars(select(column).where(column.in_(slugs)))) if slugs else set()
        if set(slugs) - known:
            return True
    return False


def sectors(session: Session) -> list[str]:
    """The sectors of companies with a stance."""
    return _distinct(session, OrganisationRow.sector)


def countries(session: Session) -> list[str]:
    """The countries of companies with a stance."""
    return _distinct(session, OrganisationRow.country)


def _distinct(session: Session, column: InstrumentedAttribute[str | None]) -> list[str]:
    with_stance = select(StanceRow.company_id).where(StanceRow.published)
    query = select(column).where(OrganisationRow.id.in_(with_stance)).distinct()
    return sorted(filter(None, session.scalars(query)))


def _of_words(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    if not filters.words:
        return []
    ids = search.stances_with(session, filters)
    return [StanceRow.id.in_(ids)]


def _of_period(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.after:
        found.append(StanceRow.date >= filters.after)
    if filters.before:
        found.append(StanceRow.date < filters.before)
    return found


def _of_level(filters: Filters) -> list[ColumnElement[bool]]:
    only = filters.level is Attested.CONFIRMED
    return [StanceRow.level == filters.level.value] if only else []


def _on_track(track: Track) -> ColumnElement[bool]:
    """See ``domain/tracks.py``: a stored track wins, what is ordered is a deed."""
    said = and_(StanceRow.trigger.not_in(sorted(COMPELLED)), StanceRow.act.in_(sorted(SAID)))
    by_nature = said if track is Track.SAYS else ~said
    stored = StanceRow.track.in_((track.value, Track.BOTH.value))
    return or_(stored, and_(StanceRow.track.is_(None), by_nature))


def _carried_by(hosts: Iterable[str]) -> ColumnElement[bool]:
    wanted = list(hosts)
    linked = select(LinkRow.stance_id).where(LinkRow.host.in_(wanted))
    quoted = (
        select(EvidenceRow.stance_id)
        .join(SnapshotRow, SnapshotRow.id == EvidenceRow.snapshot_id)
        .join(ArticleRow, ArticleRow.id == SnapshotRow.article_id)
        .where(ArticleRow.host.in_(wanted))
    )
    return or_(StanceRow.id.in_(linked), StanceRow.id.in_(quoted))
