"""Calls by hand: what an editor knows of a demand, its delivery and its answers (ledger D).

Every step is written with a line of history, in one transaction. What is entered without a
stored page carries its address only ("source only") and alerts nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any

from tracker.domain.calls import answer_key, with_status
from tracker.domain.codes import (
    Act,
    ActorType,
    CallStatus,
    Disposition,
    OrganisationKind,
    Origin,
    ReviewState,
)
from tracker.domain.errors import ParseError, UsageError
from tracker.domain.model import (
    Call,
    CallId,
    CallTarget,
    Demand,
    Link,
    Organisation,
    StanceId,
    TargetStatus,
    TopicCode,
)
from tracker.domain.outcomes import NoticeKind
from tracker.domain.register import chain_on
from tracker.pipeline import indexing
from tracker.pipeline.correcting import take_back_answer
from tracker.pipeline.following import follow_call
from tracker.pipeline.register import Register, load_register, require_organisation
from tracker.pipeline.report import slugged
from tracker.pipeline.target_classes import propose_members, with_class
from tracker.sources.urls import host_of, request_url
from tracker.store import calls, evidence, facts, history, notices, organisations, stances, topics
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.notices import Notice
from tracker.store.schema.ledger import RecordKind

AHEAD_OF_UTC = timedelta(hours=14)
"""How early the earliest places begin a day."""

RECENT = timedelta(days=30)
"""How old a new status may be that is raised for those who asked to be told."""

TYPES: Mapping[OrganisationKind, ActorType] = {
    OrganisationKind.COMPANY: ActorType.PEER_COMPANY,
    OrganisationKind.RESEARCH: ActorType.RESEARCHER,
} | {
    kind: ActorType(kind.value)
    for kind in OrganisationKind
    if kind not in (OrganisationKind.COMPANY, OrganisationKind.RESEARCH)
}
"""What a caller of the register counts as (codebook section 3)."""


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call as an editor enters it; ``targets`` are slugs, ``callers`` names."""

    callers: tuple[str, ...]
    targets: tuple[str, ...]
    asked: str
    topic: str
    date: Day
    caller_type: ActorType | None = None
    act: Act | None = None
    deadline: Day | None = None
    channel: str | None = None
    public_url: str | None = None
    target_class: str | None = None
    demands: tuple[Demand, ...] = ()


def add_call(database: Database, new: NewCall, by: str, now: datetime) -> CallId:
    """Enter a call; every target is open from its day on. Raises UsageError.

    The companies of a class that a person has approved are added; what may have answered already
    is proposed.
    """
    with database.transaction() as session:
        write_alone(session)
        register = load_register(session)
        _require_asked(new, now)
        call = with_class(session, register, _call(session, new, register.organisations))
        calls.save(session, call, register.ids, register.slugs)
        propose_members(session, call, now)
        follow_call(session, register, call, now)
        if call.public_url:
            link = Link(call.public_url, host_of(call.public_url) or "")
            evidence.add_links(session, RecordKind.CALL, [(call.id, [link])])
        _note(session, call.id, "entered", {"asked": call.asked}, by, now)
    return call.id


def _require_asked(new: NewCall, now: datetime) -> None:
    if not new.asked.strip():
        raise UsageError("say what the call asks for, in its own words: --asked")
    _require_past(new.date, now)


def _require_past(day: Day, now: datetime) -> None:
    """Refuse a day that has begun nowhere on Earth yet."""
    if day > (now + AHEAD_OF_UTC).date():
        raise UsageError(f"{day} has not come yet; today is {now.date()} (UTC)")


def _call(session: Session, new: NewCall, known: Mapping[str, Organisation]) -> Call:
    codes = topics.by_code(session)
    for code in (new.topic, *(demand.topic for demand in new.demands)):
        if code is not None and code not in codes:
            raise UsageError(f"there is no topic {code!r}; the codes are at /t")
    if new.deadline is not None and new.deadline < new.date:
        raise UsageError(f"the deadline {new.deadline} is before the call of {new.date}")
    if not new.targets and not new.target_class:
        raise UsageError("a call needs a target: --target SLUG, or --class for a class of them")
    unknown = [slug for slug in new.targets if slug not in known]
    if unknown:
        raise UsageError(f"there is no organisation {', '.join(unknown)}; the slugs are at /c")
    opened = TargetStatus(CallStatus.OPEN, new.date)
    targets = dict.fromkeys(new.targets)
    wanted = slugged(new.callers[0], new.date, "asks", *list(targets)[:2], new.topic)
    topic = TopicCode(new.topic)
    return Call(
        id=calls.free_id(session, wanted),
        callers=tuple(dict.fromkeys(new.callers)),
        caller_type=new.caller_type or _type_of(new.callers, known),
        asked=new.asked,
        date=new.date,
        targets=tuple(CallTarget(slug, known[slug].name, opened) for slug in targets),
        asked_act=new.act,
        topic=topic,
        topics=tuple(dict.fromkeys((topic, *(d.topic for d in new.demands if d.topic)))),
        demands=new.demands,
        target_class=new.target_class,
        deadline=new.deadline,
        channel=new.channel,
        public_url=_address(new.public_url),
        disposition=Disposition.PUBLISH,
        review_state=ReviewState.ACCEPTED,
        origin=Origin.EDITOR,
        published=True,
    )


def _address(url: str | None) -> str | None:
    try:
        return request_url(url) if url else None
    except ParseError as error:
        raise UsageError(str(error)) from error


