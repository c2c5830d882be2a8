"""Calls on companies, with one status and one history per target."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Day

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.domain.clocks import asked_by
from tracker.domain.codes import (
    Act,
    CallStatus,
    Disposition,
    Level,
    Origin,
    Precision,
    ReviewState,
)
from tracker.domain.model import (
    Call,
    CallId,
    CallTarget,
    Demand,
    StanceId,
    TargetStatus,
    TopicCode,
)
from tracker.domain.outcomes import DemandKind
from tracker.store.schema import (
    CallCallerRow,
    CallDemandRow,
    CallRow,
    CallTargetRow,
    CallTargetStatusRow,
    CallTopicRow,
    OrganisationRow,
)
from tracker.store.schema.ledger import ATTESTED
from tracker.store.stances import first_free

PLAIN = (
    "caller_type",
    "asked",
    "asked_act",
    "date",
    "precision",
    "target_class",
    "deadline",
    "channel",
    "delivered_on",
    "delivery_proof",
    "public_url",
    "withdrawn_on",
    *ATTESTED,
)
REPLACED = "the shipped history says otherwise now"


def save(
    session: Session, call: Call, organisations: Mapping[str, int], names: Mapping[str, str]
) -> None:
    """Add a call, or bring the stored one up to date, targets and their statuses included.

    ``organisations`` are row ids by slug, ``names`` slugs by canonical name.
    """
    save_all(session, [call], organisations, names)


def save_all(
    session: Session,
    wanted: Iterable[Call],
    organisations: Mapping[str, int],
    names: Mapping[str, str],
) -> None:
    """Add or bring up to date many calls at once."""
    by_id = {call.id: call for call in wanted}
    query = select(CallRow).where(CallRow.id.in_(list(by_id)))
    rows = {row.id: row for row in session.scalars(query).unique()}
    for id_, call in by_id.items():
        row = rows.get(id_) or CallRow(id=id_)
        for field in PLAIN:
            setattr(row, field, getattr(call, field))
        row.asked_by = asked_by(call)
        _fill_lists(row, call, organisations, names)
        _fill_targets(row, call.targets, organisations)
        session.add(row)
    session.flush()


def _fill_lists(
    row: CallRow, call: Call, organisations: Mapping[str, int], names: Mapping[str, str]
) -> None:
    topics = list(dict.fromkeys((*((call.topic,) if call.topic else ()), *call.topics)))
    if [caller.name for caller in row.callers] != list(call.callers):
        row.callers = [
            CallCallerRow(
                place=place, name=name, organisation_id=organisations.get(names.get(name, ""))
            )
            for place, name in enumerate(call.callers)
        ]
    demands = [CallDemandRow(place=place, **_demand(d)) for place, d in enumerate(call.demands, 1)]
    if [_demand(demand) for demand in row.demands] != [_demand(demand) for demand in demands]:
        row.demands = demands
    if [topic.topic for topic in row.topics] != topics:
        row.topics = [CallTopicRow(place=place, topic=topic) for place, topic in enumerate(topics)]


def _demand(demand: Demand | CallDemandRow) -> dict[str, str | None]:
    return {"kind": str(demand.kind), "asked": demand.asked, "topic": demand.topic}


def _fill_targets(
    row: CallRow, targets: Iterable[CallTarget], organisations: Mapping[str, int]
) -> None:
    have = {target.organisation_id: target for target in row.targets}
    for target in targets:
        id_ = organisations[target.company]
        found = have.get(id_)
        if found is None:
            found = CallTargetRow(organisation_id=id_)
            row.targets.append(found)
        found.status, found.status_date = target.now.status, target.now.date
        found.precision, found.of_class = target.now.precision, target.of_class
        found.statuses.extend(_status_row(step) for step in _to_add(found.statuses, target))


def _to_add(stored: Sequence[CallTargetStatusRow], target: CallTarget) -> Iterable[TargetStatus]:
    """The statuses that are not stored yet; what is stored is never written over.

    Where the stored ones differ (a new version of the starter data says so) the present status is
    added as a correction.
    """
    wanted = (*target.history, target.now)
    known = [_status(status) for status in stored]
    if tuple(known) == wanted[: len(known)]:
        return wanted[len(known) :]
    if known[-1] == target.now or replace(known[-1], corrects=False, why=None) == target.now:
        return ()
    return (replace(target.now, corrects=True, why=REPLACED),)


def _status_row(status: TargetStatus) -> CallTargetStatusRow:
    return CallTargetStatusRow(
        status=status.status,
        status_date=status.date,
        precision=status.precision,
        answered_by=list(status.answered_by),
        met=list(status.met),
        corrects=status.corrects,
        why=status.why,
    )


def get(session: Session, call: CallId) -> Call | None:
    """One call by its id."""
    row = session.get(CallRow, call)
    return value(row) if row else None


def by_ids(session: Session, ids: Iterable[str]) -> list[Call]:
    """These calls, by date."""
    query = _all().where(CallRow.id.in_(list(ids)))
    return [value(row) for row in session.scalars(query).unique()]


def every(session: Session) -> list[Call]:
    """Every call, by date."""
    return [value(row) for row in session.scalars(_all()).unique()]


def by_callers(session: Session, callers: Iterable[str]) -> list[Call]:
    """The calls that any of these callers made (names as they are stored)."""
    query = _all().join(CallCallerRow).where(CallCallerRow.name.in_(list(callers)))
    return [value(row) for row in session.scalars(query).unique()]


def naming(session: Session, companies: Iterable[str]) -> list[Call]:
    """The calls that name one of these companies (slugs) as a target, by date."""
    named = (
        select(CallTargetRow.call_id)
        .join(OrganisationRow, OrganisationRow.id == CallTargetRow.organisation_id)
        .where(OrganisationRow.slug.in_(set(companies)))
    )
    return [value(row) for row in session.scalars(_all().where(CallRow.id.in_(named))).unique()]


def with_deadline(session: Session, today: Day) -> list[Call]:
    """The calls whose deadline lies ahead, by date."""
    rows = session.scalars(_all().where(CallRow.deadline >= today, CallRow.withdrawn_on.is_(None)))
    return [value(row) for row in rows.unique()]


def of_class(session: Session) -> list[Call]:
    """The calls on a class of targets in words, by date."""
    rows = session.scalars(_all().where(CallRow.target_class.is_not(None)))
    return [value(row) for row in rows.unique()]


def _all() -> Select[CallRow]:
    return select(CallRow).order_by(CallRow.date, CallRow.id)


def ids(session: Session) -> list[CallId]:
    """The id of every call."""
    return [CallId(id_) for id_ in session.scalars(select(CallRow.id).order_by(CallRow.id))]


def free_id(session: Session, wanted: str) -> CallId:
    """The wanted id, or the first one with a number behind it that nobody has."""
    taken = set(session.scalars(select(CallRow.id).where(CallRow.id.startswith(wanted))))
    return CallId(first_free(wanted, taken))


def value(row: CallRow) -> Call:
    """The row as a value."""
    topics = tuple(TopicCode(t.topic) for t in row.topics)
    return Call(
        id=CallId(row.id),
        callers=tuple(c.name for c in row.callers),
        caller_type=row.caller_type,
        asked=row.asked,
        date=row.date,
        targets=tuple(target_of(target) for target in row.targets),
        precision=Precision(row.precision),
        asked_act=Act(row.asked_act) if row.asked_act else None,
        topic=topics[0] if topics else None,
        topics=topics,
        target_class=row.target_class,
        deadline=row.deadline,
        channel=row.channel,
        delivered_on=row.delivered_on,
        delivery_proof=row.delivery_proof,
        public_url=row.public_url,
        withdrawn_on=row.withdrawn_on,
        demands=tuple(_demand_of(demand) for demand in row.demands),
        disposition=Disposition(row.disposition),
        confidence=row.confidence,
        level=Level(row.level),
        review_state=ReviewState(row.review_state),
        origin=Origin(row.origin),
        published=row.published,
        extractor=row.extractor,
        note=row.note,
    )


def _demand_of(row: CallDemandRow) -> Demand:
    topic = TopicCode(row.topic) if row.topic else None
    return Demand(DemandKind(row.kind), row.asked, topic)


def target_of(row: CallTargetRow) -> CallTarget:
    """A target with its statuses."""
    *earlier, now = [_status(status) for status in row.statuses]
    company = row.organisation
    return CallTarget(company.slug, company.name, now, tuple(earlier), row.of_class)


def _status(row: CallTargetStatusRow) -> TargetStatus:
    return TargetStatus(
        status=CallStatus(row.status),
        date=row.status_date,
        precision=Precision(row.precision),
        answered_by=tuple(StanceId(id_) for id_ in row.answered_by),
        met=tuple(row.met or ()),
        corrects=bool(row.corrects),
        why=row.why,
    )
