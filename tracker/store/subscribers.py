"""Who wants to hear of what: addresses, their wishes, and the tokens that open their pages."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tracker.domain import wishes
from tracker.domain.codes import Pace
from tracker.domain.model import SubscriberId, SubscriptionId
from tracker.domain.rhythms import EARLY, Rhythm
from tracker.domain.subjects import Say, as_written
from tracker.domain.watch_lists import wish_spelled_out
from tracker.domain.wish_words import in_words
from tracker.domain.wishes import Subscription, Wish
from tracker.store import watch_lists
from tracker.store.database import on_sqlite
from tracker.store.schema import SubscriberRow, SubscriptionRow
from tracker.store.schema.mail import SubscriberState, SubscriptionState
from tracker.store.wish_words import Names, names_of

PACES = {pace.value: pace for pace in Pace}
TOKEN_BYTES = 24
"""192 random bits: nobody guesses a token (promise 27)."""


@dataclass(frozen=True, slots=True)
class Held:
    """One wish of a subscriber; ``names`` are those behind the slugs of its owner's wishes.

    ``former`` is what it asked for before it was changed, oldest first, each until a moment.
    """

    id: SubscriptionId
    wish: Wish
    names: Names
    pace: Pace
    token: str
    state: SubscriptionState
    created_at: datetime
    former: tuple[tuple[datetime, Wish], ...] = ()

    def in_words(self, say: Say = as_written) -> str:
        """What it is for, in the language that ``say`` translates into."""
        return in_words(self.wish, self.names, say)

    def in_words_at(self, moment: datetime, say: Say = as_written) -> str:
        """What it was for at a moment: its reader may have changed it since."""
        then = next((wish for until, wish in self.former if moment < until), self.wish)
        return in_words(then, self.names, say)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address, what it asked for, and when it wants its mail."""

    id: SubscriberId
    address: str
    token: str
    state: SubscriberState
    suspended_why: str | None
    wishes: tuple[Held, ...]
    language: str = "en"
    rhythm: Rhythm = EARLY
    paused_until: datetime | None = None


def subscriptions(session: Session) -> list[Subscription]:
    """Every confirmed wish of everybody who may be written to."""
    rows = session.execute(
        select(
            SubscriptionRow.id,
            SubscriptionRow.subscriber_id,
            SubscriptionRow.query,
            SubscriptionRow.pace,
            SubscriberRow.zone,
            SubscriberRow.digest_hour,
            SubscriberRow.digest_weekday,
            SubscriberRow.paused_until,
        )
        .join(SubscriberRow, SubscriberRow.id == SubscriptionRow.subscriber_id)
        .where(
            SubscriptionRow.state == SubscriptionState.ACTIVE,
            SubscriberRow.state == SubscriberState.ACTIVE,
        )
        .order_by(SubscriptionRow.id)
    )
    lists = watch_lists.every(session)
    return [
        Subscription(
            id=SubscriptionId(id_),
            subscriber=SubscriberId(subscriber),
            wish=wish_spelled_out(wishes.from_address(query), lists),
            pace=PACES[pace],
            rhythm=_rhythm(zone, hour, weekday),
            paused_until=paused_until,
        )
        for id_, subscriber, query, pace, zone, hour, weekday, paused_until in rows
    ]


@lru_cache(maxsize=1_000)
def _rhythm(zone: str, hour: int, weekday: int) -> Rhythm:
    """Readers by the thousand share a few."""
    return Rhythm(zone, hour, weekday)


def everybody(session: Session) -> list[Subscriber]:
    """All subscribers with their wishes, for operators."""
    wished: dict[int, list[SubscriptionRow]] = {}
    for wish in session.scalars(select(SubscriptionRow).order_by(SubscriptionRow.id)):
        wished.setdefault(wish.subscriber_id, []).append(wish)
    rows = session.scalars(select(SubscriberRow).order_by(SubscriberRow.id))
    return [_with_wishes(session, row, wished.get(row.id, ())) for row in rows]


def by_token(session: Session, token: str) -> Subscriber | None:
    """The subscriber whose own token this is."""
    row = session.scalar(select(SubscriberRow).where(SubscriberRow.token == token))
    return _subscriber(session, row) if row else None


