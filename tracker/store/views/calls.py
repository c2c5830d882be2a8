"""Calls and where each named addressee stands; what this installation may say about silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.calls import answers_of, target_on, told_by
from tracker.domain.clocks import (
    Clocks,
    clocks,
    days_open,
    is_delivered,
    is_open_at_least,
    pending_until,
)
from tracker.domain.codes import CallStatus, Known
from tracker.domain.model import Call, CallTarget, Stance, StanceId
from tracker.domain.silence import WITHOUT_ANSWER, Silence, Watch, silence_of
from tracker.store import calls, reported, stances
from tracker.store.schema import CallCallerRow, CallRow, CallTargetRow, CallTopicRow
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import coverage, lookup, remembered, sources_of
from tracker.store.views.records import CallLine, CompanyRef, Lens, TopicRef
from tracker.store.views.sources_of import Proof

WAITING = (CallStatus.OPEN, CallStatus.ACKNOWLEDGED, CallStatus.IGNORED)
"""The statuses without an answer in substance (codebook section 4)."""


DECIDED = frozenset({CallStatus.ANSWERED, CallStatus.PARTIALLY_ANSWERED, CallStatus.REJECTED,
                     CallStatus.REVERSED})  # fmt: skip
"""The statuses of an addressee that has answered in substance, be it with a no."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A target (a slug) of a public call, and what may be said of its silence now."""

    call: Call
    target: str
    silence: Silence


@dataclass(frozen=True, slots=True)
class Addressee:
    """A company that a call names (``id`` is its row), and since when it stands where it does."""

    id: int
    call: str
    company: int
    date: Day
    status: str
    changed: Day


@dataclass(frozen=True, slots=True)
class Named:
    """A company that a call names (``id`` is the row), and how it stood there on the day."""

    id: int
    company: CompanyRef
    target: CallTarget
    call: Call


@dataclass(frozen=True, slots=True)
class Told:
    """Addressees of calls with all that is told of them but what nobody answered."""

    named: tuple[Named, ...]
    proofs: dict[str, Proof]
    answers: dict[StanceId, Stance]


def targets(
    session: Session,
    lens: Lens,
    now: datetime,
    *,
    company: int | None = None,
    topic: str | None = None,
    call: str | None = None,
    caller: int | None = None,
    waiting: bool = True,
    limit: int = 500,
) -> list[CallLine]:
    """The addressees of calls, the longest asked first; ``waiting`` leaves out answered ones."""
    wanted = _wanted(company, topic, call, caller)
    if waiting:
        ids = [one.id for one in _waiting(session, lens, wanted)][:limit]
        wanted = [CallTargetRow.id.in_(ids)]
    return _lines(session, lens, now, _told(session, _named(session, lens, wanted)[:limit]))


def waiting(
    session: Session,
    lens: Lens,
    *,
    company: int | None = None,
    topic: str | None = None,
    limit: int | None = None,
) -> list[Addressee]:
    """Who waits for an answer, the longest asked first, without the words of the calls.

    With a limit only so many rows are looked at, of which all may wait, or fewer.
    """
    name = ("waiting", lens, company, topic, limit)
    wanted = _wanted(company, topic)
    return remembered.once(session, name, lambda own: _waiting(own, lens, wanted, limit))


def addressees(
    session: Session, lens: Lens, *, company: int | None = None, topic: str | None = None
) -> list[Addressee]:
    """Who was asked, answered or not, the longest asked first, without the words of the calls."""
    return _addressees(session, lens, _wanted(company, topic))


def of_targets(session: Session, lens: Lens, now: datetime, ids: Sequence[int]) -> list[CallLine]:
    """These addressees of calls, the longest asked first."""
    if not ids:
        return []
    found = remembered.once(
        session,
        ("targets", lens, tuple(ids)),
        lambda own: _told(own, _named(own, lens, [CallTargetRow.id.in_(ids)])),
    )
    return _lines(session, lens, now, found)


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


def _told(session: Session, named: Sequence[Named]) -> Told:
    ids = {id_ for one in named for id_ in answers_of(one.target)}
    answers = {one.id: one for one in stances.by_ids(session, ids)} if ids else {}
    return Told(tuple(named), sources_of.of_calls(session, (one.call.id for one in named)), answers)


def _lines(session: Session, lens: Lens, now: datetime, told: Told) -> list[CallLine]:
    topics, today = lookup.topics(session), lens.day == now.date()
    may_be_silent = {one.company.id for one in told.named if _may_be_silent(one)}
    watched = coverage.watches(session, may_be_silent if today else (), now)
    return [
        _line(one, topics, told.proofs[one.call.id], watched, told.answers, lens.day)
        for one in told.named
    ]


def first_asked(
    session: Session, lens: Lens, companies: Sequence[int] | None = None
) -> dict[tuple[int, str], Day]:
    """By company and topic: the day of the oldest call that waited for an answer on the day."""
    of_these = [] if companies is None else [CallTargetRow.organisation_id.in_(companies)]
    found = _waiting(session, lens, of_these)
    named = select(CallTargetRow.call_id).where(*of_these)
    query = select(CallTopicRow.call_id, CallTopicRow.topic)
    query = query.where(CallTopicRow.call_id.in_(named))
    topics: dict[str, list[str]] = {}
    for call, topic in session.execute(query):
        topics.setdefault(call, []).append(topic)
    first: dict[tuple[int, str], Day] = {}
    for one in found:
        for topic in topics.get(one.call, ()):
            first.setdefault((one.company, topic), one.date)
    return first


