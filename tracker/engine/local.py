"""Threads of this process: items of one group run one after another, groups side by side."""

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

A_MOMENT = 0.25
"""Seconds in which results gather: to write many at once costs less than each by itself."""


class Threads:
    """Runs work in up to ``workers`` threads. A group is a host: it is asked by one thread."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def __call__(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        group: Callable[[Item], str],
    ) -> Iterator[Result]:
        """Yield each result as it comes. What ``work`` raises is raised here."""
        for results in self.together(work, items, group, 1):
            yield from results

    def together(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        group: Callable[[Item], str],
        most: int,
        weight: Callable[[Result], int] = lambda _result: 1,
    ) -> Iterator[list[Result]]:
        """Yield what has come meanwhile, results of up to ``most`` weight (or one) at a time.

        For so many the caller waits a moment. The threads wait while results of twice that weight
        lie here or are with the caller, who is done with them when he asks for more.
        """
        waiting = _grouped(items, group)
        if not waiting:
            return
        wanted = threading.Event()
        wanted.set()
        gathered: _Gathered[Result] = _Gathered(len(items), most)

        def work_off() -> None:
            while (members := _next(waiting)) is not None:
                for member in members:
                    if wanted.is_set():
                        result = work(member)
                        gathered.put(result, weight(result))

        threads = min(self._workers, len(waiting))
        with ThreadPoolExecutor(threads, "fetch") as pool:
            try:
                for _ in range(threads):
                    pool.submit(work_off).add_done_callback(gathered.hear_of_end)
                yield from gathered.batches()
            finally:
                wanted.clear()
                gathered.let_in()


class _Gathered(Generic[Result]):
    """Results on their way from the threads to the caller, by their weight.

    Neither side is woken for each of them: the caller when there are enough, or a moment is over.
    """

    def __init__(self, expected: int, most: int) -> None:
        self._expected, self._most = expected, most
        self._room = 2 * most
        self._came: deque[tuple[Result, int]] = deque()
        self._weight = 0
        self._error: BaseException | None = None
        lock = threading.Lock()
        self._enough, self._freed = threading.Condition(lock), threading.Condition(lock)

    def put(self, result: Result, weight: int) -> None:
        """Wait for room; what weighs more than there is fits when nothing else waits."""
        weight = min(weight, 2 * self._most)
        with self._freed:
            self._freed.wait_for(lambda: self._room >= weight)
            self._room -= weight
            self._came.append((result, weight))
            self._weight += weight
            if self._is_enough():
                self._enough.notify()

    def hear_of_end(self, thread: "Future[None]") -> None:
        """Take what ended a thread before its time."""
        error = thread.exception()
        if error is not None:
            with self._enough:
                self._error = error
                self._enough.notify()

    def batches(self) -> Iterator[list[Result]]:
        """Yield results until all that are expected have come; raise what ended a thread."""
        while self._expected:
            with self._enough:
                while not (self._enough.wait_for(self._is_enough, A_MOMENT) or self._came):
                    pass
                if self._error is not None:
                    raise self._error
                some, weight = self._take()
            yield some
            with self._freed:
                self._room += weight
                self._freed.notify_all()

    def let_in(self) -> None:
        """Let everybody in: nobody takes results any more."""
        with self._freed:
            self._room = sys.maxsize
            self._freed.notify_all()

    def _is_enough(self) -> bool:
        all_are_here = len(self._came) == self._expected
        return self._weight >= self._most or all_are_here or self._error is not None

    def _take(self) -> tuple[list[Result], int]:
        some: list[Result] = []
        taken = 0
        while self._came and (not some or taken + self._came[0][1] <= self._most):
            result, weight = self._came.popleft()
            some.append(result)
            taken += weight
        self._weight -= taken
        self._expected -= len(some)
        return some, taken


def _grouped(items: Sequence[Item], group: Callable[[Item], str]) -> deque[list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(group(item), []).append(item)
    return deque(groups.values())


def _next(waiting: deque[Item]) -> Item | None:
    """Take the next one; None when another thread has taken the last one."""
    try:
        return waiting.popleft()
    except IndexError:
        return None
