"""The proof of records in an export: quotes as far as they may be shown, and every address."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import EvidenceRole, EvidenceState
from tracker.domain.evidence import cut
from tracker.store.evidence import COLUMN
from tracker.store.exports.cut import Row
from tracker.store.schema import ArticleRow, EvidenceRow, LinkRow, SnapshotRow
from tracker.store.schema.ledger import RecordKind

LOST = (EvidenceState.CHANGED, EvidenceState.VANISHED)
ROLES = list(EvidenceRole)


def proofs_of(session: Session, kind: RecordKind, ids: Sequence[str]) -> dict[str, Row]:
    """For each record its best quote with address and snapshot (SHA-256), and all the others."""
    quotes, links = _quotes(session, kind, ids), _links(session, kind, ids)
    return {one: _proof(quotes.get(one, []), links.get(one, [])) for one in ids}


def _proof(quotes: list[Row], links: list[str]) -> Row:
    best = quotes[0] if quotes else {}
    urls = list(dict.fromkeys([*(quote["url"] for quote in quotes), *links]))
    return {
        "quote": best.get("quote"),
        "url": best.get("url") or next(iter(urls), None),
        "urls": urls,
        "snapshot": best.get("snapshot"),
        "evidence": quotes,
    }


def _quotes(session: Session, kind: RecordKind, ids: Sequence[str]) -> dict[str, list[Row]]:
    owner = getattr(EvidenceRow, COLUMN[kind])
    rows = session.execute(
        select(owner, EvidenceRow, SnapshotRow.sha256, ArticleRow.url)
        .join(SnapshotRow, EvidenceRow.snapshot_id == SnapshotRow.id)
        .join(ArticleRow, SnapshotRow.article_id == ArticleRow.id)
        .where(owner.in_(ids))
        .order_by(EvidenceRow.id)
    ).all()
    found: dict[str, list[Row]] = {}
    for record, row, sha256, url in sorted(rows, key=_best_first):
        quote = {
            "quote": cut(row.quote),
            "field": row.field,
            "start": row.start,
            "end": row.end,
            "role": row.role,
            "state": row.state,
            "url": url,
            "snapshot": sha256,
        }
        found.setdefault(record, []).append(quote)
    return found


def _best_first(found: Any) -> tuple[bool, int, int]:
    row: EvidenceRow = found[1]
    return row.state in LOST, ROLES.index(EvidenceRole(row.role)), row.id


def _links(session: Session, kind: RecordKind, ids: Sequence[str]) -> dict[str, list[str]]:
    owner = getattr(LinkRow, COLUMN[kind])
    found: dict[str, list[str]] = {}
    query = select(owner, LinkRow.url).where(owner.in_(ids)).order_by(LinkRow.id)
    for record, url in session.execute(query):
        found.setdefault(record, []).append(url)
    return found
