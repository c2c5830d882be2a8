"""Where companies stand, read from the derived table of position spans."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date as Day
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known, Track
from tracker.domain.positions import as_of
from tracker.store.positions import steps_of
from tracker.store.schema import OrganisationRow, PositionSpanRow
from tracker.store.views import lookup
from tracker.store.views.records import CompanyRef, Lens, Move, SpanLine, Standing, TopicRef
from tracker.store.views.then import Then, positions_then

MOVES = frozenset(
    {
        "first",
        "tightened",
        "weakened",
        "reversed",
        "expired",
        "contradicted",
        "narrowed",
        "strengthened",
    }
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which spans are wanted: every field that is set must hold."""

    company: int | None = None
    topic: str | None = None
    brand: str | None = None
    stances: frozenset[str] | None = None
    begun_after: Day | None = None
    in_force: bool = False

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What the rows of the table must fulfil."""
        if self.company is not None:
            yield PositionSpanRow.company_id == self.company
        if self.topic is not None:
            yield PositionSpanRow.topic == self.topic
        if self.brand is not None:
            yield PositionSpanRow.brand == self.brand
        if self.stances is not None:
            yield PositionSpanRow.stance_id.in_(sorted(self.stances))
        if self.begun_after is not None:
            yield PositionSpanRow.since > self.begun_after

    def holds(self, line: SpanLine) -> bool:
        """The same of a span that was derived anew."""
        return (
            (self.company is None or line.company.id == self.company)
            and (self.topic is None or line.topic.code == self.topic)
            and (self.brand is None or line.brand == self.brand)
            and (self.stances is None or line.stance in self.stances)
            and (self.begun_after is None or line.since > self.begun_after)
        )


def spans(
    session: Session,
    lens: Lens,
    *,
    company: int | None = None,
    topic: str | None = None,
    stances: Iterable[str] | None = None,
) -> list[SpanLine]:
    """Every word that had begun by the lens' day, oldest first, cut off at that day."""
    begun_by = None if stances is None else frozenset(stances)
    return _read(session, lens, _Asked(company, topic, stances=begun_by))


def standings(
    session: Session, lens: Lens, *, company: int | None = None, topic: str | None = None
) -> list[Standing]:
    """Where each company and brand stands on the lens' day, in the order of the codebook."""
    asked = _Asked(company, topic, in_force=True)
    return pair(span for span in _read(session, lens, asked) if _open(span))


def of_brand(session: Session, lens: Lens, brand: str) -> list[SpanLine]:
    """Every word of one brand under whichever owner, as a line of its own."""
    return [replace(span, brand=None) for span in _read(session, lens, _Asked(brand=brand))]


def pair(in_force: Iterable[SpanLine]) -> list[Standing]:
    """Bring the two tracks of each company, brand and topic together."""
    found: dict[tuple[int, str | None, str], dict[str, SpanLine]] = {}
    for span in in_force:
        key = (span.company.id, span.brand, span.topic.code)
        found.setdefault(key, {})[span.track] = span
    result = []
    for tracks in found.values():
        one = next(iter(tracks.values()))
        says, does = tracks.get(Track.SAYS), tracks.get(Track.DOES)
        result.append(Standing(one.company, one.brand, one.topic, says, does))
    return result


def moves(session: Session, lens: Lens, since: Day, *, topic: str | None = None) -> list[Move]:
    """The positions that changed between two days, newest first; both tracks of an act are one."""
    return moves_of(_read(session, lens, _Asked(topic=topic, begun_after=since)))


