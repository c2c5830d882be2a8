"""Facts about this installation, and leases: who may act alone until when."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tracker.store.database import insert_into, on_sqlite
from tracker.store.schema import FactRow, LeaseRow

OF_FILE = "SELECT value FROM facts WHERE name = 'data_version'"
OF_SERVER = "SELECT tableoid || '.' || value FROM facts WHERE name = 'data_version'"
"""The version of the data, as a file and as a server of PostgreSQL tell it."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""The end of a lease that nobody holds."""


def fact(session: Session, name: str) -> str | None:
    """What is remembered under a name."""
    row = session.get(FactRow, name)
    return row.value if row else None


def version(session: Session) -> str | None:
    """The version of what pages show, which a database that was put in place of another never has.

    PostgreSQL gives restored tables other numbers; a file is only replaced while nobody uses it.
    """
    row = session.execute(text(OF_FILE if on_sqlite(session) else OF_SERVER)).first()
    return str(row[0]) if row else None


def remember(session: Session, name: str, value: str) -> None:
    """Remember a fact, in place of what was known."""
    row = session.get(FactRow, name)
    if row is None:
        session.add(FactRow(name=name, value=value))
    else:
        row.value = value


def touch(session: Session, now: datetime) -> None:
    """Say that what pages show has changed; caches key on it."""
    version = int(fact(session, "data_version") or 0) + 1
    remember(session, "data_version", str(version))
    remember(session, "data_changed_at", now.isoformat())


def take_lease(session: Session, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take or renew a lease; False while somebody else holds it."""
    free = insert_into(session, LeaseRow).values(name=name, holder=holder, until=LONG_AGO)
    session.execute(free.on_conflict_do_nothing())
    row = session.scalars(select(LeaseRow).where(LeaseRow.name == name).with_for_update()).one()
    if row.holder != holder and row.until > now:
        return False
    row.holder, row.until = holder, now + length
    return True


def release_lease(session: Session, name: str, holder: str) -> None:
    """Give a lease back early, so that the next one need not wait."""
    session.execute(
        update(LeaseRow)
        .where(LeaseRow.name == name, LeaseRow.holder == holder)
        .values(until=LONG_AGO)
    )


def lease_holder(session: Session, name: str, now: datetime) -> str | None:
    """Who holds a lease now."""
    row = session.get(LeaseRow, name)
    return row.holder if row and row.until > now else None
