"""What would have been told of answers, deadlines, silences and overdue promises."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date as Day

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain import looking_back
from tracker.domain.codes import ChangeKind, Level, Precision, Track
from tracker.domain.filters import Facts
from tracker.domain.happenings import facts_of_call, facts_of_stance
from tracker.domain.looking_back import Period
from tracker.domain.model import (
    Call,
    CallTarget,
    Commitment,
    Organisation,
    PositionSpan,
    Stance,
    StanceId,
    Topic,
    TopicCode,
)
from tracker.domain.position_steps import end_of_term
from tracker.domain.wishes import Happening, Occasion, Wish, wants
from tracker.store import calls, commitments, positions, stances
from tracker.store.schema import CallRow, PositionSpanRow


@dataclass(frozen=True, slots=True)
class Foretaste:
    """One thing that would have been told of, and on which day.

    ``code`` is its act, its reaction, its status, or what kind of date it is.
    """

    occasion: Occasion
    path: str
    date: Day
    precision: Precision
    company: str
    topic: str
    code: str
    level: Level
    summary: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """The register, and what each stance did to its company's position."""

    organisations: dict[str, Organisation]
    slugs: dict[str, str]
    topics: dict[TopicCode, Topic]
    changes: dict[StanceId, tuple[ChangeKind, frozenset[Track]]]

    @property
    def register(self) -> tuple[dict[str, Organisation], dict[TopicCode, Topic]]:
        """Organisations and topics."""
        return self.organisations, self.topics


def follow_ups(session: Session, wish: Wish, known: Known, period: Period) -> Iterator[Foretaste]:
    """What followed calls and promises in a time, as far as the wish asks for it."""
    if wish.occasions & {Occasion.ANSWER, Occasion.DEADLINE, Occasion.SILENCE}:
        rows = session.scalars(select(CallRow).where(CallRow.published)).unique()
        for call in map(calls.value, rows):
            yield from _of_call(call, wish, known, period)
    if wish.occasions & {Occasion.DEADLINE, Occasion.OVERDUE}:
        promises = commitments.every(session)
        told = _stances(session, {promise.stance for promise in promises})
        for promise in promises:
            if promise.stance in told:
                yield from _of_promise(promise, told[promise.stance], wish, known, period)
    if Occasion.DEADLINE in wish.occasions:
        yield from _of_pauses(session, wish, known, period)


def _stances(session: Session, ids: set[StanceId]) -> dict[StanceId, Stance]:
    return {stance.id: stance for stance in stances.by_ids(session, sorted(ids))}


def _of_call(call: Call, wish: Wish, known: Known, period: Period) -> Iterator[Foretaste]:
    for target, status, day in looking_back.answers(call, period):
        yield from _told(call, target, Occasion.ANSWER, day, status, wish, known)
    for target, day in looking_back.deadlines(call, period):
        yield from _told(call, target, Occasion.DEADLINE, day, "deadline", wish, known)
    for target, day in looking_back.silences(call, wish.days, period):
        yield from _told(call, target, Occasion.SILENCE, day, str(wish.days), wish, known)


def _told(
    call: Call,
    target: CallTarget,
    occasion: Occasion,
    day: Day,
    code: str,
    wish: Wish,
    known: Known,
) -> Iterator[Foretaste]:
    facts = facts_of_call(call, known.organisations, known.topics, known.slugs, [target.company])
    days = wish.days if occasion is Occasion.SILENCE else None
    if wants(wish, Happening(frozenset({occasion}), facts, days=days)):
        yield Foretaste(
            occasion=occasion,
            path=f"/calls/{call.id}",
            date=day,
            precision=Precision.DAY,
            company=target.company_name,
            topic=known.topics[call.topic].name if call.topic else "",
            code=code,
            level=call.level,
            summary=f"{', '.join(call.callers)}: {call.asked}",
        )


def _of_promise(
    promise: Commitment, stance: Stance, wish: Wish, known: Known, period: Period
) -> Iterator[Foretaste]:
    facts = facts_of_stance(stance, *known.register)
    for occasion, day, code in (
        (Occasion.DEADLINE, looking_back.due_soon(promise, period), "deadline"),
        (Occasion.OVERDUE, looking_back.overdue(promise, period), "overdue"),
    ):
        if day is not None and _wants(wish, occasion, facts):
            told = _of_stance(stance, occasion, day, code, known.topics)
            yield replace(told, summary=promise.promised)


def _of_pauses(session: Session, wish: Wish, known: Known, period: Period) -> Iterator[Foretaste]:
    rows = session.scalars(select(PositionSpanRow).where(PositionSpanRow.term.is_not(None)))
    spans = [span for span in map(positions.value, rows) if _day_of_pause(span, period)]
    known_by = _stances(session, {span.stance for span in spans if span.stance})
    told: set[tuple[str, TopicCode, Day]] = set()
    for span in spans:
        end, day = end_of_term(span.term), _day_of_pause(span, period)
        if end is None or day is None or (span.company, span.topic, end) in told:
            continue
        stance = known_by.get(span.stance) if span.stance else None
        if stance is None:
            continue
        told.add((span.company, span.topic, end))
        if _wants(wish, Occasion.DEADLINE, facts_of_stance(stance, *known.register)):
            yield _of_stance(stance, Occasion.DEADLINE, day, "pause_ends", known.topics)


def _day_of_pause(span: PositionSpan, period: Period) -> Day | None:
    end = end_of_term(span.term)
    if end is None or (span.until is not None and span.until <= end):
        return None
    return looking_back.pause_ends(end, span.since, period)


def _of_stance(
    stance: Stance, occasion: Occasion, day: Day, code: str, topics: Mapping[TopicCode, Topic]
) -> Foretaste:
    return Foretaste(
        occasion=occasion,
        path=f"/e/{stance.id}",
        date=day,
        precision=Precision.DAY,
        company=stance.company_name,
        topic=topics[stance.topic].name,
        code=code,
        level=stance.level,
        summary=stance.summary,
    )


def _wants(wish: Wish, occasion: Occasion, facts: Facts) -> bool:
    return wants(wish, Happening(frozenset({occasion}), facts))
