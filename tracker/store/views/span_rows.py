"""Spans of positions as they are read: from their table, or derived again as they were known."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, case, cast, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known, PositionWord, Track
from tracker.domain.model import PositionSpan
from tracker.domain.position_table import is_pledge
from tracker.domain.positions import as_of, word_on
from tracker.domain.tracks import only_said
from tracker.store.among import FEW, all_of
from tracker.store.positions import steps_of
from tracker.store.schema import PositionSpanRow
from tracker.store.views import by_company, lookup
from tracker.store.views.records import CompanyRef, Lens, SpanLine, TopicRef
from tracker.store.views.then import Then, positions_then

SPAN = PositionSpanRow.__table__.c
"""Columns of the tables: rows are read as they are, for a large page reads thousands."""

ONE_DAY = timedelta(days=1)

MOST_LINES = 10_000
"""Lines that a process keeps, each with the row that it was made of."""

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
class Asked:
    """Which spans are wanted: every field that is set must hold."""

    companies: frozenset[int] | None = None
    topics: frozenset[str] | None = None
    brand: str | None = None
    stances: frozenset[str] | None = None
    besides: frozenset[int] = frozenset()
    begun_after: Day | None = None
    in_force: bool = False
    moved: bool = False

    def parameters(self) -> dict[str, Any]:
        """By the names of ``WANTED``: what the rows of the table must fulfil."""
        few = self.stances is None or len(self.stances) <= FEW
        each: tuple[tuple[str, Any], ...] = (
            ("companies", _sorted(self.companies)),
            ("topics", _sorted(self.topics)),
            ("brand", self.brand),
            ("stances" if few else "many_stances", _sorted(self.stances)),
            ("besides", _sorted(self.besides or None)),
            ("begun_after", self.begun_after),
            ("in_force", self.in_force or None),
            ("moved", self.moved or None),
        )
        return {name: value for name, value in each if value is not None}

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


def _sorted(values: frozenset[Any] | None) -> list[Any] | None:
    return None if values is None else sorted(values)


_DAY = bindparam("day", type_=SPAN.since.type)

BEGUN = func.coalesce(SPAN.since, _DAY) <= _DAY
"""Nearly every word has begun: the index of that is hidden, lest SQLite read it all."""

WANTED: dict[str, ColumnElement[bool]] = {
    "companies": SPAN.company_id.in_(bindparam("companies", expanding=True)),
    "topics": SPAN.topic.in_(bindparam("topics", expanding=True)),
    "brand": SPAN.brand == bindparam("brand"),
    "stances": SPAN.stance_id.in_(bindparam("stances", expanding=True)),
    "many_stances": all_of(SPAN.stance_id, "many_stances"),
    "besides": SPAN.company_id.not_in(bindparam("besides", expanding=True)),
    "begun_after": SPAN.since > bindparam("begun_after"),
    "in_force": or_(SPAN.until.is_(None), SPAN.until > _DAY),
    "moved": and_(SPAN.word != SPAN.word_before, SPAN.change.in_(sorted(MOVES))),
}
"""What may be asked of spans, each by the parameter of its name."""


def read(session: Session, lens: Lens, asked: Asked) -> list[SpanLine]:
    """The words that are wanted as of the lens' day, oldest first."""
    if lens.known is Known.NOW:
        return in_order(_stored(session, lens.day, asked))
    then = positions_then(session, lens.day)
    again_of = lookup.by_slugs(session, then.companies).values()
    others = asked.besides | {one.id for one in again_of}
    again = _derived(session, then, lens.day)
    stored = _stored(session, lens.day, replace(asked, besides=others))
    return in_order([*stored, *(line for line in again if asked.holds(line))])


def in_order(lines: Iterable[SpanLine]) -> list[SpanLine]:
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


_OTHER = PositionSpanRow.__table__.alias("deeds")
_DEED = _OTHER.c


def _deed(begun: ColumnElement[bool], held: ColumnElement[bool]) -> ColumnElement[str | None]:
    """The word of its deeds beside a word that says all or did so before: there alone it matters
    whether a deed bears it out.
    """
    full = PositionWord.STOPPED
    may_pledge = and_(SPAN.track == Track.SAYS, or_(SPAN.word == full, SPAN.word_before == full))
    same = (
        _DEED.company_id == SPAN.company_id,
        _DEED.topic == SPAN.topic,
        _DEED.brand.is_not_distinct_from(SPAN.brand),
        _DEED.track == Track.DOES,
    )
    deed = select(_DEED.word).where(*same, begun, or_(_DEED.until.is_(None), held))
    deed = deed.order_by(_DEED.since.desc()).limit(1).correlate(PositionSpanRow.__table__)
    return case((may_pledge, deed.scalar_subquery()))


