"""What is watched and known: the starter data is loaded, sources are found by their ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.codes import Origin, ReviewState
from tracker.domain.model import SourceId
from tracker.pipeline import indexing, ledger
from tracker.pipeline.register import load_register
from tracker.pipeline.watching import refuse_unknown
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
HISTORY = "+history"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many records this loading added."""

    organisations: int = 0
    sources: int = 0
    stances: int = 0
    reactions: int = 0
    calls: int = 0


def load_starter(database: Database, now: datetime, *, with_history: bool | None) -> Loaded:
    """Load what the package ships, all or nothing; a second time only what has changed.

    ``with_history`` None goes on as it was begun, with the history if nothing was. What a person
    has edited or rejected since is left as that person wanted it.
    """
    with database.transaction() as session:
        loaded = facts.fact(session, "starter_data")
        had_history = loaded is None or loaded.endswith(HISTORY)
        told = had_history if with_history is None else with_history
        wanted = f"{starter.STARTER_VERSION}{HISTORY if told else ''}"
        if loaded in {wanted, f"{starter.STARTER_VERSION}{HISTORY}"}:
            return Loaded()
        added = _load_register(session, now)
        if told:
            added = _load_history(session, now, added)
        facts.remember(session, "starter_data", wanted)
        if facts.fact(session, "installed_at") is None:
            facts.remember(session, "installed_at", now.isoformat())
        facts.touch(session, now)
        return added


def known_sources(database: Database, ids: Iterable[int]) -> list[SourceId]:
    """The ids as they were given, once each. Raises UsageError that names the unknown ones."""
    wanted = [SourceId(id_) for id_ in dict.fromkeys(ids)]
    with database.reading() as session:
        known = {source.id for source in sources.every(session)}
    refuse_unknown([id_ for id_ in wanted if id_ not in known])
    return wanted


def active_sources(database: Database) -> list[SourceId]:
    """Every source that is asked at all, longest waiting first."""
    with database.reading() as session:
        return sources.active_ids(session)


def _load_register(session: Session, now: datetime) -> Loaded:
    registry = starter.load_registry()
    topics.save(session, starter.load_topics())
    topics.save_hosts(session, starter.load_hosts())
    new = organisations.save(session, registry.organisations, Origin.STARTER)
    organisations.save_people(session, registry.people)
    ids = organisations.ids_by_slug(session)
    added = sources.add_all(session, starter.load_sources(), ids, now, Origin.STARTER)
    indexing.index_organisations(session, load_register(session))
    return Loaded(organisations=new, sources=added)


def _load_history(session: Session, now: datetime, added: Loaded) -> Loaded:
    ids = organisations.ids_by_slug(session)
    kept = _by_a_person(stances.every(session))
    told = [item for item in starter.load_stances() if item.stance.id not in kept]
    stances.save_all(session, [item.stance for item in told], ids)
    links = ((item.stance.id, item.links) for item in told)
    evidence.add_links(session, RecordKind.STANCE, links)
    stances.relate(session, [r for item in told for r in item.relations], Origin.STARTER)
    for item in told:
        _note_loading(session, RecordKind.STANCE, item.stance.id, now, item.reason)
    asked = _load_calls(session, ids, now)
    answered = _load_reactions(session, ids, now)
    register = load_register(session)
    ledger.refresh_positions(session, {item.stance.company for item in told}, now, register)
    indexing.index_stances(session, register, [item.stance.id for item in told])
    return Loaded(added.organisations, added.sources, len(told), answered, asked)


def _load_calls(session: Session, ids: dict[str, int], now: datetime) -> int:
    names = organisations.slugs_by_name(session)
    kept = _by_a_person(calls.every(session))
    told = [item for item in starter.load_calls() if item.call.id not in kept]
    calls.save_all(session, [item.call for item in told], ids, names)
    evidence.add_links(session, RecordKind.CALL, ((c.call.id, c.links) for c in told))
    for item in told:
        _note_loading(session, RecordKind.CALL, item.call.id, now, None)
    return len(told)


def _load_reactions(session: Session, ids: dict[str, int], now: datetime) -> int:
    kept = _by_a_person(reactions.every(session))
    told = [item for item in starter.load_reactions() if item.reaction.id not in kept]
    reactions.save_all(session, [item.reaction for item in told], ids)
    links = ((item.reaction.id, item.links) for item in told)
    evidence.add_links(session, RecordKind.REACTION, links)
    for item in told:
        _note_loading(session, RecordKind.REACTION, item.reaction.id, now, None)
    return len(told)


def _by_a_person(known: Iterable[ledger.Record]) -> set[str]:
    """The records that a person has edited or rejected: they stay as that person left them."""
    return {record.id for record in known if record.review_state in BY_A_PERSON}


def _note_loading(
    session: Session, kind: RecordKind, record: str, now: datetime, why: str | None
) -> None:
    version = {"version": starter.STARTER_VERSION}
    history.note(session, kind, record, "loaded", by=BY, now=now, change=version, why=why)
