"""How many large answers may lie in memory at once, however many hosts send them (promise 3)."""

import threading
import weakref

from tracker.domain.errors import Fault, FetchError
from tracker.domain.model import Response

LARGE = 2_000_000
"""Bytes, unpacked, from which an answer needs a place of its own."""

PLACES = 1


class Room:
    """Has few places; whoever holds a large answer keeps one until that answer is forgotten."""

    def __init__(self, places: int = PLACES) -> None:
        self._free = threading.Semaphore(places)

    def place(self) -> "Place":
        """Where one answer may lie, should it turn out large."""
        return Place(self._free)


class Place:
    """Room for one answer: taken when it grows large, left when its Response is gone."""

    def __init__(self, free: threading.Semaphore) -> None:
        self._free = free
        self._taken = False

    def take(self, seconds: float) -> None:
        """Wait so long for room; raises FetchError, our own fault, when there is none."""
        if self._taken:
            return
        if not self._free.acquire(timeout=seconds):
            raise FetchError(
                "there is no room for one more large answer at this moment; it is asked again soon",
                cause="no_room",
                fault=Fault.OURS,
            )
        self._taken = True

    def leave(self) -> None:
        """Give it to the next one; safe to repeat."""
        if self._taken:
            self._taken = False
            self._free.release()

    def leave_with(self, response: Response) -> None:
        """Give it to the next one when nobody holds the response any more."""
        if self._taken:
            weakref.finalize(response, self.leave)
