"""Small tables that most pages need: topics by code, companies by id, tiers by host."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import NameKind, OrganisationKind, Tier, TopicKind
from tracker.domain.model import Name
from tracker.store.schema import HostRow, OrganisationNameRow, OrganisationRow, TopicRow
from tracker.store.views import remembered
from tracker.store.views.records import CompanyRef, TopicRef

_TOPIC = TopicRow.__table__.c
_COLUMNS = (
    _TOPIC.code,
    _TOPIC.slug,
    _TOPIC.name,
    _TOPIC.topic_group.label("group"),
    _TOPIC.kind,
    _TOPIC.practice,
    _TOPIC.reference_side,
    _TOPIC.contested,
    _TOPIC.covers,
    _TOPIC.split_by,
)


def topics(session: Session) -> dict[str, TopicRef]:
    """Every topic by its code, in the order of the codebook."""
    return remembered.once(session, "topics", _topics)


def _topics(session: Session) -> dict[str, TopicRef]:
    rows = session.execute(select(*_COLUMNS).order_by(_TOPIC.place))
    return {row.code: _topic(row) for row in rows}


def topic_by_slug(session: Session, slug: str) -> TopicRef | None:
    """The topic with this slug."""
    return next((one for one in topics(session).values() if one.slug == slug), None)


def _topic(row: Any) -> TopicRef:
    return TopicRef(
        code=row.code,
        slug=row.slug,
        name=row.name,
        group=row.group,
        kind=TopicKind(row.kind),
        practice=row.practice,
        reference_side=row.reference_side,
        contested=row.contested,
        covers=row.covers,
        split_by=row.split_by,
    )


@lru_cache(maxsize=20_000)
def company(id_: int, slug: str, name: str) -> CompanyRef:
    """The one value for a company as it is called: what is made of it can be known by it."""
    return CompanyRef(id_, slug, name)


def companies(session: Session, ids: Iterable[int]) -> dict[int, CompanyRef]:
    """The organisations with these ids, whatever their kind."""
    wanted = sorted(set(ids))
    query = select(OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name)
    rows = session.execute(query.where(OrganisationRow.id.in_(wanted)))
    return {row.id: company(row.id, row.slug, row.name) for row in rows}


def by_slugs(session: Session, slugs: Iterable[str]) -> dict[str, CompanyRef]:
    """The organisations with these slugs, whatever their kind."""
    query = select(OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name)
    rows = session.execute(query.where(OrganisationRow.slug.in_(sorted(set(slugs)))))
    return {row.slug: CompanyRef(row.id, row.slug, row.name) for row in rows}


def former_names(session: Session, ids: Iterable[int]) -> dict[int, list[Name]]:
    """The names that these organisations had before, which end on a known day."""
    every = remembered.once(session, "former names", _former_names)
    return {one: every[one] for one in ids if one in every}


def _former_names(session: Session) -> dict[int, list[Name]]:
    row = OrganisationNameRow.__table__.c
    query = select(row.organisation_id, row.text, row.since, row.until)
    query = query.where(row.kind == NameKind.FORMER, row.until.is_not(None)).order_by(row.id)
    found: dict[int, list[Name]] = {}
    for organisation, text, since, until in session.execute(query):
        name = Name(text, NameKind.FORMER, since, until)
        found.setdefault(organisation, []).append(name)
    return found


def company_by_slug(session: Session, slug: str) -> CompanyRef | None:
    """The company with this slug."""
    query = select(OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name).where(
        OrganisationRow.slug == slug, OrganisationRow.kind == OrganisationKind.COMPANY
    )
    row = session.execute(query).first()
    return CompanyRef(row.id, row.slug, row.name) if row else None


def organisations(session: Session) -> list[tuple[str, str]]:
    """The page and the name of every organisation, and of every other name that it has."""
    own = select(OrganisationRow.slug, OrganisationRow.kind, OrganisationRow.name)
    other = select(OrganisationRow.slug, OrganisationRow.kind, OrganisationNameRow.text).join(
        OrganisationNameRow, OrganisationNameRow.organisation_id == OrganisationRow.id
    )
    rows = [*session.execute(own), *session.execute(other)]
    company = OrganisationKind.COMPANY
    return [(f"/{'c' if kind == company else 'o'}/{slug}", name) for slug, kind, name in rows]


def tiers(session: Session) -> dict[str, Tier]:
    """How far each host is trusted of which that is known."""
    return remembered.once(session, "tiers", _tiers)


def _tiers(session: Session) -> dict[str, Tier]:
    row = HostRow.__table__.c
    return {host: Tier(tier) for host, tier in session.execute(select(row.host, row.tier))}
