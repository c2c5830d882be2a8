"""Companies: the list, and what is known of one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import NameKind, OrganisationKind
from tracker.domain.terms import fold
from tracker.store.schema import OrganisationNameRow, OrganisationRow, ParentRow, StanceRow
from tracker.store.views import lookup, positions, remembered, stances
from tracker.store.views.records import CompanyRef, Lens, Standing

NOBODY = 0
"""The row id of a brand that is no organisation."""


@dataclass(frozen=True, slots=True)
class CompanyLine:
    """A company in the list: where it stands, how much is on record."""

    company: CompanyRef
    country: str | None
    stances: int
    last: Day
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What the register knows of a company on a day."""

    company: CompanyRef
    parents: tuple[CompanyRef, ...]
    subsidiaries: tuple[CompanyRef, ...] = ()
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    country: str | None = None
    domain: str | None = None

    @property
    def registered(self) -> CompanyRef:
        """The organisation that readers may ask to be told of: a bare brand's owner."""
        return self.parents[0] if self.company.id == NOBODY else self.company


def listing(session: Session, lens: Lens) -> list[CompanyLine]:
    """Every company with a stance on record, by name."""
    numbers = stances.by_company(session, lens)
    where: dict[int, list[Standing]] = {}
    for standing in positions.standings(session, lens):
        where.setdefault(standing.company.id, []).append(standing)
    query = (
        select(
            OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name, OrganisationRow.country
        )
        .where(OrganisationRow.id.in_(sorted(numbers)))
        .order_by(func.lower(OrganisationRow.name))
    )
    return [
        CompanyLine(
            CompanyRef(row.id, row.slug, row.name),
            row.country,
            *numbers[row.id],
            tuple(latest_first(where.get(row.id, ()))),
        )
        for row in session.execute(query)
    ]


def latest_first(standings: Iterable[Standing]) -> list[Standing]:
    """The positions of one company, the one that began last first."""
    return sorted(standings, key=lambda one: (one.since, one.topic.code), reverse=True)


def facts(session: Session, slug: str, lens: Lens) -> CompanyFacts | None:
    """What the register knows of a company; None when there is no company of that slug."""
    name = ("company", slug, lens.day)
    return remembered.once(session, name, lambda own: _facts(own, slug, lens))


def _facts(session: Session, slug: str, lens: Lens) -> CompanyFacts | None:
    query = select(OrganisationRow).where(
        OrganisationRow.slug == slug, OrganisationRow.kind == OrganisationKind.COMPANY
    )
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        return None
    names = session.execute(
        select(OrganisationNameRow)
        .where(OrganisationNameRow.organisation_id == row.id)
        .order_by(OrganisationNameRow.id)
    ).scalars()
    by_kind: dict[str, list[str]] = {}
    for name in names:
        by_kind.setdefault(name.kind, []).append(name.text)
    return CompanyFacts(
        company=lookup.company(row.id, row.slug, row.name),
        country=row.country,
        domain=row.domain,
        aliases=tuple(by_kind.get(NameKind.ALIAS, ())),
        former=tuple(by_kind.get(NameKind.FORMER, ())),
        brands=tuple(by_kind.get(NameKind.BRAND, ())),
        parents=_owners(session, row.id, lens.day),
        subsidiaries=_owned(session, row.id, lens.day),
    )


def brand(session: Session, slug: str) -> CompanyFacts | None:
    """The same of a brand that is no organisation of its own: its name and its owner."""
    name, row = OrganisationNameRow, StanceRow
    registered = select(name.text, name.organisation_id).where(name.kind == NameKind.BRAND)
    told = select(row.brand, row.company_id).where(row.published, row.brand.is_not(None))
    for text, owner in sorted({*session.execute(registered), *session.execute(told.distinct())}):
        if slug_of(text) == slug:
            owners = tuple(lookup.companies(session, [owner]).values())
            return CompanyFacts(CompanyRef(NOBODY, slug, text), owners)
    return None


def slug_of(name: str) -> str:
    """The slug under which a brand without an organisation has its page."""
    return "-".join(re.findall("[a-z0-9]+", fold(name)))


def _owners(session: Session, company: int, day: Day) -> tuple[CompanyRef, ...]:
    query = (
        select(OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name)
        .join(ParentRow, ParentRow.parent_id == OrganisationRow.id)
        .where(ParentRow.organisation_id == company, *_held_on(day))
        .order_by(OrganisationRow.name)
    )
    return tuple(CompanyRef(*row) for row in session.execute(query))


def _owned(session: Session, company: int, day: Day) -> tuple[CompanyRef, ...]:
    query = (
        select(OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name)
        .join(ParentRow, ParentRow.organisation_id == OrganisationRow.id)
        .where(ParentRow.parent_id == company, *_held_on(day))
        .order_by(OrganisationRow.name)
    )
    return tuple(CompanyRef(*row) for row in session.execute(query))


def _held_on(day: Day) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(ParentRow.since.is_(None), ParentRow.since <= day),
        or_(ParentRow.until.is_(None), ParentRow.until > day),
    )
