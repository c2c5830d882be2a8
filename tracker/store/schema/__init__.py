"""The tables, one module per part of the vocabulary.

Those that polling works with are loaded at once; all others when one of them is first asked for,
then together, so that every key finds the table it points to: mapping them is a quarter of a start.
"""

import importlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData
from sqlalchemy.orm import configure_mappers

from tracker.store.schema.base import Base
from tracker.store.schema.polling import EntryRow, HeldHostRow, PushRow, SourceDayRow, SourceRow

if TYPE_CHECKING:
    from tracker.store.schema.checking import ArticleCheckRow, CorrectionRow, PageChangeRow
    from tracker.store.schema.following import (
        CallDemandRow,
        ClassMemberRow,
        CommitmentRow,
        CommitmentStepRow,
        NoticeRow,
        ProposalRow,
    )
    from tracker.store.schema.ledger import (
        CallCallerRow,
        CallRow,
        CallTargetRow,
        CallTargetStatusRow,
        CallTopicRow,
        EvidenceRow,
        LinkRow,
        ReactionAboutRow,
        ReactionRow,
        RelationRow,
        StanceRow,
        StanceTopicRow,
    )
    from tracker.store.schema.mail import (
        AddressChangeRow,
        AlertRow,
        DeliveryRow,
        HookAlertRow,
        HookRow,
        SubscriberRow,
        SubscriptionRow,
        WatchListRow,
    )
    from tracker.store.schema.operation import (
        FactRow,
        LeaseRow,
        LimitRow,
        SearchRow,
        SignInRow,
        SubmissionRow,
        UserRow,
    )
    from tracker.store.schema.register import (
        HostRow,
        OrganisationNameRow,
        OrganisationRow,
        ParentRow,
        PersonRow,
        TopicRow,
    )
    from tracker.store.schema.summaries import MonthCountRow, PositionVersionRow
    from tracker.store.schema.upkeep import (
        ChangeRow,
        DisputedFactRow,
        HistoryRow,
        MergeRow,
        PositionSpanRow,
        ReviewRow,
    )
    from tracker.store.schema.watching import BackfillRow, IncidentRow
    from tracker.store.schema.world import (
        ArticleRow,
        ArticleTermRow,
        FindingRow,
        SnapshotRow,
        StoryRow,
    )

__all__ = [
    "AddressChangeRow",
    "AlertRow",
    "ArticleCheckRow",
    "ArticleRow",
    "ArticleTermRow",
    "BackfillRow",
    "Base",
    "CallCallerRow",
    "CallDemandRow",
    "CallRow",
    "CallTargetRow",
    "CallTargetStatusRow",
    "CallTopicRow",
    "ChangeRow",
    "ClassMemberRow",
    "CommitmentRow",
    "CommitmentStepRow",
    "CorrectionRow",
    "DeliveryRow",
    "DisputedFactRow",
    "EntryRow",
    "EvidenceRow",
    "FactRow",
    "FindingRow",
    "HeldHostRow",
    "HistoryRow",
    "HookAlertRow",
    "HookRow",
    "HostRow",
    "IncidentRow",
    "LeaseRow",
    "LimitRow",
    "LinkRow",
    "MergeRow",
    "MonthCountRow",
    "NoticeRow",
    "OrganisationNameRow",
    "OrganisationRow",
    "PageChangeRow",
    "ParentRow",
    "PersonRow",
    "PositionSpanRow",
    "PositionVersionRow",
    "ProposalRow",
    "PushRow",
    "ReactionAboutRow",
    "ReactionRow",
    "RelationRow",
    "ReviewRow",
    "SearchRow",
    "SignInRow",
    "SnapshotRow",
    "SourceDayRow",
    "SourceRow",
    "StanceRow",
    "StanceTopicRow",
    "StoryRow",
    "SubmissionRow",
    "SubscriberRow",
    "SubscriptionRow",
    "TopicRow",
    "UserRow",
    "WatchListRow",
    "all_tables",
    "map_tables",
]

LATER = (
    "checking",
    "following",
    "ledger",
    "mail",
    "operation",
    "register",
    "summaries",
    "upkeep",
    "watching",
    "world",
)


def all_tables() -> MetaData:
    """Load every table that there is."""
    for part in LATER:
        importlib.import_module(f"{__name__}.{part}")
    return Base.metadata


def map_tables(*, whole: bool = True) -> None:
    """Load the tables, or only those of polling, and join their classes.

    Before any thread begins: none may meet tables that are half loaded.
    """
    if whole:
        all_tables()
    configure_mappers()


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        all_tables()
        mapped = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
        globals().update(mapped)
        return mapped[name]
