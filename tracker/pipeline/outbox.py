"""What an operator does with the outbox: look, try again, resume an address."""

from collections.abc import Collection
from datetime import datetime

from tracker.domain.errors import UsageError
from tracker.store import outbox, refusals
from tracker.store.database import Database
from tracker.store.outbox import Counts, Line, Standing, Whole


def count(database: Database, now: datetime) -> Counts:
    """How many alerts stand where."""
    with database.reading() as session:
        return outbox.counts(session, now)


def list_alerts(
    database: Database, standing: Standing | None, now: datetime, limit: int
) -> list[Line]:
    """The newest alerts, all or those that stand there."""
    with database.reading() as session:
        return list(outbox.lines(session, standing, now, limit))


def show(database: Database, alert: int, now: datetime) -> Whole:
    """One alert with every try. Raises UsageError when there is none of that number."""
    with database.reading() as session:
        found = outbox.whole(session, alert, now)
    if found is None:
        raise UsageError(f"there is no alert {alert}; `tracker outbox list` names them")
    return found


def retry(database: Database, alerts: Collection[int] | None, now: datetime) -> int:
    """Owe failed alerts again, these or all; return how many."""
    with database.transaction() as session:
        return outbox.retry(session, alerts, now)


def wake(database: Database, now: datetime) -> int:
    """Let all that waits for its next try be tried at once; return how many."""
    with database.transaction() as session:
        return outbox.wake(session, now)


def suspended(database: Database) -> list[tuple[str, datetime | None, str]]:
    """The suspended addresses: since when, and why."""
    with database.reading() as session:
        return refusals.suspended(session)


def resume(database: Database, address: str, now: datetime) -> None:
    """Write to a suspended address again. Raises UsageError when it is not suspended."""
    with database.transaction() as session:
        if not refusals.resume(session, address, now):
            raise UsageError(f"{address} is not suspended; `tracker outbox suspended` lists all")
