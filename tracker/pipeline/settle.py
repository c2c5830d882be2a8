"""Recorded findings are shown, or put before a person; what is shown may alert."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.domain.codes import Novelty, RelationKind, ReviewState
from tracker.domain.happenings import confirmed_late
from tracker.domain.model import Call, Reaction, Relation, Stance
from tracker.domain.news import ReactionNews
from tracker.domain.position_table import is_compelled
from tracker.domain.publishing import Found, Publication, decide
from tracker.domain.reaction_words import REACTION_WORDS
from tracker.pipeline import indexing
from tracker.pipeline.attesting import level_of_answer, level_of_stance
from tracker.pipeline.following import follow_call
from tracker.pipeline.publish import publish, tell_awaiting, tell_confirmed
from tracker.pipeline.record_calls import Called
from tracker.pipeline.record_reactions import Answered
from tracker.pipeline.record_stances import Told
from tracker.pipeline.report import Report, ask_person, note
from tracker.pipeline.target_classes import propose_members
from tracker.pipeline.telling import Telling, tell_call, tell_reaction
from tracker.store import calls, reactions, stances
from tracker.store.schema.ledger import RecordKind


def settle_stance(report: Report, told: Told, answers: Sequence[Answered]) -> None:
    """Show a stance and owe word of it, or ask a person; one that is shown stays as it is."""
    level = level_of_stance(report.session, report.register, told.stance)
    stance = replace(told.stance, level=level)
    telling = _telling(report, told, answers)
    if stance.published:
        _raise_level(report, told, stance, telling)
        return
    relations = stances.relations_among(report.session, [stance.id])
    resembles = next((r.to for r in relations if r.kind is RelationKind.DUPLICATE_OF), None)
    decision = _decide_stance(report, stance, told.found.novelty, relations)
    if resembles is not None:
        decision = replace(decision, published=False, may_alert=False)
    stances.save(report.session, stance, report.register.ids)
    if decision.published:
        note(report, RecordKind.STANCE, stance.id, "published", "by rule")
        owed = publish(
            report.session,
            report.register,
            stance,
            telling,
            report.now,
            may_alert=decision.may_alert,
        )
        report.tally.count("published")
        report.tally.count("alerts", owed)
    reasons = [*decision.waits_for]
    if resembles is not None and stance.review_state is not ReviewState.REJECTED:
        reasons.append(f"it may be the same as {resembles}")
    if reasons:
        ask_person(report, RecordKind.STANCE, stance.id, reasons, told.found)
    contested = report.register.topics[stance.topic].contested
    if decision.waits_for and contested and resembles is None and decision.fresh:
        owed = tell_awaiting(report.session, report.register, stance, telling, report.now)
        report.tally.count("alerts", owed)


def _raise_level(report: Report, told: Told, stance: Stance, telling: Telling) -> None:
    """A public stance that this report attests better; it stays as it is otherwise."""
    if stance.level is told.stance.level:
        return
    stances.save(report.session, stance, report.register.ids)
    change = f"{told.stance.level} → {stance.level}"
    note(report, RecordKind.STANCE, stance.id, "better attested", change)
    fresh = _decide_stance(report, stance, told.found.novelty, ()).fresh
    if fresh and confirmed_late(told.stance.level, stance.level):
        owed = tell_confirmed(report.session, report.register, stance, telling, report.now)
        report.tally.count("alerts", owed)


def settle_reaction(report: Report, answered: Answered) -> Answered:
    """Show a reaction, or ask a person; return it as it stands now."""
    if answered.reaction.published:
        return answered
    level = level_of_answer(report.session, RecordKind.REACTION, answered.reaction.id)
    reaction = replace(answered.reaction, level=level)
    decision = _decide_answer(report, reaction)
    reaction = replace(reaction, published=decision.published)
    reactions.save(report.session, reaction, report.register.ids)
    indexing.index_reactions(report.session, report.register, [reaction.id])
    if decision.published:
        note(report, RecordKind.REACTION, reaction.id, "published", "by rule")
        if decision.may_alert:
            telling = _found_at(report, answered.found.span.quote)
            owed = tell_reaction(report.session, report.register, reaction, telling, report.now)
            report.tally.count("alerts", owed)
    elif decision.waits_for:
        ask_person(report, RecordKind.REACTION, reaction.id, decision.waits_for, answered.found)
    return replace(answered, reaction=reaction)


def settle_call(report: Report, called: Called) -> None:
    """Show a call, or ask a person."""
    if called.call.published:
        return
    level = level_of_answer(report.session, RecordKind.CALL, called.call.id)
    call = replace(called.call, level=level)
    decision = _decide_answer(report, call)
    call = replace(call, published=decision.published)
    calls.save(report.session, call, report.register.ids, report.register.slugs)
    indexing.index_calls(report.session, report.register, [call.id])
    reasons = [] if decision.published else [*decision.waits_for]
    if propose_members(report.session, call, report.now):
        reasons.append(f"nobody has said whom ‘{call.target_class}’ means (tracker calls class)")
    if decision.published:
        note(report, RecordKind.CALL, call.id, "published", "by rule")
        follow_call(report.session, report.register, call, report.now)
        if decision.may_alert:
            telling = _found_at(report, called.found.span.quote)
            owed = tell_call(report.session, report.register, call, telling, report.now)
            report.tally.count("alerts", owed)
    if reasons:
        ask_person(report, RecordKind.CALL, call.id, reasons, called.found)


def _decide_stance(
    report: Report, stance: Stance, novelty: Novelty, relations: Iterable[Relation]
) -> Publication:
    proposed: set[RelationKind] = {r.kind for r in relations if not r.decided}
    company = report.register.organisations[stance.company]
    found = Found(
        level=stance.level,
        disposition=stance.disposition,
        tier=report.snapshot.tier,
        act=stance.act,
        direction=stance.direction,
        modality=stance.modality,
        novelty=novelty,
        origin=stance.origin,
        review_state=stance.review_state,
        contested=report.register.topics[stance.topic].contested,
        compelled=is_compelled(stance),
        first_of_company=not stances.has_any(report.session, stance.company),
        ambiguous_company=company.ambiguous,
        proposed=frozenset(proposed),
        revised=report.snapshot.revised,
        first_seen=report.snapshot.first_seen,
        article_published=report.snapshot.published,
    )
    return decide(found, report.auto_publish)


def _decide_answer(report: Report, record: Reaction | Call) -> Publication:
    found = Found(
        level=record.level,
        disposition=record.disposition,
        tier=report.snapshot.tier,
        novelty=record.novelty if isinstance(record, Reaction) else Novelty.NEW,
        origin=record.origin,
        review_state=record.review_state,
        contested=record.topic is not None and report.register.topics[record.topic].contested,
        revised=report.snapshot.revised,
        first_seen=report.snapshot.first_seen,
        article_published=report.snapshot.published,
    )
    return decide(found, report.auto_publish)


def _telling(report: Report, told: Told, answers: Sequence[Answered]) -> Telling:
    about = [a.reaction for a in answers if a.reaction.stance == told.stance.id]
    return replace(
        _found_at(report, told.quote),
        reactions=tuple(
            ReactionNews(r.reaction, r.actor_name, REACTION_WORDS[r.reaction])
            for r in about
            if r.published
        ),
    )


def _found_at(report: Report, quote: str) -> Telling:
    snapshot = report.snapshot
    return Telling(
        mail_domain=report.mail_domain,
        quote=quote,
        source_title=snapshot.title,
        source_url=snapshot.url if snapshot.url.startswith(("http://", "https://")) else None,
        source_host=snapshot.host or None,
        found_in=snapshot.source_title,
        found_at=snapshot.first_seen,
    )
