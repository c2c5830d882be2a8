"""Calls on companies, with one status and one history per target."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

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
    StanceId,
    TargetStatus,
    TopicCode,
)
from tracker.store.schema import (
    CallCallerRow,
    CallRow,
    CallTargetRow,
    CallTargetStatusRow,
    CallTopicRow,
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
    if [topic.topic for topic in row.topics] != topics:
        row.topics = [CallTopicRow(place=place, topic=topic) for place, topic in enumerate(topics)]


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
        found.precision = target.now.precision
        wanted = [_status_key(status) for status in (*target.history, target.now)]
        if [_row_key(status) for status in found.statuses] != wanted:
            found.statuses = [
                CallTargetStatusRow(
                    status=status, status_date=day, precision=precision, answered_by=answers
                )
                for status, day, precision, answers in wanted
            ]


def _status_key(status: TargetStatus) -> tuple[object, ...]:
    return (status.status, status.date, status.precision, list(status.answered_by))


def _row_key(row: CallTargetStatusRow) -> tuple[object, ...]:
    return (row.status, row.status_date, row.precision, row.answered_by)


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


def open_on(session: Session, companies: Iterable[str]) -> list[Call]:
    """The calls that name one of these companies (slugs) as a target."""
    wanted = set(companies)
    return [call for call in every(session) if any(t.company in wanted for t in call.targets)]


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
        targets=tuple(_target(target) for target in row.targets),
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
        disposition=Disposition(row.disposition),
        confidence=row.confidence,
        level=Level(row.level),
        review_state=ReviewState(row.review_state),
        origin=Origin(row.origin),
        published=row.published,
        extractor=row.extractor,
        note=row.note,
    )


def _target(row: CallTargetRow) -> CallTarget:
    *earlier, now = [
        TargetStatus(
            status=CallStatus(status.status),
            date=status.status_date,
            precision=Precision(status.precision),
            answered_by=tuple(StanceId(id_) for id_ in status.answered_by),
        )
        for status in row.statuses
    ]
    return CallTarget(row.organisation.slug, row.organisation.name, now, tuple(earlier))
