"""Testable promises of companies, and where each stands (codebook section 5)."""

from dataclasses import dataclass
from datetime import date as Day

from tracker.domain.codes import Origin, Precision, ReviewState
from tracker.domain.model.identifiers import CommitmentId, StanceId, TopicCode
from tracker.domain.outcomes import CommitmentState


@dataclass(frozen=True, slots=True)
class CommitmentStep:
    """Where a promise stood from a day on, why, and what shows it: a stance or a page.

    ``corrects`` says that the step before it was wrong.
    """

    state: CommitmentState
    date: Day
    precision: Precision = Precision.DAY
    why: str | None = None
    stance: StanceId | None = None
    url: str | None = None
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise that can be tested: who, what, how far, until when or on which condition.

    ``promised`` is in our words, ``scope`` in the company's. ``due`` is the first day of its range
    (``due_precision``). A proposed one waits for a person and is not shown.
    """

    id: CommitmentId
    company: str
    company_name: str
    topic: TopicCode
    stance: StanceId
    promised: str
    date: Day
    steps: tuple[CommitmentStep, ...]
    brand: str | None = None
    precision: Precision = Precision.DAY
    scope: str | None = None
    due: Day | None = None
    due_precision: Precision = Precision.DAY
    condition: str | None = None
    review_state: ReviewState = ReviewState.PROPOSED
    origin: Origin = Origin.EXTRACTED
    note: str | None = None

    @property
    def held(self) -> tuple[CommitmentStep, ...]:
        """The steps that hold, oldest first: one that was corrected is left out."""
        kept: list[CommitmentStep] = []
        for step in self.steps:
            if step.corrects and kept:
                kept.pop()
            kept.append(step)
        return tuple(kept)

    @property
    def now(self) -> CommitmentStep:
        """Where it stands."""
        return self.held[-1]

    @property
    def shown(self) -> bool:
        """Whether a person (or the starter data) holds it to be a promise."""
        return self.review_state in (ReviewState.ACCEPTED, ReviewState.EDITED)
