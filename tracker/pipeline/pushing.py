"""Feeds that offer a hub: it is asked to tell us of news, so that we need not ask so often."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from tracker.domain.errors import FetchError
from tracker.domain.pushing import (
    ASK_AGAIN_AFTER,
    DENIED_FOR,
    RENEW_AFTER,
    WANTED_LEASE,
    granted_lease,
    is_signed,
)
from tracker.log import log
from tracker.store import pushes
from tracker.store.database import Database
from tracker.store.pushes import Push

AT_ONCE = 100

Post = Callable[[str, Mapping[str, str]], None]
"""Sends a form to an address; raises FetchError unless it was accepted."""


def ask_hubs(database: Database, post: Post, callback: str, now: datetime) -> int:
    """Subscribe where a feed offers a hub, and renew in time; return how many were asked.

    ``callback`` is the public address under which hubs reach us, without the token at its end.
    """
    with database.reading() as session:
        waiting = pushes.to_ask(session, now, AT_ONCE)
    for push in waiting:
        _ask(database, post, callback, push, now)
    return len(waiting)


def _ask(database: Database, post: Post, callback: str, push: Push, now: datetime) -> None:
    """Write first, then ask: a hub may call back before its answer has come."""
    token, secret = secrets.token_urlsafe(24), push.secret or secrets.token_urlsafe(32)
    with database.transaction() as session:
        pushes.note_asking(session, push.source, token, secret, now + ASK_AGAIN_AFTER)
    form = {
        "hub.mode": "subscribe",
        "hub.topic": push.topic,
        "hub.callback": f"{callback}/{token}",
        "hub.secret": secret,
        "hub.lease_seconds": str(int(WANTED_LEASE.total_seconds())),
    }
    try:
        post(push.hub, form)
    except FetchError as error:
        log.info("a hub was not reached", hub=push.hub, reason=str(error))
        with database.transaction() as session:
            pushes.note_failure(session, push.source, str(error), now + ASK_AGAIN_AFTER)


def confirm(
    database: Database, token: str, mode: str, topic: str, lease: str, now: datetime
) -> bool:
    """Answer a hub that asks whether we want its pushes; False for what we do not want."""
    with database.transaction() as session:
        push = pushes.by_token(session, token)
        if push is None or push.topic != topic:
            return False
        if mode == "denied":
            pushes.note_failure(session, push.source, "the hub denies", now + DENIED_FOR)
            return True
        if mode != "subscribe":
            return False
        granted = granted_lease(lease)
        pushes.note_verified(session, push.source, now + granted, now + granted * RENEW_AFTER)
        return True


def receive(database: Database, token: str, body: bytes, signature: str, now: datetime) -> bool:
    """Take a push: the source becomes due. False, and nothing done, unless it is signed by us.

    What was pushed is not stored: the feed itself is asked, with all that this brings.
    """
    with database.reading() as session:
        push = pushes.by_token(session, token)
    if push is None or push.secret is None or not is_signed(body, push.secret, signature):
        return False
    with database.transaction() as session:
        pushes.note_news(session, push.source, now)
    return True
