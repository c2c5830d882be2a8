"""Who may write the ledger: on PostgreSQL two writers do not see what the other one adds."""

from sqlalchemy import text
from sqlalchemy.orm import Session

RECORDING = 7_210_412
"""The advisory lock on PostgreSQL under which stances, reactions and calls are written."""


def write_alone(session: Session) -> None:
    """Wait until no other transaction writes the ledger; this one then does until it ends.

    Without it two processes that read of one event would found two stances and mail both, and a
    person's rejection would be lost on a record that is being shown. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": RECORDING})
