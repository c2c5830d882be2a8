"""What many pages need and only the data change: read once for each version of them."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from tracker.store import facts

Value = TypeVar("Value")

MOST = 300
"""Values that a process keeps of one version: a list of thousands of companies for each day that
somebody looks back to would fill its memory.
"""

_kept: WeakKeyDictionary[Any, tuple[str | None, dict[Hashable, Any]]] = WeakKeyDictionary()


def once(session: Session, name: Hashable, read: Callable[[], Value]) -> Value:
    """What ``read`` gives, which is asked only once while the data stay as they are.

    ``name`` holds all that the value depends on besides the data. The value is shared: frozen, or
    never changed by those who get it.
    """
    version = _version(session)
    of, known = _kept.get(session.get_bind(), (None, {}))
    if of != version or len(known) >= MOST:
        known = {}
        _kept[session.get_bind()] = (version, known)
    if name not in known:
        known[name] = read()
    value: Value = known[name]
    return value


def tables(session: Session) -> str:
    """Which tables hold the data: a restored database of PostgreSQL has others."""
    return _version(session).rpartition(".")[0]


def _version(session: Session) -> str:
    """The version that a session reads: asked for once."""
    version: str | None = session.info.get("data_version")
    if version is None:
        version = session.info["data_version"] = facts.version(session) or "0"
    return version
