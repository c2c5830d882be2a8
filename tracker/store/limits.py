"""How often something was tried; counted in the database, so that all web workers share it."""

import ipaddress
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.store.database import insert_into
from tracker.store.schema import LimitRow

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEPT = timedelta(days=2)
"""Buckets may name an address of the network, so they are forgotten soon."""


def count(session: Session, bucket: str, window: timedelta, now: datetime) -> int:
    """Count one more try in the present window; return how many there are with this one."""
    start = now - (now - EPOCH) % window
    statement = (
        insert_into(session, LimitRow)
        .values(bucket=bucket, window_start=start, count=1)
        .on_conflict_do_update(
            index_elements=["bucket", "window_start"], set_={"count": LimitRow.count + 1}
        )
        .returning(LimitRow.count)
    )
    return session.execute(statement).scalar_one()


def count_recent(session: Session, bucket: str, window: timedelta, now: datetime) -> int:
    """Count one more try; return how many there are in the present window and the one before:
    a new window alone lets nobody begin anew.
    """
    count(session, bucket, window, now)
    recent = select(func.sum(LimitRow.count)).where(
        LimitRow.bucket == bucket, LimitRow.window_start > now - 2 * window
    )
    return int(session.scalar(recent) or 0)


def forget(session: Session, bucket: str) -> None:
    """Drop what was counted in a bucket."""
    session.execute(delete(LimitRow).where(LimitRow.bucket == bucket))


def allow(
    session: Session,
    what: str,
    client: str,
    window: timedelta,
    now: datetime,
    *,
    each: int,
    everybody: int,
) -> bool:
    """Count this try. One that a client has no right to is not booked to all together: else a
    single client could use up what everybody may do.
    """
    forget_old(session, now)
    if count(session, f"{what}:{network(client)}", window, now) > each:
        return False
    return count(session, what, window, now) <= everybody


def network(client: str) -> str:
    """What counts as one client: an IPv6 user has a whole /64 at hand; it counts as one."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def forget_old(session: Session, now: datetime) -> None:
    """Drop the windows that are over for long."""
    session.execute(delete(LimitRow).where(LimitRow.window_start < now - KEPT))