def moves_of(begun: Iterable[SpanLine]) -> list[Move]:
    """The changes that these spans began with, newest first.

    What a brand did is told once, of the brand, though it moves its owner too (ledger R7).
    """
    found: dict[tuple[int, str | None, str, Day, str | None], list[SpanLine]] = {}
    for span in begun:
        if span.change in MOVES and span.word != span.before:
            key = (span.company.id, span.brand, span.topic.code, span.since, span.stance)
            found.setdefault(key, []).append(span)
    branded = {(key[0], *key[2:]) for key in found if key[1] is not None}
    result = [
        Move(one.company, one.brand, one.topic, one.since, one.precision, one.stance, tuple(parts))
        for key, parts in found.items()
        if key[1] is not None or (key[0], *key[2:]) not in branded
        for one in parts[:1]
    ]
    return sorted(result, key=lambda move: (move.day, move.company.name), reverse=True)


def _open(span: SpanLine) -> bool:
    return span.until is None


def _read(session: Session, lens: Lens, asked: _Asked) -> list[SpanLine]:
    conditions = [PositionSpanRow.since <= lens.day, *asked.conditions()]
    if asked.in_force:
        until = PositionSpanRow.until
        conditions.append(or_(until.is_(None), until > lens.day))
    if lens.known is Known.NOW:
        return _in_order(_stored(session, lens.day, conditions))
    then = positions_then(session, lens.day)
    conditions.append(OrganisationRow.slug.not_in(sorted(then.companies)))
    again = _derived(session, then, lens.day)
    stored = _stored(session, lens.day, conditions)
    return _in_order([*stored, *(line for line in again if asked.holds(line))])


def _in_order(lines: Iterable[SpanLine]) -> list[SpanLine]:
    """Oldest first; words before deeds."""
    return sorted(
        lines,
        key=lambda line: (line.since, line.track != Track.SAYS, line.company.id, line.topic.code),
    )


def _stored(
    session: Session, day: Day, conditions: Iterable[ColumnElement[bool]]
) -> list[SpanLine]:
    query = (
        select(
            PositionSpanRow.__table__,
            OrganisationRow.slug.label("company_slug"),
            OrganisationRow.name.label("company_name"),
        )
        .join(OrganisationRow, OrganisationRow.id == PositionSpanRow.company_id)
        .where(*conditions)
        .order_by(PositionSpanRow.id)
    )
    by_code = lookup.topics(session)
    result = []
    for row in session.execute(query):
        company = CompanyRef(row.company_id, row.company_slug, row.company_name)
        line = _line(row, company, by_code[row.topic], row.word_before, row.stance_id, day)
        later = row.last_evidence is not None and row.last_evidence > day
        result.append(_of_that_day(line, row.steps, day) if later else line)
    return result


def _derived(session: Session, then: Then, day: Day) -> list[SpanLine]:
    by_code = lookup.topics(session)
    refs = lookup.by_slugs(session, then.companies)
    held = (as_of(span, day) for span in then.spans if span.since <= day)
    return [
        _line(span, refs[span.company], by_code[span.topic], span.before, span.stance, day)
        for span in held
    ]


def _line(
    span: Any, company: CompanyRef, topic: TopicRef, before: str, stance: str | None, day: Day
) -> SpanLine:
    return SpanLine(
        company=company,
        brand=span.brand,
        topic=topic,
        track=span.track,
        word=span.word,
        before=before,
        since=span.since,
        precision=span.precision,
        until=span.until if span.until is not None and span.until <= day else None,
        change=span.change,
        stance=stance,
        last_evidence=span.last_evidence,
        scope=span.scope,
        term=span.term,
        compelled=span.compelled,
        rests_on=tuple(span.rests_on),
    )


def _of_that_day(line: SpanLine, steps: Iterable[Mapping[str, Any]], day: Day) -> SpanLine:
    """The line with evidence, scope and term as they were on a day before its last evidence."""
    begun = [step for step in steps_of(steps) if step.date <= day]
    if not begun:
        return line
    last = begun[-1]
    told = [step.date for step in begun if step.stance]
    return replace(
        line,
        last_evidence=told[-1] if told else None,
        scope=last.scope,
        term=last.term,
        compelled=last.compelled,
        rests_on=tuple(last.rests_on),
    )
