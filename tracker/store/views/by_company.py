"""What follows from the positions of one company alone: read again only when these were written.

The database counts how often the positions of each company were written (migration 0018). Where
another company changes, or data that set no position, all that is known of the others still holds.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import Known
from tracker.store import grounds
from tracker.store.schema import OrganisationRow, PositionVersionRow
from tracker.store.views import lookup, remembered
from tracker.store.views.records import CompanyRef, Lens, TopicRef

Value = TypeVar("Value")
Stamp = tuple[CompanyRef, int]
"""A company as it is called, and the version of its positions."""

MOST_NAMES = 300
"""Kinds of values that a process keeps: each of some fifty topics has three."""


@dataclass(slots=True)
class _Kept:
    """Values by what they are called and row id, as of one day and by one codebook."""

    tables: str
    day: Day
    topics: Mapping[str, TopicRef]
    values: dict[Hashable, dict[int, tuple[Stamp, Any]]] = field(default_factory=dict)


_kept: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()


def named(session: Session, ids: Iterable[int]) -> dict[int, CompanyRef]:
    """These organisations by row id, in the order of their ids: most are companies with a position,
    and of those nothing has to be asked.
    """
    wanted = frozenset(ids)
    stamps = _stamps_of(session, wanted)
    known = {one: company for one, (company, _version) in stamps.items()}
    grounds.rest_on(partial(_names_of, ids=wanted), known)
    others = wanted - stamps.keys()
    found = lookup.companies(session, others) if others else {}
    every = known | found
    return {one: every[one] for one in sorted(every)}


def read(
    session: Session,
    lens: Lens,
    name: Hashable,
    wanted: Iterable[int] | None,
    find: Callable[[frozenset[int] | None], Mapping[int, Value]],
) -> dict[int, Value]:
    """What ``find`` gives of these companies (row ids), or of all, in the order of their ids.

    ``find`` is asked for those of which it is not known as things stand, or for all (None). Those
    of which it gives nothing are left out. ``name`` holds all that a value depends on besides the
    lens and the positions. Values are shared: never changed by those who get them.
    """
    asked = None if wanted is None else frozenset(wanted)
    kept = _of_today(session, lens)
    if kept is None:
        return dict(find(asked))
    stamps = _stamps_of(session, asked)
    grounds.rest_on(partial(_stamps_of, ids=asked), stamps)
    ids = stamps.keys()
    if name not in kept.values and len(kept.values) >= MOST_NAMES:
        kept.values.clear()
    known = kept.values.setdefault(name, {})
    held = {id_: of[1] for id_ in ids if (of := known.get(id_)) and of[0] == stamps[id_]}
    missing = ids - held.keys()
    if missing:
        with grounds.unnoted():
            found = find(frozenset(missing) if known or asked is not None else None)
        fresh = {id_: found.get(id_) for id_ in missing}
        known.update((id_, (stamps[id_], value)) for id_, value in fresh.items())
        held |= fresh  # not looked up again: a reader of older data may have put its own there
    return {id_: held[id_] for id_ in sorted(ids) if held[id_] is not None}


def _stamps_of(session: Session, ids: frozenset[int] | None) -> dict[int, Stamp]:
    """The stamps of these companies as far as they have one, or of all."""
    with grounds.unnoted():
        stamps = remembered.once(session, "stamps", _read_stamps)
    return stamps if ids is None else {one: stamps[one] for one in ids if one in stamps}


def _names_of(session: Session, ids: frozenset[int]) -> dict[int, CompanyRef]:
    return {one: company for one, (company, _version) in _stamps_of(session, ids).items()}


def _read_stamps(session: Session) -> dict[int, Stamp]:
    row, version = OrganisationRow.__table__.c, PositionVersionRow.__table__.c
    query = select(row.id, row.slug, row.name, version.version).join_from(
        OrganisationRow.__table__, PositionVersionRow.__table__, row.id == version.company_id
    )
    return {one[0]: (lookup.company(*one[:3]), one[3]) for one in session.execute(query).all()}


def _of_today(session: Session, lens: Lens) -> _Kept | None:
    """What is kept; nothing of days before the latest one that was asked for, and of what was known
    then: both are asked for rarely.
    """
    if lens.known is not Known.NOW:
        return None
    bind, topics = session.get_bind().engine, lookup.topics(session)
    tables = remembered.tables(session)
    kept = _kept.get(bind)
    if kept is None or kept.tables != tables:
        kept = _kept[bind] = _Kept(tables, lens.day, topics)
    if lens.day < kept.day:
        return None
    if kept.day != lens.day or kept.topics != topics:
        kept = _kept[bind] = _Kept(tables, lens.day, topics)
    return kept
