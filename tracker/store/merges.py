"""What goes over when two records of one event become one, and comes back when they are split."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.codes import AlertKind, AlertState
from tracker.domain.model import StanceId
from tracker.store.schema import (
    AlertRow,
    Base,
    CallTargetStatusRow,
    CommitmentRow,
    DisputedFactRow,
    EvidenceRow,
    FindingRow,
    LinkRow,
    MergeRow,
    ReactionRow,
    RelationRow,
    StanceRow,
)

Moved = dict[str, Any]
"""Rows by what they are; each list holds row ids."""

NEWS = (AlertKind.STANCE, AlertKind.CHANGE)


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge that holds."""

    id: int
    old: StanceId
    new: StanceId
    moved: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Owned:
    """Rows that belong to a stance; rows alike in these columns belong to it only once."""

    name: str
    table: type[Base]
    owner: InstrumentedAttribute[Any]
    alike: tuple[str, ...] = ()


OWNED = (
    _Owned("evidence", EvidenceRow, EvidenceRow.stance_id, ("snapshot_id", "field", "start")),
    _Owned("links", LinkRow, LinkRow.stance_id, ("url",)),
    _Owned("disputed", DisputedFactRow, DisputedFactRow.stance_id, ("field", "value")),
    _Owned("reactions", ReactionRow, ReactionRow.stance_id),
    _Owned("promises", CommitmentRow, CommitmentRow.stance_id),
    _Owned("findings", FindingRow, FindingRow.record_id),
    _Owned("relations_from", RelationRow, RelationRow.stance_id, ("kind", "to_id")),
    _Owned("relations_to", RelationRow, RelationRow.to_id, ("kind", "stance_id")),
)


def move(session: Session, old: StanceId, new: StanceId) -> Moved:
    """Hand what belongs to the old stance over to the new one; return what went."""
    moved: Moved = {owned.name: _hand_over(session, owned, old, new) for owned in OWNED}
    moved["answers"] = _swap_answers(session, _all_answers(session), old, new)
    moved |= _settle_alerts(session, old, new)
    return moved


def put_back(session: Session, merge: Merge) -> None:
    """Give back what a merge handed over, as far as it is still where the merge put it."""
    for owned in OWNED:
        rows = _by_ids(session, owned.table, merge.moved.get(owned.name, ()))
        for row in rows:
            if getattr(row, owned.owner.key) == merge.new:
                setattr(row, owned.owner.key, merge.old)
    answers = _by_ids(session, CallTargetStatusRow, merge.moved["answers"])
    _swap_answers(session, answers, merge.new, merge.old)
    for alert in _by_ids(session, AlertRow, merge.moved["alerts"]):
        alert.stance_id = merge.old
    for alert in _by_ids(session, AlertRow, merge.moved["withdrawn"]):
        if alert.state == AlertState.WITHDRAWN_BEFORE_SEND:
            alert.state = AlertState.OWED
    session.flush()


def keep(
    session: Session,
    old: StanceId,
    new: StanceId,
    moved: Moved,
    *,
    by: str,
    now: datetime,
    why: str | None,
) -> None:
    """Remember a merge with what it moved."""
    session.add(MergeRow(old_id=old, new_id=new, moved=moved, merged_at=now, merged_by=by, why=why))
    session.flush()


def of(session: Session, old: StanceId) -> Merge | None:
    """The merge by which a stance is part of another now."""
    row = session.scalar(
        select(MergeRow).where(MergeRow.old_id == old, MergeRow.split_at.is_(None))
    )
    if row is None:
        return None
    return Merge(row.id, StanceId(row.old_id), StanceId(row.new_id), row.moved)


def end(session: Session, merge: Merge, now: datetime) -> None:
    """Note that a merge was split."""
    session.get_one(MergeRow, merge.id).split_at = now


def former_ids(session: Session, stances: Iterable[StanceId]) -> dict[StanceId, list[StanceId]]:
    """The ids that lead to each of these stances since they were merged into it."""
    found: dict[StanceId, list[StanceId]] = {one: [] for one in stances}
    waiting = {id_: id_ for id_ in found}
    while waiting:
        rows = session.execute(
            select(StanceRow.id, StanceRow.merged_into)
            .where(StanceRow.merged_into.in_(list(waiting)))
            .order_by(StanceRow.id)
        ).all()
        heirs = {StanceId(old): waiting[StanceId(into)] for old, into in rows if into}
        for old, heir in heirs.items():
            found[heir].append(old)
        waiting = heirs
    return found


def _hand_over(session: Session, owned: _Owned, old: StanceId, new: StanceId) -> list[int]:
    """What the new stance has already, or what would tie it to itself, stays with the old one."""
    have = {_likeness(row, owned) for row in _rows(session, owned, new)} if owned.alike else set()
    moved = []
    for row in _rows(session, owned, old):
        likeness = _likeness(row, owned)
        if likeness not in have and new not in likeness:
            setattr(row, owned.owner.key, new)
            moved.append(row.id)
    session.flush()
    return moved


def _rows(session: Session, owned: _Owned, stance: StanceId) -> list[Any]:
    table: Any = owned.table
    return list(session.scalars(select(table).where(owned.owner == stance).order_by(table.id)))


def _likeness(row: Any, owned: _Owned) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in owned.alike) or (row.id,)


def _by_ids(session: Session, table: Any, ids: Iterable[Any]) -> list[Any]:
    return list(session.scalars(select(table).where(table.id.in_(list(ids)))))


def _all_answers(session: Session) -> list[Any]:
    return list(session.scalars(select(CallTargetStatusRow).order_by(CallTargetStatusRow.id)))


def _swap_answers(session: Session, rows: Iterable[Any], old: StanceId, new: StanceId) -> list[int]:
    """Answers to calls name the new stance; where both answered, they stay as they are."""
    swapped = []
    for row in rows:
        if old in row.answered_by and new not in row.answered_by:
            row.answered_by = [new if one == old else one for one in row.answered_by]
            swapped.append(row.id)
    session.flush()
    return swapped


def _settle_alerts(session: Session, old: StanceId, new: StanceId) -> Moved:
    """Nobody is told of one event twice: of two mails to one address that are owed, one goes.

    A mail that was sent outweighs one that is owed; else that of the new stance stays.
    """
    moved: Moved = {"alerts": [], "withdrawn": []}
    told = _alerts_by_subscriber(session, new)
    for subscriber, alerts in _alerts_by_subscriber(session, old).items():
        others = told.get(subscriber, [])
        sent = any(one.state == AlertState.SENT for one in alerts)
        to_withdraw = others if sent else alerts if others else []
        for alert in to_withdraw:
            if alert.state == AlertState.OWED:
                alert.state = AlertState.WITHDRAWN_BEFORE_SEND
                moved["withdrawn"].append(alert.id)
        for alert in alerts:
            if alert.state == AlertState.OWED:
                alert.stance_id = new
                moved["alerts"].append(alert.id)
    session.flush()
    return moved


def _alerts_by_subscriber(session: Session, stance: StanceId) -> dict[int, list[AlertRow]]:
    found: dict[int, list[AlertRow]] = {}
    query = select(AlertRow).where(AlertRow.stance_id == stance, AlertRow.kind.in_(NEWS))
    for alert in session.scalars(query.order_by(AlertRow.id)).unique():
        found.setdefault(alert.subscriber_id, []).append(alert)
    return found
