"""Who is owed word of what, when a mail is tried again, and what its subject says.

The rules are those of ux.md ("Mail") and promises 11 to 13.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any

from tracker.domain.codes import (
    Act,
    AlertKind,
    ChangeKind,
    Level,
    PositionWord,
    Precision,
    ReactionKind,
    Track,
)
from tracker.domain.model import AlertId, StanceId, Subscription, TopicCode

LONGEST_QUOTE = 300
"""Code points of a quote that may be shown (product.md, "What may be shown")."""

SUBJECT_LIMIT = 200
"""Code points of a subject; longer ones are cut between words."""

BUNDLE_FROM = 3
BUNDLE_WINDOW = timedelta(minutes=10)
BUNDLE_LIMIT = 20
STALE_AFTER = timedelta(hours=1)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 28
"""With the waits doubling up to six hours, the 28th try comes about five days after the first."""

SOFT_DAYS = 5
SOFT_WINDOW = timedelta(days=7)
"""Refused softly on so many days of this window, an address is suspended (promise 13)."""

NEW_STANCES = frozenset({ChangeKind.FIRST, ChangeKind.RECORDED})


@dataclass(frozen=True, slots=True)
class Change:
    """Something that subscribers may be owed word of; ``company`` is a slug."""

    key: str
    kind: ChangeKind
    stance: StanceId
    company: str
    topic: TopicCode
    happened_on: Day
    says: tuple[PositionWord, PositionWord] = (PositionWord.NO_STATEMENT,) * 2
    does: tuple[PositionWord, PositionWord] = (PositionWord.NO_STATEMENT,) * 2

    @property
    def alert_kind(self) -> AlertKind:
        """Whether the mail tells of a new stance or of a position that changed."""
        return AlertKind.STANCE if self.kind in NEW_STANCES else AlertKind.CHANGE


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


@dataclass(frozen=True, slots=True)
class StanceNews:
    """All that a mail on one stance shows, as it was known when the alert became owed.

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

    def to_json(self) -> dict[str, Any]:
        """Plain values for the payload of an alert."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        plain["date"] = self.date.isoformat()
        plain["moves"] = [_fields(move) for move in self.moves]
        plain["reactions"] = [_fields(reaction) for reaction in self.reactions]
        plain["found_at"] = self.found_at and self.found_at.isoformat()
        plain["checked_at"] = self.checked_at and self.checked_at.isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "StanceNews":
        """The news that ``to_json`` made plain, also that of a version with more or fewer fields.

        Raises KeyError, TypeError or ValueError when it is damaged.
        """
        known = {name: plain[name] for name in cls.__slots__ if name in plain}
        return cls(
            **{
                **known,
                "act": Act(plain["act"]),
                "change": ChangeKind(plain["change"]),
                "level": Level(plain["level"]),
                "date": Day.fromisoformat(plain["date"]),
                "precision": Precision(plain.get("precision", Precision.DAY)),
                "moves": tuple(_move(move) for move in plain.get("moves", ())),
                "reactions": tuple(_reaction(one) for one in plain.get("reactions", ())),
                "found_at": _moment(plain.get("found_at")),
                "checked_at": _moment(plain.get("checked_at")),
            }
        )


def wants(wish: Subscription, companies: Collection[str], topics: Collection[TopicCode]) -> bool:
    """Whether a wish matches: its company is one of these slugs and its topic one of these codes.

    ``companies`` are the slugs concerned on the day: the company, its brand, its owners.
    """
    return (wish.company is None or wish.company in companies) and (
        wish.topic is None or wish.topic in topics
    )


def matching(
    wishes: Iterable[Subscription], companies: Collection[str], topics: Collection[TopicCode]
) -> list[Subscription]:
    """The wishes that match."""
    return [wish for wish in wishes if wants(wish, companies, topics)]


def change_key(stance: StanceId, kind: ChangeKind) -> str:
    """Names what happened, so that nobody is told of it twice."""
    return f"{stance}/{kind.value}"


def message_id(seed: str, domain: str) -> str:
    """The same seed always gives the same Message-ID (RFC 5322, 3.6.4)."""
    return f"<{hashlib.sha256(seed.encode()).hexdigest()[:40]}@{domain}>"


def subject(news: StanceNews) -> str:
    """What changed, in one line (ux.md, "Mail"); what is not confirmed says so."""
    about = f"{_who(news)} on {_inside(news.topic)}"
    shifted = [move for move in news.moves if move.before is not move.after]
    mark = "" if news.level is Level.CONFIRMED else f" ({news.level.value})"
    if news.change in NEW_STANCES or not shifted:
        return _one_line(f"{about}: {act_words(news.act)}{mark}")
    return _one_line(f"{about} {_moved(shifted)}{mark}")


def subject_of_several(news: Sequence[StanceNews]) -> str:
    """The subject of a mail with a line for each change."""
    whom = list(dict.fromkeys(f"{_who(one)} on {_inside(one.topic)}" for one in news))
    shown = ", ".join(whom[:3]) + (f" and {len(whom) - 3} more" if len(whom) > 3 else "")
    return _one_line(f"{len(news)} changes: {shown}")


def act_words(act: Act) -> str:
    """An act as people read it."""
    return act.value.replace("_", " ")


def bundles(owed: Iterable[tuple[AlertId, datetime]], now: datetime) -> list[list[AlertId]]:
    """Which alerts of one subscriber, given oldest first, go out as one mail.

    Three or more that became owed within ten minutes do; so do those that had to wait for more
    than an hour (promise 12).
    """
    groups: list[list[tuple[AlertId, datetime]]] = []
    for alert in owed:
        if groups and _belongs(alert, groups[-1], now):
            groups[-1].append(alert)
        else:
            groups.append([alert])
    return [[alert for alert, _ in group] for group in groups if len(group) >= BUNDLE_FROM]


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many tries; None when it is time to give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    doublings: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def softly_refused_too_often(refusals: Iterable[datetime], now: datetime) -> bool:
    """Whether soft refusals fell on five days of the last seven (promise 13)."""
    days = {moment.date() for moment in refusals if now - moment <= SOFT_WINDOW}
    return len(days) >= SOFT_DAYS


def _who(news: StanceNews) -> str:
    if news.brand and news.brand != news.company:
        return f"{news.brand} ({news.company})"
    return news.company


def _inside(topic: str) -> str:
    """A topic's name inside a sentence; abbreviations such as AI stay as they are."""
    return topic[:1].lower() + topic[1:] if topic[1:2].islower() else topic


def _moved(moves: Sequence[Move]) -> str:
    steps = {(move.before_word, move.after_word) for move in moves}
    if len(moves) > 1 and len(steps) == 1:
        tracks = " and ".join(move.track.value for move in moves)
        return f"({tracks}): {moves[0].before_word} → {moves[0].after_word}"
    return "; ".join(f"({m.track.value}): {m.before_word} → {m.after_word}" for m in moves)


def _one_line(text: str) -> str:
    """No control characters, no line breaks: a subject must not start another header."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(flat) <= SUBJECT_LIMIT:
        return flat
    return flat[: SUBJECT_LIMIT - 1].rsplit(" ", 1)[0] + "…"


def _belongs(
    alert: tuple[AlertId, datetime], group: Sequence[tuple[AlertId, datetime]], now: datetime
) -> bool:
    if len(group) >= BUNDLE_LIMIT:
        return False
    close = alert[1] - group[0][1] <= BUNDLE_WINDOW
    return close or now - alert[1] > STALE_AFTER


def _fields(value: Move | ReactionNews) -> dict[str, str]:
    return {name: getattr(value, name) for name in value.__slots__}


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


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
