"""All that is kept of one reader: to be handed over, or to be forgotten."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, delete, literal, or_, select, update
from sqlalchemy.orm import Session

from tracker.domain import wishes
from tracker.domain.codes import AlertState
from tracker.store import deliveries, watch_lists
from tracker.store.schema import (
    AddressChangeRow,
    AlertRow,
    DeliveryRow,
    SubscriberRow,
    SubscriptionRow,
)
from tracker.store.schema.mail import SubscriberState
from tracker.store.subscribers import Subscriber

MOST_MAILS = 100_000


def everything(session: Session, reader: Subscriber) -> dict[str, Any]:
    """Address, settings, wishes and every mail with what became of it; tokens are left out."""
    row = session.get_one(SubscriberRow, reader.id)
    return {
        "address": reader.address,
        "state": reader.state,
        "language": reader.language,
        "zone": reader.rhythm.zone,
        "hour": reader.rhythm.hour,
        "weekday": reader.rhythm.weekday,
        "created_at": _text(row.created_at),
        "confirmed_at": _text(row.confirmed_at),
        "paused_until": _text(row.paused_until),
        "wishes": [
            {
                "asks_for": wishes.to_address(held.wish),
                "in_words": held.in_words(),
                "pace": held.pace,
                "state": held.state,
                "since": _text(held.created_at),
                "before": [
                    {"asked_for": wishes.to_address(wish), "until": _text(until)}
                    for until, wish in held.former
                ],
            }
            for held in reader.wishes
        ],
        "lists": [
            {"name": one.name, "companies": list(one.companies), "topics": list(one.topics)}
            for one in watch_lists.of_reader(session, reader.id)
        ],
        "mails": [
            {
                "at": _text(told.at),
                "subject": told.subject,
                "state": told.state,
                "note": told.note,
                "for_wishes": list(told.wishes),
            }
            for told in deliveries.told(session, reader.id, MOST_MAILS)
        ],
    }


def erase(session: Session, reader: int, now: datetime) -> None:
    """Forget who a reader was. What is left says that somebody was sent something, for the sums."""
    mails = select(AlertRow.id).where(AlertRow.subscriber_id == reader)
    session.execute(
        update(DeliveryRow).where(DeliveryRow.alert_id.in_(mails)).values(answer="erased")
    )
    session.execute(
        update(AlertRow)
        .where(AlertRow.subscriber_id == reader, AlertRow.state == AlertState.OWED)
        .values(state=AlertState.WITHDRAWN_BEFORE_SEND, leased_until=None)
    )
    session.execute(
        update(AlertRow)
        .where(AlertRow.subscriber_id == reader)
        .values(payload={}, last_error=None, subscription_ids=literal([], JSON))
    )
    watch_lists.forget(session, reader)
    session.execute(delete(SubscriptionRow).where(SubscriptionRow.subscriber_id == reader))
    moved = or_(AddressChangeRow.subscriber_id == reader, AddressChangeRow.to_id == reader)
    session.execute(delete(AddressChangeRow).where(moved))
    row = session.get_one(SubscriberRow, reader)
    row.address, row.token = f"erased-{reader}", secrets.token_urlsafe(24)
    row.state, row.stopped_at = SubscriberState.STOPPED, now
    row.suspended_why = row.paused_until = None
    row.language, row.zone = "en", "UTC"


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
