"""Load the starter data: topics, register, hosts and sources, and the dated history."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.codes import Origin, ReviewState
from tracker.pipeline import indexing, ledger
from tracker.starter import reader as starter
from tracker.store import (
    calls,
    evidence,
    facts,
    history,
    organisations,
    reactions,
    sources,
    stances,
    topics,
)
from tracker.store.database import Database, Session
from tracker.store.schema.ledger import RecordKind

BY_A_PERSON = frozenset({ReviewState.EDITED, ReviewState.REJECTED})
BY = "starter data"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many records this loading added."""

    organisations: int = 0
    sources: int = 0
    stances: int = 0
    reactions: int = 0
    calls: int = 0


def load_starter(database: Database, now: datetime, *, with_history: bool) -> Loaded:
    """Load what the package ships, all or nothing; a second time only what has changed.

    What a person has edited or rejected since is left as that person wanted it.
    """
    wanted = f"{starter.STARTER_VERSION}{'+history' if with_history else ''}"
    with database.transaction() as session:
        if facts.fact(session, "starter_data") in {wanted, f"{starter.STARTER_VERSION}+history"}:
            return Loaded()
        added = _load_register(session, now)
        if with_history:
            added = _load_history(session, now, added)
        facts.remember(session, "starter_data", wanted)
        if facts.fact(session, "installed_at") is None:
            facts.remember(session, "installed_at", now.isoformat())
        facts.touch(session, now)
        return added


def _load_register(session: Session, now: datetime) -> Loaded:
    registry = starter.load_registry()
    topics.save(session, starter.load_topics())
    topics.save_hosts(session, starter.load_hosts())
    new = organisations.save(session, registry.organisations, Origin.STARTER)
    organisations.save_people(session, registry.people)
    added = [
        sources.add(session, source, now, Origin.STARTER)[1] for source in starter.load_sources()
    ]
    indexing.index_organisations(session, registry.organisations)
    return Loaded(organisations=new, sources=sum(added))


def _load_history(session: Session, now: datetime, added: Loaded) -> Loaded:
    ids = organisations.ids_by_slug(session)
    told = [s for s in starter.load_stances() if _may_write(stances.get(session, s.stance.id))]
    for item in told:
        stances.save(session, item.stance, ids)
        evidence.add_links(session, RecordKind.STANCE, item.stance.id, item.links)
        _note_loading(session, RecordKind.STANCE, item.stance.id, now, item.reason)
    for item in told:
        stances.relate(session, item.relations, Origin.STARTER)
    asked = _load_calls(session, ids, now)
    answered = _load_reactions(session, ids, now)
    companies = {item.stance.company for item in told}
    ledger.refresh_positions(session, companies, now)
    indexing.index_stances(session, [item.stance.id for item in told])
    return Loaded(added.organisations, added.sources, len(told), answered, asked)


def _load_calls(session: Session, ids: dict[str, int], now: datetime) -> int:
    names = organisations.slugs_by_name(session)
    told = [c for c in starter.load_calls() if _may_write(calls.get(session, c.call.id))]
    for item in told:
        calls.save(session, item.call, ids, names)
        evidence.add_links(session, RecordKind.CALL, item.call.id, item.links)
        _note_loading(session, RecordKind.CALL, item.call.id, now, None)
    return len(told)


def _load_reactions(session: Session, ids: dict[str, int], now: datetime) -> int:
    told = [
        r for r in starter.load_reactions() if _may_write(reactions.get(session, r.reaction.id))
    ]
    for item in told:
        reactions.save(session, item.reaction, ids)
        evidence.add_links(session, RecordKind.REACTION, item.reaction.id, item.links)
        _note_loading(session, RecordKind.REACTION, item.reaction.id, now, None)
    return len(told)


def _may_write(known: ledger.Record | None) -> bool:
    return known is None or known.review_state not in BY_A_PERSON


def _note_loading(
    session: Session, kind: RecordKind, record: str, now: datetime, why: str | None
) -> None:
    version = {"version": starter.STARTER_VERSION}
    history.note(session, kind, record, "loaded", by=BY, now=now, change=version, why=why)
