"""How this installation is: one line for each thing that can go wrong, with its mend.

Here is what the database tells; settings, mail and models are looked at by the command itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.domain.codes import SourceStatus
from tracker.domain.errors import Fault
from tracker.domain.health import IncidentKind
from tracker.pipeline.leading import LEAD
from tracker.pipeline.sweeping import FOUND
from tracker.store import checks, facts, incidents, outbox, proposals, reviews, sources
from tracker.store.database import Database, Session
from tracker.store.sources import WatchedSource

FAILING_LONG = timedelta(hours=24)
SCHEDULER_LATE = timedelta(minutes=5)
MOST_NAMED = 10


class State(StrEnum):
    """How a thing is: only a fault makes `tracker doctor` end with 1."""

    OK = "ok"
    WARN = "warn"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what was looked at, how it is, what was found, and the mend."""

    state: State
    what: str
    found: str
    mend: str = ""

    def __str__(self) -> str:
        mend = f" → {self.mend}" if self.mend else ""
        return f"{self.state:<5}  {self.what}: {self.found}{mend}"


def ok(what: str, found: str) -> Line:
    """All is well."""
    return Line(State.OK, what, found)


def warn(what: str, found: str, mend: str) -> Line:
    """It works, but somebody should know."""
    return Line(State.WARN, what, found, mend)


def fault(what: str, found: str, mend: str) -> Line:
    """It does not work."""
    return Line(State.FAULT, what, found, mend)


def examine(database: Database, now: datetime, wall: datetime) -> Iterator[Line]:
    """What the database tells: ``now`` dates the sources, ``wall`` (wall clock) the scheduler."""
    with database.reading() as session:
        yield _integrity(session)
        yield _scheduler(session, wall)
        watched = sources.every(session)
        yield _sources(watched, now)
        yield from _failing_long(watched, now)
        yield from _incidents(session)
        yield from _queues(session)


def _integrity(session: Session) -> Line:
    damage = checks.damage(session)
    if damage is None:
        return ok("integrity", "no damage found")
    return fault("integrity", damage, "stop the program and `tracker restore` a backup")


def _scheduler(session: Session, wall: datetime) -> Line:
    seen = facts.fact(session, "scheduler_seen_at")
    holder = facts.lease_holder(session, LEAD, wall)
    if seen is None:
        return warn("scheduler", "never seen", "start `tracker run`, or poll and deliver by hand")
    last = datetime.fromisoformat(seen)
    if holder is None and wall - last > SCHEDULER_LATE:
        return warn("scheduler", f"last seen {last:%Y-%m-%d %H:%M} UTC", "start `tracker run`")
    who = f", {holder} acts" if holder else ""
    return ok("scheduler", f"seen {last:%Y-%m-%d %H:%M:%S} UTC{who}")


def _sources(watched: Iterable[WatchedSource], now: datetime) -> Line:
    by_status: dict[SourceStatus, list[WatchedSource]] = {status: [] for status in SourceStatus}
    for source in watched:
        by_status[source.status].append(source)
    active = by_status[SourceStatus.ACTIVE]
    failing = [source for source in active if source.failing_since is not None]
    ours = [source for source in failing if source.error_fault is Fault.OURS]
    late = [source for source in active if now - source.next_due > 2 * source.interval]
    found = (
        f"{len(active)} active, {len(failing)} failing "
        f"({len(failing) - len(ours)} by their fault, {len(ours)} by ours), {len(late)} overdue, "
        f"{len(by_status[SourceStatus.PAUSED])} paused, {len(by_status[SourceStatus.GONE])} gone"
    )
    if not active:
        return warn("sources", found, "add some with `tracker sources add URL`")
    if len(ours) == len(active):
        return fault("sources", found, f"our network or DNS is down: {ours[0].last_error}")
    if late:
        return warn("sources", found, "start `tracker run`, or `tracker poll`")
    return ok("sources", found)


def _failing_long(watched: Iterable[WatchedSource], now: datetime) -> Iterator[Line]:
    long = [s for s in watched if s.failing_since and now - s.failing_since >= FAILING_LONG]
    long = [s for s in long if s.status is SourceStatus.ACTIVE]
    for source in long[:MOST_NAMED]:
        whose = "our" if source.error_fault is Fault.OURS else "their"
        since = f"{source.failing_since:%Y-%m-%d %H:%M} UTC"
        found = f"{source.title} fails since {since} ({whose} fault): {source.last_error}"
        yield warn(f"source {source.id}", found, f"`tracker sources check {source.id}`")
    if len(long) > MOST_NAMED:
        more = f"{len(long) - MOST_NAMED} more fail for a day or longer"
        yield warn("sources", more, "`tracker sources list --failing`")


def _incidents(session: Session) -> Iterator[Line]:
    """What else is wrong with sources; those that fail are listed by themselves."""
    wrong = [one for one in incidents.open_ones(session) if one.kind is not IncidentKind.FAILING]
    for one in wrong[:MOST_NAMED]:
        found = f"{one.title}: {one.what} (noticed {one.opened_at:%Y-%m-%d %H:%M} UTC)"
        yield warn(f"source {one.source}", found, f"`tracker sources check {one.source}`")
    if len(wrong) > MOST_NAMED:
        yield warn("sources", f"{len(wrong) - MOST_NAMED} more incidents", "see the page /sources")


def _queues(session: Session) -> Iterator[Line]:
    waiting, asked = checks.waiting(session), reviews.count_waiting(session)
    found = f"{waiting.unread} entries to read, {waiting.unanalysed} texts to analyse"
    yield ok("queues", found)
    stuck = f"{waiting.quarantined} feeds, entries or texts set aside after too many failures"
    yield _if(waiting.quarantined, "quarantine", stuck, "`tracker quarantine list` says why")
    yield ok("reviews", f"{asked} records wait for a person")
    supposed = proposals.count_waiting(session)
    yield ok(
        "proposals", f"{supposed} answers, undone answers and ended promises wait for a person"
    )
    alerts = f"{waiting.owed} owed, {waiting.failed} failed"
    yield _if(waiting.failed, "alerts", alerts, "`tracker outbox list --standing failed` says why")
    held = outbox.held(session)
    if held:
        yield warn("sending", f"held since {held}", "`tracker outbox release` sends again")
    swept = facts.fact(session, FOUND) or ""
    yield _if(len(swept), "outbox", swept or "adds up", "`tracker outbox list` shows them")


def _if(wrong: int, what: str, found: str, mend: str) -> Line:
    return warn(what, found, mend) if wrong else ok(what, found)
