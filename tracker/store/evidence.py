"""Evidence: verbatim spans of snapshots; and links of records that have no stored quote."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Origin, QuoteField, Tier
from tracker.domain.model import Evidence, Link, Span, StanceId
from tracker.domain.rechecks import next_recheck
from tracker.store.schema import (
    ArticleRow,
    EvidenceRow,
    HostRow,
    LinkRow,
    SnapshotRow,
    SourceRow,
    StanceRow,
)
from tracker.store.schema.ledger import RecordKind

Thing = TypeVar("Thing")

COLUMN = {
    RecordKind.STANCE: "stance_id",
    RecordKind.REACTION: "reaction_id",
    RecordKind.CALL: "call_id",
}


def add(
    session: Session,
    kind: RecordKind,
    record: str,
    evidence: Evidence,
    *,
    extractor: str,
    now: datetime,
) -> bool:
    """Attach a quote to a record; False when it is attached already.

    The same sentence in another version of the same article is the same proof.
    """
    owner = COLUMN[kind]
    if _has(session, getattr(EvidenceRow, owner) == record, evidence):
        return False
    row = EvidenceRow(
        snapshot_id=evidence.snapshot,
        field=evidence.span.field,
        start=evidence.span.start,
        end=evidence.span.end,
        quote=evidence.span.quote,
        role=evidence.role,
        state=evidence.state,
        extractor=extractor,
        found_at=now,
    )
    setattr(row, owner, record)
    session.add(row)
    session.flush()
    _plan_recheck(session, evidence.snapshot, now)
    return True


def _has(session: Session, of_record: ColumnElement[bool], evidence: Evidence) -> bool:
    article = select(SnapshotRow.article_id).where(SnapshotRow.id == evidence.snapshot)
    versions = select(SnapshotRow.id).where(SnapshotRow.article_id == article.scalar_subquery())
    here = and_(
        EvidenceRow.snapshot_id == evidence.snapshot, EvidenceRow.start == evidence.span.start
    )
    elsewhere = and_(
        EvidenceRow.snapshot_id != evidence.snapshot,
        EvidenceRow.snapshot_id.in_(versions),
        EvidenceRow.quote == evidence.span.quote,
    )
    known = select(EvidenceRow.id).where(
        of_record, EvidenceRow.field == evidence.span.field, or_(here, elsewhere)
    )
    return session.scalar(known.limit(1)) is not None


def _plan_recheck(session: Session, snapshot: int, now: datetime) -> None:
    """An article is read again from its first quote on; a new quote begins the steps anew."""
    article = session.scalar(
        select(ArticleRow)
        .join(SnapshotRow, SnapshotRow.article_id == ArticleRow.id)
        .where(SnapshotRow.id == snapshot)
    )
    if article and article.recheck_at is None and article.url.startswith(("http://", "https://")):
        article.quoted_at, article.recheck_at = now, next_recheck(now, now)


def add_links(
    session: Session, kind: RecordKind, links: Iterable[tuple[str, Iterable[Link]]]
) -> None:
    """Attach to records (by id) the pages that carry them."""
    owner = COLUMN[kind]
    wanted = [(record, link) for record, pages in links for link in pages]
    column = getattr(LinkRow, owner)
    rows = session.execute(
        select(column, LinkRow.url).where(column.in_({record for record, _ in wanted}))
    )
    known = {(owned, url) for owned, url in rows}
    for record, link in wanted:
        if (record, link.url) not in known:
            known.add((record, link.url))
            row = LinkRow(url=link.url, host=link.host, seen=link.seen)
            setattr(row, owner, record)
            session.add(row)


def quotes_of(session: Session, kind: RecordKind, records: Iterable[str]) -> dict[str, set[str]]:
    """The quotes of each record."""
    owner = getattr(EvidenceRow, COLUMN[kind])
    rows = session.execute(select(owner, EvidenceRow.quote).where(owner.in_(list(records))))
    return _grouped(rows)


def texts_of(session: Session, kind: RecordKind, record: str) -> list[str]:
    """Title and text of every snapshot that a record is quoted from."""
    rows = session.execute(
        select(SnapshotRow.title, SnapshotRow.text)
        .join(EvidenceRow, EvidenceRow.snapshot_id == SnapshotRow.id)
        .where(getattr(EvidenceRow, COLUMN[kind]) == record)
        .distinct()
    )
    return [f"{title or ''}\n{text}" for title, text in rows]


def urls_of(session: Session, kind: RecordKind, records: Iterable[str]) -> dict[str, set[str]]:
    """The addresses that carry each record: of quoted articles and of links."""
    wanted = list(records)
    quoted, linked = getattr(EvidenceRow, COLUMN[kind]), getattr(LinkRow, COLUMN[kind])
    articles = session.execute(_articles(quoted, ArticleRow.url).where(quoted.in_(wanted)))
    links = session.execute(select(linked, LinkRow.url).where(linked.in_(wanted)))
    return _grouped([*articles, *links])


def hosts_of(session: Session, kind: RecordKind, records: Iterable[str]) -> dict[str, set[str]]:
    """The hosts that carry each record."""
    wanted = list(records)
    quoted, linked = getattr(EvidenceRow, COLUMN[kind]), getattr(LinkRow, COLUMN[kind])
    articles = session.execute(_articles(quoted, ArticleRow.host).where(quoted.in_(wanted)))
    links = session.execute(select(linked, LinkRow.host).where(linked.in_(wanted)))
    return _grouped([*articles, *links])


def stories_of(session: Session, kind: RecordKind, records: Iterable[str]) -> dict[str, set[int]]:
    """The stories whose articles carry each record: two reports of one story tell of one event."""
    quoted = getattr(EvidenceRow, COLUMN[kind])
    rows = session.execute(
        _articles(quoted, ArticleRow.story_id).where(
            quoted.in_(list(records)), ArticleRow.story_id.is_not(None)
        )
    )
    return _grouped(rows)


@dataclass(frozen=True, slots=True)
class CarryingPage:
    """A page that carries a record: its host, how far it is trusted, whose text it is.

    ``report`` is the first article with (nearly) the same text: copies are one report.
    """

    host: str
    tier: Tier | None
    report: int | None


def pages_of(session: Session, kind: RecordKind, record: str) -> list[CarryingPage]:
    """Every page that carries a record: quoted articles, and links with the tier of their host."""
    owner = COLUMN[kind]
    articles = session.execute(
        select(ArticleRow.host, ArticleRow.tier, func.coalesce(ArticleRow.copy_of, ArticleRow.id))
        .join(SnapshotRow, SnapshotRow.article_id == ArticleRow.id)
        .join(EvidenceRow, EvidenceRow.snapshot_id == SnapshotRow.id)
        .where(getattr(EvidenceRow, owner) == record)
        .distinct()
    )
    links = session.execute(
        select(LinkRow.host, HostRow.tier)
        .outerjoin(HostRow, HostRow.host == LinkRow.host)
        .where(getattr(LinkRow, owner) == record)
    )
    quoted = [CarryingPage(host, Tier(t) if t else None, report) for host, t, report in articles]
    linked = [CarryingPage(host, Tier(t) if t else None, None) for host, t in links]
    return quoted + linked


def _articles(owner: Any, what: Any) -> Select[Any, Any]:
    return (
        select(owner, what)
        .join(SnapshotRow, EvidenceRow.snapshot_id == SnapshotRow.id)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
    )


def _grouped(pairs: Iterable[tuple[str, Thing]]) -> dict[str, set[Thing]]:
    groups: dict[str, set[Thing]] = {}
    for record, what in pairs:
        groups.setdefault(record, set()).add(what)
    return groups


@dataclass(frozen=True, slots=True)
class Proof:
    """A quote of a stance with the article it stands in; times in UTC."""

    quote: str
    title: str
    url: str
    host: str
    tier: Tier | None
    published: datetime | None
    first_seen: datetime
    source_title: str | None


def first_proof(session: Session, stance: StanceId) -> Proof | None:
    """The first quote that was found for a stance."""
    row = session.execute(
        select(EvidenceRow.quote, ArticleRow, SourceRow.title)
        .join(SnapshotRow, EvidenceRow.snapshot_id == SnapshotRow.id)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .outerjoin(SourceRow, ArticleRow.source_id == SourceRow.id)
        .where(EvidenceRow.stance_id == stance)
        .order_by(EvidenceRow.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    quote, article, source = row
    return Proof(
        quote=quote,
        title=article.title,
        url=article.url,
        host=article.host,
        tier=Tier(article.tier) if article.tier else None,
        published=article.published,
        first_seen=article.first_seen,
        source_title=source,
    )


def quoted_in(session: Session, kind: RecordKind, record: str) -> list[dict[str, str]]:
    """The quotes of a record, each with title and address of its article."""
    rows = session.execute(
        select(EvidenceRow.quote, ArticleRow.title, ArticleRow.url)
        .join(SnapshotRow, EvidenceRow.snapshot_id == SnapshotRow.id)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .where(getattr(EvidenceRow, COLUMN[kind]) == record)
        .order_by(EvidenceRow.id)
    )
    return [{"quote": quote, "title": title, "url": url} for quote, title, url in rows]


@dataclass(frozen=True, slots=True)
class Checked:
    """One span of evidence beside the text it claims to stand in."""

    id: int
    record: str
    url: str
    span: Span
    found: str

    @property
    def holds(self) -> bool:
        """Whether the text says exactly this at exactly that place."""
        return self.found == self.span.quote


def check_all(session: Session) -> Iterator[Checked]:
    """Every span of evidence, for `tracker verify`; texts are read one at a time."""
    rows = session.execute(
        select(EvidenceRow, SnapshotRow.title, SnapshotRow.text, ArticleRow.url)
        .join(SnapshotRow, EvidenceRow.snapshot_id == SnapshotRow.id)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .order_by(EvidenceRow.id)
        .execution_options(yield_per=200)
    )
    for row, title, text, url in rows:
        field = QuoteField(row.field)
        whole = title if field is QuoteField.TITLE else text
        record = row.stance_id or row.reaction_id or row.call_id or ""
        span = Span(field, row.start, row.end, row.quote)
        yield Checked(row.id, record, url, span, whole[row.start : row.end])


def without_proof(session: Session) -> list[str]:
    """Extracted stances that carry no evidence at all; there must be none."""
    rows = session.scalars(
        select(StanceRow.id)
        .outerjoin(EvidenceRow, EvidenceRow.stance_id == StanceRow.id)
        .where(EvidenceRow.id.is_(None), StanceRow.origin == Origin.EXTRACTED)
        .order_by(StanceRow.id)
    )
    return list(rows)
