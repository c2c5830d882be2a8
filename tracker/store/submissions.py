"""What readers sent in, each with a review that holds what a person decided."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import ReviewState, Sender
from tracker.store.schema import ReviewRow, SubmissionRow
from tracker.store.schema.ledger import ReviewKind


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody says is wrong or missing on a page of ours (``about`` is its path).

    ``source`` is a page that shows it, ``contact`` where to ask back; both may be missing.
    """

    about: str
    sender: Sender
    text: str
    source: str | None
    contact: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a submission; ``decision`` is None while it waits for a person."""

    number: int
    submission: Submission
    sent_at: datetime
    decision: ReviewState | None
    decided_at: datetime | None
    why: str | None


def add(session: Session, sent: Submission, now: datetime) -> str:
    """Keep a submission and put it into the review queue; return the token of its receipt."""
    row = SubmissionRow(
        token=secrets.token_urlsafe(24),
        about=sent.about,
        sender=sent.sender,
        text=sent.text,
        source=sent.source,
        contact=sent.contact,
        sent_at=now,
    )
    session.add(row)
    session.flush()
    session.add(
        ReviewRow(
            record_kind=ReviewKind.SUBMISSION,
            record_id=str(row.id),
            reason=f"a {sent.sender} sent in what is wrong or missing",
            proposed={
                "page": sent.about,
                "says": sent.text,
                "source": sent.source,
                "contact": sent.contact,
            },
            asked_at=now,
        )
    )
    session.flush()
    return row.token


def waiting_alike(session: Session, sent: Submission) -> str | None:
    """The token of the same text about the same page, if it waits already."""
    query = (
        select(SubmissionRow.token)
        .join(ReviewRow, ReviewRow.record_id == SubmissionRow.id.cast(ReviewRow.record_id.type))
        .where(
            ReviewRow.record_kind == ReviewKind.SUBMISSION,
            ReviewRow.decided_at.is_(None),
            SubmissionRow.about == sent.about,
            SubmissionRow.text == sent.text,
        )
        .limit(1)
    )
    return session.scalar(query)


def receipt(session: Session, token: str) -> Receipt | None:
    """What was sent in under this token, and what became of it; None when there is no such."""
    row = session.scalar(select(SubmissionRow).where(SubmissionRow.token == token))
    if row is None:
        return None
    review = session.scalars(
        select(ReviewRow).where(
            ReviewRow.record_kind == ReviewKind.SUBMISSION, ReviewRow.record_id == str(row.id)
        )
    ).one()
    return Receipt(
        number=row.id,
        submission=Submission(row.about, Sender(row.sender), row.text, row.source, row.contact),
        sent_at=row.sent_at,
        decision=ReviewState(review.decision) if review.decision else None,
        decided_at=review.decided_at,
        why=review.why,
    )
