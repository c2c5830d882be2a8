"""Put word of what happened into the outbox, and see who was told of it before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Select, Text, column, func, literal, or_, select, true, update
from sqlalchemy.orm import Session

from tracker.domain.alerting import message_id
from tracker.domain.codes import AlertKind, AlertState, Pace
from tracker.domain.model import (
    CallId,
    ReactionId,
    StanceId,
    SubscriberId,
    SubscriptionId,
)
from tracker.domain.news import StanceNews
from tracker.domain.wishes import Share
from tracker.store.database import insert_into, on_sqlite
from tracker.store.schema import AlertRow
from tracker.store.schema.base import UtcDateTime
from tracker.store.schema.ledger import RecordKind

QUOTING = (AlertKind.STANCE, AlertKind.CHANGE, AlertKind.REACTION, AlertKind.CALL)
"""What shows a quote."""

FOLLOWING = (AlertKind.ANSWER, AlertKind.DEADLINE, AlertKind.SILENCE, AlertKind.OVERDUE)
"""What is told of a record later, and falls with it."""

TELLING = (*QUOTING, *FOLLOWING)
"""What a correction may correct. What was awaiting a check was never told as true."""

OWNER = {
    RecordKind.STANCE: AlertRow.stance_id,
    RecordKind.REACTION: AlertRow.reaction_id,
    RecordKind.CALL: AlertRow.call_id,
}


@dataclass(frozen=True, slots=True)
class Word:
    """What everybody is told alike; ``key`` names what happened, ``domain`` is for Message-IDs."""

    kind: AlertKind
    key: str
    payload: Mapping[str, Any]
    domain: str
    now: datetime
    stance: StanceId | None = None
    reaction: ReactionId | None = None
    call: CallId | None = None


@dataclass(frozen=True, slots=True)
class ToldReader:
    """A reader who was told of a record, or may have been: a mail to them was under way.

    ``alert`` is the last that told the record itself, else what followed from it; ``change`` and
    ``kind`` name what it told.
    """

    subscriber: SubscriberId
    alert: int
    change: str
    kind: AlertKind
    wishes: tuple[SubscriptionId, ...]


def owe(session: Session, word: Word, shares: Mapping[SubscriberId, Share]) -> int:
    """Owe word to everybody who has a share of it; return how many are new.

    A reader gets one row for a key and kind, however often this is called.
    """
    told = _already(session, word)
    groups: dict[tuple[Pace, datetime], dict[SubscriberId, Share]] = {}
    for subscriber, share in shares.items():
        if subscriber not in told:
            groups.setdefault((share.pace, share.due_at), {})[subscriber] = share
    for (pace, due_at), some in groups.items():
        _insert(session, word, some, pace, due_at)
    return sum(len(some) for some in groups.values())


def owe_confirmation(
    session: Session,
    subscriber: int,
    wish: int,
    payload: Mapping[str, Any],
    domain: str,
    now: datetime,
) -> None:
    """Owe the mail that asks whether a wish was really meant; once per wish and day."""
    key = f"confirm/{wish}/{now:%Y-%m-%d}"
    share = Share((SubscriptionId(wish),), Pace.AT_ONCE, now)
    word = Word(AlertKind.CONFIRMATION, key, dict(payload), domain, now)
    owe(session, word, {SubscriberId(subscriber): share})


def owe_question(
    session: Session,
    subscriber: int,
    key: str,
    payload: Mapping[str, Any],
    domain: str,
    now: datetime,
) -> None:
    """Owe the mail that asks one of two addresses whether alerts shall move."""
    word = Word(AlertKind.MOVE, key, dict(payload), domain, now)
    owe(session, word, {SubscriberId(subscriber): Share((), Pace.AT_ONCE, now)})


def readers_told(
    session: Session,
    kind: RecordKind,
    record: str,
    kinds: Collection[AlertKind] = TELLING,
    key: str | None = None,
) -> list[ToldReader]:
    """Everybody who was told of a record, or to whom a mail on it is under way.

    Only mails of these kinds count, and only those under the key, where one is given.
    """
    rows = session.execute(
        select(
            AlertRow.subscriber_id,
            AlertRow.id,
            AlertRow.change_key,
            AlertRow.kind,
            AlertRow.subscription_ids,
        )
        .where(
            OWNER[kind] == record,
            AlertRow.kind.in_(kinds),
            true() if key is None else AlertRow.change_key == key,
            or_(AlertRow.state == AlertState.SENT, AlertRow.leased_until.is_not(None)),
        )
        .order_by(AlertRow.id)
    )
    last = {
        subscriber: ToldReader(
            SubscriberId(subscriber), alert, change, AlertKind(told), tuple(wishes)
        )
        for subscriber, alert, change, told, wishes in sorted(
            rows, key=lambda row: row[3] in QUOTING
        )
    }
    return list(last.values())


def payload_of(session: Session, alert: int) -> tuple[AlertKind, dict[str, Any]]:
    """The kind of an alert and what it told."""
    row = session.execute(select(AlertRow.kind, AlertRow.payload).where(AlertRow.id == alert)).one()
    return AlertKind(row.kind), row.payload


def bring_up_to_date(session: Session, stance: StanceId, news: StanceNews) -> None:
    """Let mails on a stance that surely did not leave yet tell what is known now."""
    waiting = session.scalars(
        select(AlertRow).where(
            AlertRow.stance_id == stance,
            AlertRow.state == AlertState.OWED,
            AlertRow.kind.in_((AlertKind.STANCE, AlertKind.CHANGE)),
            AlertRow.leased_until.is_(None),
        )
    )
    for row in waiting:
        change = StanceNews.from_json(row.payload).change
        row.payload = replace(news, change=change).to_json()


def hold_back(session: Session, subscriber: int, until: datetime | None, now: datetime) -> None:
    """Let nothing leave to a reader before a moment; None lets what was held back leave now."""
    if until is None:
        concerned, due = AlertRow.pace == Pace.AT_ONCE, now
    else:
        concerned, due = AlertRow.due_at < until, until
    session.execute(
        update(AlertRow)
        .where(AlertRow.subscriber_id == subscriber, AlertRow.state == AlertState.OWED, concerned)
        .values(due_at=due)
        .execution_options(synchronize_session=False)
    )


def _already(session: Session, word: Word) -> set[int]:
    return set(
        session.scalars(
            select(AlertRow.subscriber_id).where(
                AlertRow.change_key == word.key, AlertRow.kind == word.kind
            )
        )
    )


def _insert(
    session: Session,
    word: Word,
    shares: Mapping[SubscriberId, Share],
    pace: Pace,
    due_at: datetime,
) -> None:
    """One statement for all readers, so that the payload is handed over once."""
    is_sqlite = on_sqlite(session)
    values = {
        **_own_values(word, shares, is_sqlite=is_sqlite),
        AlertRow.kind: literal(word.kind),
        AlertRow.change_key: literal(word.key),
        AlertRow.stance_id: literal(word.stance, Text),
        AlertRow.reaction_id: literal(word.reaction, Text),
        AlertRow.call_id: literal(word.call, Text),
        AlertRow.payload: literal(word.payload, JSON),
        AlertRow.pace: literal(pace),
        AlertRow.state: literal(AlertState.OWED),
        AlertRow.created_at: literal(word.now, UtcDateTime),
        AlertRow.due_at: literal(due_at, UtcDateTime),
        AlertRow.attempts: literal(0),
    }
    rows: Select[Any] = select(*values.values()).where(literal(True))
    insert = insert_into(session, AlertRow).from_select(list(values), rows)
    session.execute(insert.on_conflict_do_nothing())


def _own_values(
    word: Word, shares: Mapping[SubscriberId, Share], *, is_sqlite: bool
) -> dict[Any, Any]:
    own = [
        [subscriber, share.wishes, _message_id(word, subscriber), share.replies_to]
        for subscriber, share in shares.items()
    ]
    each = func.json_each if is_sqlite else func.json_array_elements
    one = each(literal(own, JSON)).table_valued(column("value", JSON)).c.value
    return {
        AlertRow.subscriber_id: one[0].as_integer(),
        AlertRow.subscription_ids: one[1],
        AlertRow.message_id: one[2].as_string(),
        AlertRow.replies_to: one[3].as_integer(),
    }


def _message_id(word: Word, subscriber: SubscriberId) -> str:
    return message_id(f"{word.kind}:{word.key}:{subscriber}", word.domain)
