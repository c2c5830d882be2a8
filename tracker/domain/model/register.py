"""Who and what: organisations with their names and owners, people, topics, hosts."""

from dataclasses import dataclass
from datetime import date as Day

from tracker.domain.codes import (
    NameKind,
    OrganisationKind,
    SourceKind,
    Tier,
    TopicKind,
)
from tracker.domain.model.identifiers import TopicCode


@dataclass(frozen=True, slots=True)
class Name:
    """One more name of an organisation; ``until`` is the first day it no longer holds."""

    text: str
    kind: NameKind = NameKind.ALIAS
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Parent:
    """Who owns an organisation (a slug); ``until`` is the first day they no longer do."""

    slug: str
    since: Day | None = None
    until: Day | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company, advocacy group, union, regulator …; ``name`` is the canonical one."""

    slug: str
    name: str
    kind: OrganisationKind
    names: tuple[Name, ...] = ()
    parents: tuple[Parent, ...] = ()
    standalone: bool = False
    ambiguous: bool = False
    ambiguity: str | None = None
    focus: str | None = None
    domain: str | None = None
    country: str | None = None
    sector: str | None = None
    wikidata: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks for an organisation (its slug).

    The role holds from ``since`` until the day before ``until`` where these are known, else at
    the date of the event.
    """

    name: str
    organisation: str
    role: str | None = None
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """How far a host is trusted; an ``aggregator`` tells the stories of others again."""

    host: str
    tier: Tier
    aggregator: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A feed or page to watch, before it has ever been asked; ``organisation`` is a slug."""

    url: str
    title: str
    kind: SourceKind = SourceKind.FEED
    organisation: str | None = None
    person: str | None = None
    publisher_kind: str | None = None
    tier: Tier = Tier.WEAK
    language: str | None = None
    timezone: str | None = None
    licence: str | None = None
    verified: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """Every organisation and person that an extractor may recognise."""

    organisations: tuple[Organisation, ...]
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A code of the codebook, with the side that direction is measured against.

    ``split_by`` says who in civil society holds the other side of a contested one.
    """

    code: TopicCode
    slug: str
    group: str
    name: str
    covers: str
    cues: str
    excludes: str
    reference_side: str
    contested: bool
    kind: TopicKind
    practice: str
    split_by: str | None = None
