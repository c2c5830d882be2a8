"""The closed sets of codes for what becomes of calls and promises (ledger D, codebook 4 and 5)."""

from enum import StrEnum


class DemandKind(StrEnum):
    """The verb families of demands (ledger D)."""

    STOP = "stop"
    PAUSE = "pause"
    LIMIT = "limit"
    ADOPT = "adopt"
    DISCLOSE = "disclose"
    ANSWER = "answer"
    KEEP = "keep"
    BACK_LAW = "back_law"
    MEET = "meet"


class CommitmentState(StrEnum):
    """Where a promise stands (codebook section 5)."""

    NOT_DUE = "not_due"
    IN_PROGRESS = "in_progress"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    OVERDUE = "overdue"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    UNTESTABLE = "untestable"


class ProposalKind(StrEnum):
    """What a stance may mean for something else; a person decides each once."""

    ANSWER = "answer"
    """It may answer a call."""
    UNDONE = "undone"
    """It may undo the answer to a call."""
    STATE = "state"
    """It may change where a promise stands."""


class NoticeKind(StrEnum):
    """What is raised once, for people who asked to be told of it."""

    DEADLINE = "deadline"
    """The day until which something was promised is near."""
    PAUSE_ENDS = "pause_ends"
    """The day until which something was paused is near."""
    OVERDUE = "overdue"
    """That day has passed, and nothing on record shows that the promise was kept."""
    ANSWER = "answer"
    """A target of a call has a new status."""
    UNDONE = "undone"
    """The answer to a call was undone."""


class Verdict(StrEnum):
    """What a person said to a proposal."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
