"""Texts that can be searched: one document per organisation, record and article."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from tracker.store import tags
from tracker.store.database import on_sqlite
from tracker.store.schema import SearchRow

ONE_AT_A_TIME = 7206331
"""The number of the advisory lock under which ids are given on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """One text to be found; ``known`` are the fields of filters that it answers to."""

    kind: str
    record: str
    title: str
    body: str
    day: date | None = None
    known: Mapping[str, Iterable[str]] = field(default_factory=dict)


def put(session: Session, documents: Iterable[Searchable]) -> None:
    """Make texts searchable, in place of the earlier ones of those records."""
    wanted = list(documents)
    known = {(row.kind, row.record_id): row for row in session.scalars(_of(wanted))}
    ids = _Ids(session)
    for document in wanted:
        key = (document.kind, document.record)
        row = known.get(key)
        if row is not None and row.day != document.day:
            session.delete(row)
            session.flush()
            row = None
        if row is None:
            row = SearchRow(id=ids.next(document.day), kind=key[0], record_id=key[1])
        row.title, row.body, row.day = document.title, document.body, document.day
        row.tags = tags.tags({"kind": [document.kind], **document.known})
        session.add(row)
    session.flush()


class _Ids:
    """Ids that rise with the day: the newest texts are the last of the table."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last: dict[date | None, int] = {}

    def next(self, day: date | None) -> int:
        last = self._last.get(day)
        if last is None:
            last = self._highest(day)
        self._last[day] = last + 1
        return last + 1

    def _highest(self, day: date | None) -> int:
        if not on_sqlite(self._session):
            lock = text("SELECT pg_advisory_xact_lock(:number)")
            self._session.execute(lock, {"number": ONE_AT_A_TIME})
        first = tags.first_id(day)
        of_day = SearchRow.id.between(first, first + (1 << tags.PER_DAY) - 1)
        return self._session.scalar(select(func.max(SearchRow.id)).where(of_day)) or first


def _of(documents: Iterable[Searchable]) -> Select[SearchRow]:
    kinds, records = {d.kind for d in documents}, {d.record for d in documents}
    return select(SearchRow).where(SearchRow.kind.in_(kinds), SearchRow.record_id.in_(records))


def remove(session: Session, kind: str, record: str) -> None:
    """Make a text unfindable."""
    row = session.scalar(
        select(SearchRow).where(SearchRow.kind == kind, SearchRow.record_id == record)
    )
    if row is not None:
        session.delete(row)
