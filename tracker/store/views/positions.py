"""Where companies stand, read from the derived table of position spans."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known, Track
from tracker.store.schema import StanceRow
from tracker.store.views import by_company, remembered
from tracker.store.views.records import Lens, Move, SpanLine, Standing
from tracker.store.views.span_rows import BEGUN, MOVES, SPAN, WANTED, Asked, in_order, read

Value = TypeVar("Value", int, str)


@dataclass(frozen=True, slots=True)
class Held:
    """The topics on which a company has a position of its own, and those of its brands."""

    own: frozenset[str]
    of_brands: frozenset[str]


def spans(
    session: Session,
    lens: Lens,
    *,
    companies: Iterable[int] | None = None,
    topic: str | None = None,
) -> list[SpanLine]:
    """Every word that had begun by the lens' day, oldest first, cut off at that day."""
    return read(session, lens, Asked(_some(companies), _only(topic)))


def of_company(session: Session, lens: Lens, company: int) -> list[SpanLine]:
    """The same of one company: its page."""

    def find(wanted: frozenset[int] | None) -> dict[int, list[SpanLine]]:
        return _each(read(session, lens, Asked(wanted)))

    return by_company.read(session, lens, "spans", [company], find).get(company, [])


def begun(
    session: Session, lens: Lens, stances: Iterable[str], known: Sequence[SpanLine] = ()
) -> dict[str, list[SpanLine]]:
    """The words that each of these stances began, oldest first.

    ``known`` are all words of one company, which are not read again.
    """
    wanted, of = frozenset(stances), frozenset(span.company.id for span in known)
    own = [span for span in known if span.stance in wanted]
    others = read(session, lens, Asked(stances=wanted, besides=of)) if wanted else []
    found: dict[str, list[SpanLine]] = {}
    for span in in_order([*own, *others]) if own and others else own or others:
        found.setdefault(span.stance or "", []).append(span)
    return found


def on_topic(session: Session, lens: Lens, topic: str, companies: Iterable[int]) -> list[SpanLine]:
    """The same of some companies on one topic: the lanes of its chart."""

    def find(wanted: frozenset[int] | None) -> dict[int, list[SpanLine]]:
        return _each(read(session, lens, Asked(wanted, _only(topic))))

    return _together(by_company.read(session, lens, ("spans", topic), companies, find))


def standings(
    session: Session,
    lens: Lens,
    *,
    companies: Iterable[int] | None = None,
    topics: Iterable[str] | None = None,
) -> list[Standing]:
    """Where each company and brand stands on the lens' day, in the order of the codebook."""
    asked = Asked(_some(companies), _some(topics), in_force=True)
    return pair(span for span in read(session, lens, asked) if _open(span))


def in_force(session: Session, lens: Lens, *, topic: str | None = None) -> list[SpanLine]:
    """Every word that held on the lens' day."""
    if topic is None:
        asked = Asked(in_force=True)
        return [span for span in read(session, lens, asked) if _open(span)]

    def find(companies: frozenset[int] | None) -> dict[int, list[SpanLine]]:
        asked = Asked(companies, _only(topic), in_force=True)
        return _each(span for span in read(session, lens, asked) if _open(span))

    return _together(by_company.read(session, lens, ("in force", topic), None, find))


def held(session: Session, lens: Lens) -> dict[int, Held]:
    """Of every company the topics on which it has a position on the lens' day."""
    if lens.known is not Known.NOW:
        return places(standings(session, lens))
    return by_company.read(session, lens, "held", None, lambda ids: _held(session, lens, ids))


def _held(session: Session, lens: Lens, companies: frozenset[int] | None) -> dict[int, Held]:
    brandless = case((SPAN.brand.is_(None), 1), else_=0)
    place = (SPAN.company_id, SPAN.topic)
    given = {"day": lens.day, **Asked(companies).parameters()}
    begun = [BEGUN, *(WANTED[name] for name in given if name in WANTED)]
    still = select(*place, func.max(brandless)).where(*begun, SPAN.until.is_(None))
    ended = select(*place, brandless).where(*begun, SPAN.until > lens.day)
    queries = (still.group_by(*place), ended)
    return _sorted_out(row for query in queries for row in session.execute(query, given).all())


def places(standings: Iterable[Standing]) -> dict[int, Held]:
    """The same of standings."""
    return _sorted_out((one.company.id, one.topic.code, one.brand is None) for one in standings)


def _sorted_out(places: Iterable[Any]) -> dict[int, Held]:
    """Of companies, topics and whether that is no brand's: the topics of each company."""
    found: dict[int, tuple[set[str], set[str]]] = {}
    for company, topic, is_own in places:
        found.setdefault(company, (set(), set()))[0 if is_own else 1].add(topic)
    return {one: Held(frozenset(own), frozenset(others)) for one, (own, others) in found.items()}


def of_brand(session: Session, lens: Lens, brand: str) -> list[SpanLine]:
    """Every word of one brand under whichever owner, as a line of its own."""
    return [replace(span, brand=None) for span in read(session, lens, Asked(brand=brand))]


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
        begun = _each(read(session, lens, Asked(companies, begun_after=since, moved=True)))
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
        asked = Asked(wanted, _only(topic), begun_after=since, moved=True)
        return _each(read(session, lens, asked))

    name = ("changed", since, topic)
    return _together(by_company.read(session, lens, name, companies, find))


def _each(spans: Iterable[SpanLine]) -> dict[int, list[SpanLine]]:
    """The spans of each company."""
    found: dict[int, list[SpanLine]] = {}
    for span in spans:
        found.setdefault(span.company.id, []).append(span)
    return found


def _together(spans: Mapping[int, Iterable[SpanLine]]) -> list[SpanLine]:
    return in_order(chain.from_iterable(spans.values()))


def moves_of(session: Session, begun: Iterable[SpanLine]) -> list[Move]:
    """The changes that these words began with, each with the pledge by which it came about."""
    return _with_pledges(session, moves_in(begun))


def _with_pledges(session: Session, moves: Iterable[Move]) -> list[Move]:
    joint = pledges(session)
    return [replace(one, joint=joint[one.stance]) if one.stance in joint else one for one in moves]


def pledges(session: Session) -> dict[str, str]:
    """The joint pledge of every stance that is part of one."""
    return remembered.once(session, "pledges", _pledges)


def _pledges(session: Session) -> dict[str, str]:
    query = select(StanceRow.id, StanceRow.joint_id).where(StanceRow.joint_id.is_not(None))
    return {id_: on for id_, on in session.execute(query) if on}


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


def _open(span: SpanLine) -> bool:
    return span.until is None
