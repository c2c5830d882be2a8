"""The vocabulary as values: sources bring entries, entries lead to articles, articles hold stances.

Times are aware and in UTC; a ``Day`` is a calendar day in the zone of the publisher. A stored
date with a coarser ``precision`` than a day is the first day of its range.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Any, NewType

from tracker.domain.codes import (
    Act,
    AlertKind,
    Authority,
    CallStatus,
    ChangeKind,
    Disposition,
    EvidenceRole,
    EvidenceState,
    Extent,
    Level,
    Modality,
    NameKind,
    Novelty,
    OrganisationKind,
    Origin,
    PositionWord,
    Precision,
    QuoteField,
    ReactionKind,
    RelationKind,
    ReviewState,
    SourceKind,
    Tier,
    TopicKind,
    Track,
    Trigger,
)

OrganisationId = NewType("OrganisationId", int)
SourceId = NewType("SourceId", int)
EntryId = NewType("EntryId", int)
ArticleId = NewType("ArticleId", int)
SnapshotId = NewType("SnapshotId", int)
StoryId = NewType("StoryId", int)
AlertId = NewType("AlertId", int)
SubscriberId = NewType("SubscriberId", int)
SubscriptionId = NewType("SubscriptionId", int)
StanceId = NewType("StanceId", str)
ReactionId = NewType("ReactionId", str)
CallId = NewType("CallId", str)
TopicCode = NewType("TopicCode", str)


# --- the register: who and what -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """One more name of an organisation; ``until`` is the first day it no longer holds."""

    text: str
    kind: NameKind = NameKind.ALIAS
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Parent:
    """Who owns an organisation (a slug); ``until`` is the first day they no longer do."""

    slug: str
    since: Day | None = None
    until: Day | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company, advocacy group, union, regulator …; ``name`` is the canonical one."""

    slug: str
    name: str
    kind: OrganisationKind
    names: tuple[Name, ...] = ()
    parents: tuple[Parent, ...] = ()
    standalone: bool = False
    ambiguous: bool = False
    ambiguity: str | None = None
    focus: str | None = None
    domain: str | None = None
    country: str | None = None
    wikidata: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks for an organisation (its slug).

    The role holds from ``since`` until the day before ``until`` where these are known, else at
    the date of the event.
    """

    name: str
    organisation: str
    role: str | None = None
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """How far a host is trusted; an ``aggregator`` tells the stories of others again."""

    host: str
    tier: Tier
    aggregator: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A feed or page to watch, before it has ever been asked; ``organisation`` is a slug."""

    url: str
    title: str
    kind: SourceKind = SourceKind.FEED
    organisation: str | None = None
    person: str | None = None
    publisher_kind: str | None = None
    tier: Tier = Tier.WEAK
    language: str | None = None
    timezone: str | None = None
    licence: str | None = None
    verified: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Registry:
    """Every organisation and person that an extractor may recognise."""

    organisations: tuple[Organisation, ...]
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A code of the codebook, with the side that direction is measured against."""

    code: TopicCode
    slug: str
    group: str
    name: str
    covers: str
    cues: str
    excludes: str
    reference_side: str
    contested: bool
    kind: TopicKind
    practice: str


# --- the world: what feeds and pages bring -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask 'has it changed?' with, byte for byte as it came."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed. ``wait`` is how long the feed itself asks us to wait (ttl), if it does."""

    title: str
    entries: tuple[Entry, ...]
    wait: timedelta | None = None
    damaged: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The readable text of a page: furniture, hidden text and comments removed."""

    url: str
    title: str
    text: str
    language: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceToPoll:
    """A source whose turn has come."""

    id: SourceId
    url: str
    kind: SourceKind
    validators: Validators
    body_hash: str | None
    failures: int
    interval: timedelta
    moved_to: str | None = None
    moved_seen: int = 0


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


# --- what an extractor reads and claims ----------------------------------------------------------


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


# --- the ledger: what is recorded ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stance:
    """One act by one company on one matter at one time.

    ``company`` is a slug, ``company_name`` and ``brand`` are names; ``topic`` is the primary one
    and ``direction`` belongs to it. ``directions`` holds those of secondary topics that carry
    their own. ``term`` is None (durable), ``open``, ``until YYYY-MM-DD`` or ``until`` and a
    condition in words. ``scope`` is in the company's own words, ``summary`` in ours.
    """

    id: StanceId
    company: str
    company_name: str
    topic: TopicCode
    act: Act
    date: Day
    precision: Precision = Precision.DAY
    brand: str | None = None
    topics: tuple[TopicCode, ...] = ()
    direction: int | None = None
    directions: Mapping[TopicCode, int] = field(default_factory=dict)
    effective_date: Day | None = None
    first_reported: Day | None = None
    first_seen: datetime | None = None
    scope: str | None = None
    summary: str | None = None
    speaker: str | None = None
    speaker_role: str | None = None
    authority: Authority | None = None
    trigger: Trigger = Trigger.VOLUNTARY
    extent: Extent | None = None
    term: str | None = None
    track: Track | None = None
    matter: str | None = None
    joint_id: str | None = None
    novelty: Novelty = Novelty.NEW
    modality: Modality = Modality.ASSERTED
    disposition: Disposition = Disposition.REVIEW
    confidence: float | None = None
    level: Level = Level.REPORTED
    review_state: ReviewState = ReviewState.PROPOSED
    origin: Origin = Origin.EXTRACTED
    published: bool = False
    extractor: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """One actor's answer to a stance (``stance``) or to a practice; ``about`` holds slugs."""

    id: ReactionId
    actor_name: str
    actor_type: str
    reaction: ReactionKind
    about: tuple[str, ...] = ()
    actor: str | None = None
    affiliate: str | None = None
    speaker: str | None = None
    stance: StanceId | None = None
    practice: str | None = None
    topic: TopicCode | None = None
    summary: str | None = None
    date: Day | None = None
    precision: Precision = Precision.DAY
    call: CallId | None = None
    target_class: str | None = None
    novelty: Novelty = Novelty.NEW
    disposition: Disposition = Disposition.REVIEW
    confidence: float | None = None
    level: Level = Level.REPORTED
    review_state: ReviewState = ReviewState.PROPOSED
    origin: Origin = Origin.EXTRACTED
    published: bool = False
    extractor: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """Where a target stood from a day on, and the stances that answered."""

    status: CallStatus
    date: Day | None = None
    precision: Precision = Precision.DAY
    answered_by: tuple[StanceId, ...] = ()


