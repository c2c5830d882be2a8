"""What a reader asks to be told of: which records, on which occasions, and when the mail comes.

A wish has the grammar of filters, for it is filled in from a page, and two parameters of its own:
``tell`` (an occasion; may be repeated) and ``days`` (of silence).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from tracker.domain import filters
from tracker.domain.codes import ChangeKind, Pace
from tracker.domain.filter_fields import CHOICES, SINGLE
from tracker.domain.filters import Attested, Facts, FilterError, Filters, Kind
from tracker.domain.model import SubscriberId, SubscriptionId
from tracker.domain.rhythms import EARLY, Rhythm, next_gathering

SILENCE_DAYS = 90
"""Days without an answer after which a reader is told, if nothing else was asked for."""

LONGEST_SILENCE = 3650


class Occasion(StrEnum):
    """What can happen that somebody may ask to be told of."""

    STANCE = "stance"
    CHANGE = "change"
    REVERSAL = "reversal"
    REACTION = "reaction"
    CALL = "call"
    ANSWER = "answer"
    DEADLINE = "deadline"
    SILENCE = "silence"
    OVERDUE = "overdue"
    AWAITING = "awaiting"
    CORRECTION = "correction"


USUAL = frozenset({Occasion.STANCE, Occasion.CHANGE, Occasion.REVERSAL})
"""What is told of where nothing else was asked for. Corrections reach whoever was told anyway."""

GATHERED = frozenset({Occasion.AWAITING})
"""Never sent at once: nobody has checked it."""

ON_ONE_KIND: Mapping[str, frozenset[Occasion]] = {
    Kind.STANCE: USUAL,
    Kind.REACTION: frozenset({Occasion.REACTION}),
    Kind.CALL: frozenset({Occasion.CALL, Occasion.ANSWER, Occasion.SILENCE}),
}
"""What a page that lists one kind of record asks for, when an alert is made of it."""


EVERY_RECORD = Filters()

NAMES = ("q", *CHOICES, *SINGLE, "tell", "days")
"""What a search or an alert may name in its address."""

OF_THE_PAGE = ("page", "sort", "lang", "pace", "zone", "hour", "weekday")
"""What else the address of such a page may hold."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which records, on which occasions; ``days`` is how long a silence must last to be told."""

    filters: Filters = EVERY_RECORD
    occasions: frozenset[Occasion] = USUAL
    days: int = SILENCE_DAYS


@dataclass(frozen=True, slots=True)
class Subscription:
    """A wish that its reader has confirmed. Nothing goes out before ``paused_until``."""

    id: SubscriptionId
    subscriber: SubscriberId
    wish: Wish
    pace: Pace = Pace.AT_ONCE
    rhythm: Rhythm = EARLY
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened: what kind of occasion it is, and what is known of its record.

    ``days`` is how long a silence has lasted. ``confirmed_late``: told before as reported, and
    now confirmed; only those hear of it who had asked for what is confirmed.
    """

    occasions: frozenset[Occasion]
    facts: Facts
    days: int | None = None
    confirmed_late: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What one reader is owed of a happening: for which wishes, in which mail, from when on."""

    wishes: tuple[SubscriptionId, ...]
    pace: Pace
    due_at: datetime
    replies_to: int | None = None


def occasions_of(change: ChangeKind) -> frozenset[Occasion]:
    """What a change of this kind is an occasion of."""
    if change is ChangeKind.REVERSED:
        return frozenset({Occasion.REVERSAL, Occasion.CHANGE})
    if change in (ChangeKind.FIRST, ChangeKind.RECORDED, ChangeKind.CONFIRMED):
        return frozenset({Occasion.STANCE})
    return frozenset({Occasion.STANCE, Occasion.CHANGE})


def from_pairs(pairs: Iterable[tuple[str, str]]) -> Wish:
    """The wish among the parameters of an address. Raises FilterError on a value that is none."""
    given = list(pairs)
    asked = filters.from_pairs(given)
    told = [value for name, value in given if name == "tell" and value]
    occasions = frozenset(_occasion(one) for one in told) or _for_kinds(asked)
    days = [value for name, value in given if name == "days" and value]
    return Wish(asked.having(kind=()), occasions, _days(days[-1]) if days else SILENCE_DAYS)


