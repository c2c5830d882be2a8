"""Remember which hosts asked to be left alone (promise 7)."""

from datetime import datetime

from tracker.store import held
from tracker.store.database import Database


def held_hosts(database: Database, now: datetime) -> dict[str, datetime]:
    """The hosts that are to be left alone now, and until when."""
    with database.reading() as session:
        return held.held(session, now)


def hold_host(database: Database, host: str, until: datetime, now: datetime) -> None:
    """Leave a host alone until then, also after a restart."""
    with database.transaction() as session:
        held.hold(session, host, until, now)
