"""The vocabulary as values: sources bring entries, entries lead to articles, articles hold stances.

Times are aware and in UTC; a ``Day`` is a calendar day in the zone of the publisher. A stored
date with a coarser ``precision`` than a day is the first day of its range.
"""

import importlib
from typing import TYPE_CHECKING, Any

from tracker.domain.model.identifiers import (
    AlertId,
    ArticleId,
    CallId,
    CommitmentId,
    EntryId,
    OrganisationId,
    ReactionId,
    SnapshotId,
    SourceId,
    StanceId,
    StoryId,
    SubscriberId,
    SubscriptionId,
    TopicCode,
)
from tracker.domain.model.world import (
    Entry,
    EntryToRead,
    Feed,
    Page,
    Response,
    Skipped,
    SourceToPoll,
    Validators,
)

if TYPE_CHECKING:
    from tracker.domain.model.commitments import Commitment, CommitmentStep
    from tracker.domain.model.findings import (
        Announcement,
        Document,
        Findings,
        FoundCall,
        FoundReaction,
        Span,
    )
    from tracker.domain.model.ledger import (
        Call,
        CallTarget,
        Demand,
        DisputedFact,
        Evidence,
        Link,
        Reaction,
        Relation,
        Stance,
        TargetStatus,
    )
    from tracker.domain.model.mail import AlertToSend, Reason
    from tracker.domain.model.positions import PositionSpan, PositionStep
    from tracker.domain.model.register import (
        Host,
        Name,
        Organisation,
        Parent,
        Person,
        Registry,
        Source,
        Topic,
    )

__all__ = [
    "AlertId",
    "AlertToSend",
    "Announcement",
    "ArticleId",
    "Call",
    "CallId",
    "CallTarget",
    "Commitment",
    "CommitmentId",
    "CommitmentStep",
    "Demand",
    "DisputedFact",
    "Document",
    "Entry",
    "EntryId",
    "EntryToRead",
    "Evidence",
    "Feed",
    "Findings",
    "FoundCall",
    "FoundReaction",
    "Host",
    "Link",
    "Name",
    "Organisation",
    "OrganisationId",
    "Page",
    "Parent",
    "Person",
    "PositionSpan",
    "PositionStep",
    "Reaction",
    "ReactionId",
    "Reason",
    "Registry",
    "Relation",
    "Response",
    "Skipped",
    "SnapshotId",
    "Source",
    "SourceId",
    "SourceToPoll",
    "Span",
    "Stance",
    "StanceId",
    "StoryId",
    "SubscriberId",
    "SubscriptionId",
    "TargetStatus",
    "Topic",
    "TopicCode",
    "Validators",
]

LATER = ("commitments", "findings", "ledger", "mail", "positions", "register")
"""What polling does without: loaded when something of it is first asked for."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        for part in LATER:
            loaded = vars(importlib.import_module(f"{__name__}.{part}"))
            globals().update({known: loaded[known] for known in __all__ if known in loaded})
        return globals()[name]
