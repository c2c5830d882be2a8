"""Texts that were analysed, what was claimed of them, and what people said of the claims."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import Question, ReviewState
from tracker.domain.model import Document, SnapshotId
from tracker.store.entries import in_zone
from tracker.store.schema import ArticleRow, FindingRow, ReviewRow, SnapshotRow
from tracker.store.schema.ledger import RecordKind
from tracker.store.schema.polling import WorkState


@dataclass(frozen=True, slots=True)
class Analysed:
    """One analysed text, its extractor, and its claims as they came."""

    snapshot: SnapshotId
    document: Document
    extractor: str
    claims: tuple[tuple[RecordKind, Mapping[str, Any]], ...]


def analysed(session: Session, limit: int | None = None) -> list[SnapshotId]:
    """Every analysed snapshot, the newest first."""
    query = select(SnapshotRow.id).where(SnapshotRow.state == WorkState.DONE)
    ids = session.scalars(query.order_by(SnapshotRow.id.desc()).limit(limit))
    return [SnapshotId(id_) for id_ in ids]


def of_snapshots(session: Session, ids: Iterable[SnapshotId]) -> list[Analysed]:
    """These snapshots with their texts and claims, in the order of their numbers."""
    wanted = list(ids)
    claims: dict[int, list[tuple[RecordKind, Mapping[str, Any]]]] = {}
    kept = select(FindingRow).where(FindingRow.snapshot_id.in_(wanted)).order_by(FindingRow.id)
    for row in session.scalars(kept):
        claims.setdefault(row.snapshot_id, []).append((RecordKind(row.record_kind), row.claim))
    pairs = session.execute(
        select(SnapshotRow, ArticleRow)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .where(SnapshotRow.id.in_(wanted))
        .order_by(SnapshotRow.id)
    )
    return [
        Analysed(
            SnapshotId(snapshot.id),
            _document(snapshot, article),
            snapshot.extractor or "",
            tuple(claims.get(snapshot.id, ())),
        )
        for snapshot, article in pairs
    ]


def _document(snapshot: SnapshotRow, article: ArticleRow) -> Document:
    return Document(
        id=str(snapshot.id),
        title=snapshot.title,
        text=snapshot.text,
        url=article.url,
        published=in_zone(article.published, article.published_offset_s),
        language=article.language,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim that a person said yes or no to; ``edits`` are the values set right."""

    document: Document
    kind: RecordKind
    claim: Mapping[str, Any]
    right: bool
    edits: Mapping[str, Any]


def judged(session: Session) -> list[Judged]:
    """Every claim whose record a person accepted, edited or rejected, the last word counting."""
    rows = session.execute(
        select(ReviewRow, FindingRow, SnapshotRow, ArticleRow)
        .join(
            FindingRow,
            (FindingRow.record_id == ReviewRow.record_id)
            & (FindingRow.record_kind == ReviewRow.record_kind),
        )
        .join(SnapshotRow, FindingRow.snapshot_id == SnapshotRow.id)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .where(ReviewRow.question == Question.RECORD, ReviewRow.decision.is_not(None))
        .order_by(ReviewRow.decided_at, ReviewRow.id)
    )
    last = {
        finding.id: Judged(
            _document(snapshot, article),
            RecordKind(finding.record_kind),
            finding.claim,
            review.decision != ReviewState.REJECTED,
            review.accepted or {},
        )
        for review, finding, snapshot, article in rows
    }
    return [last[number] for number in sorted(last)]
