"""What follows from the stances is written anew whenever one of them changes."""

from collections.abc import Iterable
from datetime import datetime

from tracker.domain.model import Call, PositionSpan, Reaction, Stance
from tracker.domain.positions import positions_of
from tracker.domain.register import family_of
from tracker.store import facts, organisations, positions, stances, topics
from tracker.store.database import Database, Session

Record = Stance | Reaction | Call


def refresh_positions(session: Session, companies: Iterable[str], now: datetime) -> None:
    """Derive every position of these companies (slugs) from their stances, and write it."""
    slugs = family(session, companies)
    write_positions(session, slugs, derive_positions(session, slugs, now), now)


def family(session: Session, companies: Iterable[str]) -> tuple[str, ...]:
    """These companies with their owners and brands: their positions are derived together."""
    by_slug = {o.slug: o for o in organisations.registry(session).organisations}
    return family_of(companies, by_slug)


def derive_positions(
    session: Session, companies: Iterable[str], now: datetime
) -> tuple[PositionSpan, ...]:
    """The positions of these companies as of today, from the stances alone."""
    known = stances.of_companies(session, companies)
    return positions_of(
        known,
        stances.relations_among(session, [stance.id for stance in known]),
        topics.by_code(session).values(),
        now.date(),
        registry=organisations.registry(session),
    )


def write_positions(
    session: Session, companies: Iterable[str], spans: Iterable[PositionSpan], now: datetime
) -> None:
    """Write derived positions in place of the old ones, and let caches know."""
    positions.replace(session, companies, spans, organisations.ids_by_slug(session))
    facts.touch(session, now)


def refresh_expired(database: Database, now: datetime) -> int:
    """Let positions expire whose term has passed; return how many companies were looked at."""
    with database.transaction() as session:
        companies = positions.companies_with_terms(session)
        refresh_positions(session, companies, now)
        facts.remember(session, "positions_as_of", now.date().isoformat())
    return len(companies)