def by_address(session: Session, address: str) -> Subscriber | None:
    """The subscriber with this address, however its letters are cased."""
    row = _by_address(session, address)
    return _subscriber(session, row) if row else None


def by_wish_token(session: Session, token: str) -> tuple[Subscriber, Held] | None:
    """The wish that a token belongs to, and whose it is."""
    row = session.scalar(select(SubscriptionRow).where(SubscriptionRow.token == token))
    if row is None:
        return None
    owner = _subscriber(session, row.subscriber)
    return owner, next(held for held in owner.wishes if held.id == row.id)


def find_or_add(session: Session, address: str, now: datetime) -> SubscriberRow:
    """The subscriber with this address, however its letters are cased; a new one is pending."""
    _one_at_a_time(session, address)
    row = _by_address(session, address)
    if row is None:
        row = SubscriberRow(
            address=address, token=_token(), state=SubscriberState.PENDING, created_at=now
        )
        session.add(row)
        session.flush()
    return row


def find_or_add_wish(
    session: Session, subscriber: SubscriberRow, wish: Wish, pace: Pace, now: datetime
) -> SubscriptionRow:
    """The subscriber's wish for this; a new one, or one that had ended, is pending."""
    query = wishes.to_address(wish)
    row = session.scalar(
        select(SubscriptionRow).where(
            SubscriptionRow.subscriber_id == subscriber.id,
            SubscriptionRow.query == query,
            SubscriptionRow.pace == pace,
        )
    )
    if row is None:
        row = SubscriptionRow(
            subscriber=subscriber,
            query=query,
            pace=pace,
            state=SubscriptionState.PENDING,
            token=_token(),
            created_at=now,
        )
        session.add(row)
    elif row.state == SubscriptionState.ENDED:
        row.state = SubscriptionState.PENDING
    session.flush()
    return row


def confirm(session: Session, subscriber: int, chosen: Sequence[int], now: datetime) -> None:
    """Make the chosen wishes count. Whoever had stopped all mail keeps only these."""
    row = session.get_one(SubscriberRow, subscriber)
    begins_anew = row.state == SubscriberState.STOPPED
    for wish in _wishes_of(session, subscriber):
        if wish.id in chosen:
            wish.state, wish.ended_at = SubscriptionState.ACTIVE, None
            wish.confirmed_at = wish.confirmed_at or now
        elif begins_anew and wish.state == SubscriptionState.ACTIVE:
            wish.state, wish.ended_at = SubscriptionState.ENDED, now
    _activate(row, now)


def end_wish(session: Session, subscriber: int, wish: int, now: datetime) -> None:
    """Stop one wish; to do so again changes nothing."""
    row = _own_wish(session, subscriber, wish)
    if row is not None and row.state != SubscriptionState.ENDED:
        row.state, row.ended_at = SubscriptionState.ENDED, now


def renew_wish(session: Session, subscriber: int, wish: int, now: datetime) -> None:
    """Take up a wish again that was confirmed before."""
    row = _own_wish(session, subscriber, wish)
    if row is not None and row.confirmed_at is not None:
        row.state, row.ended_at = SubscriptionState.ACTIVE, None
        _activate(row.subscriber, now)


def stop_all(session: Session, subscriber: int, now: datetime) -> None:
    """Send nothing more to this address; its wishes are kept for a change of mind."""
    row = session.get_one(SubscriberRow, subscriber)
    if row.state != SubscriberState.STOPPED:
        row.state, row.stopped_at = SubscriberState.STOPPED, now


def resume(session: Session, subscriber: int, now: datetime) -> None:
    """Write to this address again, if it was confirmed once."""
    row = session.get_one(SubscriberRow, subscriber)
    if row.confirmed_at is not None:
        _activate(row, now)


def set_rhythm(session: Session, subscriber: int, rhythm: Rhythm) -> None:
    """When gathered mail goes to this address, from the next one on."""
    row = session.get_one(SubscriberRow, subscriber)
    row.zone, row.digest_hour, row.digest_weekday = rhythm.zone, rhythm.hour, rhythm.weekday


