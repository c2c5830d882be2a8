"""Members of staff: who they are, and how they sign in (promises 26 and 27).

An unknown name costs as much time as a wrong password and gets the same answer. Tries are counted
in the database, so that all web workers share them; whoever fails too often waits.
"""

import hashlib
import re
from datetime import datetime, timedelta

from werkzeug.security import check_password_hash, generate_password_hash

from tracker.domain.addresses import normalise
from tracker.domain.codes import UserRole
from tracker.domain.errors import LimitError, UsageError
from tracker.log import log
from tracker.store import limits, users
from tracker.store.database import Database, Session
from tracker.store.users import User

SHORTEST, LONGEST = 12, 200
"""Characters of a password."""

METHOD = "scrypt:32768:8:1"
NOBODY = f"{METHOD}$nobody${'0' * 128}"
"""No password has this hash; to compare with it takes as long as with a real one."""

WINDOW = timedelta(minutes=15)
TRIES_EACH = 8
TRIES_ON_A_NAME = 30
"""How often one address of the network may fail, and all of them together on one name, in this
window and the one before it.
"""

LONGEST_SIGN_IN = timedelta(hours=12)
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def add(
    database: Database,
    name: str,
    role: UserRole,
    password: str,
    now: datetime,
    address: str | None = None,
) -> None:
    """Add a member of staff, or take up again one who was removed. Raises UsageError."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name of a member of staff: write 1 to 40 small letters, digits, "
            "dots or strokes, such as ana.b"
        )
    hashed = _hash(name, password)
    normalised = normalise(address) if address else None
    with database.transaction() as session:
        known = users.find(session, name)
        if known is not None and known.active:
            raise UsageError(f"{name} is a member of staff already; `tracker user list` shows all")
        users.save(session, name, role, hashed, normalised, now)


def set_password(database: Database, name: str, password: str) -> None:
    """Give another password and end every sign-in with the old one. Raises UsageError."""
    hashed = _hash(name, password)
    with database.transaction() as session:
        users.set_password(session, _active(session, name), hashed)


def set_role(database: Database, name: str, role: UserRole) -> None:
    """Let somebody be editor or operator from now on. Raises UsageError on an unknown name."""
    with database.transaction() as session:
        users.set_role(session, _active(session, name), role)


def remove(database: Database, name: str) -> None:
    """Let somebody in no more, at once. Raises UsageError on an unknown name."""
    with database.transaction() as session:
        users.remove(session, _active(session, name))


def every(database: Database) -> list[User]:
    """All members of staff, also those who were removed."""
    with database.reading() as session:
        return users.every(session)


def count_try(database: Database, name: str, now: datetime, *, client: str) -> None:
    """Count a try to sign in from an address of the network. Raises LimitError on too many."""
    with database.transaction() as session:
        limits.forget_old(session, now)
        tries = [
            limits.count_recent(session, bucket, WINDOW, now) <= most
            for bucket, most in _buckets(name, client)
        ]
    if not all(tries):
        log.warning("too many tries to sign in")
        raise LimitError("too many tries to sign in; please wait half an hour")


def sign_in(
    database: Database, name: str, password: str, now: datetime, *, client: str
) -> str | None:
    """Sign somebody in after ``count_try``; return what their browser is to hold, or None."""
    with database.reading() as session:
        user = users.find(session, name)
    known = user.password_hash if user is not None and user.active else None
    right = check_password_hash(known or NOBODY, password[:LONGEST])
    if user is None or known is None or not right:
        return None
    with database.transaction() as session:
        for bucket, _ in _buckets(name, client):
            limits.forget(session, bucket)
        token = users.sign_in(session, user, now, LONGEST_SIGN_IN)
    log.info("signed in", user=user.name, role=user.role)
    return token


def signed_in(database: Database, token: str, now: datetime) -> User | None:
    """Who is signed in with this."""
    with database.reading() as session:
        return users.signed_in(session, token, now)


def sign_out(database: Database, token: str) -> None:
    """End a sign-in."""
    with database.transaction() as session:
        users.sign_out(session, token)


def _hash(name: str, password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters")
    if len(set(password)) < 5 or password.lower().startswith(name):
        raise UsageError("a password of few signs, or that begins with the name, is guessed soon")
    return generate_password_hash(password, METHOD)


def _active(session: Session, name: str) -> User:
    user = users.find(session, name)
    if user is None or not user.active:
        raise UsageError(f"there is no member of staff {name!r}; `tracker user list` shows all")
    return user


def _buckets(name: str, client: str) -> tuple[tuple[str, int], ...]:
    """Names are kept as hashes: a password is easily typed into the wrong field."""
    hashed = hashlib.sha256(name.encode()).hexdigest()[:24]
    return (
        (f"sign-in:{limits.network(client)}", TRIES_EACH),
        (f"sign-in-name:{hashed}", TRIES_ON_A_NAME),
    )
