"""Names and owners of organisations by date (codebook section 2, border cases)."""

from collections.abc import Iterable, Mapping
from datetime import date as Day

from tracker.domain.codes import NameKind
from tracker.domain.model import Name, Organisation, Parent


def name_on(organisation: Organisation, day: Day) -> str:
    """Return the name to show for an event of that day: Twitter in 2016, X in 2024."""
    for name in organisation.names:
        if name.kind is NameKind.FORMER and name.until is not None and holds_on(name, day):
            return name.text
    return organisation.name


def owners_on(organisation: Organisation, day: Day) -> tuple[str, ...]:
    """Return the slugs of the owners on a day."""
    return tuple(parent.slug for parent in organisation.parents if holds_on(parent, day))


def chain_on(slug: str, day: Day, organisations: Mapping[str, Organisation]) -> tuple[str, ...]:
    """Return the slug and its owners upwards on a day, nearest first."""
    chain = [slug]
    for link in chain:
        organisation = organisations.get(link)
        owners = owners_on(organisation, day) if organisation else ()
        chain.extend(owner for owner in owners if owner not in chain)
    return tuple(chain)


def countries_of(place: str | None) -> tuple[str, ...]:
    """Return the countries of a place of the register: “US/SG” are two, “INT” is none."""
    return tuple(code for code in (place or "").split("/") if len(code) == 2)


def holds_on(dated: Name | Parent, day: Day) -> bool:
    """Tell whether a name or an ownership held on a day."""
    begun = dated.since is None or dated.since <= day
    return begun and (dated.until is None or day < dated.until)


def family_of(slugs: Iterable[str], organisations: Mapping[str, Organisation]) -> tuple[str, ...]:
    """Return these organisations with all their owners and brands of any time, sorted.

    Positions of a brand are shown with its owner's (ledger R7), so they are derived together.
    """
    related: dict[str, set[str]] = {}
    for organisation in organisations.values():
        for parent in organisation.parents:
            related.setdefault(organisation.slug, set()).add(parent.slug)
            related.setdefault(parent.slug, set()).add(organisation.slug)
    family: set[str] = set()
    waiting = list(slugs)
    while waiting:
        slug = waiting.pop()
        if slug not in family:
            family.add(slug)
            waiting.extend(related.get(slug, ()))
    return tuple(sorted(family))
