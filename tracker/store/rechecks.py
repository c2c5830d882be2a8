"""Quoted articles: which are due to be read again, what was found, what it did to their quotes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import CheckOutcome, EvidenceState, QuoteField
from tracker.domain.model import ArticleId, SnapshotId, Span
from tracker.store.fairness import in_turns
from tracker.store.schema import ArticleCheckRow, ArticleRow, EvidenceRow, SnapshotRow
from tracker.store.schema.ledger import RecordKind

FROM_PAGE = "page"

_IN_TURNS = in_turns(ArticleRow.host, ArticleRow.recheck_at, ArticleRow.id)


@dataclass(frozen=True, slots=True)
class QuotedArticle:
    """An article that carries evidence, with the outcome of the last look at it."""

    id: ArticleId
    url: str
    quoted_at: datetime
    last: CheckOutcome | None


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """A piece of evidence; ``from_page`` when its text was read from the page, not from a feed."""

    id: int
    kind: RecordKind
    record: str
    snapshot: SnapshotId
    span: Span
    state: EvidenceState
    from_page: bool


def due(
    session: Session, now: datetime, limit: int, only: Iterable[ArticleId] | None = None
) -> list[QuotedArticle]:
    """The quoted articles whose time has come: of each host the longest waiting, and so on."""
    query = select(ArticleRow).where(ArticleRow.recheck_at <= now)
    if only is not None:
        query = query.where(ArticleRow.id.in_(list(only)))
    rows = session.scalars(query.order_by(*_IN_TURNS).limit(limit))
    return [_quoted(session, row) for row in rows]


def addresses_due(session: Session, now: datetime, limit: int) -> list[tuple[ArticleId, str]]:
    """The same articles with their addresses alone."""
    query = select(ArticleRow.id, ArticleRow.url).where(ArticleRow.recheck_at <= now)
    rows = session.execute(query.order_by(*_IN_TURNS).limit(limit))
    return [(ArticleId(row.id), row.url) for row in rows]


def every(session: Session, limit: int) -> list[QuotedArticle]:
    """Every quoted article with an address, due or not."""
    rows = session.scalars(
        select(ArticleRow)
        .where(ArticleRow.quoted_at.is_not(None))
        .order_by(ArticleRow.id)
        .limit(limit)
    )
    return [_quoted(session, row) for row in rows]


def _quoted(session: Session, row: ArticleRow) -> QuotedArticle:
    last = session.scalar(
        select(ArticleCheckRow.outcome)
        .where(ArticleCheckRow.article_id == row.id)
        .order_by(ArticleCheckRow.id.desc())
        .limit(1)
    )
    quoted_at = row.quoted_at or row.first_seen
    outcome = CheckOutcome(last) if last else None
    return QuotedArticle(ArticleId(row.id), row.url, quoted_at, outcome)


def spans_of(session: Session, article: ArticleId) -> list[QuotedSpan]:
    """Every piece of evidence that stands in some version of an article."""
    rows = session.execute(
        select(EvidenceRow, SnapshotRow.taken_from)
        .join(SnapshotRow, SnapshotRow.id == EvidenceRow.snapshot_id)
        .where(SnapshotRow.article_id == article)
        .order_by(EvidenceRow.id)
    )
    return [_span(row, taken_from) for row, taken_from in rows]


def _span(row: EvidenceRow, taken_from: str) -> QuotedSpan:
    owners = (
        (RecordKind.STANCE, row.stance_id),
        (RecordKind.REACTION, row.reaction_id),
        (RecordKind.CALL, row.call_id),
    )
    kind, record = next((kind, id_) for kind, id_ in owners if id_ is not None)
    return QuotedSpan(
        id=row.id,
        kind=kind,
        record=str(record),
        snapshot=SnapshotId(row.snapshot_id),
        span=Span(QuoteField(row.field), row.start, row.end, row.quote),
        state=EvidenceState(row.state),
        from_page=taken_from == FROM_PAGE,
    )


def newest_text(session: Session, article: ArticleId) -> str | None:
    """The newest text of an article that was read from its page."""
    return session.scalar(
        select(SnapshotRow.text)
        .where(SnapshotRow.article_id == article, SnapshotRow.taken_from == FROM_PAGE)
        .order_by(SnapshotRow.id.desc())
        .limit(1)
    )


def note(
    session: Session,
    article: ArticleId,
    outcome: CheckOutcome,
    now: datetime,
    *,
    snapshot: SnapshotId | None = None,
    note: str | None = None,
    error: str | None = None,
) -> None:
    """Keep what came of reading an article again."""
    session.add(
        ArticleCheckRow(
            article_id=article,
            at=now,
            outcome=outcome,
            snapshot_id=snapshot,
            note=note,
            error=error,
        )
    )


def plan(session: Session, article: ArticleId, at: datetime | None) -> None:
    """Say when an article is read again; None for never."""
    session.get_one(ArticleRow, article).recheck_at = at


def mark(session: Session, evidence: int, state: EvidenceState, now: datetime) -> None:
    """Note what became of a quote."""
    row = session.get_one(EvidenceRow, evidence)
    row.state, row.checked_at = state, now


def move(session: Session, evidence: int, snapshot: SnapshotId, span: Span) -> bool:
    """Let evidence point to a newer version; False where that place is taken for its record."""
    row = session.get_one(EvidenceRow, evidence)
    taken = select(EvidenceRow.id).where(
        EvidenceRow.snapshot_id == snapshot,
        EvidenceRow.field == span.field,
        EvidenceRow.start == span.start,
        EvidenceRow.stance_id.is_not_distinct_from(row.stance_id),
        EvidenceRow.reaction_id.is_not_distinct_from(row.reaction_id),
        EvidenceRow.call_id.is_not_distinct_from(row.call_id),
    )
    if session.scalar(taken) is not None:
        return False
    row.snapshot_id, row.start, row.end = snapshot, span.start, span.end
    return True


def marked(session: Session) -> list[tuple[str, EvidenceState, str, str]]:
    """Quotes that changed or vanished on their page: record, state, address, quote."""
    rows = session.execute(
        select(EvidenceRow, ArticleRow.url)
        .join(SnapshotRow, SnapshotRow.id == EvidenceRow.snapshot_id)
        .join(ArticleRow, ArticleRow.id == SnapshotRow.article_id)
        .where(EvidenceRow.state.in_([EvidenceState.CHANGED, EvidenceState.VANISHED]))
        .order_by(EvidenceRow.id)
    )
    return [
        (
            row.stance_id or row.reaction_id or row.call_id or "",
            EvidenceState(row.state),
            url,
            row.quote,
        )
        for row, url in rows
    ]
