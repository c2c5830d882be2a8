"""What a person may change in a record, and what such a change was."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date as Day
from enum import StrEnum
from typing import Any, TypeVar

from tracker.domain.codes import (
    Act,
    Authority,
    Extent,
    Level,
    Modality,
    Novelty,
    Precision,
    ReactionKind,
    Track,
    Trigger,
)
from tracker.domain.errors import UsageError
from tracker.domain.model import Call, Reaction, Stance, TopicCode

Record = TypeVar("Record", bound=Stance | Reaction | Call)
Read = Callable[[str], Any]


def _code(codes: type[StrEnum]) -> Read:
    def read(text: str) -> StrEnum:
        try:
            return codes(text)
        except ValueError:
            raise ValueError(f"one of {', '.join(code.value for code in codes)}") from None

    return read


def _day(text: str) -> Day:
    try:
        return Day.fromisoformat(text)
    except ValueError:
        raise ValueError("a date such as 2020-06-08") from None


def _direction(text: str) -> int:
    if text.lstrip("+-") not in {"0", "1", "2", "3"}:
        raise ValueError("a whole number from -3 to 3")
    return int(text)


def _text(text: str) -> str:
    return text.strip()


EDITABLE: Mapping[str, Read] = {
    "act": _code(Act),
    "reaction": _code(ReactionKind),
    "topic": TopicCode,
    "direction": _direction,
    "date": _day,
    "precision": _code(Precision),
    "effective_date": _day,
    "deadline": _day,
    "brand": _text,
    "scope": _text,
    "summary": _text,
    "asked": _text,
    "speaker": _text,
    "speaker_role": _text,
    "authority": _code(Authority),
    "trigger": _code(Trigger),
    "extent": _code(Extent),
    "term": _text,
    "track": _code(Track),
    "matter": _text,
    "level": _code(Level),
    "novelty": _code(Novelty),
    "modality": _code(Modality),
    "note": _text,
}
"""Fields a person may set, and how each is read. An empty text clears an optional field."""

REQUIRED = frozenset(
    {
        "act",
        "reaction",
        "topic",
        "date",
        "precision",
        "level",
        "asked",
        "trigger",
        "novelty",
        "modality",
    }
)


def apply_edits(record: Record, edits: Mapping[str, str]) -> Record:
    """Return the record with the edits made; raises UsageError that names field and mend."""
    known = {field.name for field in fields(record)}
    values: dict[str, Any] = {}
    for name, text in edits.items():
        if name not in EDITABLE or name not in known:
            able = ", ".join(sorted(known & EDITABLE.keys()))
            raise UsageError(f"{name!r} cannot be set here; these can: {able}")
        values[name] = _read(name, text)
    if "topic" in values and "topics" in known:
        values["topics"] = (values["topic"],)
    return replace(record, **values)


def _read(name: str, text: str) -> Any:
    if text == "" and name not in REQUIRED:
        return None
    try:
        return EDITABLE[name](text)
    except ValueError as error:
        raise UsageError(f"{name}: {text!r} is not {error}") from None


def changes_between(before: Record, after: Record) -> dict[str, list[str | None]]:
    """Each field that differs, as it was and as it is, in plain texts."""
    return {
        field.name: [_plain(getattr(before, field.name)), _plain(getattr(after, field.name))]
        for field in fields(before)
        if getattr(before, field.name) != getattr(after, field.name)
    }


TOLD = (
    "brand",
    "topic",
    "act",
    "reaction",
    "date",
    "effective_date",
    "deadline",
    "scope",
    "term",
    "asked",
    "speaker",
)
"""Fields whose change corrects what readers were told; the others are our own notes."""

WORSE = frozenset({Level.DISPUTED, Level.UNCONFIRMED})


def amendment(before: Record, after: Record) -> tuple[str, str] | None:
    """What a public record said and what it says now, where readers must know; else None."""
    changed = changes_between(before, after)
    told = [name for name in TOLD if name in changed]
    if "level" in changed and after.level in WORSE:
        told.append("level")
    if not told:
        return None
    was, now = (
        "; ".join(f"{_words(name)}: {_words(changed[name][side])}" for name in told)
        for side in (0, 1)
    )
    return was, now


def _words(code: str | None) -> str:
    return code.replace("_", " ") if code else "none"


def _plain(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return str(value)