def _wanted(
    company: int | None, topic: str | None, call: str | None = None, caller: int | None = None
) -> list[ColumnElement[bool]]:
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
    return wanted


def _waiting(
    session: Session,
    lens: Lens,
    wanted: Sequence[ColumnElement[bool]],
    limit: int | None = None,
) -> list[Addressee]:
    target = CallTargetRow.__table__.c
    may_wait = or_(target.status.in_([one.value for one in WAITING]), target.status_date > lens.day)
    found = _addressees(session, lens, [*wanted, may_wait], limit)
    return [one for one in found if one.status in WAITING]


def _addressees(
    session: Session,
    lens: Lens,
    wanted: Sequence[ColumnElement[bool]],
    limit: int | None = None,
) -> list[Addressee]:
    """Read narrow rows; only where the status came after the day is its history looked at."""
    if lens.known is Known.THEN:
        return [_as_it_stood(one) for one in _named(session, lens, wanted)]
    target = CallTargetRow.__table__.c
    since = func.coalesce(target.status_date, CallRow.date)
    columns = (target.id, target.call_id, target.organisation_id, CallRow.date, target.status)
    query = select(*columns, since).join_from(CallRow, CallTargetRow.__table__)
    query = query.where(*_shown(lens), *wanted).order_by(*_LONGEST_FIRST).limit(limit)
    found = [Addressee(*row) for row in session.execute(query)]
    later = [one.id for one in found if one.changed > lens.day]
    if later:
        changed = _named(session, lens, [CallTargetRow.id.in_(later)])
        before = {one.id: _as_it_stood(one) for one in changed}
        found = [before.get(one.id, one) for one in found]
    return found


def _as_it_stood(one: Named) -> Addressee:
    now, day = one.target.now, one.call.date
    return Addressee(one.id, one.call.id, one.company.id, day, now.status, now.date or day)


def _named(session: Session, lens: Lens, wanted: Sequence[ColumnElement[bool]]) -> list[Named]:
    """Whom these calls name, each as it stood on the day."""
    rows = _rows(session, lens, wanted)
    every = {call.id: calls.value(call) for _row, call in rows}
    if lens.known is Known.NOW:
        return [_one(row, every, calls.target_of(row), lens.day) for row, _call in rows]
    known = reported.known_then(session, RecordKind.CALL, every.values(), lens.day)
    later = reported.told_later(session, lens.day)
    return [
        _one(row, every, told_by(calls.target_of(row), later), lens.day)
        for row, call in rows
        if call.id in known
    ]


def _one(row: CallTargetRow, every: Mapping[str, Call], target: CallTarget, day: Day) -> Named:
    company = lookup.company(row.organisation_id, row.organisation.slug, row.organisation.name)
    return Named(row.id, company, target_on(target, day), every[row.call_id])


def _rows(
    session: Session, lens: Lens, more: Sequence[ColumnElement[bool]]
) -> Sequence[tuple[CallTargetRow, CallRow]]:
    rows = session.execute(
        select(CallTargetRow, CallRow)
        .join(CallRow, CallRow.id == CallTargetRow.call_id)
        .where(*_shown(lens), *more)
        .order_by(*_LONGEST_FIRST)
    )
    return [(target, call) for target, call in rows]


_LONGEST_FIRST = (CallRow.asked_by, CallRow.id, CallTargetRow.id)
"""By the day from which days are counted: an ask of some day in June is younger than one of 2 June.
"""


def _shown(lens: Lens) -> tuple[ColumnElement[bool], ...]:
    return (
        CallRow.published.is_(True),
        CallRow.level.in_(lens.levels),
        CallRow.date <= lens.day,
        CallRow.withdrawn_on.is_(None),
    )


def _running_forwards(found: Clocks) -> Clocks:
    """An answer of which only the month is known may seem to come before its question."""

    def known(days: int | None) -> int | None:
        return None if days is None or days < 0 else days

    return Clocks(known(found.reply), known(found.decision), known(found.effect), found.approximate)


def _may_be_silent(one: Named) -> bool:
    """Whether more has to be known of the company: of the others no silence may be told anyway."""
    return one.target.now.status in WITHOUT_ANSWER and is_delivered(one.call)


def _is_worded(call: Call, proof: Proof) -> bool:
    """Its wording is stored as evidence, or has a public address (ledger E)."""
    return proof.quote is not None or call.public_url is not None or bool(proof.links)


def _line(
    one: Named,
    topics: Mapping[str, TopicRef],
    proof: Proof,
    watched: Mapping[int, Watch],
    known: Mapping[StanceId, Stance],
    day: Day,
) -> CallLine:
    call, target = one.call, one.target
    watch = watched.get(one.company.id, Watch())
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
        company=one.company,
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
        days=max(0, days_open(call, target, day)),
        days_at_least=is_open_at_least(call, target),
        clocks=_running_forwards(clocks(call, target, known)),
        pending_until=last if day <= last else None,
        silence=silence_of(call, target, watch, day, worded=_is_worded(call, proof)),
    )
