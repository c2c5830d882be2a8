"""A person looks at what the machine found, and says what is right."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tracker.domain.codes import CorrectionKind, Level, Question, ReviewState
from tracker.domain.edits import amendment, apply_edits, changes_between
from tracker.domain.errors import UsageError
from tracker.domain.model import (
    Call,
    CallId,
    Organisation,
    Reaction,
    ReactionId,
    Stance,
    StanceId,
)
from tracker.pipeline import indexing, ledger, relations, terms
from tracker.pipeline.correcting import Post, owe_corrections
from tracker.pipeline.editor import Editor
from tracker.pipeline.following import COMMITMENT, follow_call
from tracker.pipeline.outbox import OUTBOX
from tracker.pipeline.publish import may_alert_of, publish, telling_of
from tracker.pipeline.register import load_register
from tracker.pipeline.registering import KIND as ORGANISATION
from tracker.pipeline.registering import Added, enter, names_in
from tracker.pipeline.watched import difference_asked
from tracker.store import (
    calls,
    corrections,
    evidence,
    facts,
    history,
    merges,
    organisations,
    reactions,
    reviews,
    stances,
    topics,
)
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.reviews import Review
from tracker.store.schema.ledger import RecordKind, ReviewKind

RECORDS = frozenset({ReviewKind.STANCE, ReviewKind.REACTION, ReviewKind.CALL})
"""What is decided about these is written into the record; the other kinds are only answered."""


def list_waiting(
    database: Database, limit: int, kind: ReviewKind | None = None, skip: int = 0
) -> list[Review]:
    """What waits for a person, oldest first; with ``kind`` only what is about such records."""
    with database.reading() as session:
        return reviews.waiting(session, limit, kind, skip)


def accept(
    database: Database, number: int, editor: Editor, edits: Mapping[str, str] | None = None
) -> int:
    """Accept what a review asks, with changes if there are any; return how many mails are owed.

    Raises UsageError for an unknown number, one that is decided, or an edit that cannot be made.
    """
    with database.transaction() as session:
        write_alone(session)
        review = _open(session, number)
        state = ReviewState.EDITED if edits else ReviewState.ACCEPTED
        owed = _settle(session, review, state, editor, edits or {})
        reviews.decide(
            session, number, state, by=editor.name, now=editor.now, accepted=edits, why=editor.why
        )
        facts.touch(session, editor.now)
    return owed


def accept_name(database: Database, number: int, new: Organisation, editor: Editor) -> Added:
    """Enter the organisation that a finding waits for; the article is then read again."""
    with database.transaction() as session:
        write_alone(session)
        review = _open(session, number)
        if review.record is not None:
            raise UsageError(f"review {number} waits for no name; accept it as it is")
        names = names_in(review)
        named = new if new.name else replace(new, name=names[0] if names else "")
        added = enter(session, named, editor.name, editor.now)
        if _open_still(session, number):
            accepted = {"organisation": added.slug}
            reviews.decide(
                session,
                number,
                ReviewState.ACCEPTED,
                by=editor.name,
                now=editor.now,
                accepted=accepted,
                why=editor.why,
            )
    return added


def reject(database: Database, number: int, editor: Editor) -> None:
    """Reject what a review asks. A rejected record is no longer shown, and a mail that is still
    owed is not sent; a refused relation is not proposed again.
    """
    with database.transaction() as session:
        write_alone(session)
        review = _open(session, number)
        if review.question is not Question.RECORD:
            _ANSWERS[review.question](session, review, editor, holds=False)
        elif review.record is not None and review.kind in RECORDS:
            kind = RecordKind(review.kind)
            _write(session, kind, review.record, editor, ReviewState.REJECTED, {})
            if kind is RecordKind.STANCE:
                relations.close_all(session, StanceId(review.record), editor)
        reviews.decide(
            session, number, ReviewState.REJECTED, by=editor.name, now=editor.now, why=editor.why
        )
        facts.touch(session, editor.now)


def withdraw(database: Database, record: str, editor: Editor) -> None:
    """Take back a public record, whoever had accepted it; readers who were told hear of it."""
    with database.transaction() as session:
        write_alone(session)
        kind = _public(session, record)
        _write(session, kind, record, editor, ReviewState.REJECTED, {})
        if kind is RecordKind.STANCE:
            relations.close_all(session, StanceId(record), editor)
        facts.touch(session, editor.now)


def amend(database: Database, record: str, edits: Mapping[str, str], editor: Editor) -> None:
    """Correct a public record; readers who were told otherwise hear of it."""
    with database.transaction() as session:
        write_alone(session)
        _require_topic(session, edits)
        kind = _public(session, record)
        _accept(session, kind, record, ReviewState.EDITED, editor, edits)
        facts.touch(session, editor.now)


def _public(session: Session, record: str) -> RecordKind:
    """What kind of record bears this id. Raises UsageError when there is no public one."""
    found = {
        RecordKind.STANCE: stances.get(session, StanceId(record)),
        RecordKind.REACTION: reactions.get(session, ReactionId(record)),
        RecordKind.CALL: calls.get(session, CallId(record)),
    }
    for kind, one in found.items():
        if one is not None and one.published:
            return kind
    raise UsageError(f"there is no public record {record!r}; its page names it: /e/RECORD")


_ANSWERS = {
    Question.RELATION: relations.answer,
    Question.EXPIRED: terms.answer,
    Question.CONDITION: terms.answer,
}
"""Who takes the answer to each question that is not about a record as such."""


def _settle(
    session: Session,
    review: Review,
    state: ReviewState,
    editor: Editor,
    edits: Mapping[str, str],
) -> int:
    if review.question is not Question.RECORD or review.kind not in RECORDS:
        if edits:
            raise UsageError(f"review {review.id} asks yes or no: there is nothing to edit in it")
        answer = _ANSWERS.get(review.question)
        return answer(session, review, editor, holds=True) if answer else 0
    if review.record is None:
        names = ", ".join(names_in(review))
        raise UsageError(
            f"review {review.id} waits for a name that the register does not know: {names}. "
            f"`tracker review accept {review.id} --as company` (or another kind) enters it; "
            "or reject the review"
        )
    _require_topic(session, edits)
    kind = RecordKind(review.kind)
    owed = _accept(session, kind, review.record, state, editor, edits)
    if kind is RecordKind.STANCE:
        relations.refuse_likeness(session, StanceId(review.record), editor)
    return owed


def _open(session: Session, number: int) -> Review:
    review = reviews.get(session, number)
    if review is None:
        raise UsageError(f"there is no review {number}; see `tracker review list`")
    if review.decided_at is not None:
        raise UsageError(f"review {number} is decided: {review.decision} by {review.decided_by}")
    return review


def _open_still(session: Session, number: int) -> bool:
    review = reviews.get(session, number)
    return review is not None and review.decided_at is None


def _require_topic(session: Session, edits: Mapping[str, str]) -> None:
    if "topic" in edits and edits["topic"] not in topics.by_code(session):
        raise UsageError(f"{edits['topic']!r} is no topic; the codes are at /t")


def _accept(
    session: Session,
    kind: RecordKind,
    record: str,
    state: ReviewState,
    editor: Editor,
    edits: Mapping[str, str],
) -> int:
    written = _write(session, kind, record, editor, state, edits)
    if isinstance(written, Call):
        follow_call(session, load_register(session), written, editor.now)
    if not isinstance(written, Stance):
        return 0
    return publish(
        session,
        load_register(session),
        written,
        telling_of(session, written, editor),
        editor.now,
        may_alert=may_alert_of(session, written),
    )


def _write(
    session: Session,
    kind: RecordKind,
    record: str,
    editor: Editor,
    state: ReviewState,
    edits: Mapping[str, str],
) -> ledger.Record:
    """Write the record as the person wants it, and what they did into its history."""
    before = _load(session, kind, record)
    shown = state is not ReviewState.REJECTED
    # An accepted stance becomes public in `publish`, which compares positions before and after.
    published = shown and (before.published or not isinstance(before, Stance))
    after = replace(apply_edits(before, edits), review_state=state, published=published)
    _save(session, after)
    history.note(
        session,
        kind,
        record,
        state.value,
        by=editor.name,
        now=editor.now,
        change=changes_between(before, after),
        why=editor.why,
    )
    if before.published:
        _correct(session, kind, before, after, editor)
    if isinstance(after, Stance) and not shown:
        ledger.refresh_positions(session, [after.company], editor.now)
    indexing.index_records(session, kind, [record])
    return after


def _correct(
    session: Session, kind: RecordKind, before: ledger.Record, after: ledger.Record, editor: Editor
) -> None:
    """Record what readers may have been told otherwise, and owe them word of it."""
    amended = amendment(before, after)
    if not after.published or after.level is Level.RETRACTED:
        what, was, now = CorrectionKind.WITHDRAWN, None, None
    elif amended is not None:
        what, (was, now) = CorrectionKind.AMENDED, amended
    else:
        return
    corrections.add(session, what, (kind, before.id), editor.now, was=was, now=now, why=editor.why)
    owe_corrections(session, Post(editor.mail_domain, editor.now))


def _load(session: Session, kind: RecordKind, record: str) -> ledger.Record:
    found: ledger.Record | None
    if kind is RecordKind.STANCE:
        found = stances.get(session, StanceId(record))
    elif kind is RecordKind.REACTION:
        found = reactions.get(session, ReactionId(record))
    else:
        found = calls.get(session, CallId(record))
    if found is None:
        raise UsageError(f"there is no {kind} {record}")
    return found


def _save(session: Session, record: ledger.Record) -> None:
    ids = organisations.ids_by_slug(session)
    if isinstance(record, Stance):
        stances.save(session, record, ids)
    elif isinstance(record, Reaction):
        reactions.save(session, record, ids)
    else:
        calls.save(session, record, ids, organisations.slugs_by_name(session))


def describe(database: Database, number: int) -> dict[str, Any]:
    """Everything a person needs to decide: the record, its reasons, its quotes in their places."""
    with database.reading() as session:
        review = reviews.get(session, number)
        if review is None:
            raise UsageError(f"there is no review {number}; see `tracker review list`")
        return {
            "review": review.id,
            "kind": review.kind,
            "record": review.record,
            "question": review.question,
            "about": review.about,
            "reason": review.reason,
            "asked_at": review.asked_at.isoformat(),
            "decision": review.decision,
            "proposed": review.proposed,
            **_proof(session, review),
        }


def _proof(session: Session, review: Review) -> dict[str, Any]:
    """What a person looks at: the quotes of a record, or what a watched page said and says."""
    if review.record is None:
        return {"quotes": []}
    if review.kind is ReviewKind.SUBMISSION:
        return {}
    if review.kind in RECORDS:
        kind = RecordKind(review.kind)
        return {"quotes": evidence.quoted_in(session, kind, review.record)}
    return {"difference": difference_asked(session, review)}


def history_of(database: Database, record: str) -> list[tuple[str, history.Step]]:
    """Everything that was done to the records of that id, oldest first, with the kind of each.

    What was done to records that were merged into it belongs to it.
    """
    with database.reading() as session:
        own = StanceId(record)
        kinds = [*RecordKind, ORGANISATION, COMMITMENT, OUTBOX]
        steps = [(str(kind), step) for kind in kinds for step in history.of(session, kind, record)]
        for old in merges.former_ids(session, [own])[own]:
            before = history.of(session, RecordKind.STANCE, old)
            steps += [(f"{RecordKind.STANCE} {old}", step) for step in before]
    return sorted(steps, key=lambda found: found[1].at)
