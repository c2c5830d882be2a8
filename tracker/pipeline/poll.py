"""Step 1: sources that are due bring entries."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from tracker.domain.codes import SourceKind
from tracker.domain.errors import BrokeReaderError, Fault, FetchError, TrackerError, without_frames
from tracker.domain.model import Feed, Page, Response, SourceId, SourceToPoll
from tracker.domain.polling import (
    Answer,
    Pace,
    asked_wait,
    next_poll,
    validators_to_send,
    window_of,
)
from tracker.domain.ports import Clock, Fetch, ParseFeed
from tracker.log import log
from tracker.pipeline.each import GoesOn, Tally, always, guarded, run_together
from tracker.sources.urls import host_of
from tracker.store import entries, polls, pushes
from tracker.store.database import Database, Session
from tracker.store.polls import Polled
from tracker.store.schema import map_tables

NOT_MODIFIED = 304
AT_ONCE = 200
"""Unchanged sources that are written in one transaction, where so many have come."""

FEED = 4
"""A feed takes the room of so many that are unchanged, and as much again for each `USUAL_FEED`."""

USUAL_FEED = 300_000
"""Characters of all entries; a usual feed has less."""

CLOCK_SLACK = timedelta(minutes=5)
"""A poll so far in the future was dated by a clock that was ahead."""

HOSTS_TO_JUDGE = 3
"""Of so many hosts none must be found before our own resolver is blamed."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What one source brought: a feed, nothing new (``feed`` None), or an error."""

    source: SourceToPoll
    response: Response | None = None
    feed: Feed | None = None
    error: Exception | None = None
    body_hash: str | None = None
    left: bool = False
    """Not asked yet: it stays due."""


class RunAll(Protocol):
    """Do the slow part of many items at once; results come in any order, some at a time."""

    def __call__(  # noqa: D102
        self,
        work: Callable[[SourceToPoll], Brought],
        items: Sequence[SourceToPoll],
        group: Callable[[SourceToPoll], str],
        most: int,
        weight: Callable[[Brought], int],
    ) -> Iterator[Sequence[Brought]]: ...


@dataclass(frozen=True, slots=True)
class Polling:
    """The parts that polling is given."""

    database: Database
    fetch: Fetch
    readers: Mapping[SourceKind, ParseFeed]
    now: Clock
    pace: Pace
    run_all: RunAll


def poll_due(
    polling: Polling,
    limit: int,
    only: Iterable[SourceId] | None = None,
    on_each: Callable[[Brought, int], None] | None = None,
    goes_on: GoesOn = always,
    *,
    every: bool = False,
) -> Tally:
    """Poll the sources that are due (``only`` these, or ``every`` one, due or not), each by itself.

    ``on_each`` hears of every source and how many entries of it are new. When ``goes_on`` says no,
    no other one is asked: those that are left stay due, and what was asked is waited for.
    """
    set_clock_right(polling)
    with polling.database.reading() as session:
        due = polls.due(session, polling.now(), limit, only, every=every)
    if any(source.kind is SourceKind.WATCHED for source in due):
        map_tables()  # what is said of pages needs them all, before any thread asks for one
    tally = Tally()
    tally.count("sources", len(due))

    def record(some: Sequence[Brought]) -> None:
        for brought, new in zip(some, record_polls(polling, some), strict=True):
            _tell(tally, brought, new, on_each)

    def ask_one(source: SourceToPoll) -> Brought:
        return ask(polling, source) if goes_on() else Brought(source, left=True)

    unheard: list[Brought] = []
    asking = guarded(ask_one, lambda source, bug: Brought(source, error=bug))
    for some in polling.run_all(asking, due, _host, AT_ONCE, _weight):
        asked = [brought for brought in some if not brought.left]
        unheard += [brought for brought in asked if _not_found(brought.error)]
        heard = [brought for brought in asked if not _not_found(brought.error)]
        tally.count("left", len(some) - len(asked))
        run_together(heard, record, tally, lambda _brought, _bug: None)
    # A name that is not found may be the fault of our resolver: judged when all are heard.
    asked_in_all = len(due) - tally["left"]
    run_together(list(_judged(unheard, asked_in_all)), record, tally, lambda _brought, _bug: None)
    return tally


