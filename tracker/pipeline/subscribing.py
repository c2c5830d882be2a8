"""Ask for alerts, confirm, stop, take up again (promises 23, 24, 26 and 27).

Whoever asks gets the same answer for a known and an unknown address. A token is proof that its
holder reads the address: it was mailed there and nowhere else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.domain import wishes
from tracker.domain.addresses import normalise
from tracker.domain.codes import Pace
from tracker.domain.errors import LimitError, UsageError
from tracker.domain.rhythms import Rhythm, read_pace, read_rhythm
from tracker.domain.wish_words import in_words
from tracker.domain.wishes import Wish
from tracker.store import limits, owing, subscribers, watch_lists
from tracker.store.database import Database, Session
from tracker.store.schema import SubscriberRow
from tracker.store.subscribers import Held, Subscriber
from tracker.store.wish_words import names_of, require_known

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PER_CLIENT = 20
PER_HOUR = 500
"""How often one address of the network, and all together, may ask in an hour."""


EVERYTHING_NEW = Wish()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the wish, how soon, and when gathered mail shall come, in which tongue."""

    wish: Wish = EVERYTHING_NEW
    pace: Pace = Pace.AT_ONCE
    rhythm: Rhythm | None = None
    language: str | None = None


def wanted_from(pairs: Iterable[tuple[str, str]]) -> Wanted:
    """What the parameters of an address or a form ask for. Raises UsageError."""
    given = list(pairs)
    named = dict(given)
    return Wanted(
        _wish_from(given, named.get("search", "").strip()),
        read_pace(named.get("pace", "")),
        read_rhythm(named.get("zone", ""), named.get("hour", ""), named.get("weekday", "")),
    )


def _wish_from(given: Sequence[tuple[str, str]], search: str) -> Wish:
    """A search that was typed or copied takes the place of the other filters; occasions stay."""
    if not search:
        return wishes.from_pairs(given)
    found = wishes.from_search(search)
    told = wishes.from_pairs([pair for pair in given if pair[0] in ("tell", "days")])
    return replace(told, filters=found.filters)


def ask(
    database: Database,
    address: str,
    wanted: Wanted,
    now: datetime,
    domain: str,
    *,
    client: str,
) -> None:
    """Note a wish and owe the mail that asks to confirm it, at most one a day per address.

    ``client`` is the network address of whoever asks, ``domain`` the right side of Message-IDs.
    Raises UsageError on a wrong address or an unknown name, LimitError when it is too often.
    """
    address = normalise(address)
    with database.transaction() as session:
        allowed = limits.allow(
            session, "ask", client, HOUR, now, each=PER_CLIENT, everybody=PER_HOUR
        )
    if not allowed:
        raise LimitError("this was asked too often in the last hour; please try again later")
    with database.transaction() as session:
        require_known(session, wanted.wish)
        _ask(session, address, wanted, now, domain)


def confirm(database: Database, token: str, chosen: Sequence[int], now: datetime) -> str | None:
    """Make the chosen wishes count; return the token of the subscriber's own page.

    ``token`` is that of a wish; None when it is unknown.
    """
    with database.transaction() as session:
        found = subscribers.by_wish_token(session, token)
        if found is None:
            return None
        subscribers.confirm(session, found[0].id, chosen, now)
        return found[0].token


def unsubscribe(database: Database, token: str, now: datetime) -> bool:
    """Stop one wish, or all mail to an address, whichever the token is for (RFC 8058).

    To do so again changes nothing. False when the token is unknown.
    """
    with database.transaction() as session:
        subscriber = subscribers.by_token(session, token)
        if subscriber is not None:
            subscribers.stop_all(session, subscriber.id, now)
            return True
        found = subscribers.by_wish_token(session, token)
        if found is not None:
            subscribers.end_wish(session, found[0].id, found[1].id, now)
        return found is not None


def stop_wish(database: Database, token: str, wish: int, now: datetime) -> bool:
    """Stop one wish from the subscriber's own page."""
    return _manage(
        database, token, lambda session, who: subscribers.end_wish(session, who, wish, now)
    )


def renew_wish(database: Database, token: str, wish: int, now: datetime) -> bool:
    """Take up a wish again that was confirmed once."""
    return _manage(
        database, token, lambda session, who: subscribers.renew_wish(session, who, wish, now)
    )


