"""What changed with a stance: noted once, whatever comes later."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.alerting import Change
from tracker.domain.codes import ChangeKind, PositionWord
from tracker.domain.model import StanceId, TopicCode
from tracker.store.schema import ChangeRow, OrganisationRow, StanceRow


def note(
    session: Session, change: Change, now: datetime, beside: Collection[ChangeKind] = ()
) -> bool:
    """Note a change; False when it is known, or another change with this stance is.

    The stance counts together with those that were merged into it. ``beside`` are kinds of earlier
    changes that do not stand in the way: what a person decided later may move a position after all.
    """
    merged = select(StanceRow.id).where(StanceRow.merged_into == change.stance)
    known = session.execute(
        select(ChangeRow.key, ChangeRow.kind).where(
            (ChangeRow.stance_id == change.stance) | ChangeRow.stance_id.in_(merged)
        )
    ).all()
    if any(key == change.key or kind not in beside for key, kind in known):
        return False
    company = session.scalars(
        select(OrganisationRow.id).where(OrganisationRow.slug == change.company)
    ).one()
    session.add(
        ChangeRow(
            key=change.key,
            kind=change.kind,
            stance_id=change.stance,
            company_id=company,
            topic=change.topic,
            says_before=change.says[0],
            says_after=change.says[1],
            does_before=change.does[0],
            does_after=change.does[1],
            happened_on=change.happened_on,
            noticed_at=now,
        )
    )
    session.flush()
    return True


def of_stance(session: Session, stance: StanceId) -> Change | None:
    """What changed with a stance when it became public; None when it never was."""
    found = session.execute(
        select(ChangeRow, OrganisationRow.slug)
        .join(OrganisationRow, OrganisationRow.id == ChangeRow.company_id)
        .where(ChangeRow.stance_id == stance)
        .order_by(ChangeRow.noticed_at)
        .limit(1)
    ).first()
    if found is None:
        return None
    row, company = found
    return Change(
        key=row.key,
        kind=ChangeKind(row.kind),
        stance=stance,
        company=company,
        topic=TopicCode(row.topic),
        happened_on=row.happened_on,
        says=(PositionWord(row.says_before), PositionWord(row.says_after)),
        does=(PositionWord(row.does_before), PositionWord(row.does_after)),
    )
