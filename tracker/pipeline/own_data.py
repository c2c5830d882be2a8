"""What a reader may do with their own data: see it all, move it to another address, erase it.

The token of the page is proof that its holder reads the address. A move counts only when both
addresses have agreed, so that nobody can take over or give away alerts (promise 23).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tracker.domain.addresses import normalise
from tracker.domain.codes import Pace
from tracker.domain.errors import LimitError, UsageError
from tracker.domain.rhythms import Rhythm
from tracker.store import address_changes, limits, owing, reader_data, subscribers
from tracker.store.address_changes import Move
from tracker.store.database import Database, Session
from tracker.store.schema import SubscriberRow
from tracker.store.subscribers import Subscriber

DAY = timedelta(days=1)
MOVES_A_DAY = 3
LONGEST_PAUSE = timedelta(days=366)


def pause(database: Database, token: str, days: int, now: datetime) -> bool:
    """Hold mail back for some days; what is owed meanwhile comes together afterwards. 0 ends it.

    False when the token is unknown. Raises UsageError on a pause of more than a year.
    """
    if not 0 <= days <= LONGEST_PAUSE.days:
        raise UsageError("a pause lasts from 1 to 366 days; to stop for good, stop all mail")
    until = now + timedelta(days=days) if days else None

    def change(session: Session, who: int) -> None:
        subscribers.set_pause(session, who, until)
        owing.hold_back(session, who, until, now)

    return _manage(database, token, change)


def set_times(database: Database, token: str, rhythm: Rhythm | None, language: str) -> bool:
    """When gathered mail comes from the next one on, and in which language."""

    def change(session: Session, who: int) -> None:
        if rhythm is not None:
            subscribers.set_rhythm(session, who, rhythm)
        subscribers.set_language(session, who, language)

    return _manage(database, token, change)


def set_pace(database: Database, token: str, wish: int, pace: Pace) -> bool:
    """How soon word of a wish comes, from now on."""
    return _manage(
        database, token, lambda session, who: subscribers.set_pace(session, who, wish, pace)
    )


def ask_to_move(database: Database, token: str, address: str, now: datetime, domain: str) -> bool:
    """Owe a mail to the old and to the new address: both have to agree.

    False when the token is unknown. Raises UsageError on what is no address, LimitError when it
    is asked too often.
    """
    address = normalise(address)

    def change(session: Session, who: int) -> None:
        if limits.count(session, f"move:{who}", DAY, now) > MOVES_A_DAY:
            raise LimitError("this was asked too often today; please try again tomorrow")
        _ask_to_move(session, who, address, now, domain)

    return _manage(database, token, change)


def move_now(database: Database, token: str, address: str, now: datetime) -> bool:
    """Move alerts to another address at once: an operator knows that it is the same reader.

    False when the token is unknown. Raises UsageError on what is no address.
    """
    address = normalise(address)

    def change(session: Session, who: int) -> None:
        target = _other(session, who, address, now)
        move = address_changes.begin(session, who, target.id, now)
        for one in (move.old_token, move.new_token):
            address_changes.agree(session, one, now)
        address_changes.carry_out(session, move, now)

    return _manage(database, token, change)


def reader_at(database: Database, address: str) -> Subscriber:
    """The reader with this address, for an operator. Raises UsageError when there is none."""
    wanted = normalise(address)
    with database.reading() as session:
        found = subscribers.by_address(session, wanted)
    if found is None:
        raise UsageError(f"nobody has asked for alerts at {wanted}; see `tracker subscriptions`")
    return found


def find_move(database: Database, token: str) -> Move | None:
    """The move that a link of one of the two mails is about."""
    with database.reading() as session:
        return address_changes.by_token(session, token)


def agree_to_move(database: Database, token: str, now: datetime) -> Move | None:
    """One of the two addresses agrees; when both have, the alerts are with the new one."""
    with database.transaction() as session:
        move = address_changes.agree(session, token, now)
        if move is not None and move.agreed and not move.done:
            address_changes.carry_out(session, move, now)
        return address_changes.by_token(session, token)


def everything_of(database: Database, token: str) -> dict[str, Any] | None:
    """All that is kept of a reader, as plain values; None when the token is unknown."""
    with database.reading() as session:
        subscriber = subscribers.by_token(session, token)
        return reader_data.everything(session, subscriber) if subscriber else None


def erase(database: Database, token: str, now: datetime) -> bool:
    """Forget the address and everything that tells who it was; counts of mails are kept."""
    return _manage(database, token, lambda session, who: reader_data.erase(session, who, now))


def _ask_to_move(session: Session, who: int, address: str, now: datetime, domain: str) -> None:
    target = _other(session, who, address, now)
    last = target.confirmation_sent_at
    asked_lately = last is not None and now - last < DAY
    move = address_changes.begin(session, who, target.id, now)
    if asked_lately:
        return  # at most one such mail a day; the page says what to do (promise 27)
    target.confirmation_sent_at = now
    for reader, token in ((who, move.old_token), (target.id, move.new_token)):
        owing.owe_question(session, reader, f"move/{move.id}", {"token": token}, domain, now)


def _other(session: Session, who: int, address: str, now: datetime) -> SubscriberRow:
    target = subscribers.find_or_add(session, address, now)
    if target.id == who:
        raise UsageError("that is the address that your alerts go to already")
    return target


def _manage(database: Database, token: str, change: Callable[[Session, int], None]) -> bool:
    with database.transaction() as session:
        subscriber = subscribers.by_token(session, token)
        if subscriber is not None:
            change(session, subscriber.id)
        return subscriber is not None
