"""Articles by their canonical address, and the immutable snapshots of their text."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.codes import Tier
from tracker.domain.model import ArticleId, Page, SnapshotId, SourceId, StoryId
from tracker.store.entries import TRIES, in_zone, offset_of
from tracker.store.fairness import in_turns
from tracker.store.schema import ArticleRow, SnapshotRow, SourceRow
from tracker.store.schema.polling import WorkState


@dataclass(frozen=True, slots=True)
class SnapshotToAnalyse:
    """A text that no extractor has read yet; ``published`` carries the publisher's offset.

    ``revised`` tells that an earlier version of the article was analysed before.
    """

    id: SnapshotId
    article: ArticleId
    url: str
    host: str
    title: str
    text: str
    language: str | None
    published: datetime | None
    first_seen: datetime
    tier: Tier | None
    story: StoryId | None
    source_title: str | None
    attempts: int
    revised: bool = False


def sha256(title: str, text: str) -> str:
    """What names a text: title and text together."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def find(session: Session, url: str) -> ArticleId | None:
    """The article at a canonical address."""
    id_ = session.scalar(select(ArticleRow.id).where(ArticleRow.url == url))
    return ArticleId(id_) if id_ is not None else None


def record(
    session: Session,
    page: Page,
    *,
    host: str,
    source: SourceId | None,
    tier: Tier | None,
    taken_from: str,
    now: datetime,
    analyse: bool = True,
) -> tuple[ArticleId, bool]:
    """Keep an article and a snapshot of its text; a text that is known is not kept twice.

    Its licence is what the page names, else that of its source. Return the article and whether the
    text is new.
    """
    article = session.scalar(select(ArticleRow).where(ArticleRow.url == page.url))
    if article is None:
        article = ArticleRow(
            url=page.url,
            host=host,
            title=page.title,
            language=page.language,
            published=page.published,
            published_offset_s=offset_of(page.published),
            first_seen=now,
            source_id=source,
            tier=tier,
            original_url=page.original,
            licence=page.licence or _licence_of(session, source),
        )
        session.add(article)
        session.flush()
    id_ = ArticleId(article.id)
    if snapshot_of(session, id_, page) is not None:
        return id_, False
    keep_version(session, id_, page, taken_from, now, analyse=analyse)
    return id_, True


def _licence_of(session: Session, source: SourceId | None) -> str | None:
    if source is None:
        return None
    return session.scalar(select(SourceRow.licence).where(SourceRow.id == source))


def snapshot_of(session: Session, article: ArticleId, page: Page) -> SnapshotId | None:
    """The snapshot of exactly this text of an article, if it is kept."""
    id_ = session.scalar(
        select(SnapshotRow.id).where(
            SnapshotRow.article_id == article,
            SnapshotRow.sha256 == sha256(page.title, page.text),
        )
    )
    return SnapshotId(id_) if id_ is not None else None


def keep_version(
    session: Session,
    article: ArticleId,
    page: Page,
    taken_from: str,
    now: datetime,
    *,
    analyse: bool,
) -> SnapshotId:
    """Keep a text that is not known yet; one that is not to be analysed counts as done."""
    row = SnapshotRow(
        article_id=article,
        title=page.title,
        text=page.text,
        sha256=sha256(page.title, page.text),
        fetched_at=now,
        taken_from=taken_from,
        state=WorkState.WAITING if analyse else WorkState.DONE,
        next_try=now,
    )
    session.add(row)
    session.flush()
    return SnapshotId(row.id)


@dataclass(frozen=True, slots=True)
class SourceOfEntry:
    """What reading needs to know of the source that brought an entry."""

    url: str
    tier: Tier
    timezone: str | None


def source_of(session: Session, source: SourceId) -> SourceOfEntry:
    """The source that brought an entry."""
    row = session.get_one(SourceRow, source)
    return SourceOfEntry(row.url, Tier(row.tier), row.timezone)


