"""Who may write alone: on PostgreSQL two writers do not see what the other one adds."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from tracker.store.database import on_sqlite

RECORDING = 7_210_412
"""The advisory lock on PostgreSQL under which stances, reactions and calls are written."""

KEEPING = 7_210_413
"""The one under which articles are kept and put into stories."""


def write_alone(session: Session) -> None:
    """Wait until no other transaction writes the ledger; this one then does until it ends.

    Without it two processes that read of one event would found two stances and mail both, and a
    person's rejection would be lost on a record that is being shown. SQLite has one writer anyway.
    """
    _take(session, RECORDING)


def keep_alone(session: Session) -> None:
    """Wait until no other transaction keeps an article; this one then does until it ends.

    Without it two processes that read two reports of one happening would begin two stories. It is
    taken in transactions that write no ledger, so nobody waits for both locks.
    """
    _take(session, KEEPING)


def _take(session: Session, key: int) -> None:
    if not on_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
