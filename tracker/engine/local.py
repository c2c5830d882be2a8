"""Threads of this process: items of one group run one after another, groups side by side."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
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
        groups: dict[str, list[Item]] = {}
        for item in items:
            groups.setdefault(group(item), []).append(item)
        if not groups:
            return
        done: SimpleQueue[Result] = SimpleQueue()

        def run(members: list[Item]) -> None:
            for member in members:
                done.put(work(member))

        with ThreadPoolExecutor(min(self._workers, len(groups)), "fetch") as pool:
            pending: set[Future[None]] = {pool.submit(run, members) for members in groups.values()}
            try:
                while pending:
                    finished, pending = wait(pending, timeout=0.05, return_when=FIRST_COMPLETED)
                    yield from _drain(done)
                    for future in finished:
                        future.result()
                yield from _drain(done)
            finally:
                for future in pending:
                    future.cancel()


def _drain(queue: "SimpleQueue[Result]") -> Iterator[Result]:
    while not queue.empty():
        yield queue.get()
