"""Exactly one scheduler acts: the one that holds the lease."""

from datetime import datetime, timedelta

from tracker.store import facts
from tracker.store.database import Database

LEAD = "scheduler"


def take_lead(database: Database, holder: str, now: datetime, length: timedelta) -> bool:
    """Take or renew the lease, and leave a sign of life; ``now`` is the wall clock."""
    with database.transaction() as session:
        if not facts.take_lease(session, LEAD, holder, now, length):
            return False
        facts.remember(session, "scheduler_seen_at", now.isoformat())
    return True


def leave_lead(database: Database, holder: str) -> None:
    """Give the lease back."""
    with database.transaction() as session:
        facts.release_lease(session, LEAD, holder)
