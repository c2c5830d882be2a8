"""Where companies stand, read from the derived table of position spans."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Text, case, cast, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known, Track
from tracker.domain.positions import as_of
from tracker.store.positions import steps_of
from tracker.store.schema import PositionSpanRow, StanceRow
from tracker.store.views import by_company, lookup, remembered
from tracker.store.views.records import CompanyRef, Lens, Move, SpanLine, Standing, TopicRef
from tracker.store.views.then import Then, positions_then

_SPAN = PositionSpanRow.__table__.c
"""Columns of the tables: rows are read as they are, for a large page reads thousands."""

Value = TypeVar("Value", int, str)

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
class Held:
    """The topics on which a company has a position of its own, and those of its brands."""

    own: frozenset[str]
    of_brands: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which spans are wanted: every field that is set must hold."""

    companies: frozenset[int] | None = None
    topics: frozenset[str] | None = None
    brand: str | None = None
    stances: frozenset[str] | None = None
    besides: frozenset[int] = frozenset()
    begun_after: Day | None = None
    in_force: bool = False
    moved: bool = False

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What the rows of the table must fulfil."""
        if self.companies is not None:
            yield _SPAN.company_id.in_(sorted(self.companies))
        if self.topics is not None:
            yield _SPAN.topic.in_(sorted(self.topics))
        if self.brand is not None:
            yield _SPAN.brand == self.brand
        if self.stances is not None:
            yield _SPAN.stance_id.in_(sorted(self.stances))
        if self.besides:
            yield _SPAN.company_id.not_in(sorted(self.besides))
        if self.begun_after is not None:
            yield _SPAN.since > self.begun_after
        if self.moved:
            yield _SPAN.word != _SPAN.word_before
            yield _SPAN.change.in_(sorted(MOVES))

    def holds(self, line: SpanLine) -> bool:
        """The same of a span that was derived anew."""
        return (
            (self.companies is None or line.company.id in self.companies)
            and (self.topics is None or line.topic.code in self.topics)
            and (self.brand is None or line.brand == self.brand)
            and (self.stances is None or line.stance in self.stances)
            and line.company.id not in self.besides
            and (self.begun_after is None or line.since > self.begun_after)
        )


def spans(
    session: Session,
    lens: Lens,
    *,
    companies: Iterable[int] | None = None,
    topic: str | None = None,
) -> list[SpanLine]:
    """Every word that had begun by the lens' day, oldest first, cut off at that day."""
    return _read(session, lens, _Asked(_some(companies), _only(topic)))


def of_company(session: Session, lens: Lens, company: int) -> list[SpanLine]:
    """The same of one company: its page."""

    def find(wanted: frozenset[int] | None) -> dict[int, list[SpanLine]]:
        return _each(_read(session, lens, _Asked(wanted)))

    return by_company.read(session, lens, "spans", [company], find).get(company, [])


def begun(
    session: Session, lens: Lens, stances: Iterable[str], known: Sequence[SpanLine] = ()
) -> dict[str, list[SpanLine]]:
    """The words that each of these stances began, oldest first.

    ``known`` are all words of one company, which are not read again.
    """
    wanted, of = frozenset(stances), frozenset(span.company.id for span in known)
    own = [span for span in known if span.stance in wanted]
    others = _read(session, lens, _Asked(stances=wanted, besides=of)) if wanted else []
    found: dict[str, list[SpanLine]] = {}
    for span in _in_order([*own, *others]) if own and others else own or others:
        found.setdefault(span.stance or "", []).append(span)
    return found


def on_topic(session: Session, lens: Lens, topic: str, companies: Iterable[int]) -> list[SpanLine]:
    """The same of some companies on one topic: the lanes of its chart."""

    def find(wanted: frozenset[int] | None) -> dict[int, list[SpanLine]]:
        return _each(_read(session, lens, _Asked(wanted, _only(topic))))

    return _together(by_company.read(session, lens, ("spans", topic), companies, find))


