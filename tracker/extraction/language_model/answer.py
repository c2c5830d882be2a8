"""What the model says, read strictly: right types, known codes, nothing else."""

import json
from dataclasses import dataclass, field
from typing import Any

from tracker.domain.codes import Act, Novelty, ReactionKind
from tracker.domain.model import TopicCode
from tracker.extraction.language_model.asking import LanguageModelError
from tracker.extraction.topics import codes

MOST_RECORDS = 60


@dataclass(frozen=True, slots=True)
class Claim:
    """One record as the model claims it; ``kind`` is announcements, reactions or calls."""

    kind: str
    sentence: int
    quote: str
    actor: str
    code: str = ""
    others: tuple[str, ...] = ()
    topic: TopicCode | None = None
    novelty: Novelty = Novelty.NEW
    speaker: str | None = None
    asked: str = ""


@dataclass(slots=True)
class Claims:
    """The claims that can be read, and the number of those that cannot."""

    kept: list[Claim] = field(default_factory=list)
    dropped: int = 0


def read(text: str) -> Claims:
    """Every claim with a known code. Raises LanguageModelError when it is no JSON object."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LanguageModelError("the language model's answer is not JSON") from error
    if not isinstance(row, dict):
        raise LanguageModelError("the language model's answer is not a JSON object")
    claims = Claims()
    for kind, make in (
        ("announcements", _announcement),
        ("reactions", _reaction),
        ("calls", _call),
    ):
        listed = row.get(kind, [])
        for each in listed[:MOST_RECORDS] if isinstance(listed, list) else []:
            try:
                claims.kept.append(make(each))
            except (KeyError, TypeError, ValueError):
                claims.dropped += 1
    return claims


def _announcement(row: dict[str, Any]) -> Claim:
    return Claim(
        "announcements",
        _number(row),
        _words(row["quote"]),
        _words(row["company"]),
        Act(row["act"]).value,
        topic=_topic(row["topic"]),
        novelty=Novelty(row.get("status", "new")),
        speaker=_words(row["speaker"]) if row.get("speaker") else None,
    )


def _reaction(row: dict[str, Any]) -> Claim:
    return Claim(
        "reactions",
        _number(row),
        _words(row["quote"]),
        _words(row["actor"]),
        ReactionKind(row["reaction"]).value,
        tuple(_words(each) for each in row["about"]),
        topic=_topic(row["topic"]) if row.get("topic") else None,
        novelty=Novelty(row.get("status", "new")),
    )


def _call(row: dict[str, Any]) -> Claim:
    return Claim(
        "calls",
        _number(row),
        _words(row["quote"]),
        _words(row["caller"]),
        others=tuple(_words(each) for each in row["targets"]),
        topic=_topic(row["topic"]) if row.get("topic") else None,
        asked=_words(row["asked"]),
    )


def _number(row: dict[str, Any]) -> int:
    number = row["sentence"]
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError("sentence must be a number")
    return number


def _words(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("words are missing")
    return value.strip()


def _topic(value: object) -> TopicCode:
    if value not in codes():
        raise ValueError("unknown topic")
    return TopicCode(str(value))
