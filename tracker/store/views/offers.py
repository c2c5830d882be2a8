"""What the filters of a page offer: only what has something to show."""

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.register import countries_of
from tracker.store.schema import CallCallerRow, OrganisationRow, ReactionRow, StanceRow
from tracker.store.views import stances
from tracker.store.views.records import CompanyRef, Lens


def answering(session: Session) -> list[CompanyRef]:
    """The organisations that reacted to something or asked for something, by name."""
    row = OrganisationRow
    reacted = exists().where(ReactionRow.actor_id == row.id, ReactionRow.published)
    called = exists().where(CallCallerRow.organisation_id == row.id)
    query = select(row.id, row.slug, row.name).where(or_(reacted, called))
    return [CompanyRef(*found) for found in session.execute(query.order_by(func.lower(row.name)))]


def sectors(session: Session, lens: Lens) -> list[str]:
    """The sectors of companies with a stance."""
    return _told_of(session, lens, OrganisationRow.sector)


def countries(session: Session, lens: Lens) -> list[str]:
    """The countries of companies with a stance."""
    places = _told_of(session, lens, OrganisationRow.country)
    return sorted({country for place in places for country in countries_of(place)})


def _told_of(session: Session, lens: Lens, column: InstrumentedAttribute[str | None]) -> list[str]:
    with_stance = exists().where(
        StanceRow.company_id == OrganisationRow.id, *stances.conditions(lens, stances.Wanted())
    )
    query = select(column).where(with_stance).distinct()
    return sorted(filter(None, session.scalars(query)))
