"""Hooks and what is owed to them; leased, posted and recorded as alerts are."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from tracker.domain import wishes
from tracker.domain.alerting import wait_after
from tracker.domain.codes import AlertState
from tracker.domain.errors import DeliveryError
from tracker.domain.hooks import PREFIX, Hook, HookAlert
from tracker.domain.wishes import Happening
from tracker.store import still_true
from tracker.store.owing import Word
from tracker.store.schema import HookAlertRow, HookRow

LONGEST_ANSWER = 500


def add(session: Session, url: str, query: str, now: datetime) -> tuple[Hook, bool]:
    """A hook for this; False when it is known already."""
    known = session.scalar(select(HookRow).where(HookRow.url == url, HookRow.query == query))
    if known is not None:
        return _hook(known), False
    secret = PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()
    row = HookRow(url=url, secret=secret, query=query, active=True, created_at=now)
    session.add(row)
    session.flush()
    return _hook(row), True


def every(session: Session) -> list[Hook]:
    """All hooks."""
    return [_hook(row) for row in session.scalars(select(HookRow).order_by(HookRow.id))]


def switch(session: Session, hook: int, *, active: bool) -> bool:
    """Let a hook be told, or not; False when there is none of that number."""
    row = session.get(HookRow, hook)
    if row is not None:
        row.active = active
    return row is not None


def owe(session: Session, happening: Happening, word: Word) -> None:
    """Owe word of a happening to every hook that asks for it, once."""
    active = session.scalars(select(HookRow).where(HookRow.active))
    wanted = [one.id for one in active if wishes.wants(wishes.from_address(one.query), happening)]
    if not wanted:
        return
    known = select(HookAlertRow.hook_id).where(
        HookAlertRow.change_key == word.key, HookAlertRow.kind == word.kind
    )
    for hook in sorted(set(wanted) - set(session.scalars(known))):
        session.add(
            HookAlertRow(
                hook_id=hook,
                kind=word.kind,
                change_key=word.key,
                stance_id=word.stance,
                reaction_id=word.reaction,
                call_id=word.call,
                payload=dict(word.payload),
                state=AlertState.OWED,
                created_at=word.now,
                due_at=word.now,
            )
        )


def claim(session: Session, now: datetime, limit: int, lease: timedelta) -> list[HookAlert]:
    """Take what is due, oldest first, and hold it; a hook's words stay in order."""
    blocked = (
        select(HookAlertRow.hook_id, func.min(HookAlertRow.id).label("first"))
        .where(
            HookAlertRow.state == AlertState.OWED,
            or_(HookAlertRow.due_at > now, HookAlertRow.leased_until > now),
        )
        .group_by(HookAlertRow.hook_id)
        .subquery("blocked")
    )
    rows = session.scalars(
        select(HookAlertRow)
        .join(HookRow, HookRow.id == HookAlertRow.hook_id)
        .outerjoin(blocked, blocked.c.hook_id == HookAlertRow.hook_id)
        .where(
            HookRow.active,
            HookAlertRow.state == AlertState.OWED,
            HookAlertRow.due_at <= now,
            or_(HookAlertRow.leased_until.is_(None), HookAlertRow.leased_until <= now),
            or_(blocked.c.first.is_(None), blocked.c.first > HookAlertRow.id),
        )
        .order_by(HookAlertRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=HookAlertRow)
    ).all()
    for row in rows:
        row.leased_until, row.attempts = now + lease, row.attempts + 1
    return [_to_post(row) for row in rows]


def objection(session: Session, alert: HookAlert) -> str | None:
    """Why this must not be told any more; None when it is still true."""
    return still_true.no_longer_true(session, session.get_one(HookAlertRow, alert.id))


def withdraw(session: Session, alert: HookAlert, why: str) -> None:
    """End what is no longer true."""
    row = session.get_one(HookAlertRow, alert.id)
    row.state, row.leased_until, row.last_error = AlertState.WITHDRAWN_BEFORE_SEND, None, why


def record_sent(session: Session, alert: HookAlert, now: datetime) -> None:
    """The program took it."""
    row = session.get_one(HookAlertRow, alert.id)
    row.state, row.sent_at, row.leased_until, row.last_error = AlertState.SENT, now, None, None


def record_failure(session: Session, alert: HookAlert, error: DeliveryError, now: datetime) -> None:
    """Try later, or after many tries put it aside; a hook that is gone is told no more."""
    row = session.get_one(HookAlertRow, alert.id)
    wait = None if error.permanent else wait_after(alert.attempts)
    row.leased_until, row.last_error = None, str(error)[:LONGEST_ANSWER]
    if wait is None:
        row.state = AlertState.FAILED
    else:
        row.due_at = now + wait
    if error.permanent:
        row.hook.active = False


def give_back(session: Session, alerts: Sequence[HookAlert]) -> None:
    """These were not tried."""
    session.execute(
        update(HookAlertRow)
        .where(HookAlertRow.id.in_([one.id for one in alerts]))
        .values(leased_until=None, attempts=HookAlertRow.attempts - 1)
        .execution_options(synchronize_session=False)
    )


def set_aside(session: Session) -> list[tuple[HookAlert, str]]:
    """What was given up (the dead letters), newest first, with the reason."""
    rows = session.scalars(
        select(HookAlertRow)
        .where(HookAlertRow.state == AlertState.FAILED)
        .order_by(HookAlertRow.id.desc())
    )
    return [(_to_post(row), row.last_error or "") for row in rows]


def retry(session: Session, hook: int | None, now: datetime) -> int:
    """Owe again what was given up, for one hook or all; return how many."""
    chosen: ColumnElement[bool] = HookAlertRow.state == AlertState.FAILED
    if hook is not None:
        chosen = chosen & (HookAlertRow.hook_id == hook)
    done = session.execute(
        update(HookAlertRow)
        .where(chosen)
        .values(state=AlertState.OWED, due_at=now, attempts=0)
        .returning(HookAlertRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())


def counts(session: Session) -> dict[int, dict[str, int]]:
    """Per hook: how many words stand where."""
    rows = session.execute(
        select(HookAlertRow.hook_id, HookAlertRow.state, func.count()).group_by(
            HookAlertRow.hook_id, HookAlertRow.state
        )
    )
    found: dict[int, dict[str, int]] = {}
    for hook, state, number in rows:
        found.setdefault(hook, {})[state] = number
    return found


def _hook(row: HookRow) -> Hook:
    return Hook(row.id, row.url, row.secret, row.query, row.active, row.created_at)


def _to_post(row: HookAlertRow) -> HookAlert:
    return HookAlert(
        id=row.id,
        hook=_hook(row.hook),
        kind=row.kind,
        change=row.change_key,
        payload=row.payload,
        attempts=row.attempts,
        created=row.created_at,
        leased_until=row.leased_until or row.due_at,
    )