_COLUMNS = (
    SPAN.company_id,
    SPAN.brand,
    SPAN.topic,
    SPAN.track,
    SPAN.word,
    SPAN.word_before,
    SPAN.since,
    SPAN.precision,
    SPAN.until,
    SPAN.change,
    SPAN.stance_id,
    SPAN.last_evidence,
    SPAN.scope,
    SPAN.term,
    SPAN.compelled,
    cast(SPAN.rests_on, Text),
    _deed(_DEED.since <= SPAN.since, _DEED.until > SPAN.since),
    _deed(_DEED.since < SPAN.since, _DEED.until >= SPAN.since),
)


@cache
def _statement(*names: str) -> Select[Any]:
    """Built once for all that ask alike: building it takes longer than asking it."""
    later = case((SPAN.last_evidence > _DAY, cast(SPAN.steps, Text)))
    return select(*_COLUMNS, later).where(BEGUN, *(WANTED[name] for name in names))


def _stored(session: Session, day: Day, asked: Asked) -> list[SpanLine]:
    given = asked.parameters()
    rows = session.execute(_statement(*given), {"day": day, **given}).all()
    by_code = lookup.topics(session)
    companies = by_company.named(session, (row[0] for row in rows))
    return [_of_row(tuple(row), day, companies[row[0]], by_code[row[2]]) for row in rows]


_lines: OrderedDict[tuple[Any, ...], tuple[Day, SpanLine]] = OrderedDict()


def _of_row(row: tuple[Any, ...], day: Day, company: CompanyRef, topic: TopicRef) -> SpanLine:
    """The line of a row: the same rows of a day are the very same lines, and what is drawn of these
    is known by them.
    """
    known = _lines.get(row)
    if known is not None:
        on, line = known
        if on == day and line.company is company and line.topic is topic:
            return line
    line = _made_of(row, day, company, topic)
    _lines[row] = (day, line)
    if len(_lines) > MOST_LINES:
        _lines.popitem(last=False)
    return line


def _made_of(row: tuple[Any, ...], day: Day, company: CompanyRef, topic: TopicRef) -> SpanLine:
    until = row[8] if row[8] is not None and row[8] <= day else None
    words = (*row[3:8], until, *row[9:15], _ids(row[15]))
    line = SpanLine(company, row[1], topic, *words)
    line.pledged, line.pledged_before = _pledged(topic, *row[3:6], *row[16:18])
    return _of_that_day(line, row[18], day) if row[18] else line


def _pledged(
    topic: TopicRef, track: str, word: str, before: str, deed: str | None, deed_before: str | None
) -> tuple[bool, bool]:
    """Whether a word that began was a pledge, and whether the one before it was."""
    held = ((word, deed), (before, deed_before))
    now, then = (
        is_pledge(one, topic.kind, only_said=only_said(track, one, other)) for one, other in held
    )
    return now, then


@lru_cache(maxsize=50_000)
def _ids(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


def _derived(session: Session, then: Then, day: Day) -> list[SpanLine]:
    by_code = lookup.topics(session)
    refs = lookup.by_slugs(session, then.companies)
    lanes: dict[tuple[str, str], list[PositionSpan]] = {}
    for span in then.spans:
        lanes.setdefault((span.company, span.topic), []).append(span)
    return [
        _line(as_of(span, day), refs[company], by_code[topic], day, spans)
        for (company, topic), spans in lanes.items()
        for span in spans
        if span.since <= day
    ]


def _line(
    span: PositionSpan, company: CompanyRef, topic: TopicRef, day: Day, lane: Sequence[PositionSpan]
) -> SpanLine:
    deeds = (word_on(lane, Track.DOES, on, span.brand) for on in (span.since, span.since - ONE_DAY))
    pledged = _pledged(topic, span.track, span.word, span.before, *deeds)
    return SpanLine(
        company=company,
        brand=span.brand,
        topic=topic,
        track=span.track,
        word=span.word,
        before=span.before,
        since=span.since,
        precision=span.precision,
        until=span.until if span.until is not None and span.until <= day else None,
        change=span.change,
        stance=span.stance,
        last_evidence=span.last_evidence,
        scope=span.scope,
        term=span.term,
        compelled=span.compelled,
        rests_on=tuple(span.rests_on),
        pledged=pledged[0],
        pledged_before=pledged[1],
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
