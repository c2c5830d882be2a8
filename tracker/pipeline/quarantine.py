"""What was set aside after it failed too often: looked at and tried again by a person."""

from collections.abc import Iterable
from datetime import datetime

from tracker.domain.errors import UsageError
from tracker.store import quarantine
from tracker.store.database import Database
from tracker.store.quarantine import SetAside

ALL = "all"


def list_all(database: Database) -> list[SetAside]:
    """Everything in quarantine: feeds that no reader survived, entries and texts that failed."""
    with database.reading() as session:
        return list(quarantine.every(session))


def retry(database: Database, keys: Iterable[str], now: datetime) -> list[SetAside]:
    """Try these again at the next turn (``all`` means every one); return them.

    Raises UsageError that names a key of nothing in quarantine.
    """
    with database.transaction() as session:
        known = {found.key: found for found in quarantine.every(session)}
        wanted = list(keys)
        unknown = [key for key in wanted if key not in known and key != ALL]
        if unknown:
            raise UsageError(
                f"{', '.join(unknown)}: not in quarantine; `tracker quarantine list` shows all"
            )
        chosen = list(known.values()) if ALL in wanted else [known[key] for key in wanted]
        for found in chosen:
            quarantine.retry(session, found, now)
        return chosen
