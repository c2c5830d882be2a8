"""Organisations with their names and owners, the people who speak for them, and the registry."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from tracker.domain.codes import NameKind, OrganisationKind, Origin
from tracker.domain.model import Name, Organisation, Parent, Person, Registry
from tracker.store.schema import OrganisationNameRow, OrganisationRow, ParentRow, PersonRow

FIELDS = (
    "name",
    "kind",
    "standalone",
    "ambiguous",
    "ambiguity",
    "focus",
    "domain",
    "country",
    "sector",
    "wikidata",
    "note",
)


def save(session: Session, organisations: Iterable[Organisation], origin: Origin) -> int:
    """Add what is new, update what differs; return how many are new. Owners are linked last."""
    rows = {row.slug: row for row in session.scalars(_with_names())}
    known = len(rows)
    wanted = list(organisations)
    for organisation in wanted:
        row = rows.get(organisation.slug)
        if row is None:
            row = OrganisationRow(slug=organisation.slug, origin=origin)
            rows[organisation.slug] = row
            session.add(row)
        for field in FIELDS:
            setattr(row, field, getattr(organisation, field))
        _save_names(row, organisation.names)
    session.flush()
    for organisation in wanted:
        if organisation.parents:
            _save_parents(rows[organisation.slug], organisation.parents, rows)
    session.flush()
    return len(rows) - known


def _save_names(row: OrganisationRow, names: Iterable[Name]) -> None:
    have = {(n.kind, n.text): n for n in row.names}
    for name in dict.fromkeys(names):
        found = have.get((name.kind, name.text))
        if found is None:
            found = OrganisationNameRow(text=name.text, kind=name.kind)
            have[(name.kind, name.text)] = found
            row.names.append(found)
        found.since, found.until = name.since, name.until


def _save_parents(
    row: OrganisationRow, parents: Iterable[Parent], rows: Mapping[str, OrganisationRow]
) -> None:
    have = {(p.parent_id, p.since): p for p in row.parents}
    for parent in parents:
        owner = rows[parent.slug]
        found = have.get((owner.id, parent.since))
        if found is None:
            found = ParentRow(parent_id=owner.id, since=parent.since)
            row.parents.append(found)
        found.until, found.note = parent.until, parent.note


def save_people(session: Session, people: Iterable[Person]) -> None:
    """Add the people who are not known yet."""
    ids = ids_by_slug(session)
    have = {
        (p.name, p.organisation_id, p.role) for p in session.scalars(select(PersonRow)).unique()
    }
    for person in people:
        key = (person.name, ids[person.organisation], person.role)
        if key not in have:
            have.add(key)
            session.add(
                PersonRow(
                    name=person.name,
                    organisation_id=key[1],
                    role=person.role,
                    since=person.since,
                    until=person.until,
                )
            )


def ids_by_slug(session: Session) -> dict[str, int]:
    """The row of every organisation, by slug."""
    rows = session.execute(select(OrganisationRow.slug, OrganisationRow.id))
    return {slug: id_ for slug, id_ in rows}


def slugs_by_name(session: Session) -> dict[str, str]:
    """The slug of every organisation, by canonical name."""
    rows = session.execute(select(OrganisationRow.name, OrganisationRow.slug))
    return {name: slug for name, slug in rows}


def registry(session: Session) -> Registry:
    """Everything an extractor may recognise, in a stable order."""
    rows = session.scalars(_with_names().order_by(OrganisationRow.slug)).all()
    slugs = {row.id: row.slug for row in rows}
    people = session.scalars(select(PersonRow).order_by(PersonRow.id)).all()
    return Registry(
        tuple(_value(row, slugs) for row in rows),
        tuple(Person(p.name, slugs[p.organisation_id], p.role, p.since, p.until) for p in people),
    )


def _with_names() -> Select[OrganisationRow]:
    return select(OrganisationRow).options(
        selectinload(OrganisationRow.names), selectinload(OrganisationRow.parents)
    )


def _value(row: OrganisationRow, slugs: Mapping[int, str]) -> Organisation:
    return Organisation(
        slug=row.slug,
        name=row.name,
        kind=OrganisationKind(row.kind),
        names=tuple(Name(n.text, NameKind(n.kind), n.since, n.until) for n in row.names),
        parents=tuple(Parent(slugs[p.parent_id], p.since, p.until, p.note) for p in row.parents),
        **{field: getattr(row, field) for field in FIELDS if field not in {"name", "kind"}},
    )
