"""A stance becomes public: positions are derived anew, and what that changes is owed to people.

All of it happens in the transaction that shows the stance, so that neither can be lost alone.
"""

from dataclasses import replace
from datetime import date as Day
from datetime import datetime

from tracker.domain.alerting import Change, change_key
from tracker.domain.changes import PositionChange, change_of
from tracker.domain.codes import (
    AlertKind,
    AutoPublish,
    ChangeKind,
    PositionWord,
    ReviewState,
    Track,
)
from tracker.domain.evidence import cut
from tracker.domain.happenings import as_proposed, facts_of_stance
from tracker.domain.model import Stance, Topic
from tracker.domain.news import Move, StanceNews
from tracker.domain.position_table import word_label
from tracker.domain.publishing import Found, decide
from tracker.domain.register import family_of
from tracker.domain.tracks import only_said
from tracker.domain.wishes import Happening, occasions_of
from tracker.pipeline import indexing, ledger
from tracker.pipeline.editor import Editor
from tracker.pipeline.following import follow_stance
from tracker.pipeline.register import Register
from tracker.pipeline.telling import Telling, tell
from tracker.store import changes, evidence, owing, stances
from tracker.store.database import Session
from tracker.store.owing import Word

UNMOVED = frozenset({ChangeKind.RECORDED, ChangeKind.CONFIRMED})
"""What a stance may have been told as before a person's decision gave it another weight."""


def publish(
    session: Session,
    register: Register,
    stance: Stance,
    telling: Telling,
    now: datetime,
    *,
    may_alert: bool,
) -> int:
    """Show a stance, note what it changed, and owe word of it if it may alert.

    Of a stance that was public before nobody is told again: mails that did not leave yet tell
    what is known now. Return how many mails are owed.
    """
    companies = family_of([stance.company], register.organisations)
    before = ledger.derive_positions(session, register, companies, now)
    stances.save(session, replace(stance, published=True), register.ids)
    after = ledger.derive_positions(session, register, companies, now)
    ledger.write_positions(session, register, companies, after, now)
    indexing.index_stances(session, register, [stance.id])
    follow_stance(session, register, replace(stance, published=True), now)
    found = change_of(before, after, stance)
    change = _as_change(stance, found)
    news = news_of(stance, found, register.topics[stance.topic], telling)
    owing.bring_up_to_date(session, stance.id, news)
    if not changes.note(session, change, now) or not may_alert:
        return 0
    return tell(
        session,
        _happening(register, stance, found, telling),
        _word(change.alert_kind, change.told_as, stance, news, telling, now),
    )


def tell_decision(
    session: Session,
    register: Register,
    stance: Stance,
    found: PositionChange,
    telling: Telling,
    now: datetime,
    *,
    may_alert: bool,
    happened_on: Day | None = None,
) -> int:
    """Owe word of a position that moved by a person's decision on a stance that was shown before.

    A stance of which a move was told already tells none again. Return how many mails are owed.
    """
    change = replace(_as_change(stance, found), happened_on=happened_on or stance.date)
    beside = set(ChangeKind) - {found.kind} if found.kind is ChangeKind.EXPIRED else UNMOVED
    if not changes.note(session, change, now, beside=beside) or not may_alert:
        return 0
    news = news_of(stance, found, register.topics[stance.topic], telling)
    word = _word(change.alert_kind, change.key, stance, news, telling, now)
    return tell(session, _happening(register, stance, found, telling), word)


def tell_confirmed(
    session: Session, register: Register, stance: Stance, telling: Telling, now: datetime
) -> int:
    """A public stance is now confirmed: owe word to those who hear only of what is confirmed."""
    change = changes.of_stance(session, stance.id)
    if change is None:
        return 0
    change = replace(change, joint=stance.joint_id)
    found = _as_it_was(change)
    news = news_of(stance, found, register.topics[stance.topic], telling)
    happening = replace(_happening(register, stance, found, telling), confirmed_late=True)
    word = _word(change.alert_kind, change.told_as, stance, news, telling, now)
    return tell(session, happening, word)


def tell_awaiting(
    session: Session, register: Register, stance: Stance, telling: Telling, now: datetime
) -> int:
    """Owe word, in gathered mail only, of something on a contested topic that awaits a check."""
    unmoved = (PositionWord.NO_STATEMENT,) * 2
    found = PositionChange(
        ChangeKind.RECORDED, stance.company, stance.topic, unmoved, unmoved, moved=False
    )
    news = news_of(stance, found, register.topics[stance.topic], telling)
    facts = facts_of_stance(stance, register.organisations, register.topics, quote=telling.quote)
    word = _word(AlertKind.AWAITING, f"{stance.id}/awaiting", stance, news, telling, now)
    return tell(session, as_proposed(facts), word)