def set_pause(session: Session, subscriber: int, until: datetime | None) -> None:
    """Write nothing to this address before a moment; what is owed meanwhile waits."""
    session.get_one(SubscriberRow, subscriber).paused_until = until


def set_pace(session: Session, subscriber: int, wish: int, pace: Pace) -> None:
    """How soon word of a wish goes out, from now on."""
    row = _own_wish(session, subscriber, wish)
    if row is not None:
        row.pace = pace


def change_wish(
    session: Session, subscriber: int, wish: int, asked: Wish, pace: Pace, now: datetime
) -> bool:
    """Let a wish that counts ask for something else from now on; what it was for is kept.

    False when another wish of the reader that counts asks for just that.
    """
    row, query = _own_wish(session, subscriber, wish), wishes.to_address(asked)
    if row is None or row.state != SubscriptionState.ACTIVE:
        return True
    for other in _wishes_of(session, subscriber):
        counts = other.id != wish and other.state == SubscriptionState.ACTIVE
        if counts and (other.query, other.pace) == (query, pace):
            return False
    if row.query != query:
        row.former = [*(row.former or ()), [now.isoformat(), row.query]]
    row.query, row.pace = query, pace
    return True


def set_language(session: Session, subscriber: int, language: str) -> None:
    """The language of mails to this address."""
    session.get_one(SubscriberRow, subscriber).language = language


def _activate(row: SubscriberRow, now: datetime) -> None:
    row.state, row.stopped_at = SubscriberState.ACTIVE, None
    row.suspended_why = row.suspended_at = None
    row.confirmed_at = row.confirmed_at or now


def _own_wish(session: Session, subscriber: int, wish: int) -> SubscriptionRow | None:
    row = session.get(SubscriptionRow, wish)
    return row if row is not None and row.subscriber_id == subscriber else None


def _wishes_of(session: Session, subscriber: int) -> Sequence[SubscriptionRow]:
    return session.scalars(
        select(SubscriptionRow)
        .where(SubscriptionRow.subscriber_id == subscriber)
        .order_by(SubscriptionRow.id)
    ).all()


def _by_address(session: Session, address: str) -> SubscriberRow | None:
    return session.scalar(
        select(SubscriberRow).where(func.lower(SubscriberRow.address) == address.lower())
    )


def _subscriber(session: Session, row: SubscriberRow) -> Subscriber:
    return _with_wishes(session, row, _wishes_of(session, row.id))


def _with_wishes(
    session: Session, row: SubscriberRow, wished: Sequence[SubscriptionRow]
) -> Subscriber:
    asked = [wishes.from_address(one.query) for one in wished]
    before = [wish for one in wished for _, wish in _former(one)]
    names = names_of(session, [*asked, *before]) if asked else {}
    return Subscriber(
        id=SubscriberId(row.id),
        address=row.address,
        token=row.token,
        state=SubscriberState(row.state),
        suspended_why=row.suspended_why,
        wishes=tuple(_held(one, wish, names) for one, wish in zip(wished, asked, strict=True)),
        language=row.language,
        rhythm=Rhythm(row.zone, row.digest_hour, row.digest_weekday),
        paused_until=row.paused_until,
    )


def _held(row: SubscriptionRow, wish: Wish, names: Names) -> Held:
    return Held(
        id=SubscriptionId(row.id),
        wish=wish,
        names=names,
        pace=Pace(row.pace),
        token=row.token,
        state=SubscriptionState(row.state),
        created_at=row.created_at,
        former=_former(row),
    )


def _former(row: SubscriptionRow) -> tuple[tuple[datetime, Wish], ...]:
    return tuple(
        (datetime.fromisoformat(until), wishes.from_address(query))
        for until, query in row.former or ()
    )


def _one_at_a_time(session: Session, address: str) -> None:
    """SQLite has one writer; on PostgreSQL two requests could else add one address twice."""
    if not on_sqlite(session):
        digest = hashlib.sha256(address.lower().encode()).digest()[:8]
        key = int.from_bytes(digest, signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
