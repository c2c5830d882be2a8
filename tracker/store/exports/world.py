"""Rows of what feeds and pages brought, and of the mail that was owed."""

import re
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import SourceKind, SourceStatus, Tier
from tracker.domain.model import Source
from tracker.store.exports.cut import AT_ONCE, Cut, Row
from tracker.store.schema import (
    AlertRow,
    ArticleRow,
    EntryRow,
    OrganisationRow,
    SnapshotRow,
    SourceRow,
)

ADDRESS = re.compile(r"[^\s<>()\"',;:]+@[^\s<>()\"',;:]+")


def source_rows(session: Session, cut: Cut) -> Iterator[Row]:
    """Every source, by id."""
    query = (
        select(SourceRow, OrganisationRow.slug)
        .outerjoin(OrganisationRow, SourceRow.organisation_id == OrganisationRow.id)
        .where(*cut.seen(SourceRow.added_at))
        .order_by(SourceRow.id)
    )
    plain = (
        "id url title kind status tier publisher_kind language timezone licence note origin "
        "added_at next_due last_polled last_ok last_new failures failing_since last_error "
        "error_cause error_fault"
    )
    for row, slug in session.execute(query):
        yield {name: getattr(row, name) for name in plain.split()} | {"organisation": slug}


def source_list(session: Session) -> list[tuple[Source, bool]]:
    """Every source as it was entered, by title, and whether it is not asked any more."""
    query = (
        select(SourceRow, OrganisationRow.slug)
        .outerjoin(OrganisationRow, SourceRow.organisation_id == OrganisationRow.id)
        .order_by(SourceRow.title, SourceRow.id)
    )
    return [
        (
            Source(
                url=row.url,
                title=row.title,
                kind=SourceKind(row.kind),
                organisation=slug,
                publisher_kind=row.publisher_kind,
                tier=Tier(row.tier),
                language=row.language,
                timezone=row.timezone,
                licence=row.licence,
                note=row.note,
            ),
            row.status != SourceStatus.ACTIVE,
        )
        for row, slug in session.execute(query)
    ]


def entry_rows(session: Session, cut: Cut) -> Iterator[Row]:
    """Every entry of every feed, in the order in which they came."""
    query = (
        select(
            SourceRow.url.label("source_url"),
            EntryRow.key.label("entry_key"),
            EntryRow.title,
            EntryRow.url.label("link"),
            EntryRow.summary,
            EntryRow.content,
            EntryRow.author,
            EntryRow.published,
            EntryRow.published_raw,
            EntryRow.first_seen,
            EntryRow.state,
            EntryRow.attempts,
            EntryRow.last_error,
        )
        .join(SourceRow, EntryRow.source_id == SourceRow.id)
        .where(*cut.seen(EntryRow.first_seen))
        .order_by(EntryRow.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(query):
        yield dict(row._mapping)


def article_rows(session: Session, cut: Cut) -> Iterator[Row]:
    """Every text of every article, by article and time; the text itself stays here."""
    query = (
        select(
            ArticleRow.url,
            ArticleRow.host,
            ArticleRow.title,
            ArticleRow.language,
            ArticleRow.published,
            ArticleRow.first_seen,
            ArticleRow.tier,
            ArticleRow.story_id.label("story"),
            SourceRow.url.label("source_url"),
            SnapshotRow.sha256,
            SnapshotRow.fetched_at,
            SnapshotRow.taken_from,
            SnapshotRow.state,
            SnapshotRow.extractor,
            SnapshotRow.last_error,
        )
        .join(SnapshotRow, SnapshotRow.article_id == ArticleRow.id)
        .outerjoin(SourceRow, ArticleRow.source_id == SourceRow.id)
        .where(*cut.seen(SnapshotRow.fetched_at))
        .order_by(ArticleRow.id, SnapshotRow.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(query):
        yield dict(row._mapping)


def alert_rows(session: Session, cut: Cut) -> Iterator[Row]:
    """Every mail that was ever owed, in order; whom to, only where addresses are asked for."""
    query = (
        select(AlertRow)
        .where(*cut.seen(AlertRow.created_at))
        .order_by(AlertRow.id)
        .execution_options(yield_per=AT_ONCE)
    )
    plain = "id kind change_key stance_id state created_at due_at attempts sent_at message_id"
    for alert in session.scalars(query):
        row = {name: getattr(alert, name) for name in plain.split()}
        row["subscriber"] = alert.subscriber_id
        row["last_error"] = alert.last_error
        if cut.addresses:
            row["address"] = alert.subscriber.address
        elif alert.last_error:
            row["last_error"] = ADDRESS.sub("(address)", alert.last_error)
        yield row
