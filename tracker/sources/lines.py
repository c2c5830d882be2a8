"""Lines that stay open for the next request to the same host, for a while."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from tracker.sources.wire import Line, Target

MOST_KEPT = 64
KEPT_SECONDS = 20.0
"""Servers hang up by themselves after some seconds more."""

Place = tuple[str, str, int]


class KeptLines:
    """At most one idle line a place (scheme, host, port), the oldest hung up first."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._lines: OrderedDict[Place, tuple[Line, float]] = OrderedDict()

    def take(self, target: Target, addresses: Sequence[str]) -> Line | None:
        """A line that still leads to one of these checked addresses, if there is one."""
        with self._lock:
            line, since = self._lines.pop(target[:3], (None, 0.0))
        if line is None:
            return None
        fresh = self._monotonic() - since < KEPT_SECONDS
        if fresh and line.address in addresses and line.is_idle():
            return line
        line.close()
        return None

    def keep(self, target: Target, line: Line) -> None:
        """Keep a line for the next request."""
        now = self._monotonic()
        with self._lock:
            old = [self._lines.pop(target[:3], None)]
            self._lines[target[:3]] = line, now
            while len(self._lines) > MOST_KEPT or self._is_old(now):
                old.append(self._lines.popitem(last=False)[1])
        for kept in old:
            if kept is not None:
                kept[0].close()

    def close(self) -> None:
        """Hang up all of them."""
        with self._lock:
            lines = [line for line, _ in self._lines.values()]
            self._lines.clear()
        for line in lines:
            line.close()

    def _is_old(self, now: float) -> bool:
        _, since = next(iter(self._lines.values()))
        return now - since >= KEPT_SECONDS

    def __del__(self) -> None:
        self.close()
