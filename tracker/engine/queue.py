"""The queue of many machines: Procrastinate on PostgreSQL.

A job only says what waits in our own tables, and whoever takes it looks there again. So one that is
lost is handed out anew, and one that comes twice finds nothing left to do. Nothing of the queue
need be kept: its tables lie in a schema of their own, made anew for each version of Procrastinate.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager

from tracker.domain.errors import StoreError
from tracker.domain.jobs import SCHEMA, Job
from tracker.log import log

SILENT = 30.0
"""Seconds without a sign of life after which a worker is gone; a living one gives it every ten."""

AGAIN_AFTER = 5.0
"""Seconds between two tries to reach the server."""

MADE_FOR = f"SELECT obj_description(to_regnamespace('{SCHEMA}'), 'pg_namespace') AS version"
MAKE = "DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}; {1}; COMMENT ON SCHEMA {0} IS '{2}'"
COUNT = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo') AS waiting,
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing') AS under_way,
       (SELECT count(*) FROM procrastinate_workers
        WHERE last_heartbeat > now() - make_interval(secs => %(silent)s)) AS workers
"""

UNREACHED = (ConnectorException, TimeoutError)
Answer = TypeVar("Answer")
Do = Callable[..., None]
"""Does a job: it is called with the ids of what waits, by name."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many jobs wait and are under way, and how many workers are alive."""

    waiting: int = 0
    under_way: int = 0
    workers: int = 0


class Queue:
    """Hands jobs to the workers of all machines.

    ``address`` is one of PostgreSQL, which is waited for ``patience`` seconds.
    """

    def __init__(self, address: str, patience: float = 10.0) -> None:
        self._address, self._patience = address, patience
        for talkative in ("procrastinate", "psycopg.pool"):
            logging.getLogger(talkative).setLevel(logging.CRITICAL)  # what matters we say ourselves

    def hand_out(self, jobs: Iterable[Job]) -> int:
        """Add the jobs whose like does not wait already; return how many. Raises StoreError.

        Jobs of workers that are gone are dropped first, for nobody would end them. Only one process
        at a time may do this: it makes the tables where they are missing.
        """
        return self._ask(self._hand_out, list(jobs))

    def state(self) -> QueueState:
        """What waits, and who is there to do it. Raises StoreError."""
        return self._ask(self._state)

    def work(self, tasks: Mapping[str, Do], at_once: int, on_end: Callable[[], None]) -> None:
        """Do jobs of these kinds, ``at_once`` at a time, until SIGTERM or SIGINT.

        ``on_end`` is called then; what is under way is waited for. While the server cannot be
        reached it is tried again and again.
        """
        asyncio.run(self._work(tasks, at_once, on_end))

    @asynccontextmanager
    async def _opened(self, lines: int) -> AsyncIterator[procrastinate.App]:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._address,
            kwargs={"options": f"-c search_path={SCHEMA}"},
            min_size=1,
            max_size=lines,
            timeout=self._patience,
        )
        queue = procrastinate.App(connector=connector)
        async with asyncio.timeout(self._patience):
            await queue.open_async()
        try:
            yield queue
        finally:
            await queue.close_async()

    def _ask(self, question: Callable[..., Awaitable[Answer]], *words: object) -> Answer:
        async def ask() -> Answer:
            async with self._opened(lines=1) as queue:
                return await question(queue, *words)

        try:
            with ThreadPoolExecutor(
                1, "queue"
            ) as thread:  # whoever asks may have a loop of their own
                return thread.submit(asyncio.run, ask()).result()
        except UNREACHED as error:
            raise StoreError(_explain(error)) from error

    async def _hand_out(self, queue: procrastinate.App, jobs: Sequence[Job]) -> int:
        await _make_tables(queue)
        known = queue.job_manager
        for lost in await known.get_stalled_jobs(seconds_since_heartbeat=SILENT):
            log.warning("a worker is gone; its job is handed out again", job=str(lost.lock))
            await known.finish_job(lost, Status.FAILED, delete_job=True)
        return sum([await _add(queue, job) for job in jobs])

    async def _state(self, queue: procrastinate.App) -> QueueState:
        if not await _is_made(queue):
            return QueueState()
        return QueueState(**await queue.connector.execute_query_one_async(COUNT, silent=SILENT))

    async def _work(
        self, tasks: Mapping[str, Do], at_once: int, on_end: Callable[[], None]
    ) -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(at_once, "job"))

        def end() -> None:
            ended.set()
            on_end()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)
        while not ended.is_set():
            try:
                await self._work_on(tasks, at_once, ended)
            except UNREACHED as error:
                log.error("no jobs can be had; it is tried again", reason=_explain(error))
            await _wait_for(ended, AGAIN_AFTER)

    async def _work_on(self, tasks: Mapping[str, Do], at_once: int, ended: asyncio.Event) -> None:
        """Do jobs until the end, or until the server is gone."""
        async with self._opened(lines=at_once + 2) as queue:
            for kind, do in tasks.items():
                queue.task(name=kind, queue=kind)(do)
            if not await _is_made(queue):
                log.info("the scheduler has handed out nothing yet; this worker waits")
                return
            log.info("this worker takes jobs", kinds=", ".join(tasks), at_once=at_once)
            working = asyncio.ensure_future(
                queue.run_worker_async(
                    queues=list(tasks),
                    concurrency=at_once,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    stalled_worker_timeout=SILENT,
                )
            )
            ending = asyncio.ensure_future(ended.wait())
            await asyncio.wait({working, ending}, return_when=asyncio.FIRST_COMPLETED)
            for task in (working, ending):
                task.cancel()
            await asyncio.gather(working, ending, return_exceptions=True)


async def _make_tables(queue: procrastinate.App) -> None:
    if not await _is_made(queue):
        made = MAKE.format(SCHEMA, SchemaManager.get_schema(), procrastinate.__version__)
        await queue.connector.execute_query_async(cast(Any, made.replace("%", "%%")))


async def _is_made(queue: procrastinate.App) -> bool:
    found = await queue.connector.execute_query_one_async(cast(Any, MADE_FOR))
    return bool(found["version"] == procrastinate.__version__)


async def _add(queue: procrastinate.App, job: Job) -> int:
    task = queue.configure_task(
        job.kind, queue=job.kind, lock=job.name, queueing_lock=job.name, allow_unknown=True
    )
    try:
        what: dict[str, Any] = {name: list(ids) for name, ids in job.what.items()}
        await task.defer_async(**what)
    except AlreadyEnqueued:
        return 0
    return 1


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


def _explain(error: Exception) -> str:
    reason = (str(error.__cause__ or error).strip() or "no answer").splitlines()[0]
    return f"the queue: {reason}; check that PostgreSQL runs and that database.url is right"
