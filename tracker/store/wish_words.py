"""Wishes in words, with the names of what they are about."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.errors import UsageError
from tracker.domain.wishes import Wish
from tracker.store import watch_lists
from tracker.store.schema import OrganisationRow, TopicRow

Names = Mapping[str, str]


def names_of(session: Session, wishes: Iterable[Wish]) -> dict[str, str]:
    """The names behind the slugs of organisations and topics in these wishes.

    Slugs are not shared: a topic is written ``topic:SLUG``, a list ``watchlist:KEY``.
    """
    wanted = list(wishes)
    slugs = {slug for wish in wanted for slug in (*wish.filters.company, *wish.filters.by)}
    topics = {slug for wish in wanted for slug in wish.filters.topic}
    found = session.execute(
        select(OrganisationRow.slug, OrganisationRow.name).where(OrganisationRow.slug.in_(slugs))
    )
    named = session.execute(select(TopicRow.slug, TopicRow.name).where(TopicRow.slug.in_(topics)))
    topics_named = {f"topic:{slug}": name for slug, name in named}
    lists = watch_lists.by_key(session, {key for wish in wanted for key in wish.filters.watchlist})
    lists_named = {f"watchlist:{key}": one.name for key, one in lists.items()}
    return {**{slug: name for slug, name in found}, **topics_named, **lists_named}


def require_known(session: Session, wish: Wish) -> None:
    """Raise UsageError when a wish names an organisation or a topic that is unknown here."""
    names = names_of(session, [wish])
    for slug in (*wish.filters.company, *wish.filters.by):
        if slug not in names:
            raise UsageError(f"there is no organisation {slug!r} here; see the list at /c")
    for slug in wish.filters.topic:
        if f"topic:{slug}" not in names:
            raise UsageError(f"there is no topic {slug!r} here; see the list at /t")
    for key in wish.filters.watchlist:
        if f"watchlist:{key}" not in names:
            raise UsageError("there is no such list (any more)")
