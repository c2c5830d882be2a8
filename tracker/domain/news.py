"""What a mail shows, as it was known when the alert became owed; kept as plain JSON values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date as Day
from datetime import datetime
from typing import Any, Self, TypeVar

from tracker.domain.codes import (
    Act,
    AlertKind,
    ChangeKind,
    CorrectionKind,
    Level,
    PositionWord,
    Precision,
    ReactionKind,
    Track,
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Move:
    """What one track was and is now, as codes and in the words of the topic's kind."""

    track: Track
    before: PositionWord
    after: PositionWord
    before_word: str
    after_word: str


@dataclass(frozen=True, slots=True)
class ReactionNews:
    """One line on who answered and how; ``text`` follows the actor's name."""

    reaction: ReactionKind
    actor: str
    text: str


class _Plain:
    """Turns news into plain values and back."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values for the payload of an alert."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The news that ``to_json`` made plain, also that of a version with more or fewer fields.

        Raises KeyError, TypeError or ValueError when it is damaged.
        """
        names = [one.name for one in fields(cls) if one.name in plain]  # type: ignore[arg-type]
        return cls(**{name: READ.get(name, _as_it_is)(plain[name]) for name in names})


@dataclass(frozen=True, slots=True)
class StanceNews(_Plain):
    """All that a mail on one stance shows.

    ``company``, ``brand`` and ``topic`` are names; ``summary`` is one line in our words;
    ``path`` leads to the event on our pages ("/e/ID"); ``sources`` counts independent ones;
    ``found_in`` is the title of the feed that brought it, ``found_at`` when (UTC).
    """

    company: str
    topic: str
    act: Act
    change: ChangeKind
    level: Level
    date: Day
    summary: str
    path: str
    precision: Precision = Precision.DAY
    brand: str | None = None
    moves: tuple[Move, ...] = ()
    quote: str | None = None
    speaker: str | None = None
    speaker_role: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    source_host: str | None = None
    sources: int = 1
    reactions: tuple[ReactionNews, ...] = ()
    found_in: str | None = None
    found_at: datetime | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordNews(_Plain):
    """All that a mail on a reaction, a call, an answer, a deadline or a silence shows.

    ``company`` names who it is about, ``actor`` who reacted or called. ``what`` is the code of
    the reaction or of a target's status. ``days`` counts a silence, for which ``sources`` were read
    until ``looked_at``; ``due`` is a day to come.
    """

    kind: AlertKind
    company: str
    summary: str
    path: str
    topic: str | None = None
    actor: str | None = None
    what: str | None = None
    level: Level | None = None
    date: Day | None = None
    precision: Precision = Precision.DAY
    due: Day | None = None
    days: int | None = None
    looked_at: datetime | None = None
    quote: str | None = None
    speaker: str | None = None
    speaker_role: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    source_host: str | None = None
    sources: int = 1
    found_in: str | None = None
    found_at: datetime | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CorrectionNews(_Plain):
    """What was told and no longer holds. ``told`` is the subject of the mail that told it.

    ``was`` and ``now`` are what the quote, or the record, said and says; ``why`` is the reason
    that was given. ``company`` and ``topic`` are names.
    """

    correction: CorrectionKind
    told: str
    company: str
    topic: str | None
    summary: str
    path: str
    noticed_at: datetime
    was: str | None = None
    now: str | None = None
    why: str | None = None
    source_url: str | None = None


News = StanceNews | RecordNews | CorrectionNews


def read(kind: AlertKind, plain: Mapping[str, Any]) -> News:
    """The news in the payload of an alert. Raises KeyError, TypeError or ValueError on damage."""
    if kind is AlertKind.CORRECTION:
        return CorrectionNews.from_json(plain)
    if kind in (AlertKind.STANCE, AlertKind.CHANGE, AlertKind.AWAITING):
        return StanceNews.from_json(plain)
    return RecordNews.from_json(plain)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{one.name: getattr(item, one.name) for one in fields(item)} for item in value]
    return value.isoformat() if isinstance(value, Day) else value


def _move(plain: Mapping[str, str]) -> Move:
    return Move(
        Track(plain["track"]),
        PositionWord(plain["before"]),
        PositionWord(plain["after"]),
        plain["before_word"],
        plain["after_word"],
    )


def _reaction(plain: Mapping[str, str]) -> ReactionNews:
    return ReactionNews(ReactionKind(plain["reaction"]), plain["actor"], plain["text"])


def _as_it_is(value: Any) -> Any:
    return value


def _if_given(read: Callable[[str], Value]) -> Callable[[str | None], Value | None]:
    return lambda text: read(text) if text else None


def _each(read: Callable[[Any], Value]) -> Callable[[Any], tuple[Value, ...]]:
    return lambda items: tuple(read(item) for item in items)


READ: Mapping[str, Callable[[Any], Any]] = {
    "act": Act,
    "change": ChangeKind,
    "checked_at": _if_given(datetime.fromisoformat),
    "correction": CorrectionKind,
    "date": _if_given(Day.fromisoformat),
    "due": _if_given(Day.fromisoformat),
    "found_at": _if_given(datetime.fromisoformat),
    "kind": AlertKind,
    "level": _if_given(Level),
    "moves": _each(_move),
    "looked_at": _if_given(datetime.fromisoformat),
    "noticed_at": datetime.fromisoformat,
    "precision": Precision,
    "reactions": _each(_reaction),
}
"""How the plain value of a field is read; the others are plain already."""
