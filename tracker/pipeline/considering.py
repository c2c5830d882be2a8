"""What a person looks at before deciding: the record, its texts, what would move, what is alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from tracker.domain.changes import PositionChange, change_of
from tracker.domain.codes import Question, QuoteField, ReviewState
from tracker.domain.edits import EDITABLE
from tracker.domain.errors import UsageError
from tracker.domain.model import CallId, ReactionId, Span, Stance, StanceId, Topic
from tracker.domain.positions import positions_of
from tracker.domain.register import family_of
from tracker.pipeline.ledger import Record
from tracker.pipeline.register import Register, load_register
from tracker.pipeline.registering import names_in
from tracker.pipeline.review import RECORDS
from tracker.pipeline.watched import difference_asked
from tracker.store import calls, reactions, reading_room, reviews, stances
from tracker.store.database import Database, Session
from tracker.store.reading_room import QuotedText
from tracker.store.reviews import Review
from tracker.store.schema.ledger import RecordKind, ReviewKind

ALIKE = 12
"""How many known stances are shown beside a new one, the nearest in time."""


@dataclass(frozen=True, slots=True)
class Considered:
    """One question with all that helps to answer it.

    ``record`` is what was found, ``other`` the stance that it may be related to; ``moved`` is what
    accepting it would do to the position; ``names`` are those that the register does not know.
    """

    review: Review
    record: Record | None = None
    other: Stance | None = None
    texts: Sequence[QuotedText] = ()
    moved: PositionChange | None = None
    alike: Sequence[Stance] = ()
    names: Sequence[str] = ()
    difference: str = ""
    topics: Sequence[Topic] = ()
    after: int | None = None
    before: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def count_waiting(database: Database) -> dict[ReviewKind, int]:
    """How many questions wait about each kind of record."""
    with database.reading() as session:
        return reviews.count_by_kind(session)


def consider(database: Database, number: int, now: datetime) -> Considered:
    """Everything about one question. Raises UsageError for an unknown number."""
    with database.reading() as session:
        review = reviews.get(session, number)
        if review is None:
            raise UsageError(f"there is no review {number}")
        before, after = reviews.neighbours(session, review)
        found = Considered(review, before=before, after=after)
        if review.kind is ReviewKind.PAGE_CHANGE:
            return replace(found, difference=difference_asked(session, review))
        if review.kind not in RECORDS:
            return found
        if review.record is None:
            return replace(found, texts=_claimed(session, review), names=names_in(review))
        return _with_record(session, found, RecordKind(review.kind), review.record, now)


def _with_record(
    session: Session, found: Considered, kind: RecordKind, id_: str, now: datetime
) -> Considered:
    record = _load(session, kind, id_)
    if record is None:
        return found
    register = load_register(session)
    found = replace(
        found,
        record=record,
        texts=reading_room.texts_of(session, kind, id_),
        topics=sorted(register.topics.values(), key=lambda topic: topic.name),
        values=values_of(record) if found.review.question is Question.RECORD else {},
    )
    if not isinstance(record, Stance):
        return found
    known = stances.of_companies(session, family_of([record.company], register.organisations))
    other = next((one for one in known if one.id == found.review.about), None)
    return replace(
        found,
        other=other,
        alike=_alike(record, known),
        moved=_moved(session, register, record, known, now),
    )


def _moved(
    session: Session, register: Register, record: Stance, known: Sequence[Stance], now: datetime
) -> PositionChange | None:
    """What the position would be, beside what it is; None of a stance that is shown already."""
    if record.published:
        return None
    companies = family_of([record.company], register.organisations)
    relations = stances.relations_of_companies(session, companies)
    shown = replace(record, published=True, review_state=ReviewState.ACCEPTED)
    then = [shown if one.id == record.id else one for one in known]
    topics, day = register.topics.values(), now.date()
    is_now, would_be = (
        positions_of(some, relations, topics, day, registry=register.registry)
        for some in (known, then)
    )
    return change_of(is_now, would_be, shown)


def _alike(record: Stance, known: Sequence[Stance]) -> list[Stance]:
    """Known stances on the same matter, the nearest in time first: is it one of them?"""
    same = [
        one
        for one in known
        if one.id != record.id and one.topic == record.topic and one.merged_into is None
    ]
    return sorted(same, key=lambda one: (abs((one.date - record.date).days), one.id))[:ALIKE]


def values_of(record: Record) -> dict[str, str]:
    """The fields of a record that a person may set, as texts."""
    names = [one.name for one in fields(record) if one.name in EDITABLE]
    return {name: _text(getattr(record, name)) for name in names}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _load(session: Session, kind: RecordKind, id_: str) -> Record | None:
    if kind is RecordKind.STANCE:
        return stances.get(session, StanceId(id_))
    if kind is RecordKind.REACTION:
        return reactions.get(session, ReactionId(id_))
    return calls.get(session, CallId(id_))


def _claimed(session: Session, review: Review) -> list[QuotedText]:
    """The text of a claim that is no record yet, with the quotes of the claim."""
    snapshot = reviews.snapshot_of(session, review.id)
    if snapshot is None:
        return []
    told = review.proposed["span"]
    span = Span(QuoteField(told["field"]), told["start"], told["end"], told["quote"])
    return [reading_room.text_of(session, snapshot, [span])]