@dataclass(frozen=True, slots=True)
class CallTarget:
    """A named addressee of a call (a slug), with its present status and the earlier ones."""

    company: str
    company_name: str
    now: TargetStatus
    history: tuple[TargetStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A demand on named companies; one status per target (codebook section 4)."""

    id: CallId
    callers: tuple[str, ...]
    caller_type: str
    asked: str
    date: Day
    targets: tuple[CallTarget, ...] = ()
    precision: Precision = Precision.DAY
    asked_act: Act | None = None
    topic: TopicCode | None = None
    topics: tuple[TopicCode, ...] = ()
    target_class: str | None = None
    deadline: Day | None = None
    channel: str | None = None
    delivered_on: Day | None = None
    delivery_proof: str | None = None
    public_url: str | None = None
    withdrawn_on: Day | None = None
    reaction: ReactionId | None = None
    disposition: Disposition = Disposition.REVIEW
    confidence: float | None = None
    level: Level = Level.REPORTED
    review_state: ReviewState = ReviewState.PROPOSED
    origin: Origin = Origin.EXTRACTED
    published: bool = False
    extractor: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim span of a snapshot that supports a record; offsets count code points."""

    snapshot: SnapshotId
    span: Span
    role: EvidenceRole = EvidenceRole.REPORT
    state: EvidenceState = EvidenceState.INTACT


@dataclass(frozen=True, slots=True)
class Link:
    """A page that carries a record without a stored quote ('source only')."""

    url: str
    host: str
    tier: Tier | None = None
    seen: bool | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """From one stance to an earlier one; reverses and contradicts wait for a person."""

    kind: RelationKind
    stance: StanceId
    to: StanceId
    decided: bool = True


# --- positions: derived, never typed in ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PositionStep:
    """One stance that began or kept a word, and what held from its day on (ledger R2).

    ``stance`` is None where a term ran out.
    """

    date: Day
    stance: StanceId | None
    change: ChangeKind
    term: str | None = None
    scope: str | None = None
    compelled: bool = False
    rests_on: tuple[StanceId, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionSpan:
    """One word of one track between two days; ``until`` is the first day it no longer holds.

    ``stance`` is the one that began the word, ``change`` what its coming did to the position.
    ``last_evidence`` is the day of the latest stance that kept it. ``steps`` are the stances that
    began and kept the word, in order; term, scope and the like are those of the last one.
    """

    company: str
    topic: TopicCode
    track: Track
    word: PositionWord
    since: Day
    until: Day | None
    change: ChangeKind
    stance: StanceId | None
    before: PositionWord = PositionWord.NO_STATEMENT
    precision: Precision = Precision.DAY
    last_evidence: Day | None = None
    scope: str | None = None
    term: str | None = None
    compelled: bool = False
    brand: str | None = None
    rests_on: tuple[StanceId, ...] = ()
    steps: tuple[PositionStep, ...] = ()


# --- mail ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants to hear of what: a company (slug), a topic, both, or everything."""

    id: SubscriptionId
    subscriber: SubscriberId
    company: str | None = None
    topic: TopicCode | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a mail is owed: a wish in words, and the token that ends it."""

    wish: str
    token: str


@dataclass(frozen=True, slots=True)
class AlertToSend:
    """A leased row of the outbox, ready to be composed; ``payload`` is what was known then.

    ``token`` opens the subscriber's own page; ``also`` are the alerts that go out in this mail.
    Address and token are left out of its repr, which may stand in a log.
    """

    id: AlertId
    kind: AlertKind
    address: str = field(repr=False)
    change: str
    payload: Mapping[str, Any] = field(repr=False)
    attempts: int
    created: datetime
    token: str = field(repr=False)
    message_id: str
    stance: StanceId | None = None
    leased_until: datetime | None = None
    reasons: tuple[Reason, ...] = field(default=(), repr=False)
    also: tuple["AlertToSend", ...] = field(default=(), repr=False)
