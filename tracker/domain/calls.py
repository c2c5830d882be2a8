"""Calls: whom a stance may have answered, and what status may follow what (ledger D)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import timedelta

from tracker.domain.answers import ACKNOWLEDGED, ANSWERED, OPEN, PARTLY, REJECTED, outcome_for
from tracker.domain.changes import range_of
from tracker.domain.codes import (
    Act,
    CallStatus,
    Level,
    Novelty,
    RelationKind,
    ReviewState,
    TopicKind,
)
from tracker.domain.errors import UsageError
from tracker.domain.model import (
    Call,
    CallId,
    CallTarget,
    Organisation,
    Relation,
    Stance,
    StanceId,
    TargetStatus,
)
from tracker.domain.position_table import rule_for
from tracker.domain.register import chain_on

IGNORED, REVERSED, SUPERSEDED = CallStatus.IGNORED, CallStatus.REVERSED, CallStatus.SUPERSEDED

WAITING = frozenset({OPEN, ACKNOWLEDGED, PARTLY, IGNORED})
"""Statuses of a target to which an answer may still be proposed."""

_FOLLOWS: Mapping[CallStatus, frozenset[CallStatus]] = {
    OPEN: frozenset(CallStatus) - {OPEN, REVERSED},
    ACKNOWLEDGED: frozenset({PARTLY, ANSWERED, REJECTED, IGNORED, SUPERSEDED}),
    PARTLY: frozenset({ANSWERED, SUPERSEDED, REVERSED}),
    ANSWERED: frozenset({REVERSED}),
    IGNORED: frozenset({ACKNOWLEDGED, PARTLY, ANSWERED, REJECTED, SUPERSEDED}),
}

_NAMED_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class AnswerProposal:
    """What a stance may make of a target; a person decides. Lower ``rank`` is likelier.

    ``met`` are the places of the demands that would then be met.
    """

    call: CallId
    target: str
    stance: StanceId
    status: CallStatus
    rank: int
    met: tuple[int, ...] = ()


def propose_answers(
    stance: Stance,
    calls: Iterable[Call],
    organisations: Mapping[str, Organisation],
    naming: Collection[CallId] = frozenset(),
) -> tuple[AnswerProposal, ...]:
    """Return what the stance may have answered, likeliest first.

    ``naming`` are the calls whose caller or matter the article names: they come first, and only
    they are answered on the same day or after more than a year.
    """
    if not _may_answer(stance):
        return ()
    found: list[AnswerProposal] = []
    for call in calls:
        if _in_time(call, stance, call.id in naming) and _on_topic(call, stance):
            found.extend(_proposals(call, stance, organisations, call.id in naming))
    return tuple(sorted(found, key=lambda one: (one.rank, one.call, one.target)))


def propose_reversals(
    stance: Stance,
    calls: Iterable[Call],
    known: Mapping[StanceId, Stance],
    relations: Iterable[Relation],
    kind: TopicKind,
) -> tuple[AnswerProposal, ...]:
    """Return the (partly) answered targets whose answer the stance undoes."""
    undone = {
        found.to
        for found in relations
        if found.stance == stance.id and found.decided and found.kind is RelationKind.REVERSES
    }
    if _undoes_its_matter(stance, kind):
        undone |= {found.id for found in known.values() if _same_matter(found, stance)}
    return tuple(
        AnswerProposal(call.id, target.company, stance.id, REVERSED, 0)
        for call in calls
        for target in call.targets
        if target.now.status in (ANSWERED, PARTLY) and undone & answers_of(target)
    )


def answers_of(target: CallTarget) -> set[StanceId]:
    """Return the stances by which a target answered, in part or in full."""
    decisive = (step for step in target.steps if step.status in (ANSWERED, PARTLY))
    return {stance for step in decisive for stance in step.answered_by}


def target_on(target: CallTarget, day: Day) -> CallTarget:
    """Return the target as it stood on a day; a status without a date counts as begun."""
    begun = [step for step in target.steps if step.date is None or step.date <= day]
    *earlier, now = begun or [TargetStatus(OPEN)]
    return replace(target, now=now, history=tuple(earlier))


def told_by(target: CallTarget, later: Collection[StanceId]) -> CallTarget:
    """Return the target without the answers by stances that were reported only later."""
    known = [step for step in target.steps if not set(later) & set(step.answered_by)]
    *earlier, now = known or [TargetStatus(OPEN)]
    return replace(target, now=now, history=tuple(earlier))


def answer_key(call: Call, target: CallTarget, place: int) -> str:
    """Names one status of a target (0 is the first), so that nobody is told of it twice."""
    steps = (*target.history, target.now)
    return f"{call.id}/answer/{target.company}/{steps[place].status}/{place}"


def with_status(target: CallTarget, status: TargetStatus) -> CallTarget:
    """Return the target with a new status; the present one goes into its history.

    A correction takes the place of the present status, which was wrong, and needs a reason.
    Raises UsageError when the status cannot follow: nothing goes back, but an ignored call is
    opened again by an answer.
    """
    if status.corrects:
        _require_reason(target, status)
        return replace(target, now=status, history=(*target.history, target.now))
    if not _may_follow(status, target.now):
        raise UsageError(
            f"{target.company_name}: {status.status} cannot follow {target.now.status}. "
            "If that is wrong, correct it first: `tracker calls correct`."
        )
    return replace(target, now=status, history=(*target.history, target.now))


def _require_reason(target: CallTarget, status: TargetStatus) -> None:
    if not (status.why or "").strip():
        raise UsageError(f"{target.company_name}: a correction needs a reason")
    before = target.steps[-2] if len(target.steps) > 1 else None
    allowed = before is None or status.status is before.status or _may_follow(status, before)
    if not allowed:
        raise UsageError(
            f"{target.company_name}: {status.status} cannot follow {before and before.status}, "
            "which stood before the status that was wrong"
        )


def _may_follow(status: TargetStatus, now: TargetStatus) -> bool:
    more_is_met = status.status is now.status is PARTLY and set(status.met) > set(now.met)
    return more_is_met or status.status in _FOLLOWS.get(now.status, frozenset())


def _may_answer(stance: Stance) -> bool:
    return (
        stance.novelty is Novelty.NEW
        and stance.act is not Act.SILENT
        and stance.level is not Level.RETRACTED
        and stance.review_state is not ReviewState.REJECTED
    )


def _in_time(call: Call, stance: Stance, named: bool) -> bool:
    last = range_of(stance)[1]
    if call.withdrawn_on is not None and call.withdrawn_on <= stance.date:
        return False
    if stance.date - call.date > _NAMED_AFTER:
        return named
    return last > call.date or (last == call.date and named)


def _on_topic(call: Call, stance: Stance) -> bool:
    asked = {call.topic, *call.topics, *(demand.topic for demand in call.demands)} - {None}
    return not asked or bool(asked & {stance.topic, *stance.topics})


def _proposals(
    call: Call, stance: Stance, organisations: Mapping[str, Organisation], named: bool
) -> Iterable[AnswerProposal]:
    rank = 0 if named else 1 if call.topic == stance.topic else 2
    for target in call.targets:
        waits = target.now.status in WAITING and stance.id not in target.now.answered_by
        if not waits or not speaks_for(stance, target, organisations):
            continue
        found = outcome_for(call, stance, target.now.met)
        if found and _may_follow(TargetStatus(found.status, met=found.met), target.now):
            yield AnswerProposal(call.id, target.company, stance.id, found.status, rank, found.met)


def speaks_for(
    stance: Stance, target: CallTarget, organisations: Mapping[str, Organisation]
) -> bool:
    """Tell whether the target is the company, its brand, or an owner of either on the day."""
    brand = (stance.brand or "").casefold()
    asked = organisations.get(target.company)
    by_brand = asked is not None and asked.name.casefold() == brand
    up = chain_on(stance.company, stance.date, organisations)
    return by_brand or target.company in up


def _undoes_its_matter(stance: Stance, kind: TopicKind) -> bool:
    rule = rule_for(stance, stance.direction, kind)
    return rule is not None and rule.row.split(",")[0] in ("16", "19", "21")


def _same_matter(old: Stance, new: Stance) -> bool:
    same = new.matter is not None and old.matter == new.matter
    return same and old.company == new.company and old.date < new.date