def _type_of(callers: Sequence[str], known: Mapping[str, Organisation]) -> ActorType:
    """Several callers are a coalition; one is what the register says of it."""
    if len(callers) > 1:
        return ActorType.COALITION
    for organisation in known.values():
        if callers[0] in {organisation.name, *(name.text for name in organisation.names)}:
            return TYPES[organisation.kind]
    raise UsageError(
        f"{callers[0]!r} is not in the register: say what it is with --caller-type "
        f"({', '.join(ActorType)})"
    )


def record_delivery(
    database: Database, id_: str, on: Day, proof: str, by: str, now: datetime
) -> None:
    """Note when a call reached its targets, and what proves it. Raises UsageError."""
    with database.transaction() as session:
        write_alone(session)
        call = _get(session, id_)
        _require_past(on, now)
        if on < call.date:
            raise UsageError(f"{id_}: it was made on {call.date} and cannot arrive before")
        _save(session, replace(call, delivered_on=on, delivery_proof=proof))
        before = {"delivered_on": call.delivered_on, "delivery_proof": call.delivery_proof}
        change = {"delivered_on": on, "delivery_proof": proof, "before": before}
        _note(session, call.id, "delivered", change, by, now)


def record_answer(
    database: Database, id_: str, target: str, answer: TargetStatus, by: str, now: datetime
) -> None:
    """Give a target of a call its next status, with the stances that brought it about.

    One that ``corrects`` takes the place of the present status, which was wrong; both stay on
    record. What may follow what is the law of ``domain.calls``. Raises UsageError.
    """
    with database.transaction() as session:
        write_alone(session)
        call = _get(session, id_)
        found = next((one for one in call.targets if one.company == target), None)
        if found is None:
            named = ", ".join(one.company for one in call.targets)
            raise UsageError(f"{id_} does not name {target!r}; its targets are {named}")
        if answer.date is not None:
            _require_past(answer.date, now)
        _require_order(call, found, answer)
        _require_stances(session, found, answer)
        register = load_register(session)
        move_target(session, register, call, with_status(found, answer), by, now)


def move_target(
    session: Session, register: Register, call: Call, moved: CallTarget, by: str, now: datetime
) -> None:
    """Write a target's new status, note it, and raise it for those who asked to be told."""
    others = tuple(moved if one.company == moved.company else one for one in call.targets)
    after = replace(call, targets=others)
    calls.save(session, after, register.ids, register.slugs)
    before = moved.history[-1].status
    change = {"target": moved.company, "from": before, "to": asdict(moved.now)}
    action = "corrected" if moved.now.corrects else "answered"
    _note(session, call.id, action, change, by, now, moved.now.why)
    if call.published and moved.now.corrects:
        take_back_answer(session, after, moved, now)
    elif call.published and _is_news(moved.now, now):
        notices.raise_once(session, [_notice(after, moved, now)], now)


def _is_news(status: TargetStatus, now: datetime) -> bool:
    """What somebody enters of years ago is none."""
    return status.date is not None and now.date() - status.date <= RECENT


def _notice(call: Call, target: CallTarget, now: datetime) -> Notice:
    undone = target.now.status is CallStatus.REVERSED
    return Notice(
        key=answer_key(call, target, len(target.history)),
        kind=NoticeKind.UNDONE if undone else NoticeKind.ANSWER,
        company=target.company,
        happens_on=target.now.date or now.date(),
        topic=call.topic,
        stance=next(iter(target.now.answered_by), None),
        call=call.id,
    )


def _require_order(call: Call, target: CallTarget, answer: TargetStatus) -> None:
    earliest = call.date if answer.corrects else target.now.date or call.date
    if answer.date is not None and answer.date < earliest:
        raise UsageError(
            f"{target.company_name}: {answer.date} is before {earliest}, "
            f"from when on it counts as {target.now.status}"
        )


def _require_stances(session: Session, target: CallTarget, answer: TargetStatus) -> None:
    """A target answers through its own stances, or those of what it owns."""
    if not answer.answered_by:
        return
    known = {o.slug: o for o in organisations.registry(session).organisations}
    for id_ in answer.answered_by:
        stance = stances.get(session, StanceId(id_))
        if stance is None:
            raise UsageError(f"there is no stance {id_!r}")
        speaks = {*chain_on(stance.company, stance.date, known)}
        own = known.get(target.company)
        if target.company not in speaks and (own is None or own.name != stance.brand):
            raise UsageError(f"{id_} is a stance of {stance.company}, not of {target.company}")


def list_calls(
    database: Database, *, only_open: bool = False, company: str | None = None
) -> list[Call]:
    """Every call by date; only those that still wait, or that name a company (a slug)."""
    with database.reading() as session:
        require_organisation(session, company)
        found = calls.every(session) if company is None else calls.naming(session, [company])
    return [call for call in found if not only_open or any(_waits(t) for t in call.targets)]


def _waits(target: CallTarget) -> bool:
    return target.now.status in (CallStatus.OPEN, CallStatus.ACKNOWLEDGED)


def _get(session: Session, id_: str) -> Call:
    call = calls.get(session, CallId(id_))
    if call is None:
        raise UsageError(f"there is no call {id_!r}; `tracker calls list` shows them all")
    return call


def _save(session: Session, call: Call) -> None:
    ids, names = organisations.ids_by_slug(session), organisations.slugs_by_name(session)
    calls.save(session, call, ids, names)


def _note(
    session: Session,
    id_: str,
    action: str,
    change: Mapping[str, Any],
    by: str,
    now: datetime,
    why: str | None = None,
) -> None:
    history.note(
        session, RecordKind.CALL, id_, action, by=by, now=now, change=plain(change), why=why
    )
    indexing.index_records(session, RecordKind.CALL, [id_])
    facts.touch(session, now)


def plain(value: Any) -> Any:
    """A value as JSON knows it, for a line of history."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, Day) else value