def _happening(
    register: Register, stance: Stance, found: PositionChange, telling: Telling
) -> Happening:
    moved = ((Track.SAYS, found.says), (Track.DOES, found.does))
    facts = facts_of_stance(
        stance,
        register.organisations,
        register.topics,
        change=found.kind,
        tracks=[track for track, (before, after) in moved if before is not after],
        quote=telling.quote,
    )
    return Happening(occasions_of(found.kind), facts)


def _word(
    kind: AlertKind, key: str, stance: Stance, news: StanceNews, telling: Telling, now: datetime
) -> Word:
    return Word(kind, key, news.to_json(), telling.mail_domain, now, stance=stance.id)


def _as_it_was(change: Change) -> PositionChange:
    return PositionChange(
        change.kind, change.company, change.topic, change.says, change.does, moved=True
    )


def _as_change(stance: Stance, change: PositionChange) -> Change:
    return Change(
        key=change_key(stance.id, change.kind),
        kind=change.kind,
        stance=stance.id,
        company=stance.company,
        topic=stance.topic,
        happened_on=stance.date,
        says=change.says,
        does=change.does,
        joint=stance.joint_id,
    )


def news_of(stance: Stance, change: PositionChange, topic: Topic, telling: Telling) -> StanceNews:
    """All that a mail shows, as it is known now."""
    return StanceNews(
        company=stance.company_name,
        topic=topic.name,
        act=stance.act,
        change=change.kind,
        level=stance.level,
        date=stance.date,
        summary=summary_of(stance, topic),
        path=f"/e/{stance.id}",
        precision=stance.precision,
        brand=stance.brand,
        moves=_moves(change, topic),
        quote=cut(telling.quote) if telling.quote else None,
        speaker=stance.speaker,
        speaker_role=stance.speaker_role,
        source_title=telling.source_title,
        source_url=telling.source_url,
        source_host=telling.source_host,
        reactions=telling.reactions,
        found_in=telling.found_in,
        found_at=telling.found_at,
        checked_at=telling.checked_at,
    )


def _moves(change: PositionChange, topic: Topic) -> tuple[Move, ...]:
    tracks = ((Track.SAYS, change.says), (Track.DOES, change.does))
    return tuple(
        Move(
            track,
            before,
            after,
            word_label(before, topic.kind, only_said=only_said(track, before, change.does[0])),
            word_label(after, topic.kind, only_said=only_said(track, after, change.does[1])),
        )
        for track, (before, after) in tracks
    )


def summary_of(stance: Stance, topic: Topic) -> str:
    """One line in our words; the scope is quoted, for it is the company's or the reporter's."""
    if stance.summary:
        return stance.summary
    act = stance.act.value.replace("_", " ")
    who = f"{stance.company_name} ({stance.brand})" if stance.brand else stance.company_name
    scope = f" “{stance.scope}”" if stance.scope else ""
    return f"{who} {act}{scope} ({topic.name})."


def may_alert_of(session: Session, stance: Stance) -> bool:
    """Whether word of a stance that a person decided on may still be owed."""
    proof = evidence.first_proof(session, stance.id)
    if proof is None:
        return False
    found = Found(
        level=stance.level,
        disposition=stance.disposition,
        tier=proof.tier,
        act=stance.act,
        novelty=stance.novelty,
        origin=stance.origin,
        review_state=ReviewState.ACCEPTED,  # what a person decides on has been seen
        first_seen=proof.first_seen,
        article_published=proof.published,
    )
    return decide(found, AutoPublish.STRICT).may_alert


def telling_of(session: Session, stance: Stance, editor: Editor) -> Telling:
    """Where a stance was first found, for the mail that tells of a decision on it."""
    proof = evidence.first_proof(session, stance.id)
    if proof is None:
        return Telling(editor.mail_domain, checked_at=editor.now)
    return Telling(
        mail_domain=editor.mail_domain,
        quote=proof.quote,
        source_title=proof.title,
        source_url=proof.url if proof.url.startswith(("http://", "https://")) else None,
        source_host=proof.host,
        found_in=proof.source_title,
        found_at=proof.first_seen,
        checked_at=editor.now,
    )
