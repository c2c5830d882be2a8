"""Filters of an address as conditions on stances and companies."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import COMPELLED, Track
from tracker.domain.filters import Attested, Filters, Kind
from tracker.domain.tracks import SAID
from tracker.store import search
from tracker.store.schema import (
    ArticleRow,
    CallCallerRow,
    CallRow,
    CallTargetRow,
    CallTargetStatusRow,
    EvidenceRow,
    LinkRow,
    OrganisationRow,
    PositionSpanRow,
    ReactionRow,
    SnapshotRow,
    StanceRow,
    StanceTopicRow,
    TopicRow,
)
from tracker.store.views.records import SpanLine


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
    return [*found, *_answered(session, filters)]


def _answered(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    """Who reacted or asked (``by``); whether somebody reacted or it answers a call (``kind``)."""
    found: list[ColumnElement[bool]] = []
    reacted = exists().where(ReactionRow.stance_id == StanceRow.id, ReactionRow.published)
    if filters.by:
        named = select(OrganisationRow.id).where(OrganisationRow.slug.in_(filters.by))
        asked = CallCallerRow.organisation_id.in_(named)
        to_them = StanceRow.id.in_(_answers(session, asked))
        found.append(or_(reacted.where(ReactionRow.actor_id.in_(named)), to_them))
    kinds = {
        Kind.STANCE: StanceRow.published,
        Kind.REACTION: reacted,
        Kind.CALL: StanceRow.id.in_(_answers(session)) if Kind.CALL in filters.kind else false(),
    }
    if filters.kind:
        found.append(or_(*(kinds.get(Kind(kind), false()) for kind in filters.kind)))
    return found


def _answers(session: Session, *asked: ColumnElement[bool]) -> list[str]:
    """The ids of the stances that answer calls."""
    query = (
        select(CallTargetStatusRow.answered_by)
        .join(CallTargetRow, CallTargetRow.id == CallTargetStatusRow.target_id)
        .join(CallRow, CallRow.id == CallTargetRow.call_id)
        .where(CallRow.published)
    )
    if asked:
        query = query.join(CallCallerRow, CallCallerRow.call_id == CallRow.id).where(*asked)
    return sorted({stance for ids in session.scalars(query) for stance in ids})


def companies(filters: Filters) -> Select[int]:
    """The row ids of the companies that are wanted."""
    query = select(OrganisationRow.id)
    if filters.company:
        query = query.where(OrganisationRow.slug.in_(filters.company))
    if filters.country:
        query = query.where(or_(*(_at_home_in(code) for code in filters.country)))
    if filters.sector:
        query = query.where(OrganisationRow.sector.in_(filters.sector))
    return query


def _at_home_in(country: str) -> ColumnElement[bool]:
    """Whether a company is of this country, of several perhaps: “US/SG”."""
    return (literal("/") + OrganisationRow.country + "/").contains(f"/{country}/")


def spans(session: Session, found: Iterable[SpanLine], filters: Filters) -> list[SpanLine]:
    """The words of the companies, topics and tracks that are wanted, by level of their stance."""
    found = list(found)
    if filters.company or filters.country or filters.sector:
        ids = set(session.scalars(companies(filters)))
        found = [one for one in found if one.company.id in ids]
    if filters.topic:
        found = [one for one in found if one.topic.slug in filters.topic]
    if filters.track:
        found = [one for one in found if one.track in filters.track]
    if filters.level is Attested.CONFIRMED:
        is_confirmed = StanceRow.level == Attested.CONFIRMED.value
        begun = sorted({one.stance for one in found if one.stance})
        sure = set(session.scalars(select(StanceRow.id).where(is_confirmed, _among(begun))))
        found = [one for one in found if one.stance in sure]
    return found


def _among(ids: list[str]) -> ColumnElement[bool]:
    """Very many of them are looked for among all: no statement takes so many parameters."""
    return StanceRow.id.in_(ids) if len(ids) < 5_000 else StanceRow.published.is_(True)


def unknown(session: Session, filters: Filters) -> bool:
    """Whether an organisation or topic is asked for that is not on record."""
    named = (
        (OrganisationRow.slug, {*filters.company, *filters.by}),
        (TopicRow.slug, set(filters.topic)),
    )
    return any(
        slugs - set(session.scalars(select(column).where(column.in_(sorted(slugs)))))
        for column, slugs in named
        if slugs
    )


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
