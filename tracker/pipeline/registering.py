"""Organisations enter the register by hand, and articles that named them are read again."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.domain.codes import Origin, ReviewState
from tracker.domain.errors import UsageError
from tracker.domain.model import Name, Organisation
from tracker.pipeline import indexing
from tracker.pipeline.register import load_register
from tracker.pipeline.report import slugged
from tracker.store import articles, facts, history, organisations, reviews
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.reviews import Review

COUNTRY = re.compile(r"[A-Z]{2}")
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
KIND = "organisation"
"""What the history calls an organisation."""


@dataclass(frozen=True, slots=True)
class Added:
    """The slug of a new organisation, and how many articles that name it are read again."""

    slug: str
    articles: int


def add_organisation(database: Database, new: Organisation, by: str, now: datetime) -> Added:
    """Enter an organisation; an empty slug is made of its name. Raises UsageError."""
    with database.transaction() as session:
        write_alone(session)
        return enter(session, new, by, now)


def enter(session: Session, new: Organisation, by: str, now: datetime) -> Added:
    """Enter an organisation within a transaction; what waited for its name is read again."""
    known = {one.slug: one for one in organisations.registry(session).organisations}
    slug = new.slug or slugged(new.name)
    _require_new(slug, new, list(known.values()))
    unknown = [parent.slug for parent in new.parents if parent.slug not in known]
    if unknown:
        raise UsageError(f"there is no organisation {unknown[0]!r}; the slugs are at /c")
    owners = [known[parent.slug] for parent in new.parents]
    entered = replace(new, slug=slug)
    organisations.save(session, [*owners, entered], Origin.EDITOR)
    history.note(session, KIND, slug, "entered", by=by, now=now, change={"name": new.name})
    indexing.index_organisations(session, load_register(session))
    names = {new.name, *(name.text for name in new.names)}
    facts.touch(session, now)
    return Added(slug, _read_again(session, names, by, now))


def add_name(database: Database, slug: str, name: Name, by: str, now: datetime) -> Added:
    """Give an organisation one more name: an alias, a brand, or one that it had before."""
    with database.transaction() as session:
        write_alone(session)
        known = {one.slug: one for one in organisations.registry(session).organisations}
        if slug not in known:
            raise UsageError(f"there is no organisation {slug!r}; the slugs are at /c")
        _require_free(name.text, [one for one in known.values() if one.slug != slug])
        own = known[slug]
        owners = [known[parent.slug] for parent in own.parents]
        renamed = replace(own, names=(*own.names, name))
        organisations.save(session, [*owners, renamed], Origin.EDITOR)
        change = {"name": name.text, "kind": name.kind.value}
        history.note(session, KIND, slug, "named", by=by, now=now, change=change)
        indexing.index_organisations(session, load_register(session))
        facts.touch(session, now)
        return Added(slug, _read_again(session, {name.text}, by, now))


def names_in(review: Review) -> tuple[str, ...]:
    """The names that the register did not know when a finding waited for them."""
    claim = review.proposed
    single = [claim[field] for field in ("company", "actor", "caller") if claim.get(field)]
    several = [name for field in ("about", "targets") for name in claim.get(field, [])]
    return tuple(dict.fromkeys([*several, *single]))


def _read_again(session: Session, names: set[str], by: str, now: datetime) -> int:
    """Let the articles be analysed again in which one of these names was not known."""
    snapshots = set()
    for review in reviews.unknown_names(session):
        if names & set(names_in(review)):
            snapshots.add(reviews.snapshot_of(session, review.id))
            reviews.decide(session, review.id, ReviewState.ACCEPTED, by=by, now=now)
    return articles.analyse_again(session, {one for one in snapshots if one is not None}, now)


def _require_new(slug: str, new: Organisation, known: list[Organisation]) -> None:
    for text in (new.name, *(name.text for name in new.names)):
        _require_free(text, known)
    if not slug:
        raise UsageError(f"{new.name!r} makes no slug: give one with --slug")
    if slug != slugged(slug):
        raise UsageError(f"{slug!r} is no slug; write it as {slugged(slug) or 'acme-vision'}")
    if any(one.slug == slug for one in known):
        raise UsageError(f"there is an organisation {slug!r} already; give another one with --slug")
    if new.domain is not None and not HOST.fullmatch(new.domain):
        raise UsageError(f"{new.domain!r} is no host name; write it as example.org")
    if new.country is not None and not COUNTRY.fullmatch(new.country):
        raise UsageError(f"{new.country!r} is no country; write two letters such as US or DE")


def _require_free(text: str, known: list[Organisation]) -> None:
    if not text.strip():
        raise UsageError("a name may not be empty")
    for one in known:
        taken = {one.name.casefold(), *(name.text.casefold() for name in one.names)}
        if text.casefold() in taken:
            raise UsageError(f"{text!r} is a name of {one.slug} already")
