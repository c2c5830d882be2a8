"""What to ask instead when nothing was found."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.filter_fields import CHOICES
from tracker.domain.filters import Filters
from tracker.domain.terms import Term, fold
from tracker.store import search
from tracker.store.schema import OrganisationNameRow, OrganisationRow, TopicRow

MOST = 5
ALIKE = 0.75
"""How much of a name must be the same for it to be meant."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Filters that find something, how much, and in which way they differ: the field left out, or
    the name that may have been meant.
    """

    filters: Filters
    count: int
    without: str | None = None
    meant: str | None = None


def suggest(session: Session, asked: Filters) -> tuple[Suggestion, ...]:
    """Up to five ways to ask that find something, names first."""
    found: list[Suggestion] = []
    for suggestion in (*_names(session, asked), *_wider(asked)):
        number = search.count(session, suggestion.filters)
        if number and all(suggestion.filters != one.filters for one in found):
            found.append(
                Suggestion(suggestion.filters, number, suggestion.without, suggestion.meant)
            )
        if len(found) == MOST:
            break
    return tuple(found)


def _wider(asked: Filters) -> Iterator[Suggestion]:
    """Without one of the fields, or without one of the words."""
    for name in CHOICES:
        if getattr(asked, name):
            yield Suggestion(asked.having(**{name: ()}), 0, without=name)
    if asked.after or asked.before:
        yield Suggestion(asked.having(after=None, before=None), 0, without="period")
    terms = asked.terms
    for left_out in terms:
        rest = [term for term in terms if term is not left_out]
        yield Suggestion(_with_words(asked, rest), 0, without=str(left_out))
    for term in terms:
        if len(term.words) > 1 and not term.excluded:
            apart = [Term((word,)) for word in term.words]
            rest = [one for other in terms for one in (apart if other is term else [other])]
            yield Suggestion(_with_words(asked, rest), 0, without='"')


def _with_words(asked: Filters, terms: list[Term]) -> Filters:
    return asked.having(words=" ".join(map(str, terms)))


def _names(session: Session, asked: Filters) -> Iterator[Suggestion]:
    """Names of organisations and topics that are spelt nearly like a word, or like a slug."""
    rows = session.execute(select(OrganisationRow.slug, OrganisationRow.name))
    slugs = {slug: name for slug, name in rows}
    for field in ("company", "by"):
        unknown = [slug for slug in getattr(asked, field) if slug not in slugs]
        for slug in unknown:
            for near in get_close_matches(slug, slugs, 1, ALIKE):
                values = {*getattr(asked, field)} - {slug} | {near}
                wanted = asked.having(**{field: tuple(sorted(values))})
                yield Suggestion(wanted, 0, meant=slugs[near])
    topics = list(session.scalars(select(TopicRow.slug)))
    for slug in set(asked.topic) - set(topics):
        for near in get_close_matches(slug, topics, 1, ALIKE):
            values = {*asked.topic} - {slug} | {near}
            yield Suggestion(asked.having(topic=tuple(sorted(values))), 0, meant=near)
    yield from _spelt_alike(session, asked)


def _spelt_alike(session: Session, asked: Filters) -> Iterator[Suggestion]:
    every = [*session.scalars(select(OrganisationRow.name))]
    every += session.scalars(select(OrganisationNameRow.text))
    names = {fold(name): name for name in every if len(name) > 3}
    for term in asked.terms:
        word = fold(" ".join(term.words))
        if not term.excluded and len(word) > 3 and word not in names:
            for near in get_close_matches(word, names, 1, ALIKE):
                meant = Term(tuple(names[near].split()))
                rest = [meant if other is term else other for other in asked.terms]
                yield Suggestion(_with_words(asked, rest), 0, meant=names[near])