def standings(
    session: Session,
    lens: Lens,
    *,
    companies: Iterable[int] | None = None,
    topics: Iterable[str] | None = None,
) -> list[Standing]:
    """Where each company and brand stands on the lens' day, in the order of the codebook."""
    asked = _Asked(_some(companies), _some(topics), in_force=True)
    return pair(span for span in _read(session, lens, asked) if _open(span))


def in_force(session: Session, lens: Lens, *, topic: str | None = None) -> list[SpanLine]:
    """Every word that held on the lens' day."""
    if topic is None:
        asked = _Asked(in_force=True)
        return [span for span in _read(session, lens, asked) if _open(span)]

    def find(companies: frozenset[int] | None) -> dict[int, list[SpanLine]]:
        asked = _Asked(companies, _only(topic), in_force=True)
        return _each(span for span in _read(session, lens, asked) if _open(span))

    return _together(by_company.read(session, lens, ("in force", topic), None, find))


def held(session: Session, lens: Lens) -> dict[int, Held]:
    """Of every company the topics on which it has a position on the lens' day."""
    if lens.known is not Known.NOW:
        return places(standings(session, lens))
    return by_company.read(session, lens, "held", None, lambda ids: _held(session, lens, ids))


def _held(session: Session, lens: Lens, companies: frozenset[int] | None) -> dict[int, Held]:
    brandless = case((_SPAN.brand.is_(None), 1), else_=0)
    place = (_SPAN.company_id, _SPAN.topic)
    begun = [_begun(lens.day), *_Asked(companies).conditions()]
    still = select(*place, func.max(brandless)).where(*begun, _SPAN.until.is_(None))
    ended = select(*place, brandless).where(*begun, _SPAN.until > lens.day)
    found: dict[int, tuple[set[str], set[str]]] = {}
    for query in (still.group_by(*place), ended):
        for company, topic, own in session.execute(query).all():
            found.setdefault(company, (set(), set()))[0 if own else 1].add(topic)
    return {one: Held(frozenset(own), frozenset(others)) for one, (own, others) in found.items()}


def places(standings: Iterable[Standing]) -> dict[int, Held]:
    """The same of standings."""
    found: dict[int, tuple[set[str], set[str]]] = {}
    for one in standings:
        own, others = found.setdefault(one.company.id, (set(), set()))
        (own if one.brand is None else others).add(one.topic.code)
    return {one: Held(frozenset(own), frozenset(others)) for one, (own, others) in found.items()}


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


def moves(session: Session, lens: Lens, since: Day) -> list[Move]:
    """The positions that changed between two days, newest first; both tracks of an act are one."""

    def find(companies: frozenset[int] | None) -> dict[int, list[Move]]:
        begun = _each(_read(session, lens, _Asked(companies, begun_after=since, moved=True)))
        return {company: moves_in(spans) for company, spans in begun.items()}

    each = by_company.read(session, lens, ("moves", since), None, find)
    return _with_pledges(session, _newest_first(chain.from_iterable(each.values())))


def changed(
    session: Session,
    lens: Lens,
    since: Day,
    *,
    companies: Iterable[int] | None = None,
    topic: str | None = None,
) -> list[SpanLine]:
    """The words that began after a day, each another than the one before it."""

    def find(wanted: frozenset[int] | None) -> dict[int, list[SpanLine]]:
        asked = _Asked(wanted, _only(topic), begun_after=since, moved=True)
        return _each(_read(session, lens, asked))

    name = ("changed", since, topic)
    return _together(by_company.read(session, lens, name, companies, find))


def _each(spans: Iterable[SpanLine]) -> dict[int, list[SpanLine]]:
    """The spans of each company."""
    found: dict[int, list[SpanLine]] = {}
    for span in spans:
        found.setdefault(span.company.id, []).append(span)
    return found


def _together(spans: Mapping[int, Iterable[SpanLine]]) -> list[SpanLine]:
    return _in_order(chain.from_iterable(spans.values()))


