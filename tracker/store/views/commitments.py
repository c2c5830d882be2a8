"""Promises as pages show them: what was promised, until when, and where it stands on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracker.domain.changes import last_day
from tracker.domain.codes import ReviewState
from tracker.domain.commitments import RUNNING, standing_on
from tracker.domain.model import Commitment, CommitmentStep
from tracker.store import commitments
from tracker.store.schema import CommitmentRow, StanceRow
from tracker.store.views import lookup
from tracker.store.views.records import CompanyRef, Lens, TopicRef


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A promise with its state on the day asked for, and every step up to then.

    ``days_left`` counts to the last day; it is below zero when that has passed.
    """

    id: str
    company: CompanyRef
    brand: str | None
    topic: TopicRef
    stance: str
    promised: str
    scope: str | None
    date: Day
    precision: str
    due: Day | None
    due_precision: str
    condition: str | None
    state: str
    since: Day
    since_precision: str
    days_left: int | None
    level: str
    steps: tuple[CommitmentStep, ...]


def find(
    session: Session, lens: Lens, *, company: int | None = None, topic: str | None = None
) -> list[CommitmentLine]:
    """The promises that show through the lens; the next due first, then those without a day."""
    wanted: list[ColumnElement[bool]] = []
    if company is not None:
        wanted.append(CommitmentRow.company_id == company)
    if topic is not None:
        wanted.append(CommitmentRow.topic == topic)
    topics = lookup.topics(session)
    lines = [
        _line(row, level, topics[row.topic], lens.day)
        for row, level in _rows(session, lens, wanted)
    ]
    return sorted(lines, key=_order)


def _rows(
    session: Session, lens: Lens, more: Sequence[ColumnElement[bool]]
) -> list[tuple[CommitmentRow, str]]:
    rows = session.execute(
        select(CommitmentRow, StanceRow.level)
        .join(StanceRow, StanceRow.id == CommitmentRow.stance_id)
        .where(
            CommitmentRow.review_state.in_([ReviewState.ACCEPTED, ReviewState.EDITED]),
            CommitmentRow.date <= lens.day,
            StanceRow.published.is_(True),
            StanceRow.level.in_(lens.levels),
            *more,
        )
        .order_by(CommitmentRow.date, CommitmentRow.id)
    )
    return [(row, level) for row, level in rows]


def _line(row: CommitmentRow, level: str, topic: TopicRef, day: Day) -> CommitmentLine:
    one: Commitment = commitments.value(row)
    now = standing_on(one, day)
    last = last_day(one.due, one.due_precision) if one.due else None
    return CommitmentLine(
        id=one.id,
        company=CompanyRef(row.company_id, one.company, one.company_name),
        brand=one.brand,
        topic=topic,
        stance=one.stance,
        promised=one.promised,
        scope=one.scope,
        date=one.date,
        precision=one.precision,
        due=one.due,
        due_precision=one.due_precision,
        condition=one.condition,
        state=now.state,
        since=now.date,
        since_precision=now.precision,
        days_left=(last - day).days if last else None,
        level=level,
        steps=tuple(step for step in one.steps if step.date <= day),
    )


def _order(one: CommitmentLine) -> tuple[bool, Day, str]:
    """What runs comes first, by its day; then what is settled, the latest first is by its date."""
    running = one.state in {*RUNNING, "overdue", "partly_kept"}
    return not running, one.due or Day.max, one.id
