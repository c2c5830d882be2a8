"""Where companies stand, read from the derived table of position spans."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date as Day
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Track
from tracker.store.schema import OrganisationRow, PositionSpanRow
from tracker.store.views import lookup
from tracker.store.views.records import CompanyRef, Lens, Move, SpanLine, Standing, TopicRef

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


def spans(
    session: Session,
    lens: Lens,
    *,
    company: int | None = None,
    topic: str | None = None,
    stances: Iterable[str] | None = None,
) -> list[SpanLine]:
    """Every word that had begun by the lens' day, oldest first, cut off at that day."""
    wanted: list[ColumnElement[bool]] = [PositionSpanRow.since <= lens.day]
    if company is not None:
        wanted.append(PositionSpanRow.company_id == company)
    if topic is not None:
        wanted.append(PositionSpanRow.topic == topic)
    if stances is not None:
        wanted.append(PositionSpanRow.stance_id.in_(sorted(set(stances))))
    return _read(session, lens.day, wanted)


def standings(
    session: Session, lens: Lens, *, company: int | None = None, topic: str | None = None
) -> list[Standing]:
    """Where each company and brand stands on the lens' day, in the order of the codebook."""
    in_force = [span for span in spans(session, lens, company=company, topic=topic) if _open(span)]
    return pair(in_force)


def of_brand(session: Session, lens: Lens, brand: str) -> list[SpanLine]:
    """Every word of one brand under whichever owner, as a line of its own."""
    wanted: list[ColumnElement[bool]] = [
        PositionSpanRow.since <= lens.day,
        PositionSpanRow.brand == brand,
    ]
    return [replace(span, brand=None) for span in _read(session, lens.day, wanted)]


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
    wanted: list[ColumnElement[bool]] = [
        PositionSpanRow.since > since,
        PositionSpanRow.since <= lens.day,
    ]
    if topic is not None:
        wanted.append(PositionSpanRow.topic == topic)
    return moves_of(_read(session, lens.day, wanted))


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


def _read(session: Session, day: Day, wanted: list[ColumnElement[bool]]) -> list[SpanLine]:
    query = (
        select(
            PositionSpanRow.__table__,
            OrganisationRow.slug.label("company_slug"),
            OrganisationRow.name.label("company_name"),
        )
        .join(OrganisationRow, OrganisationRow.id == PositionSpanRow.company_id)
        .where(*wanted)
        .order_by(PositionSpanRow.since, PositionSpanRow.track.desc(), PositionSpanRow.id)
    )
    by_code = lookup.topics(session)
    result = []
    for row in session.execute(query):
        company = CompanyRef(row.company_id, row.company_slug, row.company_name)
        result.append(_span(row, company, by_code[row.topic], day))
    return result


def _span(row: Any, company: CompanyRef, topic: TopicRef, day: Day) -> SpanLine:
    return SpanLine(
        company=company,
        brand=row.brand,
        topic=topic,
        track=row.track,
        word=row.word,
        before=row.word_before,
        since=row.since,
        precision=row.precision,
        until=row.until if row.until is not None and row.until <= day else None,
        change=row.change,
        stance=row.stance_id,
        last_evidence=row.last_evidence,
        scope=row.scope,
        term=row.term,
        compelled=row.compelled,
    )
