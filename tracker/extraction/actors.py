"""Who is spoken of: organisations, people, unnamed groups, and what they count as."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.codes import ActorType, OrganisationKind

_TYPES = {
    "company": "peer_company",
    "coalition": "coalition",
    OrganisationKind.ADVOCACY_GROUP: ActorType.ADVOCACY_GROUP,
    OrganisationKind.UNION: ActorType.UNION,
    OrganisationKind.REGULATOR: ActorType.REGULATOR,
    OrganisationKind.LEGISLATURE: ActorType.LEGISLATURE,
    OrganisationKind.GOVERNMENT: ActorType.GOVERNMENT,
    OrganisationKind.RESEARCH: ActorType.RESEARCHER,
    OrganisationKind.MEDIA: ActorType.MEDIA,
    OrganisationKind.INDUSTRY_ASSOCIATION: ActorType.INDUSTRY_ASSOCIATION,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation, a person who speaks for one, or an unnamed group.

    ``kind`` is a kind of organisation or, for people and groups, a type of actor (codebook
    section 3). ``known``: stands in the registry. ``certain``: the name can mean nothing else.
    """

    name: str
    kind: str
    slug: str | None = None
    brand: str | None = None
    person: str | None = None
    role: str | None = None
    known: bool = False
    certain: bool = True
    collective: bool = False

    @property
    def is_company(self) -> bool:
        """Whether this actor's own acts are stances."""
        return self.kind == OrganisationKind.COMPANY

    @property
    def actor_type(self) -> str:
        """The type a reaction or call shows (codebook section 3)."""
        if self.kind == "stranger":
            return "affected_person" if 1 < len(self.name.split()) < 4 else "advocacy_group"
        return str(_TYPES.get(self.kind, self.kind))

    @property
    def may_be_company(self) -> bool:
        """A company, or an unknown name that may be one."""
        return self.is_company or (self.kind == "stranger" and self.person is None)


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor named at ``start`` to ``end`` of a sentence."""

    start: int
    end: int
    actor: Actor


def merged(named: tuple[Mention, ...], more: Iterable[Mention]) -> tuple[Mention, ...]:
    """The given mentions, and those of the others that stand where none is yet; left to right."""
    found = list(named)
    for mention in more:
        if all(mention.end <= other.start or mention.start >= other.end for other in found):
            found.append(mention)
    return tuple(sorted(found, key=lambda mention: (mention.start, mention.end)))