def unread(
    session: Session, now: datetime, limit: int, articles: Iterable[ArticleId] | None = None
) -> list[SnapshotId]:
    """Snapshots that no extractor has read: the oldest of each source, then the next of each."""
    query = (
        select(SnapshotRow.id)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .where(SnapshotRow.state == WorkState.WAITING, SnapshotRow.next_try <= now)
    )
    if articles is not None:
        query = query.where(SnapshotRow.article_id.in_(list(articles)))
    order = in_turns(ArticleRow.source_id, SnapshotRow.next_try, SnapshotRow.id)
    ids = session.scalars(query.order_by(*order).limit(limit))
    return [SnapshotId(id_) for id_ in ids]


def with_unread_texts(session: Session, now: datetime, limit: int) -> list[ArticleId]:
    """Articles with a snapshot that no extractor has read, in no order."""
    query = (
        select(SnapshotRow.article_id)
        .where(SnapshotRow.state == WorkState.WAITING, SnapshotRow.next_try <= now)
        .distinct()
        .limit(limit)
    )
    return [ArticleId(id_) for id_ in session.scalars(query)]


def to_analyse(session: Session, ids: Iterable[SnapshotId]) -> list[SnapshotToAnalyse]:
    """These snapshots with their texts, less those that somebody else has analysed meanwhile."""
    earlier = aliased(SnapshotRow)
    revised = exists().where(
        earlier.article_id == SnapshotRow.article_id,
        earlier.id < SnapshotRow.id,
        earlier.analysed_at.is_not(None),
    )
    rows = session.execute(
        select(SnapshotRow, ArticleRow, SourceRow.title, revised)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .outerjoin(SourceRow, ArticleRow.source_id == SourceRow.id)
        .where(SnapshotRow.id.in_(list(ids)), SnapshotRow.state == WorkState.WAITING)
        .order_by(SnapshotRow.next_try, SnapshotRow.id)
    )
    return [_to_analyse(*row) for row in rows]


def _to_analyse(
    snapshot: SnapshotRow, article: ArticleRow, source: str | None, revised: bool
) -> SnapshotToAnalyse:
    return SnapshotToAnalyse(
        id=SnapshotId(snapshot.id),
        article=ArticleId(article.id),
        url=article.url,
        host=article.host,
        title=snapshot.title,
        text=snapshot.text,
        language=article.language,
        published=in_zone(article.published, article.published_offset_s),
        first_seen=article.first_seen,
        tier=Tier(article.tier) if article.tier else None,
        story=StoryId(article.story_id) if article.story_id else None,
        source_title=source,
        attempts=snapshot.attempts,
        revised=revised,
    )


def claim_analysis(session: Session, snapshot: SnapshotId, extractor: str, now: datetime) -> bool:
    """Mark a snapshot as analysed; False where another worker was faster."""
    row = session.scalar(select(SnapshotRow).where(SnapshotRow.id == snapshot).with_for_update())
    if row is None or row.state != WorkState.WAITING:
        return False
    row.state, row.extractor, row.analysed_at = WorkState.DONE, extractor, now
    return True


def analyse_again(session: Session, snapshots: Iterable[SnapshotId], now: datetime) -> int:
    """Let texts be analysed once more; return how many."""
    rows = session.scalars(select(SnapshotRow).where(SnapshotRow.id.in_(list(snapshots)))).all()
    for row in rows:
        row.state, row.next_try, row.attempts = WorkState.WAITING, now, 0
    return len(rows)


def record_failure(session: Session, snapshot: SnapshotId, error: str, next_try: datetime) -> bool:
    """Note a failed analysis; True when the snapshot is quarantined now."""
    row = session.get_one(SnapshotRow, snapshot)
    row.attempts += 1
    row.last_error, row.next_try = error, next_try
    if row.attempts >= TRIES:
        row.state = WorkState.QUARANTINED
    return row.state == WorkState.QUARANTINED
