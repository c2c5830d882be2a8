"""What feeds and pages bring."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.domain.codes import (
    SourceKind,
)
from tracker.domain.model.identifiers import (
    EntryId,
    SourceId,
)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask 'has it changed?' with, byte for byte as it came."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Response:
    """Bytes as they came (inflated), and where from.

    ``url`` is the address that answered; ``moved_to`` is set when every redirect on the way was
    permanent (301 or 308). ``headers`` has lower-case names.
    """

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    validators: Validators = Validators()
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed, as published; texts are plain, ``summary`` and ``content`` safe HTML."""

    key: str
    url: str | None
    title: str
    summary: str = ""
    content: str = ""
    author: str = ""
    published: datetime | None = None
    published_raw: str = ""

    def __reduce__(self) -> tuple[type["Entry"], tuple[object, ...]]:
        """Say how it is made anew in another process: in half the time that dataclasses take."""
        return Entry, (
            self.key,
            self.url,
            self.title,
            self.summary,
            self.content,
            self.author,
            self.published,
            self.published_raw,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """The readable text of a page: furniture, hidden text and comments removed.

    ``licence`` is the address of a licence that the page itself names, ``original`` that of the
    article on another site which it says it is a copy of.
    """

    url: str
    title: str
    text: str
    language: str | None = None
    published: datetime | None = None
    licence: str | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """When a feed asks to be left alone (RSS 2.0): hours of the day in UTC, weekdays from 0."""

    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed. ``wait`` and ``skipped`` are what the feed itself asks of us (ttl, skipHours).

    ``links`` are its own links by relation (self, hub, next, prev-archive …). A watched page has
    no entries; its own text is ``page``.
    """

    title: str
    entries: tuple[Entry, ...]
    wait: timedelta | None = None
    damaged: str | None = None
    page: Page | None = None
    skipped: Skipped = field(default_factory=Skipped)
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceToPoll:
    """A source whose turn has come.

    ``read_whole_at`` is when its body last came whole, ``window`` how long an item stays in it,
    ``distrusted`` says that its validators were caught lying, ``pushed`` that a hub tells us of
    news. ``broke_reader`` is the hash of a body that no reader survived, ``has_entries`` that it
    ever brought one.
    """

    id: SourceId
    url: str
    kind: SourceKind
    validators: Validators
    body_hash: str | None
    failures: int
    interval: timedelta
    moved_to: str | None = None
    moved_seen: int = 0
    read_whole_at: datetime | None = None
    distrusted: bool = False
    skipped: Skipped = field(default_factory=Skipped)
    window: timedelta | None = None
    failing_since: datetime | None = None
    untitled: bool = False
    pushed: bool = False
    broke_reader: str | None = None
    has_entries: bool = False


@dataclass(frozen=True, slots=True)
class EntryToRead:
    """A stored entry whose article is not read yet."""

    id: EntryId
    source: SourceId
    url: str | None
    title: str
    summary: str
    content: str
    published: datetime | None
    attempts: int
