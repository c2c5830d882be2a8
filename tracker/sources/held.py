"""Hosts that asked to be left alone for a while (promises 1 and 7)."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from tracker.domain.errors import Fault, FetchError
from tracker.domain.ports import Clock

ASKS_FOR_REST = frozenset({429, 503})
LONGEST = timedelta(days=1)
"""One address of a host may keep the others of it waiting so long."""


class HeldHosts:
    """Who answered 429 or 503 with a Retry-After: nothing of that host is asked for until then.

    A host is meant with its port, as its addresses say it. ``known`` are the holds of an earlier
    run; ``remember`` is told of each new one.
    """

    def __init__(
        self,
        clock: Clock,
        known: Mapping[str, datetime] | None = None,
        remember: Callable[[str, datetime], None] | None = None,
    ) -> None:
        self._clock = clock
        self._until = dict(known or {})
        self._remember = remember
        self._lock = threading.Lock()

    def check(self, host: str) -> None:
        """Raise FetchError ``held`` while a host wants to be left alone; it tells until when."""
        until = self._until.get(host)
        if until is None:
            return
        if until <= self._clock():
            with self._lock:
                self._until.pop(host, None)
            return
        raise FetchError(
            f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC",
            cause="held",
            fault=Fault.OURS,
            retry_at=until,
        )

    def hear_of(self, held: Mapping[str, datetime]) -> None:
        """Hold hosts also as long as other processes were asked to."""
        with self._lock:
            for host, until in held.items():
                self._until[host] = max(until, self._until.get(host, until))

    def learn(self, host: str, error: FetchError) -> None:
        """Hold a host whose answer asks for it."""
        if error.status not in ASKS_FOR_REST or error.retry_at is None:
            return
        until = min(error.retry_at, self._clock() + LONGEST)
        with self._lock:
            if until <= self._until.get(host, until - LONGEST):
                return
            self._until[host] = until
        if self._remember is not None:
            self._remember(host, until)
