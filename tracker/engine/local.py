"""Threads of this process: items of one group run one after another, groups side by side."""

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


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
        """Yield what has come meanwhile, up to ``most`` results at a time; waits for the first.

        The threads wait while twice as many results lie here or are with the caller, who is done
        with them when he asks for more; so these stay few. A large one counts as many by its
        ``weight``.
        """
        waiting = _grouped(items, group)
        if not waiting:
            return
        wanted = threading.Event()
        wanted.set()
        done: SimpleQueue[Result | BaseException] = SimpleQueue()
        room = _Room(2 * most)

        def work_off() -> None:
            while (members := _next(waiting)) is not None:
                for member in members:
                    if wanted.is_set():
                        result = work(member)
                        room.take(weight(result))
                        done.put(result)

        threads = min(self._workers, len(waiting))
        with ThreadPoolExecutor(threads, "fetch") as pool:
            try:
                for _ in range(threads):
                    pool.submit(work_off).add_done_callback(lambda thread: _tell(thread, done))
                for results in _results(done, len(items), most):
                    taken = sum(map(weight, results))
                    yield results
                    room.give_back(taken)
            finally:
                wanted.clear()
                room.open()


class _Room:
    """Space for results that wait, by their weight."""

    def __init__(self, size: int) -> None:
        self._size, self._left = size, size
        self._changed = threading.Condition()

    def take(self, weight: int) -> None:
        """Wait for space; what weighs more than there is fits when nothing else waits."""
        with self._changed:
            self._changed.wait_for(lambda: self._left >= min(weight, self._size))
            self._left -= weight

    def give_back(self, weight: int) -> None:
        """Say that results were taken."""
        with self._changed:
            self._left += weight
            self._changed.notify_all()

    def open(self) -> None:
        """Let everybody in: nobody takes results any more."""
        self.give_back(sys.maxsize)


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


def _tell(thread: "Future[None]", done: "SimpleQueue[Result | BaseException]") -> None:
    """Hand over what ended a thread before its time."""
    error = thread.exception()
    if error is not None:
        done.put(error)


def _results(
    done: "SimpleQueue[Result | BaseException]", expected: int, most: int
) -> Iterator[list[Result]]:
    while expected:
        some = [done.get()]
        while len(some) < most:
            try:
                some.append(done.get_nowait())
            except Empty:
                break
        expected -= len(some)
        yield [_or_raise(result) for result in some]


def _or_raise(result: Result | BaseException) -> Result:
    if isinstance(result, BaseException):
        raise result
    return result
