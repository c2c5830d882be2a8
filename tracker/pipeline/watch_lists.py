"""What a reader does with watch-lists on their own page: make, change, follow, remove.

The token of the page is proof that its holder reads the address.
"""

from collections.abc import Sequence
from datetime import datetime

from tracker.domain.codes import Pace
from tracker.domain.errors import UsageError
from tracker.domain.filters import Filters
from tracker.domain.watch_lists import MOST_LISTS, WatchList, checked
from tracker.domain.wishes import Wish
from tracker.store import facts, subscribers, watch_lists
from tracker.store.database import Database, Session
from tracker.store.subscribers import Subscriber
from tracker.store.wish_words import require_known


def of_reader(database: Database, token: str) -> list[WatchList] | None:
    """The lists of the reader with this token; None when it is unknown."""
    with database.reading() as session:
        reader = subscribers.by_token(session, token)
        return watch_lists.of_reader(session, reader.id) if reader else None


def save(
    database: Database,
    token: str,
    id_: int | None,
    name: str,
    companies: Sequence[str],
    topics: Sequence[str],
    now: datetime,
) -> bool:
    """Make a list (``id_`` is None) or change one; wishes that name it follow from now on.

    False when token or list is unknown. Raises UsageError, and then changes nothing.
    """
    members = checked(name, companies, topics)
    with database.transaction() as session:
        reader = subscribers.by_token(session, token)
        if reader is None or (id_ is not None and _own(session, reader, id_) is None):
            return False
        require_known(session, Wish(Filters(company=members.companies, topic=members.topics)))
        if id_ is None and len(watch_lists.of_reader(session, reader.id)) >= MOST_LISTS:
            raise UsageError(f"there are {MOST_LISTS} lists already; remove one first")
        if not watch_lists.save(session, reader.id, id_, members, now):
            raise UsageError(f"there is a list “{members.name}” already")
        facts.touch(session, now)
    return True


def follow(database: Database, token: str, id_: int, now: datetime) -> bool:
    """Ask for word of what changes on a list, at once; the token confirms it."""
    with database.transaction() as session:
        reader = subscribers.by_token(session, token)
        found = _own(session, reader, id_) if reader else None
        if reader is None or found is None:
            return False
        row = subscribers.find_or_add(session, reader.address, now)
        wish = Wish(Filters(watchlist=(found.key,)))
        added = subscribers.find_or_add_wish(session, row, wish, Pace.AT_ONCE, now)
        subscribers.confirm(session, reader.id, [added.id], now)
    return True


def remove(database: Database, token: str, id_: int, now: datetime) -> bool:
    """Forget a list that no wish follows. Raises UsageError while one does."""
    with database.transaction() as session:
        reader = subscribers.by_token(session, token)
        found = _own(session, reader, id_) if reader else None
        if reader is None or found is None:
            return False
        if watch_lists.is_followed(session, reader.id, found.key):
            raise UsageError(f"you get alerts on “{found.name}”; stop those first")
        watch_lists.remove(session, reader.id, id_)
        facts.touch(session, now)
    return True


def _own(session: Session, reader: Subscriber, id_: int) -> WatchList | None:
    return next((one for one in watch_lists.of_reader(session, reader.id) if one.id == id_), None)
