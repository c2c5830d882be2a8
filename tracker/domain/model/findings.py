"""What an extractor reads, and what it claims."""

from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from tracker.domain.codes import (
    Act,
    Authority,
    Disposition,
    Extent,
    Modality,
    Novelty,
    Precision,
    QuoteField,
    ReactionKind,
    Track,
    Trigger,
)
from tracker.domain.model.identifiers import TopicCode


@dataclass(frozen=True, slots=True)
class Document:
    """What an extractor is given. ``published`` carries the publisher's offset where known."""

    id: str
    title: str
    text: str
    url: str | None = None
    published: datetime | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A verbatim piece of a document: ``document[field][start:end] == quote`` (code points)."""

    field: QuoteField
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """A proposed stance (interface.md, tracker extract)."""

    company: str
    topic: TopicCode
    act: Act
    span: Span
    confidence: float
    disposition: Disposition
    novelty: Novelty = Novelty.NEW
    modality: Modality = Modality.ASSERTED
    brand: str | None = None
    topics: tuple[TopicCode, ...] = ()
    direction: int | None = None
    date: Day | None = None
    precision: Precision | None = None
    effective_date: Day | None = None
    speaker: str | None = None
    speaker_role: str | None = None
    authority: Authority | None = None
    trigger: Trigger = Trigger.VOLUNTARY
    scope: str | None = None
    extent: Extent | None = None
    term: str | None = None
    track: Track | None = None
    matter: str | None = None
    more: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundReaction:
    """A proposed reaction; ``about`` holds names of companies."""

    actor: str
    actor_type: str
    reaction: ReactionKind
    about: tuple[str, ...]
    span: Span
    confidence: float
    disposition: Disposition
    topic: TopicCode | None = None
    speaker: str | None = None
    novelty: Novelty = Novelty.NEW
    date: Day | None = None
    more: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A proposed call; ``targets`` are named companies, ``target_class`` a class in words."""

    caller: str
    caller_type: str
    targets: tuple[str, ...]
    asked: str
    span: Span
    confidence: float
    disposition: Disposition
    target_class: str | None = None
    topic: TopicCode | None = None
    deadline: Day | None = None
    novelty: Novelty = Novelty.NEW
    date: Day | None = None
    more: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """All that an extractor claims of one document; nobody has believed it yet."""

    extractor: str
    announcements: tuple[Announcement, ...] = ()
    reactions: tuple[FoundReaction, ...] = ()
    calls: tuple[FoundCall, ...] = ()
