"""Corrections travel: whoever was told of what is no longer so is told that, once.

A correction is recorded by whoever notices it (a person, the recheck of a page). Word of it goes
to exactly those who were told, threaded under the mail that told them, and to those who asked to
hear of corrections.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.domain.calls import answer_key
from tracker.domain.codes import AlertKind, CorrectionKind, Pace
from tracker.domain.commitments import notice_key
from tracker.domain.evidence import cut
from tracker.domain.filters import Facts
from tracker.domain.happenings import facts_of_call, facts_of_reaction, facts_of_stance
from tracker.domain.model import (
    Call,
    CallId,
    CallTarget,
    Commitment,
    CommitmentStep,
    Reaction,
    ReactionId,
    Stance,
    StanceId,
)
from tracker.domain.news import CorrectionNews, RecordNews, StanceNews, read
from tracker.domain.outcomes import NoticeKind
from tracker.domain.subjects import act_words, subject
from tracker.domain.wishes import Happening, Occasion, Share, share_out
from tracker.pipeline.ledger import Record
from tracker.pipeline.publish import summary_of
from tracker.pipeline.register import Register, load_register
from tracker.pipeline.telling import names_of, reaction_path, summary_of_reaction
from tracker.store import calls, corrections, owing, reactions, stances, subscribers
from tracker.store.corrections import Correction
from tracker.store.database import Database, Session
from tracker.store.owing import ToldReader, Word
from tracker.store.schema.ledger import RecordKind

OF_A_QUOTE = (CorrectionKind.CHANGED, CorrectionKind.VANISHED)


@dataclass(frozen=True, slots=True)
class Post:
    """The right side of Message-IDs, and the present moment."""

    mail_domain: str
    now: datetime


def tell_corrections(database: Database, mail_domain: str, now: datetime) -> int:
    """Owe word of every correction that nobody was told of yet; return how many mails."""
    with database.reading() as session:
        if not corrections.untold(session):
            return 0
    with database.transaction() as session:
        return owe_corrections(session, Post(mail_domain, now))


def take_back_answer(session: Session, call: Call, moved: CallTarget, now: datetime) -> None:
    """The status of a target was wrong: whoever was told that one is to hear of the right one."""
    wrong, name = moved.history[-1].status, moved.company_name
    first_told = max(place for place, step in enumerate(moved.history) if not step.corrects)
    corrections.add(
        session,
        CorrectionKind.AMENDED,
        (RecordKind.CALL, call.id),
        now,
        was=f"{name}: {act_words(wrong)}",
        now=f"{name}: {act_words(moved.now.status)}",
        why=moved.now.why,
        told_as=answer_key(call, moved, first_told),
    )


def take_back_overdue(
    session: Session, before: Commitment, step: CommitmentStep, now: datetime
) -> None:
    """A promise was not overdue: whoever was told so is to hear of what it is."""
    corrections.add(
        session,
        CorrectionKind.AMENDED,
        (RecordKind.STANCE, before.stance),
        now,
        was=f"{before.promised}: {act_words(before.now.state)}",
        now=f"{before.promised}: {act_words(step.state)}",
        why=step.why,
        told_as=notice_key(before, NoticeKind.OVERDUE, before.now.date),
    )


def owe_corrections(session: Session, post: Post) -> int:
    """The same inside a transaction that records corrections."""
    waiting = corrections.untold(session)
    if not waiting:
        return 0
    register = load_register(session)
    owed = 0
    for correction in waiting:
        owed += _tell(session, register, correction, post)
        corrections.mark_told(session, correction.id, post.now)
    return owed


def _tell(session: Session, register: Register, correction: Correction, post: Post) -> int:
    record = _load(session, correction)
    if record is None:
        return 0
    kinds = owing.QUOTING if correction.kind in OF_A_QUOTE else owing.TELLING
    readers = owing.readers_told(
        session, correction.record_kind, correction.record, kinds, correction.told_as
    )
    owed = 0
    for group in _by_change(readers):
        kind, payload = owing.payload_of(session, group[0].alert)
        told = read(kind, payload)
        if not isinstance(told, CorrectionNews) and _concerns(correction, told):
            news = _news(correction, _as_told(told))
            shares = {reader.subscriber: _share(reader, post) for reader in group}
            owed += owing.owe(session, _word(correction, news, post), shares)
    return owed + _tell_who_asked(session, register, correction, record, readers, post)


def _tell_who_asked(
    session: Session,
    register: Register,
    correction: Correction,
    record: Record,
    readers: Iterable[ToldReader],
    post: Post,
) -> int:
    """Those who follow corrections, and were not told of the record itself."""
    happening = Happening(frozenset({Occasion.CORRECTION}), _facts(register, record))
    shares = share_out(subscribers.subscriptions(session), happening, post.now)
    for reader in readers:
        shares.pop(reader.subscriber, None)
    if not shares:
        return 0
    news = _news(correction, _as_recorded(register, record))
    return owing.owe(session, _word(correction, news, post), shares)


def _by_change(readers: Iterable[ToldReader]) -> list[list[ToldReader]]:
    """Readers who were told the same."""
    groups: dict[tuple[str, AlertKind], list[ToldReader]] = {}
    for reader in readers:
        groups.setdefault((reader.change, reader.kind), []).append(reader)
    return list(groups.values())


def _concerns(correction: Correction, told: StanceNews | RecordNews) -> bool:
    """A quote that was edited concerns only those who were sent that quote."""
    return correction.kind not in OF_A_QUOTE or told.quote == cut(correction.was or "")


def _share(reader: ToldReader, post: Post) -> Share:
    return Share(reader.wishes, Pace.AT_ONCE, post.now, replies_to=reader.alert)


def _word(correction: Correction, news: CorrectionNews, post: Post) -> Word:
    kind, record = correction.record_kind, correction.record
    return Word(
        AlertKind.CORRECTION,
        f"{record}/correction/{correction.id}",
        news.to_json(),
        post.mail_domain,
        post.now,
        stance=StanceId(record) if kind is RecordKind.STANCE else None,
        reaction=ReactionId(record) if kind is RecordKind.REACTION else None,
        call=CallId(record) if kind is RecordKind.CALL else None,
    )


def _news(correction: Correction, about: Mapping[str, Any]) -> CorrectionNews:
    by_person = correction.kind not in OF_A_QUOTE
    return CorrectionNews(
        correction=correction.kind,
        noticed_at=correction.noticed_at,
        was=cut(correction.was) if correction.was else None,
        now=cut(correction.now) if correction.now else None,
        why=correction.why if by_person else None,
        **about,
    )


def _as_told(told: StanceNews | RecordNews) -> dict[str, Any]:
    """What the mail that told it was about."""
    return {
        "told": subject(told),
        "company": told.company,
        "topic": told.topic,
        "summary": told.summary,
        "path": told.path,
        "source_url": told.source_url,
    }


def _as_recorded(register: Register, record: Record) -> dict[str, Any]:
    """What somebody needs to know of a record who was never told of it."""
    topic = register.topics.get(record.topic) if record.topic else None
    if isinstance(record, Stance):
        summary = summary_of(record, register.topics[record.topic])
        company, path = record.company_name, f"/e/{record.id}"
    elif isinstance(record, Reaction):
        summary = summary_of_reaction(register, record)
        company, path = names_of(register, record.about), reaction_path(record)
    else:
        summary = f"{', '.join(record.callers)}: {record.asked}"
        company, path = ", ".join(one.company_name for one in record.targets), f"/calls/{record.id}"
    return {
        "told": summary,
        "company": company,
        "topic": topic.name if topic else None,
        "summary": summary,
        "path": path,
    }


def _load(session: Session, correction: Correction) -> Record | None:
    if correction.record_kind is RecordKind.STANCE:
        return stances.get(session, StanceId(correction.record))
    if correction.record_kind is RecordKind.REACTION:
        return reactions.get(session, ReactionId(correction.record))
    return calls.get(session, CallId(correction.record))


def _facts(register: Register, record: Record) -> Facts:
    known, topics = register.organisations, register.topics
    if isinstance(record, Stance):
        return facts_of_stance(record, known, topics)
    if isinstance(record, Reaction):
        return facts_of_reaction(record, known, topics)
    return facts_of_call(record, known, topics, register.slugs)
