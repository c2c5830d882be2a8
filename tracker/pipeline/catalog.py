"""What is known from the start: the data that the program brings is loaded."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.codes import Origin
from tracker.domain.edits import changes_between
from tracker.domain.model import Stance
from tracker.domain.updates import bring_up_to_date
from tracker.pipeline import indexing, ledger
from tracker.pipeline.following import COMMITMENT
from tracker.pipeline.register import load_register
from tracker.starter import reader as starter
from tracker.starter.promises import load_commitments
from tracker.store import (
    calls,
    commitments,
    disputes,
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
from tracker.store.locks import write_alone
from tracker.store.schema.ledger import RecordKind

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
    commitments: int = 0


def load_starter(database: Database, now: datetime, *, with_history: bool | None) -> Loaded:
    """Load what the package ships, all or nothing; a second time only what has changed.

    ``with_history`` None goes on as it was begun, with the history if nothing was. What a person
    has edited or rejected since is left as that person wanted it.
    """
    with database.transaction() as session:
        write_alone(session)
        loaded = facts.fact(session, "starter_data")
        had_history = loaded is None or loaded.endswith(HISTORY)
        told = had_history if with_history is None else with_history
        wanted = f"{starter.STARTER_VERSION}{HISTORY if told else ''}"
        if loaded in {wanted, f"{starter.STARTER_VERSION}{HISTORY}"}:
            return Loaded()
        added = _load_register(session, now)
        if told:
            added = _load_history(session, now, added)
        indexing.index_everything(session)
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
    ids = organisations.ids_by_slug(session)
    added = sources.add_all(session, starter.load_sources(), ids, now, Origin.STARTER)
    return Loaded(organisations=new, sources=added)


def _load_history(session: Session, now: datetime, added: Loaded) -> Loaded:
    ids = organisations.ids_by_slug(session)
    told = _load_stances(session, ids, now)
    asked = _load_calls(session, ids, now)
    answered = _load_reactions(session, ids, now)
    register = load_register(session)
    ledger.refresh_positions(session, {stance.company for stance in told}, now, register)
    promised = _load_commitments(session, ids, now)
    return Loaded(added.organisations, added.sources, len(told), answered, asked, promised)


def _load_commitments(session: Session, ids: dict[str, int], now: datetime) -> int:
    """The shipped promises that are not here yet; steps of known ones are this installation's."""
    known = {one.id for one in commitments.every(session)}
    fresh = [one for one in load_commitments() if one.id not in known]
    change = {"version": starter.STARTER_VERSION}
    for one in fresh:
        commitments.save(session, one, ids)
        history.note(session, COMMITMENT, one.id, "loaded", by=BY, now=now, change=change)
    return len(fresh)


def _load_stances(session: Session, ids: dict[str, int], now: datetime) -> list[Stance]:
    """The shipped stances, less those that a person has changed, or merged into others."""
    before = stances.by_id(session)
    told = starter.load_stances()
    wanted = [bring_up_to_date(before.get(item.stance.id), item.stance) for item in told]
    stances.save_all(session, wanted, ids)
    left = {stance.id for stance in wanted if stance is before.get(stance.id)}
    fresh = [item for item in told if item.stance.id not in left]
    links = ((item.stance.id, item.links) for item in fresh)
    evidence.add_links(session, RecordKind.STANCE, links)
    stances.relate(session, [r for item in fresh for r in item.relations], Origin.STARTER)
    for item in fresh:
        disputes.note(session, item.stance.id, item.disputed, now)
    after = stances.by_id(session)
    for item in fresh:
        id_ = item.stance.id
        _note(session, RecordKind.STANCE, before.get(id_), after[id_], now, item.reason)
    return [item.stance for item in fresh]


def _load_calls(session: Session, ids: dict[str, int], now: datetime) -> int:
    names = organisations.slugs_by_name(session)
    before = {call.id: call for call in calls.every(session)}
    told = starter.load_calls()
    calls.save_all(
        session,
        [bring_up_to_date(before.get(item.call.id), item.call) for item in told],
        ids,
        names,
    )
    evidence.add_links(session, RecordKind.CALL, ((c.call.id, c.links) for c in told))
    for call in calls.every(session):
        if call.origin is Origin.STARTER:
            _note(session, RecordKind.CALL, before.get(call.id), call, now, None)
    return len(told)


def _load_reactions(session: Session, ids: dict[str, int], now: datetime) -> int:
    before = {reaction.id: reaction for reaction in reactions.every(session)}
    told = starter.load_reactions()
    wanted = [bring_up_to_date(before.get(item.reaction.id), item.reaction) for item in told]
    reactions.save_all(session, wanted, ids)
    links = ((item.reaction.id, item.links) for item in told)
    evidence.add_links(session, RecordKind.REACTION, links)
    for reaction in reactions.every(session):
        if reaction.origin is Origin.STARTER:
            _note(session, RecordKind.REACTION, before.get(reaction.id), reaction, now, None)
    return len(told)


def _note(
    session: Session,
    kind: RecordKind,
    before: ledger.Record | None,
    after: ledger.Record,
    now: datetime,
    why: str | None,
) -> None:
    """Note in the history that a record came, or what a new version changed in it."""
    changed = {} if before is None else changes_between(before, after)
    if before is None or changed:
        history.note(
            session,
            kind,
            after.id,
            "loaded" if before is None else "updated",
            by=BY,
            now=now,
            change={"version": starter.STARTER_VERSION, **changed},
            why=why,
        )
