"""Just before a mail leaves: is what it tells still true, and does its reader still want it?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import AlertKind, AlertState, EvidenceState, Level, ReviewState
from tracker.domain.model import AlertToSend
from tracker.store.alerts import ALONE
from tracker.store.schema import (
    AlertRow,
    CallRow,
    CallTargetRow,
    EvidenceRow,
    HookAlertRow,
    OrganisationRow,
    ReactionRow,
    StanceRow,
    SubscriptionRow,
)
from tracker.store.schema.mail import SubscriberState, SubscriptionState

LOST = (EvidenceState.CHANGED, EvidenceState.VANISHED)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an alert must not be sent any more, and the state it ends in."""

    state: AlertState
    why: str


def objection(session: Session, alert: AlertToSend) -> Objection | None:
    """Whether an alert is still true and still wanted; None when it is."""
    row = session.get_one(AlertRow, alert.id)
    why = no_longer_true(session, row) or _no_longer_wanted(session, row)
    if why:
        return Objection(AlertState.WITHDRAWN_BEFORE_SEND, why)
    if row.kind not in ALONE and row.subscriber.state != SubscriberState.ACTIVE:
        return Objection(AlertState.FAILED, f"the address is {row.subscriber.state}")
    return None


def no_longer_true(session: Session, row: AlertRow | HookAlertRow) -> str | None:
    """Why what a row tells is not true any more; None when it is."""
    check = CHECKS.get(AlertKind(row.kind))
    return check(session, row) if check else None


def _no_longer_wanted(session: Session, row: AlertRow) -> str | None:
    if row.kind not in ALONE and row.subscriber.state == SubscriberState.STOPPED:
        return "the subscriber stopped all mail"
    if row.kind == AlertKind.CORRECTION and row.replies_to is not None:
        return None  # who was told something wrong hears that it was, also if the wish has ended
    return None if _still_wished(session, row) else "the subscriber stopped this"


def _still_wished(session: Session, row: AlertRow) -> bool:
    if not row.subscription_ids:
        return True
    states = session.scalars(
        select(SubscriptionRow.state).where(SubscriptionRow.id.in_(row.subscription_ids))
    )
    return any(state != SubscriptionState.ENDED for state in states)


def _stance_withdrawn(session: Session, row: AlertRow | HookAlertRow) -> str | None:
    if row.stance_id is None:
        return None
    stance = session.get_one(StanceRow, row.stance_id)
    withdrawn = stance.level == Level.RETRACTED or stance.review_state == ReviewState.REJECTED
    if withdrawn or not stance.published:
        return "the stance was withdrawn"
    states = session.scalars(
        select(EvidenceRow.state).where(EvidenceRow.stance_id == row.stance_id)
    ).all()
    if states and all(state in LOST for state in states):
        return "its page no longer says what was quoted"
    return None


def _checked_meanwhile(session: Session, row: AlertRow | HookAlertRow) -> str | None:
    stance = session.get_one(StanceRow, row.stance_id)
    waits = stance.review_state == ReviewState.PROPOSED and not stance.published
    return None if waits else "a person has checked it meanwhile"


def _reaction_withdrawn(session: Session, row: AlertRow | HookAlertRow) -> str | None:
    if row.reaction_id is None:
        return None
    return _withdrawn(session.get_one(ReactionRow, row.reaction_id), "the reaction was withdrawn")


def _call_withdrawn(session: Session, row: AlertRow | HookAlertRow) -> str | None:
    if row.call_id is None:
        return None
    return _withdrawn(session.get_one(CallRow, row.call_id), "the call was withdrawn")


def _withdrawn(record: ReactionRow | CallRow, why: str) -> str | None:
    rejected = record.review_state == ReviewState.REJECTED or record.level == Level.RETRACTED
    return why if rejected or not record.published else None


def _status_changed(session: Session, row: AlertRow | HookAlertRow) -> str | None:
    """``what`` in the payload is the status that was told, ``target`` (a slug) whose it is."""
    if row.call_id is None:
        return None
    if why := _call_withdrawn(session, row):
        return why
    status = session.scalar(
        select(CallTargetRow.status)
        .join(OrganisationRow, OrganisationRow.id == CallTargetRow.organisation_id)
        .where(
            CallTargetRow.call_id == row.call_id,
            OrganisationRow.slug == row.change_key.split("/")[2],
        )
    )
    told = row.payload.get("what")
    return None if status == told else "the status of the call changed meanwhile"


def _never_told(session: Session, row: AlertRow | HookAlertRow) -> str | None:
    if not isinstance(row, AlertRow) or row.replies_to is None:
        return None
    told = session.scalar(select(AlertRow.state).where(AlertRow.id == row.replies_to))
    return None if told == AlertState.SENT else "what it corrects was never sent"


CHECKS: Mapping[AlertKind, Callable[[Session, AlertRow | HookAlertRow], str | None]] = {
    AlertKind.STANCE: _stance_withdrawn,
    AlertKind.CHANGE: _stance_withdrawn,
    AlertKind.AWAITING: _checked_meanwhile,
    AlertKind.REACTION: _reaction_withdrawn,
    AlertKind.CALL: _call_withdrawn,
    AlertKind.ANSWER: _status_changed,
    AlertKind.SILENCE: _status_changed,
    AlertKind.DEADLINE: _stance_withdrawn,
    AlertKind.OVERDUE: _stance_withdrawn,
    AlertKind.CORRECTION: _never_told,
}
