"""Rows of what is recorded: stances, reactions, calls, and the positions that follow."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date as Day
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.calls import target_on, told_by
from tracker.domain.codes import Known, RelationKind
from tracker.domain.model import CallTarget, StanceId
from tracker.store import calls, disputes, merges, reactions, reported
from tracker.store.exports.cut import Cut, Row, Wanted, in_parts
from tracker.store.exports.proofs import proofs_of
from tracker.store.schema import CallRow, ReactionRow, RelationRow, StanceRow
from tracker.store.schema.ledger import RecordKind
from tracker.store.stance_values import value as stance_value
from tracker.store.views import positions
from tracker.store.views.records import Lens


def stance_rows(session: Session, cut: Cut) -> Iterator[Row]:
    """Every stance, by date and id; ``status`` is new or background."""
    query = select(StanceRow).where(*cut.records(StanceRow)).order_by(StanceRow.date, StanceRow.id)
    for some in in_parts(session, query):
        proofs = proofs_of(session, RecordKind.STANCE, [row.id for row in some])
        related = _relations(session, cut, [row.id for row in some])
        ids = [StanceId(row.id) for row in some]
        former, disputed = merges.former_ids(session, ids), disputes.of(session, ids)
        for row, id_ in zip(some, ids, strict=True):
            yield _stance(row, proofs[row.id]) | {
                "relations": related.get(row.id, []),
                "former_ids": former[id_],
                "disputed": [asdict(fact) for fact in disputed.get(id_, [])],
            }


def _stance(row: StanceRow, proof: Row) -> Row:
    stance = stance_value(row)
    head: Row = {
        "id": stance.id,
        "company": stance.company_name,
        "company_slug": stance.company,
        "brand": stance.brand,
        "topic": stance.topic,
        "topics": list(stance.topics),
        "act": stance.act,
        "direction": stance.direction,
        "directions": dict(stance.directions),
        "date": stance.date,
        "precision": stance.precision,
        "status": stance.novelty,
    }
    more = (
        "level published review_state origin scope summary speaker speaker_role authority "
        "effective_date first_reported first_seen trigger extent term track matter joint_id "
        "modality disposition confidence extractor note"
    )
    return head | proof | {name: getattr(stance, name) for name in more.split()}


def _relations(session: Session, cut: Cut, ids: Sequence[str]) -> dict[str, list[Row]]:
    """What nobody decided yet is shown to nobody: that a company takes something back is grave."""
    query = select(RelationRow).where(
        RelationRow.stance_id.in_(ids), RelationRow.refused.is_(False)
    )
    if cut.wanted is Wanted.PUBLIC:
        grave = (RelationKind.REVERSES, RelationKind.CONTRADICTS)
        query = query.where(or_(RelationRow.decided, RelationRow.kind.not_in(grave)))
    rows = session.scalars(query.order_by(RelationRow.id))
    found: dict[str, list[Row]] = {}
    for row in rows:
        relation = {"kind": row.kind, "to": row.to_id, "decided": row.decided}
        found.setdefault(row.stance_id, []).append(relation)
    return found


def reaction_rows(session: Session, cut: Cut) -> Iterator[Row]:
    """Every reaction, by id; ``about`` and ``actor`` are names, with the slugs beside them."""
    query = select(ReactionRow).where(*cut.records(ReactionRow)).order_by(ReactionRow.id)
    for some in in_parts(session, query):
        some = _known(session, cut, RecordKind.REACTION, some)
        proofs = proofs_of(session, RecordKind.REACTION, [row.id for row in some])
        for row in some:
            yield _reaction(row, proofs[row.id])


def _reaction(row: ReactionRow, proof: Row) -> Row:
    reaction = reactions.value(row)
    head: Row = {
        "id": reaction.id,
        "actor": row.actor.name if row.actor else reaction.actor_name,
        "actor_slug": reaction.actor,
        "actor_name": reaction.actor_name,
        "actor_type": reaction.actor_type,
        "reaction": reaction.reaction,
        "about": [about.organisation.name for about in row.about],
        "about_slugs": list(reaction.about),
        "stance": reaction.stance,
        "call": reaction.call,
        "topic": reaction.topic,
        "date": reaction.date,
        "precision": reaction.precision,
        "status": reaction.novelty,
    }
    more = (
        "level published review_state origin practice summary speaker affiliate target_class "
        "disposition confidence extractor note"
    )
    return head | proof | {name: getattr(reaction, name) for name in more.split()}


def call_rows(session: Session, cut: Cut) -> Iterator[Row]:
    """Every call, by date and id, with each target's status (that of the day asked for)."""
    query = select(CallRow).where(*cut.records(CallRow)).order_by(CallRow.date, CallRow.id)
    later = reported.told_later(session, cut.day) if cut.known is Known.THEN else set()
    for some in in_parts(session, query):
        some = _known(session, cut, RecordKind.CALL, some)
        proofs = proofs_of(session, RecordKind.CALL, [row.id for row in some])
        for row in some:
            yield _call(row, proofs[row.id], cut.as_of, later)


