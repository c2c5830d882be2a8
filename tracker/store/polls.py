"""Polls of sources: whose turn it is, and what came of it, many at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Row, Select, Table, Update, bindparam, func, select, update
from sqlalchemy.orm import Session

from tracker.domain.codes import SourceKind, SourceStatus
from tracker.domain.errors import BrokeReaderError, Fault, FetchError, TrackerError
from tracker.domain.model import Skipped, SourceId, SourceToPoll, Validators
from tracker.domain.polling import NextPoll, is_theirs
from tracker.store.database import insert_into
from tracker.store.schema import PushRow, SourceDayRow, SourceRow

AT_ONCE = 5_000
"""Ids in one question; databases take some ten thousand."""

SOURCES = cast(Table, SourceRow.__table__)
"""Rows that are only written need no objects."""

NUMBER = "number"
"""Names the source in a row that is written, for ``id`` is a column's own name."""

COLUMNS: tuple[Any, ...] = (
    SourceRow.id,
    SourceRow.url,
    SourceRow.kind,
    SourceRow.title,
    SourceRow.etag,
    SourceRow.last_modified,
    SourceRow.body_hash,
    SourceRow.failures,
    SourceRow.interval_s,
    SourceRow.moved_to,
    SourceRow.moved_seen,
    SourceRow.read_whole_at,
    SourceRow.distrusted,
    SourceRow.skipped,
    SourceRow.window_s,
    SourceRow.failing_since,
    SourceRow.broke_reader,
    SourceRow.last_new,
    SourceRow.next_due,
    PushRow.verified_until,
)


@dataclass(frozen=True, slots=True)
class Polled:
    """What came of one poll; ``whole`` holds validators and hash of a body that came whole."""

    source: SourceToPoll
    turn: NextPoll
    error: TrackerError | None = None
    new: int = 0
    whole: tuple[Validators, str] | None = None
    title: str | None = None


def due(
    session: Session,
    now: datetime,
    limit: int,
    only: Iterable[SourceId] | None = None,
    *,
    every: bool = False,
) -> list[SourceToPoll]:
    """The active sources whose turn has come, longest waiting first.

    With ``only`` those sources, with ``every`` all of them, due or not.
    """
    if only is None:
        query = _active() if every else _active().where(SourceRow.next_due <= now)
        rows = session.execute(query.order_by(SourceRow.next_due, SourceRow.id).limit(limit)).all()
    else:
        found = (
            row
            for ids in _some_at_a_time(list(only))
            for row in session.execute(_active().where(SourceRow.id.in_(ids)))
        )
        rows = sorted(found, key=lambda row: (row.next_due, row.id))[:limit]
    return [_to_poll(row, now) for row in rows]


def addresses_due(
    session: Session, now: datetime, limit: int, only: Iterable[SourceId] | None = None
) -> list[tuple[SourceId, str]]:
    """The active sources whose turn has come, as `due`, with their addresses alone."""
    query = select(SourceRow.id, SourceRow.url).where(
        SourceRow.status == SourceStatus.ACTIVE, SourceRow.next_due <= now
    )
    if only is not None:
        query = query.where(SourceRow.id.in_(list(only)))
    rows = session.execute(query.order_by(SourceRow.next_due, SourceRow.id).limit(limit))
    return [(SourceId(row.id), row.url) for row in rows]


def _active() -> Select[*tuple[Any, ...]]:
    joined = select(*COLUMNS).outerjoin(PushRow, PushRow.source_id == SourceRow.id)
    return joined.where(SourceRow.status == SourceStatus.ACTIVE)


