"""Watch-lists: companies and topics that a reader has put together under a name.

In filters and wishes a list stands for its companies and topics, as if they had been chosen one by
one: ``?watchlist=KEY`` of three companies and a topic asks for those companies on that topic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.domain.errors import UsageError
from tracker.domain.filters import Filters
from tracker.domain.wishes import Wish

LONGEST_NAME = 60
MOST_LISTS = 20
MOST_MEMBERS = 200


@dataclass(frozen=True, slots=True)
class WatchList:
    """One list; ``companies`` and ``topics`` are slugs, at least one in all."""

    id: int
    key: str
    name: str
    companies: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """What a list is to hold, as its reader wrote it."""

    name: str
    companies: tuple[str, ...]
    topics: tuple[str, ...]


def checked(name: str, companies: Sequence[str], topics: Sequence[str]) -> Members:
    """What a form sent, put in order. Raises UsageError: an empty list would ask for everything."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(f"a list needs a name of up to {LONGEST_NAME} letters")
    members = Members(name, tuple(sorted(set(companies))), tuple(sorted(set(topics))))
    number = len(members.companies) + len(members.topics)
    if not 0 < number <= MOST_MEMBERS:
        raise UsageError(f"choose a company or a topic for the list, and {MOST_MEMBERS} at most")
    return members


def spelled_out(filters: Filters, lists: Mapping[str, WatchList]) -> Filters:
    """The filters with the members of their lists in place of the lists, which are by key.

    A list that is gone stays named, so that nothing fits.
    """
    if not filters.watchlist or any(key not in lists for key in filters.watchlist):
        return filters
    named = [lists[key] for key in filters.watchlist]
    companies = {slug for one in named for slug in one.companies}
    topics = {slug for one in named for slug in one.topics}
    return filters.having(
        watchlist=(),
        company=tuple(sorted(companies.union(filters.company))),
        topic=tuple(sorted(topics.union(filters.topic))),
    )


def wish_spelled_out(wish: Wish, lists: Mapping[str, WatchList]) -> Wish:
    """The wish with the members of its lists in place of the lists."""
    if not wish.filters.watchlist:
        return wish  # the very same: equal wishes are told apart by identity when shared out
    return replace(wish, filters=spelled_out(wish.filters, lists))
