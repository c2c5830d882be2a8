"""Something happened: whoever asked for it is owed word, in the transaction that records it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.domain.codes import AlertKind, Novelty
from tracker.domain.evidence import cut
from tracker.domain.happenings import facts_of_call, facts_of_reaction
from tracker.domain.model import Call, Reaction, StanceId
from tracker.domain.news import ReactionNews, RecordNews
from tracker.domain.reaction_words import REACTION_WORDS
from tracker.domain.wishes import Happening, Occasion, share_out
from tracker.pipeline.register import Register
from tracker.store import evidence, hooks, owing, stances, subscribers
from tracker.store.database import Session
from tracker.store.owing import Word


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a record was found, for the mail that tells of it; times in UTC."""

    mail_domain: str
    quote: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    source_host: str | None = None
    found_in: str | None = None
    found_at: datetime | None = None
    checked_at: datetime | None = None
    reactions: tuple[ReactionNews, ...] = ()


def tell(session: Session, happening: Happening, word: Word) -> int:
    """Owe word of a happening to everybody whose wishes it meets; return how many are new.

    Hooks that ask for it are owed word too; they are not counted.
    """
    hooks.owe(session, happening, word)
    shares = share_out(subscribers.subscriptions(session), happening, word.now)
    return owing.owe(session, word, shares) if shares else 0


def tell_reaction(
    session: Session, register: Register, reaction: Reaction, telling: Telling, now: datetime
) -> int:
    """Owe word of a reaction that became public."""
    if reaction.novelty is Novelty.BACKGROUND:
        return 0
    facts = facts_of_reaction(reaction, register.organisations, register.topics, telling.quote)
    news = RecordNews(
        kind=AlertKind.REACTION,
        company=names_of(register, reaction.about),
        summary=summary_of_reaction(register, reaction),
        path=reaction_path(reaction),
        topic=register.topics[reaction.topic].name if reaction.topic else None,
        actor=reaction.actor_name,
        what=reaction.reaction,
        level=reaction.level,
        date=reaction.date,
        precision=reaction.precision,
        speaker=reaction.speaker,
        **_source(telling),
    )
    word = Word(
        AlertKind.REACTION,
        f"{reaction.id}/reaction",
        news.to_json(),
        telling.mail_domain,
        now,
        reaction=reaction.id,
    )
    return tell(session, Happening(frozenset({Occasion.REACTION}), facts), word)


def tell_call(
    session: Session, register: Register, call: Call, telling: Telling, now: datetime
) -> int:
    """Owe word of a call that became public."""
    facts = facts_of_call(
        call, register.organisations, register.topics, register.slugs, quote=telling.quote
    )
    asked = names_of(register, [target.company for target in call.targets])
    whom = asked or call.target_class or ""
    news = RecordNews(
        kind=AlertKind.CALL,
        company=asked,
        summary=f"{', '.join(call.callers)} asked {whom}: {call.asked}",
        level=call.level,
        date=call.date,
        precision=call.precision,
        due=call.deadline,
        **_call(register, call),
        **_source(telling),
    )
    word = Word(
        AlertKind.CALL, f"{call.id}/call", news.to_json(), telling.mail_domain, now, call=call.id
    )
    return tell(session, Happening(frozenset({Occasion.CALL}), facts), word)


def tell_answer(
    session: Session,
    register: Register,
    call: Call,
    target: str,
    key: str,
    mail_domain: str,
    now: datetime,
) -> int:
    """Owe word of the status that a target (a slug) of a public call has now, under this key."""
    asked = next(one for one in call.targets if one.company == target)
    status = asked.now.status
    facts = facts_of_call(call, register.organisations, register.topics, register.slugs, [target])
    news = RecordNews(
        kind=AlertKind.ANSWER,
        company=asked.company_name,
        summary=f"{', '.join(call.callers)} asked {asked.company_name}: {call.asked}",
        what=status,
        date=asked.now.date,
        precision=asked.now.precision,
        checked_at=now,
        **_call(register, call),
        **_words_of(session, asked.now.answered_by),
    )
    word = Word(AlertKind.ANSWER, key, news.to_json(), mail_domain, now, call=call.id)
    return tell(session, Happening(frozenset({Occasion.ANSWER}), facts), word)


def _call(register: Register, call: Call) -> dict[str, Any]:
    return {
        "topic": register.topics[call.topic].name if call.topic else None,
        "actor": ", ".join(call.callers),
        "path": f"/calls/{call.id}",
    }


def _words_of(session: Session, answers: Iterable[StanceId]) -> dict[str, Any]:
    """The sentence that answers, where one is stored, and who said it."""
    for stance in answers:
        proof = evidence.first_proof(session, stance)
        if proof is not None:
            known = stances.get(session, stance)
            return {
                "quote": cut(proof.quote),
                "speaker": known.speaker if known else None,
                "source_title": proof.title,
                "source_url": proof.url if proof.url.startswith(("http://", "https://")) else None,
                "source_host": proof.host,
            }
    return {}


def reaction_path(reaction: Reaction) -> str:
    """The page that shows a reaction: that of the stance it answers, else of the company."""
    if reaction.stance:
        return f"/e/{reaction.stance}"
    return f"/c/{reaction.about[0]}" if reaction.about else "/events"


def _source(telling: Telling) -> dict[str, Any]:
    return {
        "quote": cut(telling.quote) if telling.quote else None,
        "source_title": telling.source_title,
        "source_url": telling.source_url,
        "source_host": telling.source_host,
        "found_in": telling.found_in,
        "found_at": telling.found_at,
        "checked_at": telling.checked_at,
    }


def names_of(register: Register, slugs: Iterable[str]) -> str:
    """The names behind slugs, as a list in a sentence."""
    names = [register.organisations[slug].name for slug in slugs if slug in register.organisations]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def summary_of_reaction(register: Register, reaction: Reaction) -> str:
    """One line in our words."""
    if reaction.summary:
        return reaction.summary
    about = names_of(register, reaction.about)
    return f"{reaction.actor_name}: {REACTION_WORDS[reaction.reaction]} ({about})"
