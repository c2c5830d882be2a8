"""The ledger: what is recorded, with its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime

from tracker.domain.codes import (
    Act,
    Authority,
    CallStatus,
    Disposition,
    EvidenceRole,
    EvidenceState,
    Extent,
    Level,
    Modality,
    Novelty,
    Origin,
    Precision,
    ReactionKind,
    RelationKind,
    ReviewState,
    Tier,
    Track,
    Trigger,
)
from tracker.domain.model.findings import (
    Span,
)
from tracker.domain.model.identifiers import (
    CallId,
    ReactionId,
    SnapshotId,
    StanceId,
    TopicCode,
)
from tracker.domain.outcomes import DemandKind


@dataclass(frozen=True, slots=True)
class Stance:
    """One act by one company on one matter at one time.

    ``company`` is a slug, ``company_name`` and ``brand`` are names; ``topic`` is the primary one
    and ``direction`` belongs to it. ``directions`` holds those of secondary topics that carry
    their own. ``term`` is None (durable), ``open``, ``until YYYY-MM-DD`` or ``until`` and a
    condition in words. ``scope`` is in the company's own words, ``summary`` in ours.
    ``merged_into`` names the record that stands for this one since an editor merged them.
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
    merged_into: StanceId | None = None
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
class Demand:
    """One thing that a call asks for; without a topic it is of any."""

    kind: DemandKind
    asked: str
    topic: TopicCode | None = None


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """Where a target stood from a day on, and the stances that answered.

    ``met`` are the places of the demands that are answered in full, from 1 on. ``corrects`` says
    that the status before it was wrong, and ``why``.
    """

    status: CallStatus
    date: Day | None = None
    precision: Precision = Precision.DAY
    answered_by: tuple[StanceId, ...] = ()
    met: tuple[int, ...] = ()
    corrects: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class CallTarget:
    """A named addressee of a call (a slug), with its present status and the earlier ones.

    ``of_class`` is the class in words that stands in the call, where the company itself does not.
    """

    company: str
    company_name: str
    now: TargetStatus
    history: tuple[TargetStatus, ...] = ()
    of_class: str | None = None

    @property
    def steps(self) -> tuple[TargetStatus, ...]:
        """The statuses that hold, oldest first: one that was corrected is left out."""
        held: list[TargetStatus] = []
        for step in (*self.history, self.now):
            if step.corrects and held:
                held.pop()
            held.append(step)
        return tuple(held)


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
    demands: tuple[Demand, ...] = ()
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
    """From one stance to an earlier one; reverses and contradicts wait for a person.

    ``decided_on`` is the day on which a person of this installation did; None where the starter
    data or an import brought the decision.
    """

    kind: RelationKind
    stance: StanceId
    to: StanceId
    decided: bool = True
    decided_on: Day | None = None


@dataclass(frozen=True, slots=True)
class DisputedFact:
    """What another report says of a fact of a stance (codebook section 6): both are kept."""

    field: str
    value: str
    url: str | None = None
