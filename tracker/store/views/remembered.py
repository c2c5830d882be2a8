"""What many pages need and only the data change: read once for each version of them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from tracker.store import facts, grounds
from tracker.store.grounds import Grounds

Value = TypeVar("Value")

MOST = 500
"""Values that a process keeps, those that were last asked for: a list of thousands of companies for
each day that somebody looks back to would fill its memory.
"""


@dataclass(slots=True)
class _Known:
    """A value with what it rests on, and the version for which it was last found to hold."""

    version: str
    value: Any
    grounds: Grounds


_kept: WeakKeyDictionary[Any, tuple[str, OrderedDict[Hashable, _Known]]] = WeakKeyDictionary()


def once(session: Session, name: Hashable, read: Callable[[Session], Value]) -> Value:
    """What ``read`` gives, which is asked only once while the data stay as they are.

    In another version of the data its statements are asked again, and it is read anew only where
    one of them gives other rows; a value that is equal to the last one is that very object.
    ``name`` holds all that the value depends on besides the data. The value is shared: frozen, or
    never changed by those who get it.
    """
    version, known = _version(session), _of(session)
    held = known.get(name)
    if held is None or not _holds(session, held, version):
        with grounds.noted() as found, _knowing_nothing(session) as own:
            value = read(own)
        if held is not None and held.value == value:
            value = held.value
        held = known[name] = _Known(version, value, found)
        if len(known) > MOST:
            known.popitem(last=False)
    known.move_to_end(name)
    grounds.rest_on(partial(once, name=name, read=read), held.value)
    result: Value = held.value
    return result


def tables(session: Session) -> str:
    """Which tables hold the data: a restored database of PostgreSQL has others."""
    return _version(session).rpartition(".")[0]


@contextmanager
def _knowing_nothing(session: Session) -> Iterator[Session]:
    """A session that reads the same state and has no objects: what these hold is not asked for, and
    would not be noted.
    """
    with Session(session.connection()) as own:
        own.info["data_version"] = _version(session)
        yield own


def _holds(session: Session, held: _Known, version: str) -> bool:
    if held.version == version:
        return True
    if not grounds.hold(session, held.grounds):
        return False
    held.version = version
    return True


def _of(session: Session) -> OrderedDict[Hashable, _Known]:
    """What is known of the tables that a session reads."""
    engine, of = session.get_bind().engine, tables(session)
    kept = _kept.get(engine)
    if kept is None or kept[0] != of:
        kept = _kept[engine] = (of, OrderedDict())
    return kept[1]


def _version(session: Session) -> str:
    """The version that a session reads: asked for once."""
    version: str | None = session.info.get("data_version")
    if version is None:
        with grounds.unnoted():
            version = session.info["data_version"] = facts.version(session) or "0"
    return version
