"""Texts that can be searched: one document per organisation, record and article."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
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


def put(session: Session, document: Searchable) -> None:
    """Make a text searchable, in place of the earlier one of that record."""
    row = session.scalar(
        select(SearchRow).where(
            SearchRow.kind == document.kind, SearchRow.record_id == document.record
        )
    ) or SearchRow(kind=document.kind, record_id=document.record)
    row.title, row.body, row.day = document.title, document.body, document.day
    row.company_id, row.topic = document.company, document.topic
    session.add(row)


def remove(session: Session, kind: str, record: str) -> None:
    """Make a text unfindable."""
    row = session.scalar(
        select(SearchRow).where(SearchRow.kind == kind, SearchRow.record_id == record)
    )
    if row is not None:
        session.delete(row)
