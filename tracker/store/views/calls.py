"""Calls and where each named addressee stands; what this installation may say about silence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from tracker.domain.codes import CallStatus, Origin, SourceStatus, Tier
from tracker.store.schema import (
    ArticleRow,
    CallCallerRow,
    CallRow,
    CallTargetRow,
    CallTopicRow,
    EvidenceRow,
    SnapshotRow,
    SourceDayRow,
    SourceRow,
    StanceRow,
)
from tracker.store.views import lookup, sources_of
from tracker.store.views.records import CallLine, CompanyRef, Lens, TopicRef
from tracker.store.views.sources_of import Proof

WAITING = (CallStatus.OPEN, CallStatus.ACKNOWLEDGED, CallStatus.IGNORED)
"""The statuses without an answer in substance (codebook section 4)."""

TIME_TO_ANSWER = {"press_question": timedelta(days=14)}
TIME_TO_ACT = timedelta(days=30)
"""How long an addressee has before anything may be said (ledger E)."""

NEWS_SOURCES_NEEDED = 3
NAMED_WITHIN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether this installation reads enough to say that it found nothing (ledger.md E)."""

    since: Day | None = None
    sources: int = 0
    last_checked: datetime | None = None


def targets(
    session: Session,
    lens: Lens,
    now: datetime,
    *,
    company: int | None = None,
    topic: str | None = None,
    stance: str | None = None,
    call: str | None = None,
    caller: int | None = None,
    waiting: bool = True,
    limit: int = 500,
) -> list[CallLine]:
    """The addressees of calls, the longest asked first; ``waiting`` leaves out answered ones."""
    wanted: list[ColumnElement[bool]] = [
        CallRow.published.is_(True),
        CallRow.level.in_(lens.levels),
        CallRow.date <= lens.day,
        CallRow.withdrawn_on.is_(None),
    ]
    if company is not None:
        wanted.append(CallTargetRow.organisation_id == company)
    if call is not None:
        wanted.append(CallRow.id == call)
    if caller is not None:
        by_caller = (CallCallerRow.call_id == CallRow.id, CallCallerRow.organisation_id == caller)
        wanted.append(exists().where(*by_caller))
    if topic is not None:
        of_topic = (CallTopicRow.call_id == CallRow.id, CallTopicRow.topic == topic)
        wanted.append(exists().where(*of_topic))
    rows = session.execute(
        select(CallTargetRow, CallRow)
        .join(CallRow, CallRow.id == CallTargetRow.call_id)
        .where(*wanted)
        .order_by(CallRow.date, CallRow.id, CallTargetRow.id)
    ).all()
    topics = lookup.topics(session)
    pairs = [(target, _status_on(target, lens.day), call) for target, call in rows]
    pairs = [pair for pair in pairs if not waiting or pair[1].status in WAITING]
    if stance is not None:
        pairs = [pair for pair in pairs if stance in pair[1].answered_by]
    pairs = pairs[:limit]
    proofs = sources_of.of_calls(session, (call.id for _, _, call in pairs))
    watched = {one.organisation_id for one, _, call in pairs if call.origin != Origin.STARTER}
    covered = coverage(session, watched, now)
    return [
        _line(target, status, call, topics, proofs[call.id], covered, lens.day)
        for target, status, call in pairs
    ]


def first_asked(session: Session, lens: Lens) -> dict[tuple[int, str], Day]:
    """By company and topic: the day of the oldest call that still waits for an answer."""
    query = (
        select(CallTargetRow.organisation_id, CallTopicRow.topic, func.min(CallRow.date))
        .join(CallRow, CallRow.id == CallTargetRow.call_id)
        .join(CallTopicRow, CallTopicRow.call_id == CallRow.id)
        .where(
            CallRow.published.is_(True),
            CallRow.level.in_(lens.levels),
            CallRow.date <= lens.day,
            CallRow.withdrawn_on.is_(None),
            CallTargetRow.status.in_([status.value for status in WAITING]),
        )
        .group_by(CallTargetRow.organisation_id, CallTopicRow.topic)
    )
    return {(company, topic): day for company, topic, day in session.execute(query)}


