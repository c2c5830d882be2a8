"""Calls and where each named addressee stands; what this installation may say about silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from tracker.domain.calls import answers_of, target_on
from tracker.domain.clocks import (
    clocks,
    days_open,
    is_delivered,
    is_open_at_least,
    pending_until,
)
from tracker.domain.codes import CallStatus
from tracker.domain.model import Call, CallTarget, Stance, StanceId
from tracker.domain.silence import WITHOUT_ANSWER, Silence, Watch, silence_of
from tracker.store import calls, stances
from tracker.store.schema import CallCallerRow, CallRow, CallTargetRow, CallTopicRow
from tracker.store.views import coverage, lookup, sources_of
from tracker.store.views.records import CallLine, CompanyRef, Lens, TopicRef
from tracker.store.views.sources_of import Proof

WAITING = (CallStatus.OPEN, CallStatus.ACKNOWLEDGED, CallStatus.IGNORED)
"""The statuses without an answer in substance (codebook section 4)."""


DECIDED = frozenset(
    {
        CallStatus.ANSWERED,
        CallStatus.PARTIALLY_ANSWERED,
        CallStatus.REJECTED,
        CallStatus.REVERSED,
    }
)
"""The statuses of an addressee that has answered in substance, be it with a no."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A target (a slug) of a public call, and what may be said of its silence now."""

    call: Call
    target: str
    silence: Silence


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
    wanted: list[ColumnElement[bool]] = []
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
    rows = _rows(session, lens, wanted)
    pairs = [(target, target_on(calls.target_of(target), lens.day), call) for target, call in rows]
    pairs = [pair for pair in pairs if not waiting or pair[1].now.status in WAITING]
    if stance is not None:
        pairs = [pair for pair in pairs if stance in pair[1].now.answered_by]
    return _lines(session, lens, now, pairs[:limit])


def silences(session: Session, lens: Lens, now: datetime) -> list[Unanswered]:
    """Every target of which this installation may say that it found no answer, and since when.

    For those who asked to be told when a silence has lasted so many days.
    """
    found = _rows(session, lens, [CallTargetRow.status.in_([one.value for one in WITHOUT_ANSWER])])
    watched = coverage.watches(session, (target.organisation_id for target, _ in found), now)
    proofs = sources_of.of_calls(session, (call.id for _, call in found))
    result = []
    for target, row in found:
        call = calls.value(row)
        one = target_on(calls.target_of(target), lens.day)
        worded = _is_worded(call, proofs[row.id])
        said = silence_of(call, one, watched[target.organisation_id], lens.day, worded=worded)
        if said is not None:
            result.append(Unanswered(call, one.company, said))
    return result


def _lines(
    session: Session,
    lens: Lens,
    now: datetime,
    pairs: Sequence[tuple[CallTargetRow, CallTarget, CallRow]],
) -> list[CallLine]:
    topics = lookup.topics(session)
    proofs = sources_of.of_calls(session, (call.id for _, _, call in pairs))
    today = lens.day == now.date()
    open_ones = {row.organisation_id for row, one, _ in pairs if one.now.status in WITHOUT_ANSWER}
    watched = coverage.watches(session, open_ones if today else (), now)
    ids = {id_ for _, one, _ in pairs for id_ in answers_of(one)}
    known = {one.id: one for one in stances.by_ids(session, ids)}
    return [
        _line(row, one, call, topics, proofs[call.id], watched, known, lens.day)
        for row, one, call in pairs
    ]


def first_asked(session: Session, lens: Lens) -> dict[tuple[int, str], Day]:
    """By company and topic: the day of the oldest call that waited for an answer on the day."""
    may_wait = or_(
        CallTargetRow.status.in_([status.value for status in WAITING]),
        CallTargetRow.status_date > lens.day,
    )
    first: dict[tuple[int, str], Day] = {}
    for row, call in _rows(session, lens, [may_wait]):
        if target_on(calls.target_of(row), lens.day).now.status in WAITING:
            for topic in call.topics:
                first.setdefault((row.organisation_id, topic.topic), call.date)
    return first


def _rows(
    session: Session, lens: Lens, more: Sequence[ColumnElement[bool]]
) -> Sequence[tuple[CallTargetRow, CallRow]]:
    rows = session.execute(
        select(CallTargetRow, CallRow)
        .join(CallRow, CallRow.id == CallTargetRow.call_id)
        .where(
            CallRow.published.is_(True),
            CallRow.level.in_(lens.levels),
            CallRow.date <= lens.day,
            CallRow.withdrawn_on.is_(None),
            *more,
        )
        .order_by(CallRow.date, CallRow.id, CallTargetRow.id)
    )
    return [(target, call) for target, call in rows]


def _is_worded(call: Call, proof: Proof) -> bool:
    """Its wording is stored as evidence, or has a public address (ledger E)."""
    return proof.quote is not None or call.public_url is not None or bool(proof.links)


def _line(
    row: CallTargetRow,
    target: CallTarget,
    asked: CallRow,
    topics: Mapping[str, TopicRef],
    proof: Proof,
    watched: Mapping[int, Watch],
    known: Mapping[StanceId, Stance],
    day: Day,
) -> CallLine:
    call = calls.value(asked)
    company = row.organisation
    watch = watched.get(company.id, Watch())
    last = pending_until(call)
    return CallLine(
        call=call.id,
        callers=call.callers,
        caller_type=call.caller_type,
        asked=call.asked,
        demands=tuple(demand.asked for demand in call.demands),
        date=call.date,
        precision=call.precision,
        deadline=call.deadline,
        channel=call.channel,
        delivered=is_delivered(call),
        topics=tuple(topics[code] for code in call.topics),
        company=CompanyRef(company.id, company.slug, company.name),
        of_class=target.of_class,
        status=target.now.status,
        status_date=target.now.date,
        status_precision=target.now.precision,
        answered_by=target.now.answered_by,
        met=target.now.met,
        origin=call.origin,
        level=call.level,
        quote=proof.quote,
        links=proof.links,
        days=days_open(call, target, day),
        days_at_least=is_open_at_least(call, target),
        clocks=clocks(call, target, known),
        pending_until=last if day <= last else None,
        silence=silence_of(call, target, watch, day, worded=_is_worded(call, proof)),
    )
