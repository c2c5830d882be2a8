"""Topics, organisations, people, hosts and sources of the starter data."""

from functools import lru_cache

from tracker.domain.codes import NameKind, OrganisationKind, Tier, TopicKind
from tracker.domain.model import (
    Host,
    Name,
    Organisation,
    Parent,
    Person,
    Registry,
    Source,
    Topic,
    TopicCode,
)
from tracker.starter.rows import Row, each_once, toml_rows


@lru_cache(maxsize=1)
def load_topics() -> tuple[Topic, ...]:
    """Return every topic of the codebook, in its order."""
    topics = tuple(_topic(row) for row in toml_rows("topics.toml", "topic", "code"))
    each_once("topics.toml", topics, lambda topic: topic.code)
    return topics


@lru_cache(maxsize=1)
def load_registry() -> Registry:
    """Return the organisations and people."""
    organisations = tuple(
        _organisation(row) for row in toml_rows("organisations.toml", "organisation", "slug")
    )
    each_once("organisations.toml", organisations, lambda organisation: organisation.slug)
    people = tuple(_person(row) for row in toml_rows("people.toml", "person", "name"))
    return Registry(organisations, people)


@lru_cache(maxsize=1)
def load_hosts() -> tuple[Host, ...]:
    """Return the hosts with the tier of each."""
    hosts = tuple(_host(row) for row in toml_rows("hosts.toml", "host", "host"))
    each_once("hosts.toml", hosts, lambda host: host.host)
    return hosts


def load_sources() -> tuple[Source, ...]:
    """Return the feeds to watch."""
    sources = tuple(_source(row) for row in toml_rows("sources.toml", "source", "url"))
    each_once("sources.toml", sources, lambda source: source.url)
    return sources


def _topic(row: Row) -> Topic:
    return row.finish(
        Topic(
            code=TopicCode(row.text("code")),
            slug=row.text("slug"),
            group=row.text("group"),
            name=row.text("name"),
            covers=row.text("covers"),
            cues=row.maybe("cues") or "",
            excludes=row.maybe("excludes") or "",
            reference_side=row.maybe("reference_side") or "",
            contested=row.flag("contested"),
            kind=row.code("kind", TopicKind),
            practice=row.text("practice"),
            split_by=row.maybe("split_by"),
        )
    )


def _organisation(row: Row) -> Organisation:
    row.texts("shared_names")
    return row.finish(
        Organisation(
            slug=row.text("slug"),
            name=row.text("name"),
            kind=row.code("kind", OrganisationKind),
            names=_names(row),
            parents=tuple(_parent(inner) for inner in row.rows("parents", "slug")),
            standalone=row.flag("standalone"),
            ambiguous=row.flag("ambiguous"),
            ambiguity=row.maybe("ambiguity"),
            focus=row.maybe("focus"),
            domain=row.maybe("domain"),
            country=row.maybe("country"),
            sector=_sectors().get(row.text("slug")),
            wikidata=row.maybe("wikidata"),
            note=row.maybe("note"),
        )
    )


@lru_cache(maxsize=1)
def _sectors() -> dict[str, str]:
    """The sector of each company that has one."""
    found: dict[str, str] = {}
    for row in toml_rows("sectors.toml", "sector", "slug"):
        sector, companies = row.finish((row.text("slug"), row.texts("companies")))
        found |= dict.fromkeys(companies, sector)
    return found


def _names(row: Row) -> tuple[Name, ...]:
    former = tuple(
        inner.finish(
            Name(
                inner.text("name"),
                NameKind.FORMER,
                inner.maybe_day("since"),
                inner.maybe_day("until"),
            )
        )
        for inner in row.rows("former_names", "name")
    )
    aliases = tuple(Name(text) for text in row.texts("aliases"))
    brands = tuple(Name(text, NameKind.BRAND) for text in row.texts("brands"))
    return former + aliases + brands


def _parent(row: Row) -> Parent:
    return row.finish(
        Parent(row.text("slug"), row.maybe_day("since"), row.maybe_day("until"), row.maybe("note"))
    )


def _person(row: Row) -> Person:
    return row.finish(
        Person(
            row.text("name"),
            row.text("organisation"),
            row.maybe("role"),
            row.maybe_day("since"),
            row.maybe_day("until"),
        )
    )


def _host(row: Row) -> Host:
    return row.finish(
        Host(
            row.text("host"),
            row.code("tier", Tier),
            row.flag("aggregator"),
            row.maybe("note"),
        )
    )


def _source(row: Row) -> Source:
    row.text("verification")
    return row.finish(
        Source(
            url=row.text("url"),
            title=row.text("title"),
            organisation=row.maybe("organisation"),
            person=row.maybe("person"),
            publisher_kind=row.text("publisher_kind"),
            tier=row.code("tier", Tier),
            language=row.maybe("language"),
            timezone=row.maybe("timezone"),
            licence=row.maybe("licence"),
            verified=row.flag("verified"),
            note=row.maybe("note"),
        )
    )