def _some_at_a_time(ids: Sequence[SourceId]) -> Iterator[Sequence[SourceId]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _to_poll(row: Row[Any], now: datetime) -> SourceToPoll:
    return SourceToPoll(
        id=SourceId(row.id),
        url=row.url,
        kind=SourceKind(row.kind),
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        failures=row.failures,
        interval=timedelta(seconds=row.interval_s),
        moved_to=row.moved_to,
        moved_seen=row.moved_seen,
        read_whole_at=row.read_whole_at,
        distrusted=row.distrusted,
        skipped=_read_skipped(row.skipped),
        window=timedelta(seconds=row.window_s) if row.window_s is not None else None,
        failing_since=row.failing_since,
        untitled=row.title == row.url,
        pushed=row.verified_until is not None and row.verified_until > now,
        broke_reader=row.broke_reader,
        has_entries=row.last_new is not None,
    )


def record(session: Session, polls: Sequence[Polled], now: datetime) -> None:
    """Write next turn, validators and health of these polls, each of another source."""
    if not polls:
        return
    moved = [poll for poll in polls if poll.turn.url != poll.source.url]
    taken = set(
        session.scalars(select(SourceRow.url).where(SourceRow.url.in_(p.turn.url for p in moved)))
    )
    for rows in _alike(_row(poll, now) for poll in polls):
        session.execute(_update(*(name for name in rows[0] if name != NUMBER)), rows)
    for poll in moved:
        if poll.turn.url not in taken:
            taken.add(poll.turn.url)
            session.execute(_update("url"), {NUMBER: poll.source.id, "url": poll.turn.url})
    _count(session, polls, now)


def put_off(session: Session, polls: Sequence[Polled]) -> None:
    """Give sources that could not be asked another turn; their health stays as it was."""
    for poll in polls:
        session.execute(_update("next_due"), {NUMBER: poll.source.id, "next_due": poll.turn.due})


@cache
def _update(*names: str) -> Update:
    """Set these columns of the source that NUMBER names."""
    statement = update(SOURCES).where(SOURCES.c.id == bindparam(NUMBER))
    return statement.values({name: bindparam(name) for name in names})


def _alike(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows that set the same columns are written together."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    return list(groups.values())


def _row(poll: Polled, now: datetime) -> dict[str, Any]:
    turn = poll.turn
    row: dict[str, Any] = {
        NUMBER: poll.source.id,
        "last_polled": now,
        "next_due": turn.due,
        "interval_s": int(turn.interval.total_seconds()),
        "failures": turn.failures,
        "status": turn.status,
        "moved_to": turn.moved_to,
        "moved_seen": turn.moved_seen,
    }
    return row | (_good(poll, now) if poll.error is None else _bad(poll, poll.error, now))


def _good(poll: Polled, now: datetime) -> dict[str, Any]:
    turn = poll.turn
    row: dict[str, Any] = {
        "last_ok": now,
        "failing_since": None,
        "last_error": None,
        "error_cause": None,
        "error_fault": None,
    }
    if poll.whole is not None:
        validators, digest = poll.whole
        window = turn.window
        row |= {
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "body_hash": digest,
            "broke_reader": None,
            "read_whole_at": now,
            "distrusted": turn.distrusted,
            "skipped": _write_skipped(turn.skipped),
            "window_s": int(window.total_seconds()) if window is not None else None,
        }
    if poll.new:
        row["last_new"] = now
    if turn.overflowed:
        row["overflowed_at"] = now
    if poll.title and poll.source.untitled:
        row["title"] = poll.title
    return row


def _bad(poll: Polled, error: TrackerError, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "failing_since": poll.source.failing_since or now,
        "last_error": str(error),
        "error_fault": Fault.THEIRS if is_theirs(error) else Fault.OURS,
        "error_cause": error.cause if isinstance(error, FetchError) else "not_a_feed",
    }
    if isinstance(error, BrokeReaderError) and poll.whole is not None:
        row["broke_reader"] = poll.whole[1]
    return row


def _count(session: Session, polls: Sequence[Polled], now: datetime) -> None:
    """Add to the days of these sources; two processes may do so at once."""
    statement = insert_into(session, SourceDayRow)
    added = {
        name: getattr(SourceDayRow, name) + statement.excluded[name]
        for name in ("good", "failed", "new_entries")
    }
    session.execute(
        statement.on_conflict_do_update(index_elements=["source_id", "day"], set_=added),
        [
            {
                "source_id": poll.source.id,
                "day": now.date(),
                "good": int(poll.error is None),
                "failed": int(poll.error is not None),
                "new_entries": poll.new,
            }
            for poll in polls
        ],
    )


def pull_back(session: Session, now: datetime, slack: timedelta) -> int:
    """Bring back due times that were set while the clock was ahead; return how many.

    A source that was polled in the future keeps the wait that it was given then, from ``now`` on.
    """
    rows = session.execute(
        select(SourceRow.id, SourceRow.last_polled, SourceRow.next_due).where(
            SourceRow.last_polled > now + slack
        )
    ).all()
    changed = [
        {
            NUMBER: row.id,
            "last_polled": now,
            "next_due": now + max(row.next_due - row.last_polled, timedelta(0)),
        }
        for row in rows
    ]
    if changed:
        session.execute(_update("last_polled", "next_due"), changed)
    return len(changed)


def was_polled_after(session: Session, moment: datetime) -> bool:
    """Whether a source was polled after ``moment``."""
    return (
        session.scalar(
            select(func.count()).select_from(SourceRow).where(SourceRow.last_polled > moment)
        )
        != 0
    )


# --- skipped hours and days, as "3,4/6" ----------------------------------------------------------


def _write_skipped(skipped: Skipped) -> str | None:
    if not skipped.hours and not skipped.days:
        return None
    return "/".join(",".join(map(str, sorted(part))) for part in (skipped.hours, skipped.days))


def _read_skipped(text: str | None) -> Skipped:
    hours, _, days = (text or "").partition("/")
    return Skipped(_numbers(hours), _numbers(days))


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(number) for number in text.split(",") if number)
