"""What was heard of a mail after it left, written into the ledger of deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain import return_paths
from tracker.domain.codes import AlertState
from tracker.domain.reports import Heard, MailReport
from tracker.store.deliveries import note
from tracker.store.schema import AlertRow, DeliveryRow, SubscriberRow
from tracker.store.schema.mail import DeliveryResult


@dataclass(frozen=True, slots=True)
class Reported:
    """The mail that a report is about: its alerts, and the reader it went to."""

    reader: int
    address: str
    alerts: Sequence[int]


def find(session: Session, report: MailReport) -> Reported | None:
    """The mail that a report proves to be about; None when it proves nothing."""
    row = _by_tag(session, report) or _by_token(session, report)
    if row is None:
        return None
    leader = row.mailed_with or row.id
    alerts = session.scalars(
        select(AlertRow.id)
        .where(func.coalesce(AlertRow.mailed_with, AlertRow.id) == leader)
        .order_by(AlertRow.id)
    )
    return Reported(row.subscriber_id, row.subscriber.address, alerts.all())


def is_known(session: Session, mail: Reported, report: MailReport) -> bool:
    """Whether this was heard of this mail before: servers repeat themselves."""
    found = session.scalar(
        select(DeliveryRow.id)
        .where(
            DeliveryRow.alert_id.in_(mail.alerts),
            DeliveryRow.result == DeliveryResult(report.heard),
        )
        .limit(1)
    )
    return found is not None


def record(session: Session, mail: Reported, report: MailReport, now: datetime) -> None:
    """Write it down; what came back did not arrive, so its alerts failed with that reason."""
    came_back = report.heard in (Heard.BOUNCED, Heard.RETURNED)
    for row in session.scalars(select(AlertRow).where(AlertRow.id.in_(mail.alerts))):
        note(session, row, DeliveryResult(report.heard), report.said, now)
        if came_back and row.state == AlertState.SENT:
            row.state, row.last_error = AlertState.FAILED, f"came back: {report.said}"
    session.flush()


def _by_tag(session: Session, report: MailReport) -> AlertRow | None:
    if report.tag is None:
        return None
    row = session.get(AlertRow, report.tag.alert)
    if row is None or not return_paths.proves(report.tag, row.subscriber.token):
        return None
    return row


def _by_token(session: Session, report: MailReport) -> AlertRow | None:
    if not report.token or not report.message_id:
        return None
    return session.scalar(
        select(AlertRow)
        .join(SubscriberRow, SubscriberRow.id == AlertRow.subscriber_id)
        .where(SubscriberRow.token == report.token, AlertRow.message_id == report.message_id)
    )