def from_search(query: str) -> Wish:
    """The wish of a search that a person typed or copied, with or without the page before "?", or
    of words as they stand in the search box.

    Raises FilterError on a name or value that is none: left unread, it would widen the wish.
    """
    if "?" not in query and "=" not in query:
        return Wish(filters.from_question(query))
    pairs = parse_qsl(query.rpartition("?")[2], keep_blank_values=True)
    unknown = [name for name, _ in pairs if name not in (*NAMES, *OF_THE_PAGE)]
    if unknown:
        raise FilterError(f"“{unknown[0][:40]}” is no part of a search; {', '.join(NAMES)} are")
    return from_pairs(pairs)


@lru_cache(maxsize=20_000)
def from_address(query: str) -> Wish:
    """The wish of a query string, such as ``to_address`` makes. Raises FilterError."""
    return from_pairs(parse_qsl(query))


def to_pairs(wish: Wish) -> list[tuple[str, str]]:
    """The wish as parameters, always in the same order."""
    pairs = filters.to_pairs(wish.filters)
    if wish.occasions != USUAL:
        pairs += [("tell", one.value) for one in Occasion if one in wish.occasions]
    if Occasion.SILENCE in wish.occasions and wish.days != SILENCE_DAYS:
        pairs.append(("days", str(wish.days)))
    return pairs


def to_address(wish: Wish) -> str:
    """The wish as a query string: equal wishes have equal ones, so it is stored so."""
    return urlencode(to_pairs(wish))


def wants(wish: Wish, happening: Happening) -> bool:
    """Whether a wish asks for this."""
    wanted = wish.filters
    if Occasion.AWAITING in happening.occasions:
        wanted = wanted.having(level=Attested.ALL)
    if happening.confirmed_late and wanted.level is not Attested.CONFIRMED:
        return False
    return (
        not wish.occasions.isdisjoint(happening.occasions)
        and (happening.days is None or happening.days == wish.days)
        and filters.fits(wanted, happening.facts)
    )


def share_out(
    subscriptions: Iterable[Subscription], happening: Happening, now: datetime
) -> dict[SubscriberId, Share]:
    """Who is owed word of a happening: one share per reader, however many wishes match.

    Of several paces the earliest counts.
    """
    wanted: dict[int, bool] = {}  # by identity: equal queries are one value, and hashing is slow
    shares: dict[SubscriberId, Share] = {}
    listed = list(subscriptions)
    for one in listed:
        asked = id(one.wish)
        if asked not in wanted:
            wanted[asked] = wants(one.wish, happening)
        if wanted[asked]:
            share = _share(one, happening, now)
            shares[one.subscriber] = _joined(shares.get(one.subscriber), share)
    return shares


def _share(one: Subscription, happening: Happening, now: datetime) -> Share:
    gathered = happening.occasions <= GATHERED
    pace = Pace.DAILY if gathered and one.pace is Pace.AT_ONCE else one.pace
    due = now if pace is Pace.AT_ONCE else next_gathering(pace, one.rhythm, now)
    if one.paused_until is not None:
        due = max(due, one.paused_until)
    return Share((one.id,), pace, due)


def _joined(have: Share | None, more: Share) -> Share:
    if have is None:
        return more
    first = min(have, more, key=lambda share: (share.due_at, share.pace is not Pace.AT_ONCE))
    return Share((*have.wishes, *more.wishes), first.pace, first.due_at)


def _for_kinds(asked: Filters) -> frozenset[Occasion]:
    found = frozenset[Occasion]().union(*(ON_ONE_KIND.get(kind, ()) for kind in asked.kind))
    return found or USUAL


def _occasion(text: str) -> Occasion:
    try:
        return Occasion(text.lower().replace("-", "_"))
    except ValueError:
        known = ", ".join(one.value for one in Occasion)
        raise FilterError(
            "tell: “%(value)s” is none of %(known)s", value=text[:40], known=known
        ) from None


def _days(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 4 and 0 < int(text) <= LONGEST_SILENCE:
        return int(text)
    raise FilterError(
        "days: “%(value)s” is no number of days from 1 to %(most)s",
        value=text[:40],
        most=LONGEST_SILENCE,
    )
