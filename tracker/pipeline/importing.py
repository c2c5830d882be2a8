"""Read exported records back: all or nothing, each once, and nobody is alerted."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracker.domain.codes import Origin, SourceStatus
from tracker.domain.errors import ParseError, UsageError
from tracker.domain.model import CallId, Link, ReactionId, Relation
from tracker.pipeline import indexing, ledger
from tracker.pipeline.fields import Fields
from tracker.pipeline.following import COMMITMENT
from tracker.pipeline.imported import (
    Known,
    call_of,
    commitment_of,
    disputed_of,
    reaction_of,
    relations_of,
    stance_of,
)
from tracker.sources import lists
from tracker.sources.urls import host_of
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

MOST_PROBLEMS = 50
MARKS = {
    "stances": "act",
    "reactions": "reaction",
    "calls": "asked",
    "commitments": "promised",
    "sources": "url",
}
"""The column by which a row shows what it is; they are tried in this order."""

OF_ARTICLES = "sha256"
"""Rows of articles have an address too, but no text to store."""


@dataclass
class Taken:
    """What an import brought: new records by kind, and how many were known already."""

    added: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MARKS, 0))
    known: int = 0


@dataclass
class _Import:
    """One import under way."""

    session: Session
    known: Known
    by: str
    now: datetime
    taken: Taken = field(default_factory=Taken)
    relations: list[Relation] = field(default_factory=list)
    companies: set[str] = field(default_factory=set)
    records: dict[RecordKind, list[str]] = field(default_factory=dict)


def import_rows(
    database: Database, rows: Iterable[tuple[int, Mapping[str, Any]]], file: str, now: datetime
) -> Taken:
    """Store the records of a file that are not known yet, in one transaction.

    What is stored under an id stays as it is. Raises UsageError that names every bad line; then
    nothing was stored.
    """
    sorted_rows = _by_kind(rows, file)
    with database.transaction() as session:
        write_alone(session)
        under_way = _Import(session, _known(session, sorted_rows), f"import of {file}", now)
        problems: list[str] = []
        for kind, take in TAKES.items():
            for line, fields in sorted_rows[kind]:
                try:
                    take(under_way, fields)
                except (UsageError, ParseError) as error:
                    problems.append(f"line {line}: {error}")
        if problems:
            raise UsageError(_report(file, problems))
        _finish(under_way)
    return under_way.taken


Sorted = dict[str, list[tuple[int, Fields]]]


def _by_kind(rows: Iterable[tuple[int, Mapping[str, Any]]], file: str) -> Sorted:
    found: Sorted = {kind: [] for kind in MARKS}
    for line, row in rows:
        kind = next((kind for kind, mark in MARKS.items() if mark in row), None)
        if kind is None or OF_ARTICLES in row:
            raise UsageError(
                f"{file}, line {line}: this is no exported stance, reaction, call, commitment "
                "or source"
            )
        found[kind].append((line, Fields(row)))
    return found


def _known(session: Session, rows: Sorted) -> Known:
    in_file = {kind: {fields.maybe("id") or "" for _, fields in rows[kind]} for kind in rows}
    return Known(
        slugs=organisations.ids_by_slug(session),
        slugs_by_name=organisations.slugs_by_name(session),
        topics=frozenset(topics.by_code(session)),
        stances=in_file["stances"] | set(stances.ids(session)),
        calls=in_file["calls"] | set(calls.ids(session)),
    )


def _report(file: str, problems: list[str]) -> str:
    more = len(problems) - MOST_PROBLEMS
    tail = [f"and {more} more"] if more > 0 else []
    return "\n".join([f"{file}: nothing was imported", *problems[:MOST_PROBLEMS], *tail])


def _take_stance(under_way: _Import, fields: Fields) -> None:
    stance = stance_of(fields, under_way.known)
    relations, disputed = relations_of(fields, under_way.known), disputed_of(fields)
    links = fields.urls("urls", "url")
    if stances.get(under_way.session, stance.id) is not None:
        under_way.taken.known += 1
        return
    stances.save(under_way.session, stance, under_way.known.slugs)
    disputes.note(under_way.session, stance.id, disputed, under_way.now)
    under_way.relations += relations
    under_way.companies.add(stance.company)
    _keep(under_way, "stances", RecordKind.STANCE, stance.id, links)


def _take_call(under_way: _Import, fields: Fields) -> None:
    call = call_of(fields, under_way.known)
    links = fields.urls("urls", "url")
    if calls.get(under_way.session, CallId(call.id)) is not None:
        under_way.taken.known += 1
        return
    known = under_way.known
    calls.save(under_way.session, call, known.slugs, known.slugs_by_name)
    _keep(under_way, "calls", RecordKind.CALL, call.id, links)


def _take_reaction(under_way: _Import, fields: Fields) -> None:
    reaction = reaction_of(fields, under_way.known)
    links = fields.urls("urls", "url")
    if reactions.get(under_way.session, ReactionId(reaction.id)) is not None:
        under_way.taken.known += 1
        return
    reactions.save(under_way.session, reaction, under_way.known.slugs)
    _keep(under_way, "reactions", RecordKind.REACTION, reaction.id, links)


def _take_commitment(under_way: _Import, fields: Fields) -> None:
    commitment = commitment_of(fields, under_way.known)
    if commitments.get(under_way.session, commitment.id) is not None:
        under_way.taken.known += 1
        return
    commitments.save(under_way.session, commitment, under_way.known.slugs)
    by, now = under_way.by, under_way.now
    history.note(under_way.session, COMMITMENT, commitment.id, "imported", by=by, now=now)
    under_way.taken.added["commitments"] += 1


def _take_source(under_way: _Import, fields: Fields) -> None:
    given = {name: fields.maybe(name) for name in lists.STORED}
    source = lists.source_of(given)
    if source.organisation is not None:
        under_way.known.all_slugs([source.organisation])
    id_, new = sources.add(under_way.session, source, under_way.now, Origin.IMPORTED)
    if not new:
        under_way.taken.known += 1
        return
    under_way.taken.added["sources"] += 1
    if (fields.maybe("status") or SourceStatus.ACTIVE) != SourceStatus.ACTIVE:
        sources.set_status(under_way.session, id_, SourceStatus.PAUSED, under_way.now)


TAKES: Mapping[str, Callable[[_Import, Fields], None]] = {
    "stances": _take_stance,
    "calls": _take_call,
    "reactions": _take_reaction,
    "commitments": _take_commitment,
    "sources": _take_source,
}
"""In this order a record comes after everything that it refers to."""


def _keep(
    under_way: _Import, what: str, kind: RecordKind, record: str, urls: Iterable[str]
) -> None:
    session = under_way.session
    links = [Link(url, host_of(url) or "") for url in urls]
    evidence.add_links(session, kind, [(record, links)])
    under_way.records.setdefault(kind, []).append(record)
    history.note(session, kind, record, "imported", by=under_way.by, now=under_way.now)
    under_way.taken.added[what] += 1


def _finish(under_way: _Import) -> None:
    """What follows from the records: relations, positions, what can be found by searching."""
    session = under_way.session
    stances.relate(session, under_way.relations, Origin.IMPORTED)
    if under_way.companies:
        ledger.refresh_positions(session, under_way.companies, under_way.now)
    for kind, records in under_way.records.items():
        indexing.index_records(session, kind, records)
    facts.touch(session, under_way.now)
