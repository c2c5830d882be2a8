"""What can be found by searching: names of organisations, words and proofs of records."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from tracker.domain.model import (
    ArticleId,
    Call,
    Organisation,
    Page,
    Reaction,
    Stance,
)
from tracker.domain.register import chain_on, countries_of
from tracker.domain.tracks import tracks_of
from tracker.pipeline.register import Register, load_register
from tracker.store import calls, evidence, facts, reactions, stances
from tracker.store.database import Database, Session
from tracker.store.schema.ledger import RecordKind
from tracker.store.searchable import Searchable, put, remove

VERSION = "3"
"""Raise it when other texts or tags are put into the index: `tracker init` then makes it anew."""

AT_ONCE = 500
LONGEST_TITLE = 160

Known = Mapping[str, Iterable[str]]


def require_index(database: Database, now: datetime) -> bool:
    """Make the index of all records anew if an older version made it; whether it did."""
    with database.transaction() as session:
        if facts.fact(session, "search_version") == VERSION:
            return False
        index_everything(session)
        facts.touch(session, now)
        return True


def index_everything(session: Session) -> None:
    """Make all organisations and records findable; articles are when they are read."""
    register = load_register(session)
    index_organisations(session, register)
    ids: Mapping[RecordKind, Iterable[str]] = {
        RecordKind.STANCE: stances.ids(session),
        RecordKind.REACTION: reactions.ids(session),
        RecordKind.CALL: calls.ids(session),
    }
    for kind, records in ids.items():
        waiting = list(records)
        while waiting:
            _INDEXES[kind](session, register, waiting[:AT_ONCE])
            waiting = waiting[AT_ONCE:]
    facts.remember(session, "search_version", VERSION)


def index_organisations(session: Session, register: Register) -> None:
    """Make organisations findable by every name they bear."""
    put(
        session,
        [
            Searchable(
                kind="organisation",
                record=one.slug,
                title=one.name,
                body=" · ".join(dict.fromkeys(name.text for name in one.names)),
                known=_of_organisation(one),
            )
            for one in register.registry.organisations
        ],
    )


def index_stances(session: Session, register: Register, wanted: Iterable[str]) -> None:
    """Make published stances findable by company, topic, our words and their quotes."""
    shown = _shown(session, RecordKind.STANCE, wanted, stances.by_ids)
    proofs = _Proofs(session, RecordKind.STANCE, [one.id for one in shown])
    put(session, [_of_stance(one, register, proofs) for one in shown])


def index_reactions(session: Session, register: Register, wanted: Iterable[str]) -> None:
    """Make published reactions findable by who reacted, to whom, our words and their quotes."""
    shown = _shown(session, RecordKind.REACTION, wanted, reactions.by_ids)
    proofs = _Proofs(session, RecordKind.REACTION, [one.id for one in shown])
    put(session, [_of_reaction(one, register, proofs) for one in shown])


def index_calls(session: Session, register: Register, wanted: Iterable[str]) -> None:
    """Make published calls findable by who called on whom, what was asked, and their quotes."""
    shown = _shown(session, RecordKind.CALL, wanted, calls.by_ids)
    proofs = _Proofs(session, RecordKind.CALL, [one.id for one in shown])
    put(session, [_of_call(one, register, proofs) for one in shown])


def index_records(session: Session, kind: RecordKind, records: list[str]) -> None:
    """Make records findable as they are now, or unfindable."""
    _INDEXES[kind](session, load_register(session), records)


_INDEXES: Mapping[RecordKind, Callable[[Session, Register, list[str]], None]] = {
    RecordKind.STANCE: index_stances,
    RecordKind.REACTION: index_reactions,
    RecordKind.CALL: index_calls,
}


def index_article(session: Session, article: ArticleId, page: Page, host: str) -> None:
    """Make an article findable by its title and text."""
    day = page.published.date() if page.published else None
    known = {"source": [host]} if host else {}
    put(session, [Searchable("article", str(article), page.title, page.text, day, known)])


def _shown(
    session: Session,
    kind: RecordKind,
    wanted: Iterable[str],
    by_ids: Callable[[Session, Iterable[Any]], list[Any]],
) -> list[Any]:
    """The published ones; the others can be found no more."""
    ids = list(wanted)
    shown = [record for record in by_ids(session, ids) if record.published]
    for hidden in set(ids) - {record.id for record in shown}:
        remove(session, kind.value, hidden)
    return shown


class _Proofs:
    """The quotes of records, and the hosts that carry them."""

    def __init__(self, session: Session, kind: RecordKind, records: list[str]) -> None:
        self._quotes = evidence.quotes_of(session, kind, records)
        self._hosts = evidence.hosts_of(session, kind, records)

    def words(self, record: str, *own: str | None) -> str:
        """Our words and those of the proofs."""
        return "\n".join(filter(None, (*own, *sorted(self._quotes.get(record, ())))))

    def hosts(self, record: str) -> list[str]:
        return sorted(self._hosts.get(record, ()))


def _of_stance(stance: Stance, register: Register, proofs: _Proofs) -> Searchable:
    chain = chain_on(stance.company, stance.date, register.organisations)
    brand = register.slugs.get(stance.brand or "")
    known = {
        "level": [stance.level.value],
        "company": [*filter(None, (stance.company, brand)), *chain[1:]],
        "topic": _slugs([stance.topic, *stance.topics]),
        "act": [stance.act.value],
        "track": tracks_of(stance.act, stance.track, stance.trigger),
        "source": proofs.hosts(stance.id),
        **_places([stance.company], register),
    }
    own = (stance.summary, stance.brand, stance.scope, stance.speaker)
    title = f"{stance.company_name}: {register.topics[stance.topic].name}"
    body = proofs.words(stance.id, *own)
    return Searchable("stance", stance.id, title, body, stance.date, known)


def _of_reaction(reaction: Reaction, register: Register, proofs: _Proofs) -> Searchable:
    names = [register.organisations[slug].name for slug in reaction.about]
    known = {
        "level": [reaction.level.value],
        "company": reaction.about,
        "topic": _slugs([reaction.topic] if reaction.topic else []),
        "act": [reaction.reaction.value],
        "by": [reaction.actor] if reaction.actor else [],
        "source": proofs.hosts(reaction.id),
        **_places(reaction.about, register),
    }
    title = f"{reaction.actor_name} → {', '.join(names)}"
    own = (reaction.summary, reaction.practice, reaction.speaker, reaction.affiliate)
    body = proofs.words(reaction.id, *own)
    return Searchable("reaction", reaction.id, title, body, reaction.date, known)


def _of_call(call: Call, register: Register, proofs: _Proofs) -> Searchable:
    targets = [target.company for target in call.targets]
    names = [register.organisations[slug].name for slug in targets]
    callers = (register.slugs.get(name) for name in call.callers)
    known = {
        "level": [call.level.value],
        "company": targets,
        "topic": _slugs(call.topics),
        "by": [slug for slug in callers if slug],
        "source": proofs.hosts(call.id),
        **_places(targets, register),
    }
    title = f"{', '.join(call.callers)} → {', '.join(names) or call.target_class or ''}"
    body = proofs.words(call.id, call.asked, call.target_class)
    return Searchable("call", call.id, _short(title), body, call.date, known)


def _short(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    return title[:LONGEST_TITLE].rsplit(",", 1)[0] + " …"


def _slugs(topics: Iterable[str]) -> list[str]:
    """Topics by the names that addresses use."""
    return [topic.replace("_", "-") for topic in topics]


def _places(companies: Iterable[str], register: Register) -> Known:
    """The countries and sectors of these companies."""
    own = [register.organisations[slug] for slug in companies if slug in register.organisations]
    return {
        "country": [code for one in own for code in countries_of(one.country)],
        "sector": [one.sector for one in own if one.sector],
    }


def _of_organisation(one: Organisation) -> Known:
    name = "company" if one.kind == "company" else "by"
    return {
        name: [one.slug],
        "country": countries_of(one.country),
        "sector": [one.sector] if one.sector else [],
    }
