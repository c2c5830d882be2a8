"""Promises that can be tested, each with every step that it ever took."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Origin, Precision, ReviewState
from tracker.domain.model import (
    Commitment,
    CommitmentId,
    CommitmentStep,
    StanceId,
    TopicCode,
)
from tracker.domain.outcomes import CommitmentState
from tracker.store.schema import CommitmentRow, CommitmentStepRow, OrganisationRow
from tracker.store.stances import first_free

PLAIN = (
    "brand",
    "topic",
    "promised",
    "scope",
    "date",
    "precision",
    "due",
    "due_precision",
    "condition",
    "review_state",
    "origin",
    "note",
)


def save(session: Session, commitment: Commitment, companies: Mapping[str, int]) -> None:
    """Add a commitment, or bring the stored one up to date; steps are only ever added.

    ``companies`` are row ids by slug.
    """
    row = session.get(CommitmentRow, commitment.id) or CommitmentRow(id=commitment.id)
    row.company_id, row.stance_id = companies[commitment.company], commitment.stance
    for field in PLAIN:
        setattr(row, field, getattr(commitment, field))
    session.add(row)
    row.steps.extend(_step_row(step) for step in commitment.steps[len(row.steps) :])
    session.flush()


def get(session: Session, commitment: CommitmentId) -> Commitment | None:
    """One commitment by its id."""
    row = session.get(CommitmentRow, commitment)
    return value(row) if row else None


def every(session: Session) -> list[Commitment]:
    """Every commitment, by the day it was made."""
    return [value(row) for row in session.scalars(_all())]


def of_companies(session: Session, slugs: Iterable[str]) -> list[Commitment]:
    """The commitments of these companies (slugs)."""
    query = _all().join(OrganisationRow, OrganisationRow.id == CommitmentRow.company_id)
    return [
        value(row) for row in session.scalars(query.where(OrganisationRow.slug.in_(list(slugs))))
    ]


def conditional(session: Session) -> list[Commitment]:
    """The commitments that hang on a condition."""
    query = _all().where(CommitmentRow.condition.is_not(None), CommitmentRow.due.is_(None))
    return [value(row) for row in session.scalars(query)]


def of_stance(session: Session, stance: StanceId) -> list[Commitment]:
    """The commitments that a stance made."""
    return [value(row) for row in session.scalars(_all().where(CommitmentRow.stance_id == stance))]


def free_id(session: Session, wanted: str) -> CommitmentId:
    """The wanted id, or the first one with a number behind it that nobody has."""
    taken = select(CommitmentRow.id).where(CommitmentRow.id.startswith(wanted))
    return CommitmentId(first_free(wanted, set(session.scalars(taken))))


def value(row: CommitmentRow) -> Commitment:
    """The row as a value."""
    return Commitment(
        id=CommitmentId(row.id),
        company=row.company.slug,
        company_name=row.company.name,
        topic=TopicCode(row.topic),
        stance=StanceId(row.stance_id),
        promised=row.promised,
        date=row.date,
        steps=tuple(_step(step) for step in row.steps),
        brand=row.brand,
        precision=Precision(row.precision),
        scope=row.scope,
        due=row.due,
        due_precision=Precision(row.due_precision),
        condition=row.condition,
        review_state=ReviewState(row.review_state),
        origin=Origin(row.origin),
        note=row.note,
    )


def _all() -> Select[CommitmentRow]:
    return select(CommitmentRow).order_by(CommitmentRow.date, CommitmentRow.id)


def _step_row(step: CommitmentStep) -> CommitmentStepRow:
    return CommitmentStepRow(
        state=step.state,
        date=step.date,
        precision=step.precision,
        why=step.why,
        stance_id=step.stance,
        url=step.url,
        corrects=step.corrects,
    )


def _step(row: CommitmentStepRow) -> CommitmentStep:
    return CommitmentStep(
        state=CommitmentState(row.state),
        date=row.date,
        precision=Precision(row.precision),
        why=row.why,
        stance=StanceId(row.stance_id) if row.stance_id else None,
        url=row.url,
        corrects=row.corrects,
    )
