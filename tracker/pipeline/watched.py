"""A watched page says something new, is gone, or is back: kept, and put before a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.domain.codes import PageChangeKind
from tracker.domain.errors import FetchError, UsageError
from tracker.domain.model import Page, SourceId, SourceToPoll
from tracker.domain.polling import GONE
from tracker.domain.versions import edits_between, written
from tracker.pipeline import indexing
from tracker.sources.urls import host_of
from tracker.store import articles, page_changes, reviews, sources, topics
from tracker.store.database import Database, Session
from tracker.store.page_changes import PageChange
from tracker.store.reviews import Review
from tracker.store.schema.ledger import ReviewKind

NOT_FOUND = 404
TAKEN_FROM = "watched page"
CHANGES, UNTIL = "changes", "until"
"""What a question that holds several changes tells: how many they are, and the last one."""

REASONS = {
    PageChangeKind.CHANGED: "the text of the page changed",
    PageChangeKind.REMOVED: "the page is gone",
    PageChangeKind.RETURNED: "the page is back",
}


def record_text(session: Session, source: SourceToPoll, page: Page, now: datetime) -> bool:
    """Keep the text of a watched page; True when it is another one than last time.

    The first text only begins the watch. Every later one waits for a person, with the text before.
    """
    last = page_changes.newest_of(session, source.id)
    host = host_of(page.url) or ""
    article, new = articles.record(
        session,
        page,
        host=host,
        source=source.id,
        tier=topics.tier_of(session, host),
        taken_from=TAKEN_FROM,
        now=now,
        analyse=False,
    )
    text = articles.snapshot_of(session, article, page)
    if last is not None and last.after == text:
        return False
    if new:
        indexing.index_article(session, article, page, host)
    kind = _kind(last)
    before = (last.after or last.before) if last else None
    id_ = page_changes.note(session, source.id, article, kind, (before, text), now)
    if kind is not PageChangeKind.FIRST:
        _ask_person(session, id_, now)
    return True


def record_absence(session: Session, source: SourceToPoll, error: Exception, now: datetime) -> bool:
    """Note that a watched page is gone: at once after 410, after a second 404 in a row."""
    if not isinstance(error, FetchError) or error.status not in (NOT_FOUND, GONE):
        return False
    last = page_changes.newest_of(session, source.id)
    if last is None or last.kind is PageChangeKind.REMOVED:
        return False
    if error.status == NOT_FOUND and not source.failures:
        return False
    kind = PageChangeKind.REMOVED
    id_ = page_changes.note(session, source.id, last.article, kind, (last.after, None), now)
    sources.forget_body(session, source.id)  # else the same text, back again, would say nothing
    _ask_person(session, id_, now)
    return True


def _kind(last: PageChange | None) -> PageChangeKind:
    if last is None:
        return PageChangeKind.FIRST
    gone = last.kind is PageChangeKind.REMOVED
    return PageChangeKind.RETURNED if gone else PageChangeKind.CHANGED


def _ask_person(session: Session, id_: int, now: datetime) -> None:
    """One question waits about the changes of a page; what changes meanwhile is added to it.

    That it is gone, or back, is asked by itself.
    """
    change = page_changes.get(session, id_)
    assert change is not None
    told = {"page": change.title, "url": change.url, "kind": change.kind.value}
    about = f"source {change.source}"
    reason = REASONS[change.kind]
    for waiting in reviews.open_about(session, about):
        if not waiting.proposed["kind"] == change.kind == PageChangeKind.CHANGED:
            continue
        number = int(waiting.proposed.get(CHANGES, 1)) + 1
        reason = f"{reason}; {number} changes since somebody looked"
        reviews.ask_anew(session, waiting.id, reason, {**told, CHANGES: number, UNTIL: id_})
        return
    reviews.ask(session, ReviewKind.PAGE_CHANGE, str(id_), [reason], told, now, about=about)


def difference_asked(session: Session, review: Review) -> str:
    """What a person is asked about: all that became different since somebody looked."""
    first = page_changes.get(session, int(review.record or 0))
    last = page_changes.get(session, int(review.proposed.get(UNTIL, 0))) or first
    if first is None or last is None:
        return ""
    return written(edits_between(first.text_before, last.text_after))


def list_changes(database: Database, limit: int, source: int | None = None) -> list[PageChange]:
    """What happened to watched pages, newest first."""
    with database.reading() as session:
        which = SourceId(source) if source is not None else None
        return page_changes.newest(session, limit, which)


def describe(change: PageChange) -> Mapping[str, Any]:
    """A change in plain values, with what was taken out and what was put in."""
    return {
        "change": change.id,
        "kind": change.kind.value,
        "source": change.source,
        "page": change.title,
        "url": change.url,
        "noticed_at": change.noticed_at.isoformat(),
        "difference": difference(change),
    }


def difference(change: PageChange) -> str:
    """What was taken out and what was put in; of the first text nothing, for it is all new."""
    if change.kind is PageChangeKind.FIRST:
        return ""
    return written(edits_between(change.text_before, change.text_after))


def find_change(database: Database, id_: int) -> PageChange:
    """One change; raises UsageError when there is none of that number."""
    with database.reading() as session:
        change = page_changes.get(session, id_)
    if change is None:
        raise UsageError(f"there is no change {id_}; `tracker pages changes` lists them")
    return change
