"""When to ask a source again, and what to remember of its answer (promises 7, 8, 19).

The figures:

- After something new the interval becomes a quarter of what it was, after nothing new it grows by
  a fifth: about eight polls for each new entry, between ``Pace.shortest`` and ``Pace.longest``.
- An item must not leave the feed unseen: the interval is at most half the time that the items of
  one fetch cover. When all items of a fetch are new, some were probably missed.
- ``Cache-Control: max-age``, ``Expires`` and the feed's own ttl are lower bounds, up to a day; the
  hours and days that a feed asks to be skipped are skipped.
- A failure of theirs doubles the wait, up to ``Pace.longest``; ``Retry-After`` is a lower bound,
  up to seven days. A failure of ours is tried again after five minutes and is not counted.
- HTTP 410 ends polling. A permanent redirect is believed when it was seen three times in a row.
- Once a week a source is asked for its whole body, for servers whose validators lie. One that is
  caught is asked for the whole each time until its validators change with its content.
- A source of which a hub tells us the news is asked twice a day.
- Due times are spread by up to 5 % (after a failure 25 %), always the same for the same source
  and attempt, so that hosts are not all asked in the same second.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from tracker.domain.codes import SourceStatus
from tracker.domain.errors import Fault, FetchError, ParseError
from tracker.domain.model import Skipped, SourceToPoll, Validators

OUR_FAULT_WAIT = timedelta(minutes=5)
LONGEST_ASKED_WAIT = timedelta(days=1)
LONGEST_RETRY_AFTER = timedelta(days=7)
MOVES_TO_BELIEVE = 3
WHOLE_EVERY = timedelta(days=7)
PUSHED_INTERVAL = timedelta(hours=12)
FEWEST_FOR_WINDOW = 5
"""Of fewer dated items nobody can say how long an item stays in the feed."""

SPREAD = 0.05
SPREAD_AFTER_FAILURE = 0.25
GONE = 410


@dataclass(frozen=True, slots=True)
class Pace:
    """How often any source is asked, at most and at least (settings fetch.min_interval, …)."""

    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a poll that worked told us.

    ``new`` counts entries never seen before, of ``offered``; ``window`` is the time that they
    cover; ``wait`` is the longest wait that the server or the feed asked for; ``moved_to`` is the
    address that permanent redirects led to; ``skipped`` is None where the feed was not read, and
    ``validators`` where it did not come whole.
    """

    new: int = 0
    offered: int = 0
    window: timedelta | None = None
    wait: timedelta | None = None
    moved_to: str | None = None
    skipped: Skipped | None = None
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class NextPoll:
    """What to write on the source's row: all of it, in one transaction with the entries."""

    due: datetime
    interval: timedelta
    failures: int
    url: str
    status: SourceStatus = SourceStatus.ACTIVE
    moved_to: str | None = None
    moved_seen: int = 0
    distrusted: bool = False
    overflowed: bool = False
    window: timedelta | None = None
    skipped: Skipped = field(default_factory=Skipped)


def next_poll(
    now: datetime, source: SourceToPoll, outcome: Answer | Exception, pace: Pace | None = None
) -> NextPoll:
    """Decide when ``source`` is asked again after an answer or a failure; ``now`` is in UTC."""
    pace = pace or Pace()
    if isinstance(outcome, Answer):
        return _after_answer(now, source, outcome, pace)
    kept = _kept(now, source)
    if not is_theirs(outcome):
        due = now + _spread(OUR_FAULT_WAIT, source, SPREAD_AFTER_FAILURE)
        return replace(kept, due=_asked_later(now, source, outcome, due))
    return _after_failure(now, source, outcome, pace, kept)


def is_theirs(error: Exception) -> bool:
    """Whether a failure is booked to the publisher; whatever is not known to be theirs is ours."""
    if isinstance(error, FetchError):
        return error.fault is Fault.THEIRS
    return isinstance(error, ParseError)


def validators_to_send(source: SourceToPoll, now: datetime) -> Validators:
    """What to ask 'has it changed?' with: nothing where the whole answer is wanted.

    That is so once a week, and while a server is distrusted: some say 'unchanged' for ever.
    """
    overdue = source.read_whole_at is not None and now - source.read_whole_at >= WHOLE_EVERY
    return Validators() if source.distrusted or overdue else source.validators


def window_of(published: Iterable[datetime | None]) -> timedelta | None:
    """The time that the items of one fetch cover; None where too few are dated."""
    dated = [moment for moment in published if moment is not None]
    if len(dated) < FEWEST_FOR_WINDOW:
        return None
    return max(dated) - min(dated) or None


