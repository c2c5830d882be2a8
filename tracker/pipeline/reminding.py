"""Once a day: promises whose day has passed are overdue, and what ends soon is raised, once."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date as Day
from datetime import datetime, timedelta

from tracker.domain.calls import WAITING
from tracker.domain.changes import last_day
from tracker.domain.commitments import ends_soon, is_due_soon, notice_key, overdue_step, with_step
from tracker.domain.model import Call, Commitment, PositionSpan
from tracker.domain.outcomes import NoticeKind
from tracker.domain.position_steps import end_of_term
from tracker.pipeline.calling import plain
from tracker.pipeline.following import COMMITMENT
from tracker.pipeline.register import Register, load_register
from tracker.store import calls, commitments, facts, history, notices, positions
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.notices import Notice

BY = "the calendar"


def raise_what_is_due(database: Database, now: datetime) -> list[Notice]:
    """Mark promises overdue, and raise what ends soon; return what was raised now.

    A day that had passed before this installation began is written down and not raised.
    """
    today = now.date()
    with database.transaction() as session:
        write_alone(session)
        known = commitments.every(session)
        late = _mark_overdue(session, load_register(session), known, now)
        wanted = [_overdue(one) for one in late if _watched(session, one)]
        wanted += [_due_soon(one) for one in known if is_due_soon(one, today)]
        wanted += _pauses(_with_terms(session), today)
        wanted += _deadlines(calls.with_deadline(session, today), today)
        return notices.raise_once(session, wanted, now)


def _mark_overdue(
    session: Session, register: Register, known: Iterable[Commitment], now: datetime
) -> list[Commitment]:
    late = []
    for commitment in known:
        step = overdue_step(commitment, now.date())
        if step is None:
            continue
        moved = with_step(commitment, step)
        commitments.save(session, moved, register.ids)
        change = plain({"to": asdict(step)})
        history.note(
            session, COMMITMENT, moved.id, "moved", by=BY, now=now, change=change, why=step.why
        )
        facts.touch(session, now)
        late.append(moved)
    return late


def _watched(session: Session, late: Commitment) -> bool:
    """Whether its last day came after this installation began to watch."""
    begun = facts.fact(session, "installed_at")
    return begun is not None and late.now.date > datetime.fromisoformat(begun).date()


def _overdue(late: Commitment) -> Notice:
    return _of_commitment(late, NoticeKind.OVERDUE, late.now.date)


def _due_soon(running: Commitment) -> Notice:
    due = last_day(running.due or running.date, running.due_precision)
    return _of_commitment(running, NoticeKind.DEADLINE, due)


def _of_commitment(commitment: Commitment, kind: NoticeKind, day: Day) -> Notice:
    return Notice(
        key=notice_key(commitment, kind, day),
        kind=kind,
        company=commitment.company,
        happens_on=day,
        topic=commitment.topic,
        stance=commitment.stance,
        commitment=commitment.id,
    )


def _with_terms(session: Session) -> list[PositionSpan]:
    spans = positions.of_companies(session, positions.companies_with_terms(session))
    return [span for span in spans if span.until is None]


def _pauses(spans: Iterable[PositionSpan], today: Day) -> Iterator[Notice]:
    """Words that hold only until a day; one that was made longer has another day."""
    for span in spans:
        end = end_of_term(span.term)
        if end is None or span.stance is None or not ends_soon(end, today):
            continue
        yield Notice(
            key=f"{span.company}/{span.topic}/{NoticeKind.PAUSE_ENDS}/{end}",
            kind=NoticeKind.PAUSE_ENDS,
            company=span.company,
            happens_on=end,
            topic=span.topic,
            stance=span.stance,
        )


def _deadlines(asked: Iterable[Call], today: Day) -> Iterator[Notice]:
    """Deadlines of calls, for every target that has not answered in full."""
    for call in asked:
        soon = call.deadline is not None and today <= call.deadline <= today + timedelta(days=7)
        if not soon or call.deadline is None or not call.published:
            continue
        for target in call.targets:
            if target.now.status in WAITING:
                yield Notice(
                    key=f"{call.id}/{NoticeKind.DEADLINE}/{target.company}/{call.deadline}",
                    kind=NoticeKind.DEADLINE,
                    company=target.company,
                    happens_on=call.deadline,
                    topic=call.topic,
                    call=call.id,
                )
