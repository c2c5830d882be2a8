"""Worker processes for documents that could harm the process that reads them (promise 4).

A document is read in a process of its own kind with a deadline and a limit of memory. When it takes
too long, too much, or the process with it, that process is thrown away and BrokeReaderError raised.
"""

import contextlib
import multiprocessing
import os
import queue
import resource
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

from tracker.domain.errors import BrokeReaderError, ParseError
from tracker.domain.model import Response
from tracker.engine.memory import give_back, give_large_blocks_back

Result = TypeVar("Result")

LONGEST = 20.0
"""Seconds for one document; the slowest real one takes a few."""

MOST_MEMORY = 700_000_000
"""Bytes of address space; the libraries themselves take about a third of it."""


LARGE = 1_000_000
"""Bytes of a document after which what was freed is given back to the machine."""

MOST = min(2, os.cpu_count() or 1)
"""Processes; one that reads pages takes about 90 MB."""


class Workers:
    """Up to ``most`` processes, made when they are needed and kept for the next document.

    ``seconds`` and ``memory`` (bytes of address space) bound the reading of one document.
    """

    def __init__(
        self, most: int = MOST, seconds: float = LONGEST, memory: int = MOST_MEMORY
    ) -> None:
        self._seconds, self._memory = seconds, memory
        self._context = multiprocessing.get_context("spawn")
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(most):
            self._free.put(None)
        self._lock = threading.Lock()
        self._alive: set[_Worker] = set()

    def __call__(self, read: Callable[..., Result], *document: Any) -> Result:
        """Run ``read(*document)`` in a worker: a function of a module, plain values.

        Raises what it raises of ParseError, and BrokeReaderError when no worker survives it.
        """
        worker = self._free.get()
        try:
            worker = worker or self._start()
            result: Result = worker.ask(read, document, self._seconds)
        except BrokeReaderError:
            if worker is not None:
                self._end(worker)
            worker = None
            raise
        finally:
            self._free.put(worker)
        return result

    def rest(self) -> None:
        """End the workers that have nothing to read; others are made when they are needed."""
        free: list[_Worker | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                free.append(self._free.get_nowait())
        for worker in free:
            if worker is not None:
                self._end(worker)
            self._free.put(None)

    def close(self) -> None:
        """End every worker."""
        for worker in list(self._alive):
            self._end(worker)

    def _start(self) -> "_Worker":
        worker = _Worker(self._context, self._memory)
        with self._lock:
            self._alive.add(worker)
        return worker

    def _end(self, worker: "_Worker") -> None:
        with self._lock:
            self._alive.discard(worker)
        worker.end()


@cache
def workers_of(_process: int) -> Workers:
    """The workers of this process, by its id: a forked child must not talk into its parent's line.

    They end with the process.
    """
    return Workers()


class _Worker:
    """One process and the line to it."""

    def __init__(self, context: Any, memory: int) -> None:
        self._line, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=_serve, args=(theirs, memory), daemon=True
        )
        self._process.start()
        theirs.close()

    def ask(self, read: Callable[..., Any], document: tuple[Any, ...], seconds: float) -> Any:
        """Send a document and wait for what is read of it."""
        try:
            _send(self._line, read, document)
            if not self._line.poll(seconds):
                raise BrokeReaderError(f"no reader is done with it within {seconds:g} s")
            kind, answer = self._line.recv()
        except (EOFError, OSError) as error:
            raise BrokeReaderError("it ended the process that read it") from error
        if kind == "read":
            return answer
        if kind == "refused":
            raise ParseError(answer)
        if kind == "memory":
            raise BrokeReaderError("it takes more memory than a document may")
        raise BrokeReaderError(f"its reader fails on it: {answer}")

    def end(self) -> None:
        """End the process, whatever it does."""
        self._line.close()
        self._process.kill()
        self._process.join()


def _serve(line: Connection, memory: int) -> None:
    """Read document after document until the line is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    give_large_blocks_back()
    with contextlib.suppress(EOFError, OSError):
        while True:
            _answer(line)


def _answer(line: Connection) -> None:
    """Read one document, of which nothing is left behind when this is done."""
    read, document = _receive(line)
    line.send(_attempt(read, document))
    if _size(document) > LARGE:
        del document
        give_back()


def _size(document: tuple[Any, ...]) -> int:
    return sum(len(part.body) for part in document if isinstance(part, Response))


def _send(line: Connection, read: Callable[..., Any], document: tuple[Any, ...]) -> None:
    """Send a document; the body of an answer goes by itself, for packing would copy it."""
    bare = (replace(part, body=b"") if isinstance(part, Response) else part for part in document)
    line.send((read, tuple(bare)))
    for part in document:
        if isinstance(part, Response):
            line.send_bytes(part.body)


def _receive(line: Connection) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """Take what `_send` sends."""
    read, bare = line.recv()
    whole = (
        replace(part, body=line.recv_bytes()) if isinstance(part, Response) else part
        for part in bare
    )
    return read, tuple(whole)


def _attempt(read: Callable[..., Any], document: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "read", read(*document)
    except ParseError as error:
        return "refused", str(error)
    except MemoryError:
        return "memory", None
    except Exception as fault:  # noqa: BLE001  the document is set aside, the next one is read
        where = traceback.extract_tb(fault.__traceback__)[-1]
        return "fault", f"{type(fault).__name__} in {where.name}, line {where.lineno} ({fault})"
