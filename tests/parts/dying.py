"""A database whose process is killed at a planned moment, and the fork that dies of it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.store.database import Database


@dataclass(frozen=True)
class Moment:
    """Just before or just after the commit of the n-th transaction, counted from 0."""

    number: int
    after_commit: bool


class DyingDatabase(Database):
    """Kills its own process with SIGKILL at one moment."""

    def __init__(self, url: str, moment: Moment) -> None:
        super().__init__(url)
        self._moment = moment
        self._begun = -1

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        self._begun += 1
        mine = self._begun == self._moment.number
        with super().transaction() as session:
            yield session
            if mine and not self._moment.after_commit:
                session.flush()
                os.kill(os.getpid(), signal.SIGKILL)
        if mine:
            os.kill(os.getpid(), signal.SIGKILL)


def survives(work: Callable[[], None]) -> bool:
    """Run work in a process of its own; False when it was killed.

    Raises AssertionError when it ended by itself, but not well.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.waitstatus_to_exitcode(status) == 0, "the work failed by itself"
    return True
