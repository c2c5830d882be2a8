"""What an operator does with the outbox: look, hold it, try again, resume an address.

Whatever changes something is written into the history of the outbox: who, when, what.
"""

from collections.abc import Collection
from datetime import datetime

from tracker.domain.addresses import masked
from tracker.domain.errors import UsageError
from tracker.log import log
from tracker.store import history, outbox, refusals
from tracker.store.database import Database, Session
from tracker.store.history import Step
from tracker.store.outbox import Counts, Line, Standing, Whole

OUTBOX = "outbox"
"""The kind, and the only id, under which the history of the outbox is kept."""

MOST_NAMED = 50
"""Alerts that a line of history names; of more only their number is kept."""


def count(database: Database, now: datetime) -> Counts:
    """How many alerts stand where."""
    with database.reading() as session:
        return outbox.counts(session, now)


def hold(database: Database, by: str, now: datetime) -> None:
    """Stop all sending at once, in every process; what is owed stays owed."""
    with database.transaction() as session:
        outbox.hold(session, by, now)
        note(session, "held", by, now)
    log.warning("sending is held", by=by)


def release(database: Database, by: str, now: datetime) -> None:
    """Send again, beginning with what waited."""
    with database.transaction() as session:
        outbox.release(session, now)
        note(session, "released", by, now)
    log.warning("sending goes on", by=by)


def held(database: Database) -> str | None:
    """Since when and by whom sending is held; None while it is not."""
    with database.reading() as session:
        return outbox.held(session)


def list_alerts(
    database: Database, standing: Standing | None, now: datetime, limit: int, skip: int = 0
) -> list[Line]:
    """The newest alerts, all or those that stand there."""
    with database.reading() as session:
        return list(outbox.lines(session, standing, now, limit, skip))


def show(database: Database, alert: int, now: datetime) -> Whole:
    """One alert with every try. Raises UsageError when there is none of that number."""
    with database.reading() as session:
        found = outbox.whole(session, alert, now)
    if found is None:
        raise UsageError(f"there is no alert {alert}; `tracker outbox list` names them")
    return found


def retry(database: Database, alerts: Collection[int] | None, by: str, now: datetime) -> int:
    """Owe failed alerts again, these or all; return how many."""
    with database.transaction() as session:
        again = outbox.retry(session, alerts, now)
        if again:
            named = {"alerts": again} if len(again) <= MOST_NAMED else {}
            note(session, "tried again", by, now, number=len(again), **named)
    return len(again)


def wake(database: Database, by: str, now: datetime) -> int:
    """Let all that waits for its next try be tried at once; return how many."""
    with database.transaction() as session:
        number = outbox.wake(session, now)
        note(session, "drained", by, now, number=number)
    return number


def suspended(database: Database) -> list[tuple[str, datetime | None, str]]:
    """The suspended addresses: since when, and why."""
    with database.reading() as session:
        return refusals.suspended(session)


def resume(database: Database, address: str, by: str, now: datetime) -> None:
    """Write to a suspended address again. Raises UsageError when it is not suspended."""
    with database.transaction() as session:
        if not refusals.resume(session, address, now):
            raise UsageError(f"{address} is not suspended; `tracker outbox suspended` lists all")
        note(session, "resumed", by, now, address=masked(address))


def steps(database: Database, limit: int) -> list[Step]:
    """What operators did with the outbox, newest first."""
    with database.reading() as session:
        return history.newest(session, OUTBOX, OUTBOX, limit)


def note(session: Session, action: str, by: str, now: datetime, **change: object) -> None:
    """Add a line to the history of the outbox."""
    history.note(session, OUTBOX, OUTBOX, action, by=by, now=now, change=change)
