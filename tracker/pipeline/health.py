"""Silence is visible: incidents of sources open and close by themselves, the operator is told."""

from collections.abc import Callable, Sequence
from datetime import datetime

from tracker.domain import health
from tracker.store import incidents
from tracker.store.database import Database
from tracker.store.incidents import Incident

SendNote = Callable[[str, str], None]
"""Sends subject and text to the operator; raises DeliveryError."""


def examine_sources(database: Database, now: datetime) -> None:
    """Open an incident for what is wrong with a source, close what is over (promise 18)."""
    with database.reading() as session:
        wrong = {
            (source, kind): what
            for source, course in incidents.courses(session, now.date()).items()
            for kind, what in health.incidents(course, now).items()
        }
        known = {(one.source, one.kind): one for one in incidents.open_ones(session)}
    over = [one.id for place, one in known.items() if place not in wrong]
    new = {place: what for place, what in wrong.items() if place not in known}
    if not over and not new:
        return
    with database.transaction() as session:
        incidents.close(session, over, now)
        for (source, kind), what in new.items():
            incidents.open_one(session, source, kind, what, now)


def tell_operator(database: Database, send: SendNote, now: datetime) -> int:
    """Send one note on every incident that nobody was told of; return how many there are.

    A note that cannot be sent is sent next time, with what is still wrong then.
    """
    with database.reading() as session:
        untold = [one for one in incidents.open_ones(session) if one.told_at is None]
    if not untold:
        return 0
    need = "needs" if len(untold) == 1 else "need"
    subject = f"Stance Tracker: {len(untold)} of its sources {need} a look"
    send(subject, _note(untold))
    with database.transaction() as session:
        incidents.note_told(session, [one.id for one in untold], now)
    return len(untold)


def _note(untold: Sequence[Incident]) -> str:
    lines = [f"{one.title}\n  {one.url}\n  {one.kind}: {one.what}\n" for one in untold]
    closing = "`tracker sources list --failing` and the page /sources tell more. An incident ends\n"
    return "\n".join([*lines, closing + "by itself when the source is well again.\n"])
