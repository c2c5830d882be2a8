"""Programs are told of what happened, as readers are: once in effect, in order, if still true."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.domain import wishes
from tracker.domain.errors import DeliveryError, UsageError
from tracker.domain.filters import FilterError
from tracker.domain.hooks import Hook, HookAlert
from tracker.domain.ports import Clock
from tracker.pipeline.each import Tally, run_each
from tracker.pipeline.outbox import held, note
from tracker.store import hooks, watch_lists
from tracker.store.database import Database
from tracker.store.wish_words import require_known

Post = Callable[[HookAlert], None]
"""Hands one word to its hook. Raises DeliveryError."""

BATCH = 10
LEASE = timedelta(minutes=5)
LONGEST_POST = timedelta(seconds=20)


@dataclass(slots=True)
class Round:
    """One pass over what is due; ``failing`` are hooks that must wait, to keep their order."""

    database: Database
    post: Post
    now: Clock
    tally: Tally
    failing: set[int]


def post_due(database: Database, post: Post, now: Clock, *, paused: bool = False) -> Tally:
    """Post what is owed to hooks and due; nothing leaves while ``paused`` or held."""
    tally = Tally()
    while not paused and held(database) is None:
        with database.transaction() as session:
            claimed = hooks.claim(session, now(), BATCH, LEASE)
        if not claimed:
            break
        round_ = Round(database, post, now, tally, set())
        run_each(claimed, lambda one: _post_one(round_, one), tally, _fail_by(round_))  # noqa: B023
    return tally


def _post_one(round_: Round, alert: HookAlert) -> None:
    late = round_.now() + LONGEST_POST > alert.leased_until
    if late or alert.hook.id in round_.failing:
        with round_.database.transaction() as session:
            hooks.give_back(session, [alert])
        return
    with round_.database.reading() as session:
        why = hooks.objection(session, alert)
    if why is None:
        round_.post(alert)
    with round_.database.transaction() as session:
        if why is None:
            hooks.record_sent(session, alert, round_.now())
        else:
            hooks.withdraw(session, alert, why)
    round_.tally.count("withdrawn" if why else "sent")


def _fail_by(round_: Round) -> Callable[[HookAlert, Exception], None]:
    def fail(alert: HookAlert, reason: Exception) -> None:
        error = reason if isinstance(reason, DeliveryError) else DeliveryError(repr(reason))
        round_.failing.add(alert.hook.id)
        with round_.database.transaction() as session:
            hooks.record_failure(session, alert, error, round_.now())
        round_.tally.count("failed")

    return fail


def add(database: Database, url: str, query: str, now: datetime) -> tuple[Hook, bool]:
    """A hook at an address; False when there is one already. Raises UsageError."""
    require_address(url)
    try:
        wish = wishes.from_address(query.rpartition("?")[2])
    except FilterError as error:
        raise UsageError(str(error)) from error
    with database.transaction() as session:
        require_known(session, wish)
        wanted = wishes.to_address(watch_lists.spell_out_wish(session, wish))
        return hooks.add(session, url, wanted, now)


def require_address(url: str) -> None:
    """Raise UsageError on what cannot be an address."""
    if "://" not in url or any(not sign.isprintable() or sign == " " for sign in url):
        raise UsageError("a hook needs an address such as https://example.org/stances")


def switch(database: Database, hook: int, by: str, now: datetime, *, active: bool) -> None:
    """Let a hook be told, or not. Raises UsageError when there is none of that number."""
    with database.transaction() as session:
        if not hooks.switch(session, hook, active=active):
            raise UsageError(f"there is no hook {hook}; `tracker hooks list` names them")
        note(session, "program resumed" if active else "program paused", by, now, hook=hook)


def retry(database: Database, hook: int | None, by: str, now: datetime) -> int:
    """Owe again what was given up, for one hook or all; return how many."""
    with database.transaction() as session:
        number = hooks.retry(session, hook, now)
        if number:
            note(session, "program tried again", by, now, number=number, hook=hook)
    return number


def list_hooks(database: Database) -> list[tuple[Hook, dict[str, int]]]:
    """All hooks, each with how many words stand where."""
    with database.reading() as session:
        counted = hooks.counts(session)
        return [(hook, counted.get(hook.id, {})) for hook in hooks.every(session)]


def set_aside(database: Database) -> list[tuple[HookAlert, str]]:
    """What was given up, newest first, with the reason."""
    with database.reading() as session:
        return hooks.set_aside(session)
