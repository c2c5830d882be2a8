"""The texts that a person looks at before deciding: whole, with the stretches that are quoted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import QuoteField
from tracker.domain.model import SnapshotId, Span
from tracker.store.evidence import COLUMN
from tracker.store.schema import ArticleRow, EvidenceRow, SnapshotRow
from tracker.store.schema.ledger import RecordKind


@dataclass(frozen=True, slots=True)
class QuotedText:
    """One text of an article as it was read; ``published`` may be unknown. For staff alone."""

    url: str
    host: str
    title: str
    text: str
    published: datetime | None
    fetched_at: datetime
    spans: tuple[Span, ...]


def texts_of(session: Session, kind: RecordKind, record: str) -> list[QuotedText]:
    """The texts that prove a record, in the order in which they were found."""
    rows = session.scalars(
        select(EvidenceRow)
        .where(getattr(EvidenceRow, COLUMN[kind]) == record)
        .order_by(EvidenceRow.id)
    )
    spans: dict[int, list[Span]] = {}
    for row in rows:
        span = Span(QuoteField(row.field), row.start, row.end, row.quote)
        spans.setdefault(row.snapshot_id, []).append(span)
    return [text_of(session, SnapshotId(id_), quoted) for id_, quoted in spans.items()]


def text_of(session: Session, snapshot: SnapshotId, spans: Iterable[Span]) -> QuotedText:
    """One text with stretches of it."""
    row, article = session.execute(
        select(SnapshotRow, ArticleRow)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .where(SnapshotRow.id == snapshot)
    ).one()
    return QuotedText(
        url=article.url,
        host=article.host,
        title=row.title,
        text=row.text,
        published=article.published,
        fetched_at=row.fetched_at,
        spans=tuple(sorted(spans, key=lambda span: (span.field.value, span.start))),
    )
