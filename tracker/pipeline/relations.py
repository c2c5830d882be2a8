"""What the rules suppose of two stances, put before a person, and what that person decides.

Nothing that is only supposed shows on a page, moves a position or owes a mail (ledger R6).
"""

from collections.abc import Iterable
from datetime import datetime

from tracker.domain.changes import change_of
from tracker.domain.codes import Level, Origin, Question, RelationKind, ReviewState
from tracker.domain.errors import UsageError
from tracker.domain.model import Relation, Stance, StanceId
from tracker.domain.register import family_of
from tracker.domain.relations import propose_around
from tracker.pipeline import ledger, merging
from tracker.pipeline.editor import Editor
from tracker.pipeline.following import follow_relation
from tracker.pipeline.publish import may_alert_of, tell_decision, telling_of
from tracker.pipeline.register import load_register
from tracker.store import history, reviews, stances
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.reviews import Review
from tracker.store.schema.ledger import RecordKind, ReviewKind

SUPPOSED = {
    RelationKind.REVERSES: "it may reverse",
    RelationKind.CONTRADICTS: "it may contradict",
    RelationKind.MODIFIES: "it may modify",
    RelationKind.DUPLICATE_OF: "it may be the same event as",
}
"""How a person is asked about each kind of relation that rules propose."""


def propose(
    session: Session, new: Stance, resembles: StanceId | None, by: str, now: datetime
) -> None:
    """Note what the rules suppose of a new stance and the known ones, and ask a person.

    ``resembles`` is the known stance of which it may be another report.
    """
    known = [one for one in stances.of_companies(session, [new.company]) if _may_turn(one, new)]
    among = stances.relations_among(session, [new.id, *(one.id for one in known)])
    supposed = [*propose_around(new, known, among)]
    if resembles:
        supposed.append(Relation(RelationKind.DUPLICATE_OF, new.id, resembles, decided=False))
    for relation in stances.relate(session, supposed, Origin.EXTRACTED):
        _note(session, relation, "relation proposed", by, now)
        ask(session, relation, now)


def ask(session: Session, relation: Relation, now: datetime) -> None:
    """Ask a person whether a relation holds; once, while it is not decided."""
    reviews.ask(
        session,
        ReviewKind.STANCE,
        relation.stance,
        [f"{SUPPOSED.get(relation.kind, relation.kind.value)} {relation.to}"],
        {"kind": relation.kind.value, "to": relation.to},
        now,
        question=Question.RELATION,
        about=relation.to,
    )


def answer(session: Session, review: Review, editor: Editor, *, holds: bool) -> int:
    """Take a person's answer on a supposed relation; return how many mails are owed for it."""
    if review.record is None or review.about is None:
        raise UsageError(f"review {review.id} names no two stances")
    kind = RelationKind(review.proposed["kind"])
    relation = Relation(kind, StanceId(review.record), StanceId(review.about))
    if not holds:
        stances.refuse(session, relation, editor.now)
        _note(session, relation, "relation refused", editor.name, editor.now, editor.why)
        return 0
    if kind is RelationKind.DUPLICATE_OF:
        merging.merge(session, relation.stance, relation.to, editor)
        return 0
    return decide(session, relation, editor)


def decide(session: Session, relation: Relation, editor: Editor) -> int:
    """A person holds a relation to be true: positions follow, and what moved may be told."""
    register = load_register(session)
    stance = merging.standing(session, relation.stance)
    companies = family_of([stance.company], register.organisations)
    before = ledger.derive_positions(session, register, companies, editor.now)
    stances.relate(session, [relation], Origin.EDITOR, editor.now)
    _note(session, relation, "relation decided", editor.name, editor.now, editor.why)
    after = ledger.derive_positions(session, register, companies, editor.now)
    ledger.write_positions(session, register, companies, after, editor.now)
    follow_relation(session, register, stance, editor.now)
    found = change_of(before, after, stance)
    if not (found.moved and stance.published):
        return 0
    telling = telling_of(session, stance, editor)
    return tell_decision(
        session,
        register,
        stance,
        found,
        telling,
        editor.now,
        may_alert=may_alert_of(session, stance),
    )


def decide_relation(
    database: Database, stance: StanceId, kind: RelationKind, to: StanceId, editor: Editor
) -> int:
    """A person says that one stance reverses (contradicts, …) another; return the mails owed.

    Raises UsageError for stances that are not there.
    """
    if stance == to:
        raise UsageError(f"a relation is between two different stances; {to} is named twice")
    with database.transaction() as session:
        write_alone(session)
        one, other = merging.standing(session, stance), merging.standing(session, to)
        if one.id == other.id:
            raise UsageError(f"{stance} and {to} are one event: they were merged")
        if kind is RelationKind.DUPLICATE_OF:
            merging.merge(session, one.id, other.id, editor)
            return 0
        owed = decide(session, Relation(kind, one.id, other.id), editor)
        for review in reviews.open_about(session, one.id, Question.RELATION):
            if review.about == other.id and review.proposed.get("kind") == kind:
                close(session, review, ReviewState.ACCEPTED, editor)
        return owed


def close(session: Session, review: Review, decision: ReviewState, editor: Editor) -> None:
    """Note that a question was answered on another way."""
    reviews.decide(session, review.id, decision, by=editor.name, now=editor.now, why=editor.why)


def close_all(session: Session, record: StanceId, editor: Editor) -> None:
    """A rejected stance stands in no relation: what was supposed of it is refused."""
    for review in reviews.open_about(session, record, Question.RELATION):
        answer(session, review, editor, holds=False)
        close(session, review, ReviewState.REJECTED, editor)


def refuse_likeness(session: Session, record: StanceId, editor: Editor) -> None:
    """A stance that a person accepted for itself is no other report of a known one."""
    for review in reviews.open_about(session, record, Question.RELATION):
        likeness = review.proposed.get("kind") == RelationKind.DUPLICATE_OF
        if likeness and review.record == record:
            answer(session, review, editor, holds=False)
            close(session, review, ReviewState.REJECTED, editor)


def _may_turn(known: Stance, new: Stance) -> bool:
    rejected = known.review_state is ReviewState.REJECTED or known.level is Level.RETRACTED
    return known.id != new.id and not rejected


def _note(
    session: Session,
    relation: Relation,
    action: str,
    by: str,
    now: datetime,
    why: str | None = None,
) -> None:
    """The step belongs to the history of both stances."""
    change = {"stance": relation.stance, "kind": relation.kind.value, "to": relation.to}
    both: Iterable[StanceId] = (relation.stance, relation.to)
    for stance in both:
        history.note(
            session, RecordKind.STANCE, stance, action, by=by, now=now, change=change, why=why
        )