def asked_wait(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the server calls its answer fresh: max-age less Age, else Expires (RFC 9111).

    ``headers`` has lower-case names. None when it asks for nothing.
    """
    directives = _directives(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        seconds = _seconds(directives["max-age"]) - _seconds(headers.get("age", ""))
        return timedelta(seconds=seconds) if seconds > 0 else None
    return _until_expiry(headers.get("expires", ""), now)


def _kept(now: datetime, source: SourceToPoll) -> NextPoll:
    return NextPoll(
        due=now,
        interval=source.interval,
        failures=source.failures,
        url=source.url,
        moved_to=source.moved_to,
        moved_seen=source.moved_seen,
        distrusted=source.distrusted,
        window=source.window,
        skipped=source.skipped,
    )


def _after_answer(now: datetime, source: SourceToPoll, answer: Answer, pace: Pace) -> NextPoll:
    asked = min(answer.wait or timedelta(0), LONGEST_ASKED_WAIT)
    window = answer.window or source.window
    interval = max(_usual_interval(source, answer, window, pace), asked)
    skipped = source.skipped if answer.skipped is None else answer.skipped
    url, moved_to, moved_seen = _learn_move(source, answer)
    return NextPoll(
        due=_not_skipped(now + _spread(interval, source, SPREAD), skipped),
        interval=interval,
        failures=0,
        url=url,
        moved_to=moved_to,
        moved_seen=moved_seen,
        distrusted=_is_distrusted(source, answer),
        overflowed=_overflowed(source, answer),
        window=window,
        skipped=skipped,
    )


def _usual_interval(
    source: SourceToPoll, answer: Answer, window: timedelta | None, pace: Pace
) -> timedelta:
    usual = source.interval / 4 if answer.new else source.interval * 6 / 5
    if source.pushed:
        return _within(max(usual, PUSHED_INTERVAL), pace)
    return _within(min(usual, window / 2) if window else usual, pace)


def _overflowed(source: SourceToPoll, answer: Answer) -> bool:
    """Whether items may have come and gone: a feed that held some before holds none we know."""
    return source.has_entries and 1 < answer.offered <= answer.new


def _is_distrusted(source: SourceToPoll, answer: Answer) -> bool:
    """Whether the server's validators stay the same while its content changes."""
    had = source.validators
    if not answer.new or answer.validators is None or had == Validators():
        return source.distrusted
    return answer.validators == had


def _not_skipped(due: datetime, skipped: Skipped) -> datetime:
    """Move a due time out of the hours and days that the feed asks to be skipped (UTC)."""
    for _ in range(7 * 24):
        if due.hour not in skipped.hours and due.weekday() not in skipped.days:
            break
        due += timedelta(hours=1)
    return due


def _after_failure(
    now: datetime, source: SourceToPoll, error: Exception, pace: Pace, kept: NextPoll
) -> NextPoll:
    failures = source.failures + 1
    wait = _within(_within(source.interval, pace) * 2 ** min(failures, 12), pace)
    due = now + _spread(wait, source, SPREAD_AFTER_FAILURE)
    if isinstance(error, FetchError) and error.status == GONE:
        kept = replace(kept, status=SourceStatus.GONE)
    return replace(kept, due=_asked_later(now, source, error, due), failures=failures)


def _asked_later(now: datetime, source: SourceToPoll, error: Exception, due: datetime) -> datetime:
    """Put a due time off to the moment before which the server asked not to be called."""
    if not isinstance(error, FetchError) or error.retry_at is None:
        return due
    asked = min(error.retry_at - now, LONGEST_RETRY_AFTER)
    return max(due, now + _spread(asked, source, SPREAD))


def _learn_move(source: SourceToPoll, answer: Answer) -> tuple[str, str | None, int]:
    """Give the address to ask from now on, the move being watched, and how often it was seen."""
    target = answer.moved_to
    if not target or target == source.url or _loses_encryption(source.url, target):
        return source.url, None, 0
    seen = source.moved_seen + 1 if target == source.moved_to else 1
    if seen >= MOVES_TO_BELIEVE:
        return target, None, 0
    return source.url, target, seen


def _loses_encryption(old: str, new: str) -> bool:
    return urlsplit(old).scheme == "https" and urlsplit(new).scheme != "https"


def _within(wait: timedelta, pace: Pace) -> timedelta:
    return min(max(wait, pace.shortest), pace.longest)


def _spread(wait: timedelta, source: SourceToPoll, share: float) -> timedelta:
    """Lengthen ``wait`` by up to ``share`` of itself, the same for the same source and attempt."""
    seed = f"{source.id}:{source.failures}".encode()
    fraction = int.from_bytes(hashlib.sha256(seed).digest()[:4], "big") / 2**32
    return max(wait, timedelta(0)) * (1 + share * fraction)


def _directives(cache_control: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in cache_control.lower().split(","))
    return {name.strip(): value.strip(' "') for name, _, value in pairs}


def _seconds(text: str) -> int:
    """Read whole seconds, at most a year; 0 for anything else."""
    year = 366 * 24 * 3600
    if not (text.isascii() and text.isdigit()):
        return 0
    return min(int(text), year) if len(text) < 10 else year


def _until_expiry(expires: str, now: datetime) -> timedelta | None:
    try:
        wait = parsedate_to_datetime(expires) - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return wait if wait > timedelta(0) else None
