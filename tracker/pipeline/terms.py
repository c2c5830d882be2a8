"""Terms of positions: what ran out, and what may be met, is put before a person (ledger R5)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date as Day
from datetime import datetime, timedelta

from tracker.domain.changes import PositionChange
from tracker.domain.codes import ChangeKind, PositionWord, Question, Track
from tracker.domain.errors import UsageError
from tracker.domain.model import PositionSpan, Stance, StanceId
from tracker.domain.position_steps import end_of_term
from tracker.domain.positions import word_on
from tracker.pipeline import conditions, ledger, merging
from tracker.pipeline.editor import Editor
from tracker.pipeline.publish import may_alert_of, tell_decision, telling_of
from tracker.pipeline.register import load_register
from tracker.store import commitments, facts, history, positions, reviews, stances
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.reviews import Review
from tracker.store.schema.ledger import RecordKind, ReviewKind


def turn_day(database: Database, now: datetime) -> int:
    """Let terms run out and deeds take effect, once a day (UTC); return how many companies may
    have changed. What ran out since the last turn, and conditions, are asked about.
    """
    today = now.date()
    with database.reading() as session:
        if facts.fact(session, "positions_as_of") == today.isoformat():
            return 0
    with database.transaction() as session:
        write_alone(session)
        as_of = facts.fact(session, "positions_as_of")
        since = Day.fromisoformat(as_of) if as_of else Day.min
        companies = {
            *positions.companies_with_terms(session),
            *(one.company for one in commitments.conditional(session)),
            *stances.companies_turning(session, min(since, today), max(since, today)),
        }
        ledger.refresh_positions(session, companies, now)
        if as_of:
            ask_what_ran_out(session, companies, since, now)
        conditions.ask_now_and_then(session, companies, now)
        facts.remember(session, "positions_as_of", today.isoformat())
    return len(companies)


def ask_what_ran_out(session: Session, companies: Iterable[str], after: Day, now: datetime) -> None:
    """Ask once about each term that ended after a day, and by today."""
    for span in positions.of_companies(session, companies):
        ran_out = span.change is ChangeKind.EXPIRED and after < span.since <= now.date()
        if ran_out and span.rests_on:
            _ask_about_end(session, span, now)


def _ask_about_end(session: Session, span: PositionSpan, now: datetime) -> None:
    stance, day = span.rests_on[-1], span.since.isoformat()
    if reviews.last_asked(session, stance, Question.EXPIRED, day) is not None:
        return
    reviews.ask(
        session,
        ReviewKind.STANCE,
        stance,
        [f"its term is over; from {day} on the position shows as unclear. Was it not extended?"],
        {"day": day, "topic": span.topic, "company": span.company},
        now,
        question=Question.EXPIRED,
        about=day,
    )
    history.note(
        session, RecordKind.STANCE, stance, "term ran out", by="clock", now=now, change={"day": day}
    )


def answer(session: Session, review: Review, editor: Editor, *, holds: bool) -> int:
    """Take a person's answer on a term; return how many mails are owed for it.

    A term that is over and was not extended is told of; a condition that is met ends the term.
    """
    if review.record is None or review.about is None:
        raise UsageError(f"review {review.id} names no term")
    stance = merging.standing(session, StanceId(review.record))
    if review.question is Question.CONDITION:
        _note(session, stance, "condition met" if holds else "condition not met", editor)
        if holds:
            _end_term(session, stance, editor)
        return 0
    _note(session, stance, "end of term confirmed" if holds else "end of term refused", editor)
    return _tell_end(session, stance, Day.fromisoformat(review.about), editor) if holds else 0


def _end_term(session: Session, stance: Stance, editor: Editor) -> None:
    """The condition of a term is met: it ends today. That of a promise alone ends nothing."""
    if stance.term in (None, "open") or end_of_term(stance.term) is not None:
        return
    register = load_register(session)
    ended = replace(stance, term=f"until {editor.now.date().isoformat()}")
    stances.save(session, ended, register.ids)
    ledger.refresh_positions(session, [stance.company], editor.now, register)


def _tell_end(session: Session, stance: Stance, day: Day, editor: Editor) -> int:
    spans = [
        span
        for span in positions.of_companies(session, [stance.company])
        if span.topic == stance.topic
    ]
    if not any(span.since == day and span.change is ChangeKind.EXPIRED for span in spans):
        return 0
    return tell_decision(
        session,
        load_register(session),
        stance,
        _change_of_end(spans, stance, day),
        telling_of(session, stance, editor),
        editor.now,
        may_alert=may_alert_of(session, stance),
        happened_on=day,
    )


def _change_of_end(spans: Sequence[PositionSpan], stance: Stance, day: Day) -> PositionChange:
    """What was the word of each track the day before, and is since the end of the term."""
    before = day - timedelta(days=1)

    def around(track: Track) -> tuple[PositionWord, PositionWord]:
        return (
            word_on(spans, track, before, stance.brand),
            word_on(spans, track, day, stance.brand),
        )

    return PositionChange(
        kind=ChangeKind.EXPIRED,
        company=stance.company,
        topic=stance.topic,
        says=around(Track.SAYS),
        does=around(Track.DOES),
        moved=True,
    )


def _note(session: Session, stance: Stance, action: str, editor: Editor) -> None:
    history.note(
        session,
        RecordKind.STANCE,
        stance.id,
        action,
        by=editor.name,
        now=editor.now,
        change={"term": stance.term},
        why=editor.why,
    )
