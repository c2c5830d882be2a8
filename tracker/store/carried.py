"""What one page carries of a stance: quotes, links, claims, and reactions it alone tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as Day
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.model import StanceId
from tracker.store.evidence import COLUMN
from tracker.store.schema import (
    ArticleRow,
    DisputedFactRow,
    EvidenceRow,
    FindingRow,
    LinkRow,
    ReactionRow,
    SnapshotRow,
)
from tracker.store.schema.ledger import RecordKind


@dataclass(frozen=True, slots=True)
class Carried:
    """What a page carries of a stance; ``claim`` is what an extractor read there, if one did.

    ``alone`` tells that no other page carries it, ``first_day`` on which day the others first did.
    """

    url: str
    alone: bool
    reported: datetime | None
    seen: datetime | None
    first_day: Day | None
    extractor: str | None
    claim: Mapping[str, Any]

    @property
    def day(self) -> Day | None:
        """The day (UTC) on which the page told it, else on which we first saw the page."""
        told = self.reported or self.seen
        return told.astimezone(UTC).date() if told else None


def read(session: Session, stance: StanceId, url: str) -> Carried | None:
    """What the page at an address carries of a stance; None where it carries nothing."""
    articles, links = _quoted(session, stance), _links(session, stance)
    if url not in {row.url for row in articles} | {row.url for row in links}:
        return None
    quoted = [row for row in articles if row.url == url]
    others = [row for row in articles if row.url != url]
    days = [_day(row) for row in others]
    finding = next(iter(_findings(session, stance, url)), None)
    return Carried(
        url=url,
        alone=not others and all(row.url == url for row in links),
        reported=quoted[0].published if quoted else None,
        seen=quoted[0].first_seen if quoted else None,
        first_day=min(days, default=None),
        extractor=finding.extractor if finding else None,
        claim=dict(finding.claim) if finding else {},
    )


def pages_of(session: Session, stance: StanceId) -> list[str]:
    """The addresses of the pages that carry a stance."""
    rows: list[Any] = [*_quoted(session, stance), *_links(session, stance)]
    return list(dict.fromkeys(row.url for row in rows))


def hand_over(session: Session, url: str, old: StanceId, new: StanceId) -> int:
    """Let what a page carries of one stance belong to another; return how many quotes went.

    What reports of the page differed in is no dispute about the old stance any more.
    """
    have = {(e.snapshot_id, e.field, e.start) for e in _evidence(session, RecordKind.STANCE, new)}
    known = {link.url for link in _links(session, new)}
    moved = [e for e in _evidence(session, RecordKind.STANCE, old) if _url(session, e) == url]
    for quote in moved:
        if (quote.snapshot_id, quote.field, quote.start) not in have:
            quote.stance_id = new
        else:
            session.delete(quote)
    for link in _links(session, old):
        if link.url == url and url not in known:
            link.stance_id = new
        elif link.url == url:
            session.delete(link)
    for finding in _findings(session, old, url):
        finding.record_id = new
    for fact in session.scalars(
        select(DisputedFactRow).where(DisputedFactRow.stance_id == old, DisputedFactRow.url == url)
    ):
        session.delete(fact)
    _hand_over_reactions(session, url, old, new)
    session.flush()
    return len(moved)


def _hand_over_reactions(session: Session, url: str, old: StanceId, new: StanceId) -> None:
    """Reactions of which only this page tells answer what this page tells of."""
    for reaction in session.scalars(select(ReactionRow).where(ReactionRow.stance_id == old)):
        proofs = _evidence(session, RecordKind.REACTION, reaction.id)
        if proofs and {_url(session, proof) for proof in proofs} == {url}:
            reaction.stance_id = new


def _quoted(session: Session, stance: StanceId) -> list[ArticleRow]:
    query = (
        select(ArticleRow)
        .join(SnapshotRow, SnapshotRow.article_id == ArticleRow.id)
        .join(EvidenceRow, EvidenceRow.snapshot_id == SnapshotRow.id)
        .where(EvidenceRow.stance_id == stance)
        .order_by(ArticleRow.id)
    )
    return list(session.scalars(query).unique())


def _links(session: Session, stance: StanceId) -> list[LinkRow]:
    query = select(LinkRow).where(LinkRow.stance_id == stance).order_by(LinkRow.id)
    return list(session.scalars(query))


def _evidence(session: Session, kind: RecordKind, record: str) -> list[EvidenceRow]:
    owner = getattr(EvidenceRow, COLUMN[kind])
    query = select(EvidenceRow).where(owner == record).order_by(EvidenceRow.id)
    return list(session.scalars(query))


def _findings(session: Session, stance: StanceId, url: str) -> list[FindingRow]:
    query = (
        select(FindingRow)
        .join(SnapshotRow, SnapshotRow.id == FindingRow.snapshot_id)
        .join(ArticleRow, ArticleRow.id == SnapshotRow.article_id)
        .where(FindingRow.record_kind == RecordKind.STANCE)
        .where(FindingRow.record_id == stance, ArticleRow.url == url)
        .order_by(FindingRow.id)
    )
    return list(session.scalars(query))


def _url(session: Session, quote: EvidenceRow) -> str | None:
    return session.scalar(
        select(ArticleRow.url)
        .join(SnapshotRow, SnapshotRow.article_id == ArticleRow.id)
        .where(SnapshotRow.id == quote.snapshot_id)
    )


def _day(article: ArticleRow) -> Day:
    return (article.published or article.first_seen).astimezone(UTC).date()