def change_wish(database: Database, token: str, wish: int, wanted: Wanted, now: datetime) -> bool:
    """Let a wish that counts ask for something else from now on; False on an unknown token.

    Links in mails that it brought before go on stopping it. Raises UsageError on an unknown name
    and when the reader asks for just that already.
    """

    def change(session: Session, who: int) -> None:
        require_known(session, wanted.wish)
        asked = watch_lists.spell_out_others(session, wanted.wish, who)
        if not subscribers.change_wish(session, who, wish, asked, wanted.pace, now):
            raise UsageError("you get alerts on just that already; stop one of the two instead")
        if wanted.rhythm is not None:
            subscribers.set_rhythm(session, who, wanted.rhythm)

    return _manage(database, token, change)


def resume(database: Database, token: str, now: datetime) -> bool:
    """Send mail again to an address that had stopped it or was suspended."""
    return _manage(database, token, lambda session, who: subscribers.resume(session, who, now))


def subscribe_by_operator(
    database: Database,
    address: str,
    wanted: Wanted,
    now: datetime,
    domain: str,
    *,
    confirmed: bool,
) -> str:
    """What the web form does, without its limits; say what happened.

    With ``confirmed`` the operator vouches for it and no mail asks.
    """
    address = normalise(address)
    with database.transaction() as session:
        require_known(session, wanted.wish)
        words = in_words(wanted.wish, names_of(session, [wanted.wish]))
        if not confirmed:
            asked = _ask(session, address, wanted, now, domain)
            return _asked(address, words, asked)
        row = subscribers.find_or_add(session, address, now)
        own = watch_lists.spell_out_others(session, wanted.wish, row.id)
        wish = subscribers.find_or_add_wish(session, row, own, wanted.pace, now)
        subscribers.confirm(session, row.id, [wish.id], now)
        _settle(session, row, wanted)
    return f"{address} is subscribed to {words}"


def list_subscriptions(database: Database) -> list[dict[str, str | None]]:
    """Every wish: address, company (slug), topic (code), state, and since when."""
    with database.reading() as session:
        everybody = subscribers.everybody(session)
    return [
        {
            "address": subscriber.address,
            "company": ",".join(wish.wish.filters.company),
            "topic": ",".join(wish.wish.filters.topic),
            "asks_for": wishes.to_address(wish.wish),
            "pace": wish.pace,
            "state": _state(subscriber, wish),
            "since": wish.created_at.isoformat(),
        }
        for subscriber in everybody
        for wish in subscriber.wishes
    ]


def _settle(session: Session, row: SubscriberRow, wanted: Wanted) -> None:
    if wanted.rhythm is not None:
        subscribers.set_rhythm(session, row.id, wanted.rhythm)
    if wanted.language is not None:
        row.language = wanted.language


def _ask(session: Session, address: str, wanted: Wanted, now: datetime, domain: str) -> bool:
    """Note the wish; return whether a mail is owed now.

    Language and hour count for a new address only: whoever asks has proved nothing yet.
    """
    row = subscribers.find_or_add(session, address, now)
    if row.confirmed_at is None:
        _settle(session, row, wanted)
    asked = watch_lists.spell_out_others(session, wanted.wish, row.id)
    wish = subscribers.find_or_add_wish(session, row, asked, wanted.pace, now)
    if row.confirmation_sent_at is not None and now - row.confirmation_sent_at < DAY:
        return False
    row.confirmation_sent_at = now
    owing.owe_confirmation(session, row.id, wish.id, {"token": wish.token}, domain, now)
    return True


def _asked(address: str, words: str, mailed: bool) -> str:
    if mailed:
        return f"{address} is asked by mail to confirm: {words}"
    return f"{address} was asked within the last day; the page of that mail now lists: {words}"


def _manage(database: Database, token: str, change: Callable[[Session, int], None]) -> bool:
    with database.transaction() as session:
        subscriber = subscribers.by_token(session, token)
        if subscriber is not None:
            change(session, subscriber.id)
        return subscriber is not None


def _state(subscriber: Subscriber, wish: Held) -> str:
    """The state of the wish, unless all mail to the address is held back."""
    held_back = subscriber.state in {"suspended", "stopped"} and wish.state == "active"
    return (subscriber.state if held_back else wish.state).value
