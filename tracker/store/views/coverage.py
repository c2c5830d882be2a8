"""How well this installation watches a company: which sources speak of it, and when they were read.

Ledger E: without it nobody may say that nothing was found.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import SourceStatus, Tier
from tracker.domain.silence import Channel, Watch, watch
from tracker.store.schema import (
    ArticleRow,
    EvidenceRow,
    SnapshotRow,
    SourceDayRow,
    SourceRow,
    StanceRow,
)

NAMED_WITHIN = timedelta(days=365)


def watches(session: Session, companies: Iterable[int], now: datetime) -> dict[int, Watch]:
    """How each company (a row id) is watched now, and on which days it was."""
    wanted = sorted(set(companies))
    if not wanted:
        return {}
    naming: dict[int, set[int]] = {}
    for company, source in session.execute(_that_named(wanted, now)):
        naming.setdefault(company, set()).add(source)
    speaking = {source for found in naming.values() for source in found}
    sources = session.execute(_active_sources(wanted, speaking)).all()
    good = _good_days(session, {row.id for row in sources})
    return {
        company: watch(
            [
                _channel(row, company, good.get(row.id, set()))
                for row in sources
                if _speaks_of(row, company, naming.get(company, set()))
            ],
            now,
        )
        for company in wanted
    }


def _speaks_of(row: Any, company: int, naming: set[int]) -> bool:
    """A channel of its own always does; a channel of somebody else's own is no news source."""
    news = row.id in naming and row.tier != Tier.PRIMARY
    return row.organisation_id == company or news


def _channel(row: Any, company: int, good: set[Any]) -> Channel:
    return Channel(
        own=row.organisation_id == company,
        interval=timedelta(seconds=row.interval_s),
        good=frozenset(good),
        last_ok=row.last_ok,
    )


def _active_sources(companies: list[int], speaking: set[int]) -> Select[Any, *tuple[Any, ...]]:
    """Channels of these companies' own, and these sources."""
    asked = or_(SourceRow.organisation_id.in_(companies), SourceRow.id.in_(sorted(speaking)))
    return select(
        SourceRow.id,
        SourceRow.organisation_id,
        SourceRow.tier,
        SourceRow.last_ok,
        SourceRow.interval_s,
    ).where(SourceRow.status == SourceStatus.ACTIVE, SourceRow.last_ok.is_not(None), asked)


def _that_named(companies: list[int], now: datetime) -> Select[Any, *tuple[Any, ...]]:
    """The sources whose articles carried something about each company in the last year."""
    return (
        select(StanceRow.company_id, ArticleRow.source_id)
        .join(EvidenceRow, EvidenceRow.stance_id == StanceRow.id)
        .join(SnapshotRow, SnapshotRow.id == EvidenceRow.snapshot_id)
        .join(ArticleRow, ArticleRow.id == SnapshotRow.article_id)
        .where(
            StanceRow.company_id.in_(companies),
            ArticleRow.source_id.is_not(None),
            ArticleRow.first_seen >= now - NAMED_WITHIN,
        )
        .distinct()
    )


def _good_days(session: Session, sources: set[int]) -> dict[int, set[Any]]:
    rows = session.execute(
        select(SourceDayRow.source_id, SourceDayRow.day).where(
            SourceDayRow.source_id.in_(sorted(sources)), SourceDayRow.good > 0
        )
    )
    found: dict[int, set[Any]] = {}
    for source, day in rows:
        found.setdefault(source, set()).add(day)
    return found
