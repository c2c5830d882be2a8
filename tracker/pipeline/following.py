"""What may follow from a record that became public: answers to calls, promises, ends of promises.

Everything here is only proposed. A person decides each once (`deciding`).
"""

import re
from collections.abc import Iterable
from datetime import datetime

from tracker.domain import calls as answering
from tracker.domain.calls import AnswerProposal
from tracker.domain.codes import Origin, ReviewState
from tracker.domain.commitments import (
    first_step,
    follow_stance_of,
    promise_of,
    propose_states,
)
from tracker.domain.model import Call, CallId, Commitment, Relation, Stance
from tracker.domain.outcomes import ProposalKind
from tracker.domain.register import chain_on, family_of
from tracker.pipeline.register import Register
from tracker.store import calls, commitments, evidence, history, proposals, stances
from tracker.store.database import Session
from tracker.store.proposals import NewProposal
from tracker.store.schema.ledger import RecordKind

COMMITMENT = "commitment"
"""What history calls a promise."""


def follow_stance(session: Session, register: Register, stance: Stance, now: datetime) -> int:
    """Propose what a public stance may answer, undo, promise or end; return how many are new."""
    relations = stances.relations_among(session, [stance.id])
    asked = _calls_on(session, register, stance)
    found = _answers(session, register, stance, asked)
    found += _undone(session, register, stance, asked, relations)
    found += _ends(session, stance, relations)
    _propose_promise(session, register, stance, now)
    return proposals.add(session, found, now)


def follow_call(session: Session, register: Register, call: Call, now: datetime) -> int:
    """Propose which public stances may have answered a call; return how many are new."""
    if not call.published:
        return 0
    companies = family_of([target.company for target in call.targets], register.organisations)
    found: list[NewProposal] = []
    for stance in stances.of_companies(session, companies):
        if stance.published and stance.date >= call.date:
            found += _answers(session, register, stance, [call])
    return proposals.add(session, found, now)


def follow_relation(session: Session, register: Register, stance: Stance, now: datetime) -> int:
    """Propose what a relation undoes that a person has decided; return how many are new."""
    relations = stances.relations_among(session, [stance.id])
    asked = _calls_on(session, register, stance)
    found = _undone(session, register, stance, asked, relations)
    return proposals.add(session, found + _ends(session, stance, relations), now)


def _calls_on(session: Session, register: Register, stance: Stance) -> list[Call]:
    """The public calls on the company, its owners of the day, and its brand."""
    wanted = set(chain_on(stance.company, stance.date, register.organisations))
    brand = register.slugs.get(stance.brand or "")
    if brand is not None:
        wanted.add(brand)
    return [call for call in calls.naming(session, wanted) if call.published]


def _answers(
    session: Session, register: Register, stance: Stance, asked: list[Call]
) -> list[NewProposal]:
    if not asked:
        return []
    naming = _naming(session, stance, asked)
    found = answering.propose_answers(stance, asked, register.organisations, naming)
    return [_as_new(ProposalKind.ANSWER, one, "it may answer the call") for one in found]


def _naming(session: Session, stance: Stance, asked: Iterable[Call]) -> set[CallId]:
    """The calls whose caller a report of the stance names."""
    texts = evidence.texts_of(session, RecordKind.STANCE, stance.id)
    return {
        call.id
        for call in asked
        if any(_named(caller, text) for caller in call.callers for text in texts)
    }


def _named(caller: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(caller)}(?!\w)", text) is not None


def _undone(
    session: Session,
    register: Register,
    stance: Stance,
    asked: list[Call],
    relations: list[Relation],
) -> list[NewProposal]:
    answered = {
        one for call in asked for target in call.targets for one in answering.answers_of(target)
    }
    known = {one.id: one for one in stances.by_ids(session, answered)}
    kind = register.topics[stance.topic].kind
    found = answering.propose_reversals(stance, asked, known, relations, kind)
    return [_as_new(ProposalKind.UNDONE, one, "it may undo the answer") for one in found]


def _as_new(kind: ProposalKind, found: AnswerProposal, reason: str) -> NewProposal:
    return NewProposal(
        kind=kind,
        stance=found.stance,
        company=found.target,
        status=found.status,
        reason=reason,
        call=found.call,
        met=found.met,
        rank=found.rank,
    )


def _ends(session: Session, stance: Stance, relations: list[Relation]) -> list[NewProposal]:
    known = [one for one in commitments.of_companies(session, [stance.company]) if one.shown]
    return [
        NewProposal(
            kind=ProposalKind.STATE,
            stance=stance.id,
            company=stance.company,
            status=found.state,
            reason=found.why,
            commitment=found.commitment,
        )
        for found in propose_states(stance, known, relations)
    ]


def _follow_its_stance(
    session: Session, register: Register, commitment: Commitment, stance: Stance, now: datetime
) -> None:
    quotes = evidence.quotes_of(session, RecordKind.STANCE, [stance.id]).get(stance.id, set())
    moved = follow_stance_of(commitment, stance, promise_of(stance, sorted(quotes)))
    if moved == commitment:
        return
    commitments.save(session, moved, register.ids)
    change = {
        name: [str(getattr(commitment, name)), str(getattr(moved, name))]
        for name in ("date", "due", "condition", "company", "topic", "review_state")
        if getattr(commitment, name) != getattr(moved, name)
    }
    by = "rules of the ledger"
    history.note(
        session, COMMITMENT, commitment.id, "followed its stance", by=by, now=now, change=change
    )


def _propose_promise(session: Session, register: Register, stance: Stance, now: datetime) -> None:
    """Keep a new promise that can be tested; it is shown when a person has accepted it.

    One that is kept already follows what was put right in its stance since.
    """
    kept = commitments.of_stance(session, stance.id)
    if kept:
        for one in kept:
            _follow_its_stance(session, register, one, stance, now)
        return
    quotes = evidence.quotes_of(session, RecordKind.STANCE, [stance.id]).get(stance.id, set())
    promise = promise_of(stance, sorted(quotes))
    if promise is None:
        return
    commitment = Commitment(
        id=commitments.free_id(session, f"{stance.id}-promise"),
        company=stance.company,
        company_name=stance.company_name,
        topic=stance.topic,
        stance=stance.id,
        promised=stance.summary or stance.scope or next(iter(sorted(quotes)), stance.act.value),
        date=stance.date,
        steps=(first_step(stance.date, promise),),
        brand=stance.brand,
        precision=stance.precision,
        scope=stance.scope,
        due=promise.due,
        due_precision=promise.precision,
        condition=promise.condition,
        review_state=ReviewState.PROPOSED,
        origin=Origin.EXTRACTED,
    )
    commitments.save(session, commitment, register.ids)
    by = stance.extractor or "rules of the ledger"
    history.note(session, COMMITMENT, commitment.id, "proposed", by=by, now=now)
