"""What an operator wants to know of the database itself: is it sound, what waits, what is stuck."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from tracker.domain.codes import AlertState, Origin
from tracker.store.articles import sha256
from tracker.store.database import on_sqlite
from tracker.store.evidence import COLUMN
from tracker.store.schema import (
    AlertRow,
    ArticleRow,
    CallRow,
    EntryRow,
    EvidenceRow,
    ReactionRow,
    SnapshotRow,
    SourceRow,
    StanceRow,
)
from tracker.store.schema.ledger import RecordKind
from tracker.store.schema.polling import WorkState

TABLES: dict[RecordKind, type[StanceRow | ReactionRow | CallRow]] = {
    RecordKind.STANCE: StanceRow,
    RecordKind.REACTION: ReactionRow,
    RecordKind.CALL: CallRow,
}


@dataclass(frozen=True, slots=True)
class KeptText:
    """A snapshot: what its text was called when it was kept, and what the text is called now."""

    url: str
    kept_as: str
    is_now: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for the next step, and how much is stuck."""

    unread: int
    unanalysed: int
    quarantined: int
    owed: int
    failed: int


def texts(session: Session) -> Iterator[KeptText]:
    """Every snapshot; texts are read some at a time."""
    query = (
        select(ArticleRow.url, SnapshotRow.sha256, SnapshotRow.title, SnapshotRow.text)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .order_by(SnapshotRow.id)
        .execution_options(yield_per=100)
    )
    for url, digest, title, body in session.execute(query):
        yield KeptText(url, digest, sha256(title, body))


def without_proof(session: Session, kind: RecordKind) -> list[str]:
    """Extracted records of a kind that carry no evidence at all; there must be none."""
    table = TABLES[kind]
    owner = getattr(EvidenceRow, COLUMN[kind])
    return list(
        session.scalars(
            select(table.id)
            .outerjoin(EvidenceRow, owner == table.id)
            .where(EvidenceRow.id.is_(None), table.origin == Origin.EXTRACTED)
            .order_by(table.id)
        )
    )


def damage(session: Session) -> str | None:
    """What SQLite finds wrong with its file; PostgreSQL looks after its own."""
    if not on_sqlite(session):
        return None
    found: str = session.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return None if found == "ok" else found


def waiting(session: Session) -> Waiting:
    """How long every queue is."""

    def count(table: Any, condition: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(condition)) or 0

    return Waiting(
        unread=count(EntryRow, EntryRow.state == WorkState.WAITING),
        unanalysed=count(SnapshotRow, SnapshotRow.state == WorkState.WAITING),
        quarantined=count(EntryRow, EntryRow.state == WorkState.QUARANTINED)
        + count(SnapshotRow, SnapshotRow.state == WorkState.QUARANTINED)
        + count(SourceRow, SourceRow.broke_reader.is_not(None)),
        owed=count(AlertRow, AlertRow.state == AlertState.OWED),
        failed=count(AlertRow, AlertRow.state == AlertState.FAILED),
    )
