"""Which older texts of articles may go: nothing that is quoted, noted or compared is dropped."""

from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from tracker.store.schema import (
    ArticleCheckRow,
    CorrectionRow,
    EvidenceRow,
    FindingRow,
    PageChangeRow,
    SnapshotRow,
)
from tracker.store.schema.polling import WorkState

LEAN_ON = (
    EvidenceRow.snapshot_id,
    FindingRow.snapshot_id,
    ArticleCheckRow.snapshot_id,
    CorrectionRow.snapshot_id,
    PageChangeRow.before_id,
    PageChangeRow.after_id,
)
"""What refers to a text and would lose it."""


def drop_old_texts(session: Session, before: datetime) -> int:
    """Drop texts read before a moment that a newer one has followed and nothing leans on."""
    newest = select(func.max(SnapshotRow.id)).group_by(SnapshotRow.article_id)
    leaned_on = or_(*(SnapshotRow.id.in_(select(one).where(one.is_not(None))) for one in LEAN_ON))
    done = session.execute(
        delete(SnapshotRow).where(
            SnapshotRow.fetched_at < before,
            SnapshotRow.state == WorkState.DONE,
            SnapshotRow.id.not_in(newest),
            ~leaned_on,
        )
    )
    return int(getattr(done, "rowcount", 0))
