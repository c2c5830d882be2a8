"""What follows from the stances is written anew whenever one of them changes."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from tracker.domain.model import Call, PositionSpan, Reaction, Stance
from tracker.domain.position_rules import RULES_VERSION
from tracker.domain.positions import positions_of
from tracker.domain.register import family_of
from tracker.pipeline.each import batches
from tracker.pipeline.register import Register, load_register
from tracker.store import facts, positions, stances
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone

Record = Stance | Reaction | Call

AT_ONCE = 100
"""How many companies are in memory at a time when everything is derived anew."""


def refresh_positions(
    session: Session, companies: Iterable[str], now: datetime, register: Register | None = None
) -> None:
    """Derive every position of these companies (slugs) from their stances, and write it."""
    register = register or load_register(session)
    slugs = family_of(companies, register.organisations)
    write_positions(session, register, slugs, derive_positions(session, register, slugs, now), now)


def derive_positions(
    session: Session, register: Register, companies: Iterable[str], now: datetime
) -> tuple[PositionSpan, ...]:
    """The positions of these companies as of today, from the stances alone."""
    slugs = list(companies)
    return positions_of(
        stances.of_companies(session, slugs),
        stances.relations_of_companies(session, slugs),
        register.topics.values(),
        now.date(),
        registry=register.registry,
    )


def write_positions(
    session: Session,
    register: Register,
    companies: Iterable[str],
    spans: Iterable[PositionSpan],
    now: datetime,
) -> None:
    """Write derived positions in place of the old ones, and let caches know."""
    positions.replace(session, companies, spans, register.ids)
    facts.touch(session, now)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cyclic garbage: among so many values, none of which is in a cycle, it
    takes as long as the work itself.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def rebuild_positions(database: Database, now: datetime) -> int:
    """Derive every position anew when the rules have changed since; return of how many companies.

    A new version of the program may read the same stances differently, and a migration may have
    emptied the table.
    """
    with database.reading() as session:
        if facts.fact(session, "position_rules") == RULES_VERSION:
            return 0
    with database.transaction() as session, _uncollected():
        write_alone(session)
        register = load_register(session)
        companies = stances.companies(session)
        for some in batches(companies, AT_ONCE):
            refresh_positions(session, some, now, register)
        facts.remember(session, "position_rules", RULES_VERSION)
    return len(companies)
