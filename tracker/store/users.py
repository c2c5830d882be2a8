"""Members of staff, and who of them is signed in."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.domain.codes import UserRole
from tracker.store.schema import SignInRow, UserRow

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class User:
    """A member of staff; ``password_hash`` is None for one who cannot sign in."""

    id: int
    name: str
    role: UserRole
    address: str | None
    active: bool
    created_at: datetime
    last_seen_at: datetime | None
    password_hash: str | None = field(default=None, repr=False)


def find(session: Session, name: str) -> User | None:
    """The member of staff of this name, also one who was removed."""
    row = _row(session, name)
    return _value(row) if row else None


def every(session: Session) -> list[User]:
    """All members of staff by name, also those who were removed."""
    return [_value(row) for row in session.scalars(select(UserRow).order_by(UserRow.name))]


def save(
    session: Session,
    name: str,
    role: UserRole,
    password_hash: str,
    address: str | None,
    now: datetime,
) -> None:
    """Add a member of staff, or take up again one who was removed."""
    row = _row(session, name)
    if row is None:
        row = UserRow(name=name, created_at=now)
        session.add(row)
    row.role, row.password_hash, row.active = role, password_hash, True
    row.address = address or row.address


def set_role(session: Session, user: User, role: UserRole) -> None:
    """Let them do something else from now on."""
    session.get_one(UserRow, user.id).role = role


def set_password(session: Session, user: User, password_hash: str) -> None:
    """Give them another password; whoever is signed in with the old one no longer is."""
    session.get_one(UserRow, user.id).password_hash = password_hash
    _sign_out_everywhere(session, user)


def remove(session: Session, user: User) -> None:
    """Let them in no more; the name stays theirs, for it stands in the history of records."""
    row = session.get_one(UserRow, user.id)
    row.active, row.password_hash = False, None
    _sign_out_everywhere(session, user)


def sign_in(session: Session, user: User, now: datetime, length: timedelta) -> str | None:
    """Begin a sign-in; return what the browser is to hold. None if the password has changed
    since ``user`` was read.
    """
    row = session.get(UserRow, user.id, populate_existing=True)
    if row is None or not row.active or row.password_hash != user.password_hash:
        return None
    session.execute(delete(SignInRow).where(SignInRow.ends_at <= now))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(SignInRow(key=_key(token), user_id=row.id, began_at=now, ends_at=now + length))
    row.last_seen_at = now
    return token


def signed_in(session: Session, token: str, now: datetime) -> User | None:
    """Who is signed in with this."""
    row = session.scalar(
        select(UserRow)
        .join(SignInRow, SignInRow.user_id == UserRow.id)
        .where(SignInRow.key == _key(token), SignInRow.ends_at > now, UserRow.active)
    )
    return _value(row) if row else None


def sign_out(session: Session, token: str) -> None:
    """End a sign-in; to do so again changes nothing."""
    session.execute(delete(SignInRow).where(SignInRow.key == _key(token)))


def _sign_out_everywhere(session: Session, user: User) -> None:
    session.execute(delete(SignInRow).where(SignInRow.user_id == user.id))


def _key(token: str) -> str:
    """What is stored: who reads the database cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _row(session: Session, name: str) -> UserRow | None:
    return session.scalar(select(UserRow).where(UserRow.name == name))


def _value(row: UserRow) -> User:
    return User(
        id=row.id,
        name=row.name,
        role=UserRole(row.role),
        address=row.address,
        active=row.active,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        password_hash=row.password_hash,
    )
