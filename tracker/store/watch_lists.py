"""The watch-lists of readers, and what filters and wishes that name them ask for."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.domain.filters import Filters
from tracker.domain.watch_lists import Members, WatchList, spelled_out, wish_spelled_out
from tracker.domain.wishes import Wish
from tracker.store.schema import SubscriptionRow, WatchListRow
from tracker.store.schema.mail import SubscriptionState


def of_reader(session: Session, reader: int) -> list[WatchList]:
    """The lists of a reader, by name."""
    query = select(WatchListRow).where(WatchListRow.subscriber_id == reader)
    return [_value(row) for row in session.scalars(query.order_by(WatchListRow.name))]


def every(session: Session) -> dict[str, WatchList]:
    """All lists by their keys."""
    return {row.key: _value(row) for row in session.scalars(select(WatchListRow))}


def by_key(session: Session, keys: Iterable[str]) -> dict[str, WatchList]:
    """Those of these lists that there are."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = session.scalars(select(WatchListRow).where(WatchListRow.key.in_(wanted)))
    return {row.key: _value(row) for row in rows}


def spell_out(session: Session, filters: Filters) -> Filters:
    """The filters with the members of their lists; a list that is gone stays named."""
    return spelled_out(filters, by_key(session, filters.watchlist))


def spell_out_wish(session: Session, wish: Wish) -> Wish:
    """The wish with the members of its lists; a list that is gone stays named."""
    return wish_spelled_out(wish, by_key(session, wish.filters.watchlist))


def spell_out_others(session: Session, wish: Wish, reader: int) -> Wish:
    """A wish follows lists of its own reader; of those of others it takes the members of today."""
    own = {one.key for one in of_reader(session, reader)} if wish.filters.watchlist else set()
    return wish if own.issuperset(wish.filters.watchlist) else spell_out_wish(session, wish)


def save(session: Session, reader: int, id_: int | None, members: Members, now: datetime) -> bool:
    """Keep a list, or change one; False when another list of the reader has that name."""
    namesake = session.scalar(
        select(WatchListRow.id).where(
            WatchListRow.subscriber_id == reader, WatchListRow.name == members.name
        )
    )
    if namesake is not None and namesake != id_:
        return False
    if id_ is None:
        row = WatchListRow(subscriber_id=reader, key=secrets.token_hex(8), created_at=now)
        session.add(row)
    else:
        row = session.get_one(WatchListRow, id_)
    row.name = members.name
    row.companies, row.topics = list(members.companies), list(members.topics)
    session.flush()
    return True


def remove(session: Session, reader: int, id_: int) -> None:
    """Forget a list."""
    session.execute(
        delete(WatchListRow).where(WatchListRow.subscriber_id == reader, WatchListRow.id == id_)
    )


def is_followed(session: Session, reader: int, key: str) -> bool:
    """Whether a wish that counts, or waits to be confirmed, names this list."""
    query = select(SubscriptionRow.id).where(
        SubscriptionRow.subscriber_id == reader,
        SubscriptionRow.state != SubscriptionState.ENDED,
        SubscriptionRow.query.contains(f"watchlist={key}", autoescape=True),
    )
    return session.scalar(query.limit(1)) is not None


def give(session: Session, old: int, new: int) -> None:
    """Hand all lists over to another reader; one whose name is taken there gets a number."""
    taken = {one.name for one in of_reader(session, new)}
    for one in of_reader(session, old):
        name, number = one.name, 2
        while name in taken:
            name, number = f"{one.name} ({number})", number + 1
        taken.add(name)
        session.execute(
            update(WatchListRow)
            .where(WatchListRow.id == one.id)
            .values(subscriber_id=new, name=name)
        )


def forget(session: Session, reader: int) -> None:
    """Forget all lists of a reader."""
    session.execute(delete(WatchListRow).where(WatchListRow.subscriber_id == reader))


def _value(row: WatchListRow) -> WatchList:
    return WatchList(row.id, row.key, row.name, tuple(row.companies), tuple(row.topics))
