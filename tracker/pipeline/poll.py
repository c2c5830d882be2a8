"""Step 1: sources that are due bring entries."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from tracker.domain.codes import SourceKind
from tracker.domain.errors import Fault, FetchError, TrackerError
from tracker.domain.model import Feed, Response, SourceId, SourceToPoll
from tracker.domain.polling import Answer, Pace, asked_wait, next_poll, validators_to_send
from tracker.domain.ports import Clock, Fetch, ParseFeed
from tracker.pipeline import watched
from tracker.pipeline.each import Tally, guarded, run_each
from tracker.sources.urls import host_of
from tracker.store import entries, sources
from tracker.store.database import Database, Session

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


class RunAll(Protocol):
    """Do the slow part of many items at once; results come in any order (engine)."""

    def __call__(  # noqa: D102
        self,
        work: Callable[[SourceToPoll], Brought],
        items: Sequence[SourceToPoll],
        group: Callable[[SourceToPoll], str],
    ) -> Iterator[Brought]: ...


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
) -> Tally:
    """Poll the sources that are due (or ``only`` these, due or not), each by itself.

    ``on_each`` hears of every source and how many entries of it are new.
    """
    with polling.database.reading() as session:
        due = sources.due(session, polling.now(), limit, only)
    tally = Tally()
    tally.count("sources", len(due))
    unheard: list[Brought] = []

    def note(brought: Brought) -> None:
        new = record_poll(polling, brought)
        tally.count("failed", brought.error is not None)
        tally.count("unchanged", brought.error is None and brought.feed is None)
        tally.count("new_entries", new)
        if on_each is not None:
            on_each(brought, new)

    def note_or_hold(brought: Brought) -> None:
        """A name that is not found may be the fault of our resolver: judged when all are heard."""
        if _not_found(brought.error):
            unheard.append(brought)
        else:
            note(brought)

    def ask_one(source: SourceToPoll) -> Brought:
        return ask(polling, source)

    asking = guarded(ask_one, lambda source, bug: Brought(source, error=bug))
    brought = polling.run_all(asking, due, lambda source: host_of(source.url) or source.url)
    run_each(brought, note_or_hold, tally, lambda _brought, _bug: None)
    run_each(_judged(unheard, len(due)), note, tally, lambda _brought, _bug: None)
    return tally


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
    try:
        response = polling.fetch(source.url, validators_to_send(source))
        if response is None:
            return Brought(source)
        digest = hashlib.sha256(response.body).hexdigest()
        if digest == source.body_hash:
            return Brought(source, response, None, body_hash=digest)
        feed = polling.readers[source.kind](response, polling.now())
        return Brought(source, response, feed, body_hash=digest)
    except TrackerError as error:
        return Brought(source, error=error)


def record_poll(polling: Polling, brought: Brought) -> int:
    """Write entries, validators, next turn and health in one transaction; return what is new."""
    now = polling.now()
    source = brought.source
    if brought.error is not None:
        turn = next_poll(now, source, brought.error, polling.pace)
        with polling.database.transaction() as session:
            sources.record_bad(session, source.id, now, turn, _as_expected(brought.error))
            watched.record_absence(session, source, brought.error, now)
        return 0
    with polling.database.transaction() as session:
        new = _record_new(session, source, brought.feed, now)
        turn = next_poll(now, source, _answer(brought, new, now), polling.pace)
        response, digest = brought.response, brought.body_hash
        sources.record_good(
            session,
            source.id,
            now,
            turn,
            new_entries=new,
            body=(response.validators, digest) if response and digest else None,
            title=brought.feed.title if brought.feed else None,
        )
    return new


def _record_new(session: Session, source: SourceToPoll, feed: Feed | None, now: datetime) -> int:
    """Keep the entries of a feed, or the text of a watched page; return how much of it is new."""
    if feed is None:
        return 0
    if feed.page is not None:
        return watched.record_text(session, source, feed.page, now)
    return entries.add_new(session, source.id, feed.entries, now)


def _answer(brought: Brought, new: int, now: datetime) -> Answer:
    response = brought.response
    if response is None:
        return Answer(unchanged=True)
    waits = (asked_wait(response.headers, now), brought.feed.wait if brought.feed else None)
    wait = max((w for w in waits if w is not None), default=None)
    return Answer(new=new, wait=wait, moved_to=response.moved_to)


def _as_expected(error: Exception) -> TrackerError:
    return error if isinstance(error, TrackerError) else TrackerError(repr(error))
