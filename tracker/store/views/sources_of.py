"""The proof of records: their quotes, and the pages that carry them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tracker.domain import evidence
from tracker.domain.codes import EvidenceRole, EvidenceState, QuoteField, Tier
from tracker.store.among import OnMany
from tracker.store.schema import ArticleRow, EvidenceRow, LinkRow, SnapshotRow
from tracker.store.views import lookup
from tracker.store.views.proofs import Quote, SourceLink

AROUND = 700
"""Characters read on either side of a quote: its neighbours are cut to less than half of it."""

_QUOTED, _TEXT, _PAGE, _LINK = (
    row.__table__.c for row in (EvidenceRow, SnapshotRow, ArticleRow, LinkRow)
)
_PROOF = EvidenceRow.__table__.join(SnapshotRow.__table__, _TEXT.id == _QUOTED.snapshot_id).join(
    ArticleRow.__table__, _PAGE.id == _TEXT.article_id
)
_WINDOW_START = case((_QUOTED.start_at > AROUND, _QUOTED.start_at - AROUND), else_=0)
_WINDOW = func.substr(_TEXT.text, _WINDOW_START + 1, _QUOTED.end_at - _WINDOW_START + AROUND)
"""The text around a quote, so that no long snapshot is read for a short sentence."""

_PROVEN = (
    _QUOTED.quote,
    _QUOTED.field,
    (_QUOTED.start_at - _WINDOW_START).label("start_at"),
    (_QUOTED.end_at - _WINDOW_START).label("end_at"),
    _QUOTED.role,
    _QUOTED.state,
    _WINDOW.label("text"),
    _TEXT.sha256,
    _TEXT.fetched_at,
    _PAGE.url,
    _PAGE.host,
    _PAGE.title,
    _PAGE.tier,
    func.coalesce(_PAGE.copy_of, _PAGE.id).label("report"),
    _PAGE.published,
)
"""What is told of a quote."""

_context = lru_cache(maxsize=2_000)(evidence.context)
"""Sentences are looked for in the same texts again and again."""

ROLES = {EvidenceRole.PRIMARY: 0, EvidenceRole.REPORT: 1, EvidenceRole.BACKGROUND: 2}
TIERS = {Tier.PRIMARY: 0, Tier.RELIABLE: 1, Tier.ADVOCACY: 2, Tier.WEAK: 3, Tier.MIRROR: 4}


@dataclass(frozen=True, slots=True)
class Proof:
    """The quotes of one record, best first, and every page that carries it."""

    quotes: tuple[Quote, ...] = ()
    links: tuple[SourceLink, ...] = ()

    @property
    def quote(self) -> Quote | None:
        """The quote to show where there is room for one."""
        return self.quotes[0] if self.quotes else None


def of_stances(session: Session, ids: Iterable[str]) -> dict[str, Proof]:
    """The proof of each of these stances."""
    return _of(session, _OF_STANCES, ids)


def of_reactions(session: Session, ids: Iterable[str]) -> dict[str, Proof]:
    """The proof of each of these reactions."""
    return _of(session, _OF_REACTIONS, ids)


def of_calls(session: Session, ids: Iterable[str]) -> dict[str, Proof]:
    """The proof of each of these calls."""
    return _of(session, _OF_CALLS, ids)


def _asked(owner: str) -> tuple[OnMany, OnMany]:
    """The statements on the quotes and on the links of records, by the column that names them."""
    record, of = _QUOTED[owner], _LINK[owner]
    quotes = select(record.label("record"), *_PROVEN).select_from(_PROOF).order_by(_QUOTED.id)
    links = select(of.label("record"), _LINK.url, _LINK.host).order_by(_LINK.id)
    return OnMany(record, quotes.where), OnMany(of, links.where)


_OF_STANCES, _OF_REACTIONS, _OF_CALLS = map(_asked, ("stance_id", "reaction_id", "call_id"))


def _of(session: Session, asked: tuple[OnMany, OnMany], ids: Iterable[str]) -> dict[str, Proof]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    quotes = _quotes(session, asked[0].rows(session, wanted))
    links = _links(session, asked[1].rows(session, wanted))
    return {one: _proof(quotes.get(one, []), links.get(one, [])) for one in wanted}


def _proof(quotes: list[Quote], links: list[SourceLink]) -> Proof:
    by_url = {quote.link.url: quote.link for quote in quotes}
    by_url = {**{link.url: link for link in links}, **by_url}
    ordered = sorted(by_url.values(), key=lambda link: (_rank(link.tier), link.host, link.url))
    return Proof(tuple(quotes), tuple(ordered))


def _rank(tier: Tier | None) -> int:
    return TIERS[tier] if tier else TIERS[Tier.WEAK]


def _links(session: Session, rows: Iterable[Any]) -> dict[str, list[SourceLink]]:
    tiers = lookup.tiers(session)
    result: dict[str, list[SourceLink]] = {}
    for record, url, host in rows:
        result.setdefault(record, []).append(SourceLink(url, host, tiers.get(host)))
    return result


def _quotes(session: Session, rows: Iterable[Any]) -> dict[str, list[Quote]]:
    tiers = lookup.tiers(session)
    found: dict[str, list[Quote]] = {}
    for row in rows:
        tier = Tier(row.tier) if row.tier else tiers.get(row.host)
        link = SourceLink(row.url, row.host, tier, row.report, row.title, row.published)
        found.setdefault(row.record, []).append(_quote(row, link))
    for quotes in found.values():
        quotes.sort(key=_best_first)
    return found


def _best_first(quote: Quote) -> tuple[bool, int, int, bool]:
    gone = quote.state in (EvidenceState.CHANGED, EvidenceState.VANISHED)
    role = ROLES[EvidenceRole(quote.role)]
    return gone, role, _rank(quote.link.tier), quote.field == QuoteField.TITLE


def _quote(row: Any, link: SourceLink) -> Quote:
    in_text = row.field == QuoteField.TEXT
    shown = _context(row.text if in_text else row.quote, *_span(row, in_text))
    return Quote(
        text=shown.quote,
        before=shown.before,
        after=shown.after,
        link=link,
        field=row.field,
        state=row.state,
        role=row.role,
        sha256=row.sha256,
        fetched_at=row.fetched_at,
    )


def _span(row: Any, in_text: bool) -> tuple[int, int]:
    return (row.start_at, row.end_at) if in_text else (0, len(row.quote))
