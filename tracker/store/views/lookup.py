"""Small tables that most pages need: topics by code, companies by id, tiers by host."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import OrganisationKind, Tier, TopicKind
from tracker.store.schema import HostRow, OrganisationRow, TopicRow
from tracker.store.views.records import CompanyRef, TopicRef


def topics(session: Session) -> dict[str, TopicRef]:
    """Every topic by its code, in the order of the codebook."""
    rows = session.execute(select(TopicRow).order_by(TopicRow.place)).scalars()
    return {row.code: _topic(row) for row in rows}


def topic_by_slug(session: Session, slug: str) -> TopicRef | None:
    """The topic with this slug."""
    row = session.execute(select(TopicRow).where(TopicRow.slug == slug)).scalar_one_or_none()
    return _topic(row) if row else None


def _topic(row: TopicRow) -> TopicRef:
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
    )


def companies(session: Session, ids: Iterable[int]) -> dict[int, CompanyRef]:
    """The organisations with these ids, whatever their kind."""
    wanted = sorted(set(ids))
    query = select(OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name)
    rows = session.execute(query.where(OrganisationRow.id.in_(wanted)))
    return {row.id: CompanyRef(row.id, row.slug, row.name) for row in rows}


def company_by_slug(session: Session, slug: str) -> CompanyRef | None:
    """The company with this slug."""
    query = select(OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name).where(
        OrganisationRow.slug == slug, OrganisationRow.kind == OrganisationKind.COMPANY
    )
    row = session.execute(query).first()
    return CompanyRef(row.id, row.slug, row.name) if row else None


def tiers(session: Session, hosts: Iterable[str]) -> dict[str, Tier]:
    """How far each of these hosts is trusted; unknown hosts are left out."""
    wanted = sorted(set(hosts))
    rows = session.execute(select(HostRow.host, HostRow.tier).where(HostRow.host.in_(wanted)))
    return {row.host: Tier(row.tier) for row in rows}