def coverage(session: Session, companies: Iterable[int], now: datetime) -> dict[int, Coverage]:
    """The sources that speak of each company and were read in time, counted now."""
    companies = sorted(set(companies))
    if not companies:
        return {}
    fresh = [row for row in session.execute(_active_sources()).all() if _in_time(row, now)]
    read = {row.id: row for row in fresh}
    result = {}
    for company in companies:
        own = {row.id for row in fresh if row.organisation_id == company}
        named = set(session.execute(_that_named(company, now)).scalars())
        news = {one for one in named & set(read) if read[one].tier != Tier.PRIMARY}
        if own and len(news) >= NEWS_SOURCES_NEEDED:
            sources = own | news
            checked = max(read[one].last_ok for one in sources)
            result[company] = Coverage(_first_good_day(session, sources), len(sources), checked)
    return result


def _active_sources() -> Select[Any, *tuple[Any, ...]]:
    return select(
        SourceRow.id,
        SourceRow.organisation_id,
        SourceRow.tier,
        SourceRow.last_ok,
        SourceRow.interval_s,
    ).where(SourceRow.status == SourceStatus.ACTIVE, SourceRow.last_ok.is_not(None))


def _in_time(row: Any, now: datetime) -> bool:
    return bool(now - row.last_ok <= 2 * timedelta(seconds=row.interval_s))


def _that_named(company: int, now: datetime) -> Select[Any, *tuple[Any, ...]]:
    """The sources whose articles carried something about this company in the last year."""
    return (
        select(ArticleRow.source_id)
        .join(SnapshotRow, SnapshotRow.article_id == ArticleRow.id)
        .join(EvidenceRow, EvidenceRow.snapshot_id == SnapshotRow.id)
        .join(StanceRow, StanceRow.id == EvidenceRow.stance_id)
        .where(
            StanceRow.company_id == company,
            ArticleRow.source_id.is_not(None),
            ArticleRow.first_seen >= now - NAMED_WITHIN,
        )
        .distinct()
    )


def _first_good_day(session: Session, sources: set[int]) -> Day | None:
    query = select(func.min(SourceDayRow.day)).where(
        SourceDayRow.source_id.in_(sorted(sources)), SourceDayRow.good > 0
    )
    return session.execute(query).scalar_one()


@dataclass(frozen=True, slots=True)
class _Status:
    status: CallStatus
    date: Day | None
    precision: str
    answered_by: tuple[str, ...]


def _status_on(target: CallTargetRow, day: Day) -> _Status:
    """The latest status that had begun by that day; undated ones count as begun."""
    begun = [one for one in target.statuses if one.status_date is None or one.status_date <= day]
    if begun:
        last = begun[-1]
        return _Status(
            CallStatus(last.status), last.status_date, last.precision, tuple(last.answered_by)
        )
    if target.status_date is not None and target.status_date > day:
        return _Status(CallStatus.OPEN, None, target.precision, ())
    return _Status(CallStatus(target.status), target.status_date, target.precision, ())


def _line(
    target: CallTargetRow,
    status: _Status,
    call: CallRow,
    topics: dict[str, TopicRef],
    proof: Proof,
    covered: dict[int, Coverage],
    day: Day,
) -> CallLine:
    company = target.organisation
    seen = covered.get(company.id, Coverage())
    return CallLine(
        call=call.id,
        callers=tuple(one.name for one in call.callers),
        caller_type=call.caller_type,
        asked=call.asked,
        date=call.date,
        precision=call.precision,
        deadline=call.deadline,
        channel=call.channel,
        delivered=call.delivery_proof not in (None, "", "none"),
        topics=tuple(topics[one.topic] for one in call.topics),
        company=CompanyRef(company.id, company.slug, company.name),
        status=status.status,
        status_date=status.date,
        status_precision=status.precision,
        answered_by=status.answered_by,
        origin=call.origin,
        level=call.level,
        quote=proof.quote,
        links=proof.links,
        days=(day - call.date).days,
        pending_until=_pending_until(call, day),
        healthy_since=seen.since,
        sources=seen.sources,
        last_checked=seen.last_checked,
    )


def _pending_until(call: CallRow, day: Day) -> Day | None:
    """The last day to answer in time, while it lies ahead."""
    length = TIME_TO_ANSWER.get(call.channel or "", TIME_TO_ACT)
    last = call.deadline or call.date + length
    return last if day <= last else None
