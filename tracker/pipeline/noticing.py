"""What the calendar, and people's decisions on calls, bring: word of it to whoever asked.

Notices are raised where they arise (a deadline near, an end of a pause, a promise overdue, a new
status of a call) and owed word of here, once. A silence is told when it has lasted as long as the
reader chose.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tracker.domain.codes import AlertKind
from tracker.domain.filters import Facts, Kind
from tracker.domain.happenings import facts_of_call, facts_of_stance
from tracker.domain.news import RecordNews
from tracker.domain.outcomes import NoticeKind
from tracker.domain.wishes import Happening, Occasion
from tracker.pipeline.correcting import tell_corrections
from tracker.pipeline.register import Register, load_register
from tracker.pipeline.telling import tell, tell_answer
from tracker.store import calls, commitments, notices, stances, subscribers
from tracker.store.database import Database, Session
from tracker.store.notices import Notice
from tracker.store.owing import Word
from tracker.store.views.calls import Unanswered, silences
from tracker.store.views.records import Lens

PASSING = timedelta(days=7)
"""A silence that lasted longer than asked for by more than this was passed before."""

KINDS: Mapping[NoticeKind, AlertKind] = {
    NoticeKind.DEADLINE: AlertKind.DEADLINE,
    NoticeKind.PAUSE_ENDS: AlertKind.DEADLINE,
    NoticeKind.OVERDUE: AlertKind.OVERDUE,
    NoticeKind.ANSWER: AlertKind.ANSWER,
    NoticeKind.UNDONE: AlertKind.ANSWER,
}
WORDS: Mapping[NoticeKind, str] = {
    NoticeKind.DEADLINE: "deadline",
    NoticeKind.PAUSE_ENDS: "pause ends",
    NoticeKind.OVERDUE: "promise overdue",
}


def tell_what_waits(database: Database, mail_domain: str, now: datetime) -> int:
    """Owe word of every correction and notice that nobody was told of yet."""
    corrected = tell_corrections(database, mail_domain, now)
    return corrected + tell_notices(database, mail_domain, now)


def tell_notices(database: Database, mail_domain: str, now: datetime) -> int:
    """Owe word of every notice that nobody was told of yet; return how many mails."""
    with database.reading() as session:
        if not notices.untold(session):
            return 0
    with database.transaction() as session:
        register = load_register(session)
        waiting = notices.untold(session)
        owed = sum(_tell(session, register, one, mail_domain, now) for one in waiting)
        notices.mark_told(session, [one.key for one in waiting], now)
    return owed


def tell_silences(database: Database, mail_domain: str, now: datetime) -> int:
    """Owe word of the silences that have just lasted as long as somebody asked for."""
    with database.reading() as session:
        wished = {
            one.wish.days
            for one in subscribers.subscriptions(session)
            if Occasion.SILENCE in one.wish.occasions
        }
        found = silences(session, Lens(now.date()), now) if wished else []
    passed = [(one, days) for one in found for days in wished if _passes(one, days)]
    if not passed:
        return 0
    with database.transaction() as session:
        register = load_register(session)
        return sum(
            _tell_silence(session, register, one, days, mail_domain, now) for one, days in passed
        )


def _passes(one: Unanswered, days: int) -> bool:
    return days <= one.silence.days < days + PASSING.days


def _tell_silence(
    session: Session,
    register: Register,
    one: Unanswered,
    days: int,
    mail_domain: str,
    now: datetime,
) -> int:
    call, target = one.call, one.target
    asked = next(found for found in call.targets if found.company == target)
    callers = ", ".join(call.callers)
    news = RecordNews(
        kind=AlertKind.SILENCE,
        company=asked.company_name,
        summary=f"{callers} asked {asked.company_name}: {call.asked}",
        path=f"/calls/{call.id}",
        topic=register.topics[call.topic].name if call.topic else None,
        actor=callers,
        what=asked.now.status,
        date=call.date,
        precision=call.precision,
        days=days,
        sources=one.silence.sources,
        looked_at=one.silence.last_checked,
    )
    facts = facts_of_call(call, register.organisations, register.topics, register.slugs, [target])
    key = f"{call.id}/silence/{target}/{days}"
    word = Word(AlertKind.SILENCE, key, news.to_json(), mail_domain, now, call=call.id)
    return tell(session, Happening(frozenset({Occasion.SILENCE}), facts, days=days), word)


def _tell(
    session: Session, register: Register, notice: Notice, mail_domain: str, now: datetime
) -> int:
    call = calls.get(session, notice.call) if notice.call else None
    kind = KINDS[notice.kind]
    if kind is AlertKind.ANSWER:
        if call is None or not call.published:
            return 0
        return tell_answer(session, register, call, notice.company, notice.key, mail_domain, now)
    company = register.organisations[notice.company]
    news = RecordNews(
        kind=kind,
        company=company.name,
        summary=_summary(session, notice),
        path=_path(notice),
        topic=register.topics[notice.topic].name if notice.topic else None,
        what=WORDS[notice.kind],
        due=notice.happens_on,
    )
    word = Word(
        kind,
        notice.key,
        news.to_json(),
        mail_domain,
        now,
        stance=notice.stance,
        call=notice.call,
    )
    occasion = Occasion.OVERDUE if kind is AlertKind.OVERDUE else Occasion.DEADLINE
    facts = _facts(session, register, notice)
    return tell(session, Happening(frozenset({occasion}), facts), word)


def _summary(session: Session, notice: Notice) -> str:
    """What was promised, asked or paused, in one line."""
    commitment = commitments.get(session, notice.commitment) if notice.commitment else None
    if commitment is not None:
        return commitment.promised
    call = calls.get(session, notice.call) if notice.call else None
    if call is not None:
        return f"{', '.join(call.callers)}: {call.asked}"
    stance = stances.get(session, notice.stance) if notice.stance else None
    if stance is None:
        return ""
    return stance.summary or stance.scope or stance.company_name


def _path(notice: Notice) -> str:
    if notice.call:
        return f"/calls/{notice.call}"
    return f"/e/{notice.stance}" if notice.stance else f"/c/{notice.company}"


def _facts(session: Session, register: Register, notice: Notice) -> Facts:
    known, topics = register.organisations, register.topics
    call = calls.get(session, notice.call) if notice.call else None
    if call is not None:
        return facts_of_call(call, known, topics, register.slugs, [notice.company])
    stance = stances.get(session, notice.stance) if notice.stance else None
    if stance is not None:
        return facts_of_stance(stance, known, topics)
    topic = frozenset({topics[notice.topic].slug} if notice.topic else ())
    return Facts(kind=Kind.STANCE, company=frozenset({notice.company}), topic=topic)
