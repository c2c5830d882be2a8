"""Rows of promises, each with where it stands and every step that it took."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known, Level, ReviewState
from tracker.domain.commitments import shown_by, standing_on
from tracker.domain.model import Commitment, StanceId
from tracker.store import commitments, reported
from tracker.store.exports.cut import Cut, Row, Wanted, in_parts
from tracker.store.schema import CommitmentRow, StanceRow


def commitment_rows(session: Session, cut: Cut) -> Iterator[Row]:
    """Every promise, by date and id; ``state`` is that of the day asked for."""
    query = select(CommitmentRow).join(StanceRow, StanceRow.id == CommitmentRow.stance_id)
    if cut.wanted is not Wanted.ALL:
        query = query.where(CommitmentRow.review_state != ReviewState.REJECTED)
    if cut.wanted is Wanted.PUBLIC:
        hidden = (Level.UNCONFIRMED, Level.RETRACTED)
        shown = (ReviewState.ACCEPTED, ReviewState.EDITED)
        query = query.where(StanceRow.published.is_(True), StanceRow.level.not_in(hidden))
        query = query.where(CommitmentRow.review_state.in_(shown))
    if cut.as_of is not None:
        query = query.where(CommitmentRow.date <= cut.as_of)
    later: set[StanceId] = set()
    if cut.known is Known.THEN:
        query = query.where(StanceRow.known_on <= cut.day)
        later = reported.told_later(session, cut.day)
    for some in in_parts(session, query.order_by(CommitmentRow.date, CommitmentRow.id)):
        for row in some:
            yield _row(shown_by(commitments.value(row), later), cut)


def _row(commitment: Commitment, cut: Cut) -> Row:
    now = standing_on(commitment, cut.day)
    head: Row = {
        "id": commitment.id,
        "company": commitment.company_name,
        "company_slug": commitment.company,
        "state": now.state,
        "since": now.date,
    }
    more = (
        "brand topic stance promised scope date precision due due_precision condition "
        "review_state origin note"
    )
    steps = [
        {name: getattr(step, name) for name in step.__slots__}
        for step in commitment.steps
        if cut.as_of is None or step.date <= cut.as_of
    ]
    return head | {name: getattr(commitment, name) for name in more.split()} | {"steps": steps}
