"""What a value that was read rests on: asked again, it tells whether the value still holds.

While somebody notes, each statement that a reader of the database asks is written down with a
digest of its rows. What follows from the same rows is the same, whatever else has changed: a page,
or a part of one, holds until an answer of its own differs. Asking again in the words of the driver
takes a small part of what making anew takes.
"""

import marshal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.orm import Session

SMALL = 200
"""Bytes of a ground without what it holds."""


class Ground(Protocol):
    """One thing on which a value rests."""

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly."""

    def holds(self, session: Session) -> bool:
        """Whether it is as it was, in the state that a session reads."""


Grounds = list[Ground]

_noting: ContextVar[Grounds | None] = ContextVar("noting", default=None)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A statement, and a digest of the rows that it gave."""

    statement: str
    parameters: Any
    digest: bytes

    @property
    def size(self) -> int:
        """See Ground."""
        return SMALL + len(self.statement) + len(str(self.parameters))

    def holds(self, session: Session) -> bool:
        """See Ground. Not where it cannot be asked: who makes anew then is told why."""
        connection = session.connection()
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self.statement, self.parameters)
            return _digest(cursor.fetchall()) == self.digest
        except connection.dialect.loaded_dbapi.Error:
            return False
        finally:
            cursor.close()


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    """Something that is read again as it was read: its value counts, not its rows."""

    read: Callable[[Session], object]
    value: object

    @property
    def size(self) -> int:
        """See Ground. The value is kept elsewhere."""
        return SMALL

    def holds(self, session: Session) -> bool:
        """See Ground."""
        return self.read(session) == self.value


@contextmanager
def noted() -> Iterator[Grounds]:
    """The list on which everything comes that is read inside, each ground once at least."""
    found: Grounds = []
    with _to(found):
        yield found


@contextmanager
def unnoted() -> Iterator[None]:
    """Nothing that is read inside is noted: ``rest_on`` says what stands for it."""
    with _to(None):
        yield


@contextmanager
def _to(found: Grounds | None) -> Iterator[None]:
    token = _noting.set(found)
    try:
        yield
    finally:
        _noting.reset(token)


def rest_on(read: Callable[[Session], object], value: object) -> None:
    """Note that what is being made rests on a value, and how it is read again."""
    found = _noting.get()
    if found is not None:
        found.append(Same(read, value))


def hold(session: Session, grounds: Iterable[Ground]) -> bool:
    """Whether all of them are as they were, in the state that a session reads."""
    with unnoted():
        return all(one.holds(session) for one in grounds)


def note(
    _connection: Connection,
    cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    _many: bool,
) -> None:
    """Write a statement down that a reader has just asked: a listener to ``after_cursor_execute``.

    Its rows are fetched for the digest, and handed on as they are.
    """
    found = _noting.get()
    if found is None or cursor.description is None:
        return
    rows = cursor.fetchall()
    described = cursor.description
    context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, described, rows)
    found.append(Answer(statement, parameters, _digest(rows)))


def _digest(rows: Any) -> bytes:
    """Rows of SQLite hold what Python can pack; those of a server have days and moments too."""
    try:
        packed = marshal.dumps(rows, 2)
    except ValueError:
        packed = repr(rows).encode()
    return blake2b(packed, digest_size=16).digest()
