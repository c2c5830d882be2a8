"""Hosts that asked to be left alone, so that a restart leaves them alone too."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.store.schema import HeldHostRow


def held(session: Session, now: datetime) -> dict[str, datetime]:
    """The hosts that are still to be left alone, and until when."""
    rows = session.execute(
        select(HeldHostRow.host, HeldHostRow.until).where(HeldHostRow.until > now)
    )
    return {row.host: row.until for row in rows}


def hold(session: Session, host: str, until: datetime, now: datetime) -> None:
    """Leave a host alone until then; what is over is forgotten."""
    session.execute(delete(HeldHostRow).where(HeldHostRow.until <= now))
    session.merge(HeldHostRow(host=host, until=until))
    session.flush()