def _known(session: Session, cut: Cut, kind: RecordKind, rows: Sequence[Any]) -> Sequence[Any]:
    if cut.known is Known.NOW:
        return rows
    known = reported.known_then(session, kind, rows, cut.day)
    return [row for row in rows if row.id in known]


def _call(row: CallRow, proof: Row, as_of: Day | None, later: set[StanceId]) -> Row:
    call = calls.value(row)
    head: Row = {
        "id": call.id,
        "callers": list(call.callers),
        "caller_type": call.caller_type,
        "asked": call.asked,
        "asked_act": call.asked_act,
        "topic": call.topic,
        "topics": list(call.topics),
        "date": call.date,
        "precision": call.precision,
        "targets": [
            _target(told_by(target, later), as_of) if later else _target(target, as_of)
            for target in call.targets
        ],
        "demands": [
            {"kind": demand.kind, "asked": demand.asked, "topic": demand.topic}
            for demand in call.demands
        ],
    }
    more = (
        "target_class deadline channel delivered_on delivery_proof public_url withdrawn_on level "
        "published review_state origin disposition confidence extractor note"
    )
    return head | proof | {name: getattr(call, name) for name in more.split()}


def _target(target: CallTarget, as_of: Day | None) -> Row:
    """Every step, also a corrected one; the status is that of the day asked for."""
    steps = [
        {
            "status": step.status,
            "date": step.date,
            "precision": step.precision,
            "answered_by": list(step.answered_by),
            "met": list(step.met),
            "corrects": step.corrects,
            "why": step.why,
        }
        for step in (*target.history, target.now)
        if as_of is None or step.date is None or step.date <= as_of
    ]
    now = target_on(target, as_of or Day.max).now
    named: Row = {"company": target.company_name, "company_slug": target.company}
    more = {"of_class": target.of_class, "history": steps}
    return named | {"status": now.status, "date": now.date} | more


def position_rows(session: Session, cut: Cut) -> Iterator[Row]:
    """Where every company stood on a day, its two words side by side: what the matrix shows."""
    found = positions.standings(session, Lens(cut.day, known=cut.known))
    for one in sorted(found, key=lambda one: (one.company.name, one.topic.code, one.brand or "")):
        says, does = one.says, one.does
        yield {
            "company": one.company.name,
            "company_slug": one.company.slug,
            "brand": one.brand,
            "topic": one.topic.code,
            "says": says.word if says else None,
            "does": does.word if does else None,
            "since": one.since,
            "says_since": says.since if says else None,
            "does_since": does.since if does else None,
            "last_evidence": one.last_evidence,
            "says_stance": says.stance if says else None,
            "does_stance": does.stance if does else None,
            "scope": next((span.scope for span in one.spans if span.scope), None),
            "term": next((span.term for span in one.spans if span.term), None),
            "compelled": any(span.compelled for span in one.spans),
            "rests_on": list(dict.fromkeys(id_ for span in one.spans for id_ in span.rests_on)),
        }