def _weight(brought: Brought) -> int:
    """How many unchanged sources this one takes the room of, until it is written."""
    if brought.feed is None:
        return 1
    length = sum(len(entry.content) + len(entry.summary) for entry in brought.feed.entries)
    return FEED * (1 + length // USUAL_FEED)


def _host(source: SourceToPoll) -> str:
    return host_of(source.url) or source.url


def _tell(
    tally: Tally, brought: Brought, new: int, on_each: Callable[[Brought, int], None] | None
) -> None:
    held = _is_held(brought.error)
    tally.count("held", held)
    tally.count("failed", brought.error is not None and not held)
    tally.count("unchanged", brought.error is None and brought.feed is None)
    tally.count("new_entries", new)
    if on_each is not None:
        on_each(brought, new)


def set_clock_right(polling: Polling) -> None:
    """Bring back due times of a clock that was ahead (promise 16)."""
    now = polling.now()
    with polling.database.reading() as session:
        is_back = polls.was_polled_after(session, now + CLOCK_SLACK)
    if is_back:
        with polling.database.transaction() as session:
            sources_back = polls.pull_back(session, now, CLOCK_SLACK)
            entries_back = entries.pull_back(session, now, CLOCK_SLACK)
        log.warning("the clock was set back", sources=sources_back, entries=entries_back)


def _is_held(error: Exception | None) -> bool:
    """Whether nothing was asked, because the host wants to be left alone: that is no failure."""
    return isinstance(error, FetchError) and error.cause == "held"


def _was_not_asked(error: Exception | None) -> bool:
    """Whether no answer was waited for: such a source is as it was before."""
    return isinstance(error, FetchError) and error.cause in ("held", "stopped")


def _not_found(error: Exception | None) -> bool:
    return isinstance(error, FetchError) and error.cause == "dns"


def _judged(unheard: Sequence[Brought], asked: int) -> Iterator[Brought]:
    """When no name at all was found, the publishers are not to blame (promise 19)."""
    hosts = {host_of(brought.source.url) for brought in unheard}
    if len(unheard) < asked or len(hosts) < HOSTS_TO_JUDGE:
        yield from unheard
        return
    for brought in unheard:
        ours = FetchError(
            f"{brought.error}, nor does any other: this machine finds no names; "
            "check its network and DNS",
            cause="dns",
            fault=Fault.OURS,
        )
        yield replace(brought, error=ours)


def ask(polling: Polling, source: SourceToPoll) -> Brought:
    """Fetch and read one source; nothing is written here. An error is a result like another."""
    response, digest = None, None
    try:
        validators = validators_to_send(source, polling.now())
        response = polling.fetch(source.url, validators, tell_unchanged=True)
        if response is None or response.status == NOT_MODIFIED:
            return Brought(source, response)
        digest = hashlib.sha256(response.body).hexdigest()
        whole, response = response, replace(response, body=b"")  # what waits is kept small
        if digest == source.body_hash:
            return Brought(source, response, body_hash=digest)
        if digest == source.broke_reader:
            raise BrokeReaderError(
                f"{source.url} still sends what no reader survived; see `tracker quarantine`"
            )
        feed = polling.readers[source.kind](whole, polling.now())
        del whole
        return Brought(source, response, feed, body_hash=digest)
    except TrackerError as error:
        return Brought(source, response, error=without_frames(error), body_hash=digest)


def record_polls(polling: Polling, some: Sequence[Brought]) -> list[int]:
    """Write entries, validators, next turns and health of some polls in one transaction.

    Returns how many entries of each are new.
    """
    if not some:
        return []
    now = polling.now()
    with polling.database.transaction() as session:
        new = _record_entries(session, some, now)
        done = [
            _polled(brought, new.get(brought.source.id, 0), polling.pace, now) for brought in some
        ]
        polls.record(session, [poll for poll in done if not _was_not_asked(poll.error)], now)
        polls.put_off(session, [poll for poll in done if _is_held(poll.error)])
        pushes.offer(session, [_offer(one.source, one.feed) for one in some if one.feed], now)
        for brought in some:
            if brought.error is not None and brought.source.kind is SourceKind.WATCHED:
                _record_absence(session, brought.source, brought.error, now)
    return [poll.new for poll in done]


def _offer(source: SourceToPoll, feed: Feed) -> tuple[SourceId, str | None, str]:
    """The hub that a feed offers, if it does, and the address that the hub knows it by."""
    hub = feed.links.get("hub")
    return source.id, hub if hub and host_of(hub) else None, feed.links.get("self") or source.url


def _record_entries(
    session: Session, some: Sequence[Brought], now: datetime
) -> dict[SourceId, int]:
    """Keep the entries of feeds and the texts of watched pages; return how much is new."""
    read = [(brought.source, brought.feed) for brought in some if brought.feed is not None]
    new = entries.add_new(
        session, [(source.id, feed.entries) for source, feed in read if feed.page is None], now
    )
    for source, feed in read:
        if feed.page is not None:
            new[source.id] = _record_page(session, source, feed.page, now)
    return new


def _record_page(session: Session, source: SourceToPoll, page: Page, now: datetime) -> int:
    from tracker.pipeline.watched import record_text  # few sources are pages: loaded when one is

    return int(record_text(session, source, page, now))


def _record_absence(
    session: Session, source: SourceToPoll, error: Exception, now: datetime
) -> None:
    from tracker.pipeline.watched import record_absence

    record_absence(session, source, error, now)


def _polled(brought: Brought, new: int, pace: Pace, now: datetime) -> Polled:
    source, response, digest = brought.source, brought.response, brought.body_hash
    whole = (response.validators, digest) if response is not None and digest else None
    if brought.error is not None:
        turn = next_poll(now, source, brought.error, pace)
        return Polled(source, turn, _as_expected(brought.error), whole=whole)
    turn = next_poll(now, source, _answer(brought, new, now), pace)
    title = brought.feed.title if brought.feed else None
    return Polled(source, turn, new=new, whole=whole, title=title)


def _answer(brought: Brought, new: int, now: datetime) -> Answer:
    response, feed = brought.response, brought.feed
    if response is None:
        return Answer()
    waits = (asked_wait(response.headers, now), feed.wait if feed else None)
    wait = max((w for w in waits if w is not None), default=None)
    return Answer(
        new=new,
        offered=len(feed.entries) if feed else 0,
        window=window_of(entry.published for entry in feed.entries) if feed else None,
        wait=wait,
        moved_to=response.moved_to,
        skipped=feed.skipped if feed else None,
        validators=response.validators if brought.body_hash else None,
    )


def _as_expected(error: Exception) -> TrackerError:
    return error if isinstance(error, TrackerError) else TrackerError(repr(error))
