"""Once a night: what was owed is held against what was sent, and the operator hears of faults."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tracker.log import log
from tracker.store import facts, sweep
from tracker.store.database import Database

SendNote = Callable[[str, str], None]
"""Sends subject and text to the operator; raises DeliveryError."""

FACT = "outbox_swept_on"
FOUND = "outbox_faults"
LOOKS_BACK = timedelta(days=8)


def sweep_outbox(database: Database, send: SendNote | None, now: datetime) -> list[str] | None:
    """Look once a day (UTC); return what was found, None when it was done today already.

    A note that cannot be sent leaves the day open, so that it is sent with the next try.
    """
    with database.reading() as session:
        if facts.fact(session, FACT) == now.date().isoformat():
            return None
        since = now - LOOKS_BACK
        found = [f"{number} {what}" for what, number in sweep.faults(session, since, now)]
        counted = sweep.ended(session, since)
    log.info("outbox swept", faults=len(found), **counted)
    if found:
        log.error("the outbox does not add up", faults=found)
        if send is not None:
            send("Stance Tracker: some alerts need a look", _note(found))
    with database.transaction() as session:
        facts.remember(session, FACT, now.date().isoformat())
        facts.remember(session, FOUND, "; ".join(found))
    return found


def _note(found: list[str]) -> str:
    lines = "\n".join(f"- {one}" for one in found)
    mend = "`tracker outbox list`, `tracker outbox show` and `tracker hooks dead` tell more."
    return f"Of the alerts of the last days:\n\n{lines}\n\n{mend}\n"