def moves_of(session: Session, begun: Iterable[SpanLine]) -> list[Move]:
    """The changes that these words began with, each with the pledge by which it came about."""
    return _with_pledges(session, moves_in(begun))


def _with_pledges(session: Session, moves: Iterable[Move]) -> list[Move]:
    joint = remembered.once(session, "pledges", lambda: _pledges(session))
    return [replace(one, joint=joint[one.stance]) if one.stance in joint else one for one in moves]


def _pledges(session: Session) -> dict[str, str]:
    """The joint pledge of every stance that is part of one."""
    query = select(StanceRow.id, StanceRow.joint_id).where(StanceRow.joint_id.is_not(None))
    return {id_: pledge for id_, pledge in session.execute(query) if pledge}


def moves_in(begun: Iterable[SpanLine]) -> list[Move]:
    """The changes that these words began with, newest first.

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
    return _newest_first(result)


def _newest_first(moves: Iterable[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: (move.day, move.company.name), reverse=True)


def _only(one: Value | None) -> frozenset[Value] | None:
    return None if one is None else frozenset({one})


def _some(several: Iterable[Value] | None) -> frozenset[Value] | None:
    return None if several is None else frozenset(several)


def _begun(day: Day) -> ColumnElement[bool]:
    """Nearly every word has begun: the index of that is hidden, lest SQLite read it all."""
    return func.coalesce(_SPAN.since, day) <= day


def _open(span: SpanLine) -> bool:
    return span.until is None


def _read(session: Session, lens: Lens, asked: _Asked) -> list[SpanLine]:
    conditions = [_begun(lens.day), *asked.conditions()]
    if asked.in_force:
        conditions.append(or_(_SPAN.until.is_(None), _SPAN.until > lens.day))
    if lens.known is Known.NOW:
        return _in_order(_stored(session, lens.day, conditions))
    then = positions_then(session, lens.day)
    again_of = lookup.by_slugs(session, then.companies).values()
    conditions.append(_SPAN.company_id.not_in([one.id for one in again_of]))
    again = _derived(session, then, lens.day)
    stored = _stored(session, lens.day, conditions)
    return _in_order([*stored, *(line for line in again if asked.holds(line))])


def _in_order(lines: Iterable[SpanLine]) -> list[SpanLine]:
    """Oldest first; words before deeds."""
    return sorted(
        lines,
        key=lambda line: (
            line.since,
            line.track != Track.SAYS,
            line.company.id,
            line.topic.code,
            line.brand or "",
        ),
    )


_COLUMNS = (
    _SPAN.company_id,
    _SPAN.brand,
    _SPAN.topic,
    _SPAN.track,
    _SPAN.word,
    _SPAN.word_before,
    _SPAN.since,
    _SPAN.precision,
    _SPAN.until,
    _SPAN.change,
    _SPAN.stance_id,
    _SPAN.last_evidence,
    _SPAN.scope,
    _SPAN.term,
    _SPAN.compelled,
    cast(_SPAN.rests_on, Text),
)


def _stored(
    session: Session, day: Day, conditions: Iterable[ColumnElement[bool]]
) -> list[SpanLine]:
    later = case((_SPAN.last_evidence > day, cast(_SPAN.steps, Text)))
    rows: Sequence[Any] = session.execute(select(*_COLUMNS, later).where(*conditions)).all()
    by_code = lookup.topics(session)
    companies = by_company.named(session, (row[0] for row in rows))
    result = []
    for row in rows:
        company = companies[row[0]]
        until = row[8] if row[8] is not None and row[8] <= day else None
        words = (*row[3:8], until, *row[9:15], _ids(row[15]))
        line = SpanLine(company, row[1], by_code[row[2]], *words)
        result.append(_of_that_day(line, row[16], day) if row[16] else line)
    return result


@lru_cache(maxsize=50_000)
def _ids(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


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


def _of_that_day(line: SpanLine, steps: str, day: Day) -> SpanLine:
    """The line with evidence, scope and term as they were on a day before its last evidence."""
    begun = [step for step in steps_of(json.loads(steps)) if step.date <= day]
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
