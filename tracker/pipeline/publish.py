"""A stance becomes public: positions are derived anew, and what that changes is owed to people.

All of it happens in the transaction that shows the stance, so that neither can be lost alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from tracker.domain.alerting import Change, Move, ReactionNews, StanceNews, change_key, matching
from tracker.domain.changes import PositionChange, change_of
from tracker.domain.codes import Track
from tracker.domain.evidence import cut
from tracker.domain.model import Stance, Topic
from tracker.domain.position_table import word_label
from tracker.domain.register import chain_on, family_of
from tracker.pipeline import indexing, ledger
from tracker.pipeline.register import Register
from tracker.store import alerts, changes, stances, subscribers
from tracker.store.database import Session


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a stance was found, for the mail that tells of it; times in UTC."""

    mail_domain: str
    quote: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    source_host: str | None = None
    found_in: str | None = None
    found_at: datetime | None = None
    checked_at: datetime | None = None
    reactions: tuple[ReactionNews, ...] = ()


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

    Return how many mails are owed.
    """
    companies = family_of([stance.company], register.organisations)
    before = ledger.derive_positions(session, register, companies, now)
    stances.save(session, replace(stance, published=True), register.ids)
    after = ledger.derive_positions(session, register, companies, now)
    ledger.write_positions(session, register, companies, after, now)
    indexing.index_stances(session, register, [stance.id])
    found = change_of(before, after, stance)
    change = _as_change(stance, found)
    if not changes.note(session, change, now) or not may_alert:
        return 0
    return _owe(session, register, stance, found, change, telling, now)


def _owe(
    session: Session,
    register: Register,
    stance: Stance,
    found: PositionChange,
    change: Change,
    telling: Telling,
    now: datetime,
) -> int:
    wishes = matching(
        subscribers.wishes(session),
        chain_on(stance.company, stance.date, register.organisations) + _brand(stance, register),
        (stance.topic, *stance.topics),
    )
    if not wishes:
        return 0
    news = news_of(stance, found, register.topics[stance.topic], telling)
    return alerts.owe(session, change, news, wishes, telling.mail_domain, now)


def _brand(stance: Stance, register: Register) -> tuple[str, ...]:
    """A brand that is an organisation of its own can be followed by itself."""
    slug = register.slugs.get(stance.brand or "")
    return (slug,) if slug else ()


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
            word_label(before, topic.kind),
            word_label(after, topic.kind),
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
