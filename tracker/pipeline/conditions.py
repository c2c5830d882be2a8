"""Conditions of terms and promises: whether one is met is asked, and never decided by machine.

A person is asked every 180 days, and when an article names the condition (ledger R5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from datetime import date as Day

from tracker.domain.codes import Question
from tracker.domain.commitments import LIVE
from tracker.domain.conditions import sentence_naming, speaks_of
from tracker.domain.evidence import cut
from tracker.domain.model import Commitment, PositionSpan, StanceId, TopicCode
from tracker.domain.position_steps import end_of_term
from tracker.pipeline.report import Report
from tracker.store import commitments, evidence, facts, history, positions, reviews
from tracker.store.database import Session
from tracker.store.schema.ledger import RecordKind, ReviewKind

ASK_AGAIN = timedelta(days=180)
"""So often a person is asked whether a condition is met, without any article."""

NAMED_AGAIN = timedelta(days=30)
"""How long after a question the next article that names the condition asks again."""

OLD_NEWS = timedelta(days=14)
"""So long after a promise, reports that name its condition are reports of the promise."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a stance waits for, since when, and of whom and what it speaks."""

    stance: StanceId
    words: str
    since: Day
    company: str
    topic: TopicCode
    brand: str | None = None
    commitment: str | None = None


def ask_now_and_then(session: Session, companies: Iterable[str], now: datetime) -> None:
    """Ask whether the conditions of these companies are met, every 180 days."""
    installed = facts.fact(session, "installed_at")
    watched_since = datetime.fromisoformat(installed) if installed else now
    slugs = list(companies)
    spans = positions.of_companies(session, slugs)
    for one in _each_once(spans, commitments.of_companies(session, slugs)):
        began = max(datetime.combine(one.since, time(), UTC), watched_since)
        last = reviews.last_asked(session, one.stance, Question.CONDITION) or began
        if now - last >= ASK_AGAIN:
            _ask(session, one, f"it holds until {one.words}: is that the case by now?", {}, now)


def ask_of_article(report: Report) -> int:
    """Ask about each condition that the article names; return how many questions are new."""
    session, asked = report.session, 0
    for one in _each_once(positions.with_terms(session), commitments.conditional(session)):
        sentence = _named(report, one) if report.day - one.since > OLD_NEWS else None
        if sentence is not None and _may_ask(report, one):
            _ask_of(report, one, sentence)
            asked += 1
    return asked


def _ask_of(report: Report, condition: Condition, sentence: str) -> None:
    url = report.snapshot.url
    reason = f"an article names its condition, {condition.words}: is it met? {url}"
    named = {"article": url, "sentence": cut(sentence)}
    _ask(report.session, condition, reason, named, report.now)
    history.note(
        report.session,
        RecordKind.STANCE,
        condition.stance,
        "condition named",
        by=report.extractor,
        now=report.now,
        change=named,
    )


def _may_ask(report: Report, condition: Condition) -> bool:
    """Not while a question waits or was just answered, and not for the stance's own reports."""
    last = reviews.last_asked(report.session, condition.stance, Question.CONDITION)
    if last is not None and report.now - last < NAMED_AGAIN:
        return False
    if reviews.open_about(report.session, condition.stance, Question.CONDITION):
        return False
    own = evidence.urls_of(report.session, RecordKind.STANCE, [condition.stance])
    return report.snapshot.url not in own.get(condition.stance, set())


def _named(report: Report, condition: Condition) -> str | None:
    text = f"{report.snapshot.title or ''}\n{report.snapshot.text}"
    organisation = report.register.organisations.get(condition.company)
    names = [name.text for name in organisation.names] if organisation else []
    topic = report.register.topics[condition.topic].name
    if not speaks_of(text, [*names, condition.brand or ""], topic):
        return None
    return sentence_naming(condition.words, text)


def _ask(
    session: Session, condition: Condition, reason: str, named: dict[str, str], now: datetime
) -> None:
    told = {
        "term": f"until {condition.words}",
        "topic": condition.topic,
        "company": condition.company,
    }
    if condition.commitment is not None:
        told["commitment"] = condition.commitment
        reason += (
            f" (then say where the promise stands: tracker commitments set {told['commitment']})"
        )
    reviews.ask(
        session,
        ReviewKind.STANCE,
        condition.stance,
        [reason],
        told | named,
        now,
        question=Question.CONDITION,
        about=now.date().isoformat(),
    )


def _each_once(
    spans: Iterable[PositionSpan], promises: Iterable[Commitment]
) -> Iterable[Condition]:
    """The conditions that hold, one for each stance: of its promise, else of its term."""
    found = {one.stance: one for one in map(_of_span, spans) if one is not None}
    found |= {one.stance: one for one in map(_of_promise, promises) if one is not None}
    return found.values()


def _of_span(span: PositionSpan) -> Condition | None:
    term = span.term or ""
    holds = span.until is None and span.rests_on and term.startswith("until ")
    if not holds or end_of_term(term) is not None:
        return None
    words = term.removeprefix("until ")
    return Condition(span.rests_on[-1], words, span.since, span.company, span.topic, span.brand)


def _of_promise(promise: Commitment) -> Condition | None:
    if not promise.condition or not promise.shown or promise.now.state not in LIVE:
        return None
    return Condition(
        promise.stance,
        promise.condition,
        promise.date,
        promise.company,
        promise.topic,
        promise.brand,
        promise.id,
    )
