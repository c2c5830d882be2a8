"""Threads of this process: items of one group run one after another, groups side by side."""

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
    ) -> Iterator[list[Result]]:
        """Yield what has come meanwhile, up to ``most`` results at a time; waits for the first.

        The threads wait while twice as many results lie untaken, so that these stay few.
        """
        waiting = _grouped(items, group)
        if not waiting:
            return
        wanted = threading.Event()
        wanted.set()
        done: SimpleQueue[Result | BaseException] = SimpleQueue()
        room = threading.Semaphore(2 * most)

        def work_off() -> None:
            while (members := _next(waiting)) is not None:
                for member in members:
                    if wanted.is_set():
                        result = work(member)
                        room.acquire()
                        done.put(result)

        threads = min(self._workers, len(waiting))
        with ThreadPoolExecutor(threads, "fetch") as pool:
            try:
                for _ in range(threads):
                    pool.submit(work_off).add_done_callback(lambda thread: _tell(thread, done))
                for results in _results(done, len(items), most):
                    room.release(len(results))
                    yield results
            finally:
                wanted.clear()
                room.release(len(items))


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
