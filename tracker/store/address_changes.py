"""Readers who move to another address: both have to agree."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tracker.store import watch_lists
from tracker.store.schema import AddressChangeRow, AlertRow, SubscriberRow, SubscriptionRow
from tracker.store.schema.mail import SubscriberState

TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Move:
    """A move from one subscriber to another; ``mine`` is the side that the token stands for."""

    id: int
    old: int
    new: int
    old_address: str
    new_address: str
    old_token: str
    new_token: str
    old_agreed: bool
    new_agreed: bool
    done: bool

    @property
    def agreed(self) -> bool:
        """Whether both addresses have agreed."""
        return self.old_agreed and self.new_agreed


def begin(session: Session, old: int, new: int, now: datetime) -> Move:
    """Note that a reader wants to move; nothing changes yet."""
    row = AddressChangeRow(
        subscriber_id=old,
        to_id=new,
        old_token=secrets.token_urlsafe(TOKEN_BYTES),
        new_token=secrets.token_urlsafe(TOKEN_BYTES),
        asked_at=now,
    )
    session.add(row)
    session.flush()
    return _value(session, row)


def by_token(session: Session, token: str) -> Move | None:
    """The move that one of the two mails is about."""
    row = _row(session, token)
    return _value(session, row) if row else None


def agree(session: Session, token: str, now: datetime) -> Move | None:
    """The address that this token was mailed to agrees; to do so again changes nothing."""
    row = _row(session, token)
    if row is None:
        return None
    if row.old_token == token:
        row.old_agreed_at = row.old_agreed_at or now
    else:
        row.new_agreed_at = row.new_agreed_at or now
    session.flush()
    return _value(session, row)


def carry_out(session: Session, move: Move, now: datetime) -> None:
    """Give wishes, ledger and the link of the own page to the new address.

    Links in mails that the old address got work on: their tokens move too.
    """
    old, new = (session.get_one(SubscriberRow, id_) for id_ in (move.old, move.new))
    for name in ("language", "zone", "digest_hour", "digest_weekday", "paused_until"):
        setattr(new, name, getattr(old, name))
    new.state, new.confirmed_at = SubscriberState.ACTIVE, new.confirmed_at or now
    new.stopped_at = new.suspended_why = None
    tokens = old.token, new.token
    old.token = secrets.token_urlsafe(TOKEN_BYTES)
    session.flush()
    new.token = tokens[0]
    session.flush()
    _give(session, move)
    old.state, old.stopped_at = SubscriberState.STOPPED, now
    session.get_one(AddressChangeRow, move.id).done_at = now


def _give(session: Session, move: Move) -> None:
    """What both were told of stays with the old one: a reader is told of a change once."""
    watch_lists.give(session, move.old, move.new)
    session.execute(
        update(SubscriptionRow)
        .where(SubscriptionRow.subscriber_id == move.old)
        .values(subscriber_id=move.new)
        .execution_options(synchronize_session=False)
    )
    theirs = select(AlertRow.change_key).where(AlertRow.subscriber_id == move.new)
    session.execute(
        update(AlertRow)
        .where(AlertRow.subscriber_id == move.old, AlertRow.change_key.not_in(theirs))
        .values(subscriber_id=move.new)
        .execution_options(synchronize_session=False)
    )


def _row(session: Session, token: str) -> AddressChangeRow | None:
    return session.scalar(
        select(AddressChangeRow).where(
            or_(AddressChangeRow.old_token == token, AddressChangeRow.new_token == token)
        )
    )


def _value(session: Session, row: AddressChangeRow) -> Move:
    old = session.get_one(SubscriberRow, row.subscriber_id)
    new = session.get_one(SubscriberRow, row.to_id)
    return Move(
        id=row.id,
        old=row.subscriber_id,
        new=row.to_id,
        old_address=old.address,
        new_address=new.address,
        old_token=row.old_token,
        new_token=row.new_token,
        old_agreed=row.old_agreed_at is not None,
        new_agreed=row.new_agreed_at is not None,
        done=row.done_at is not None,
    )
