"""Texts that can be searched: one document per organisation, record and article."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.store.schema import SearchRow


@dataclass(frozen=True, slots=True)
class Searchable:
    """One text to be found; ``company`` is a row id."""

    kind: str
    record: str
    title: str
    body: str
    day: date | None = None
    company: int | None = None
    topic: str | None = None


def put(session: Session, documents: Iterable[Searchable]) -> None:
    """Make texts searchable, in place of the earlier ones of those records."""
    wanted = list(documents)
    known = {(row.kind, row.record_id): row for row in session.scalars(_of(wanted))}
    for document in wanted:
        key = (document.kind, document.record)
        row = known.get(key) or SearchRow(kind=key[0], record_id=key[1])
        row.title, row.body, row.day = document.title, document.body, document.day
        row.company_id, row.topic = document.company, document.topic
        session.add(row)
    session.flush()


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
