"""One request at a time per host, with a pause between two (promise 8)."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tracker.domain.errors import Fault, FetchError

FORGET_ABOVE = 1000


class Turns:
    """Hands out turns: a host is taken by one request, and rests ``gap`` seconds after it.

    ``monotonic`` and ``sleep`` are the clock, so that a test need not wait.
    """

    def __init__(
        self, gap: float, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._gap = gap
        self._monotonic = monotonic
        self._sleep = sleep
        self._freed = threading.Condition()
        self._busy: set[str] = set()
        self._rests_until: dict[str, float] = {}
        self._slow: OrderedDict[str, float] = OrderedDict()

    def slow_down(self, host: str, gap: float) -> None:
        """Let a host rest for ``gap`` seconds from now on, if that is longer than usual."""
        with self._freed:
            self._slow.pop(host, None)
            if gap > self._gap:
                self._slow[host] = gap
            while len(self._slow) > FORGET_ABOVE:
                self._slow.popitem(last=False)

    def resting(self) -> dict[str, float]:
        """The hosts that nobody asks and that must still rest, and for how many seconds."""
        now = self._monotonic()
        with self._freed:
            return {host: end - now for host, end in self._rests_until.items() if end > now}

    @contextmanager
    def turn(self, host: str, patience: float | None = None) -> Iterator[None]:
        """Keep ``host`` once it is free and rested. FetchError (ours) after ``patience`` s."""
        pause = self._take(host, patience)
        try:
            if pause > 0:
                self._sleep(pause)
            yield
        finally:
            self._give_back(host)

    def _take(self, host: str, patience: float | None) -> float:
        """Take the host; give the seconds that it must still rest."""
        with self._freed:
            if not self._freed.wait_for(lambda: host not in self._busy, patience):
                raise FetchError(
                    f"{host} was busy with our other requests until the time was up",
                    cause="busy",
                    fault=Fault.OURS,
                )
            self._busy.add(host)
            return self._rests_until.pop(host, 0.0) - self._monotonic()

    def _give_back(self, host: str) -> None:
        now = self._monotonic()
        with self._freed:
            self._busy.discard(host)
            gap = self._slow.get(host, self._gap)
            if gap > 0:
                self._rests_until[host] = now + gap
            if len(self._rests_until) > FORGET_ABOVE:
                self._rests_until = {h: t for h, t in self._rests_until.items() if t > now}
            self._freed.notify_all()
