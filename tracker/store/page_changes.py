"""What happened to watched pages, and the texts before and after."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, aliased

from tracker.domain.codes import PageChangeKind
from tracker.domain.model import ArticleId, SnapshotId, SourceId
from tracker.store.schema import PageChangeRow, SnapshotRow, SourceRow


@dataclass(frozen=True, slots=True)
class PageChange:
    """One change with both texts; a page that is gone has no text after it."""

    id: int
    source: SourceId
    article: ArticleId
    kind: PageChangeKind
    url: str
    title: str
    before: SnapshotId | None
    after: SnapshotId | None
    text_before: str
    text_after: str
    noticed_at: datetime


def note(
    session: Session,
    source: SourceId,
    article: ArticleId,
    kind: PageChangeKind,
    texts: tuple[SnapshotId | None, SnapshotId | None],
    now: datetime,
) -> int:
    """Keep a change, with the snapshots before and after it; return its id."""
    row = PageChangeRow(
        source_id=source,
        article_id=article,
        kind=kind,
        before_id=texts[0],
        after_id=texts[1],
        noticed_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def newest_of(session: Session, source: SourceId) -> PageChange | None:
    """The last thing that is known of a watched page."""
    found = _find(session, PageChangeRow.source_id == source, limit=1)
    return found[0] if found else None


def get(session: Session, id_: int) -> PageChange | None:
    """One change."""
    found = _find(session, PageChangeRow.id == id_, limit=1)
    return found[0] if found else None


def newest(session: Session, limit: int, source: SourceId | None = None) -> list[PageChange]:
    """What happened to all watched pages, or to one, newest first."""
    which = true() if source is None else PageChangeRow.source_id == source
    return _find(session, which, limit)


def _find(session: Session, which: ColumnElement[bool], limit: int) -> list[PageChange]:
    before, after = aliased(SnapshotRow), aliased(SnapshotRow)
    rows = session.execute(
        select(PageChangeRow, SourceRow.url, SourceRow.title, before.text, after.text)
        .join(SourceRow, SourceRow.id == PageChangeRow.source_id)
        .outerjoin(before, before.id == PageChangeRow.before_id)
        .outerjoin(after, after.id == PageChangeRow.after_id)
        .where(which)
        .order_by(PageChangeRow.id.desc())
        .limit(limit)
    )
    return [
        PageChange(
            id=row.id,
            source=SourceId(row.source_id),
            article=ArticleId(row.article_id),
            kind=PageChangeKind(row.kind),
            url=url,
            title=title,
            before=SnapshotId(row.before_id) if row.before_id else None,
            after=SnapshotId(row.after_id) if row.after_id else None,
            text_before=text_before or "",
            text_after=text_after or "",
            noticed_at=row.noticed_at,
        )
        for row, url, title, text_before, text_after in rows
    ]
