"""Calls: what an act answers, and what status may follow what (ledger D, codebook section 4)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from tracker.domain.changes import range_of
from tracker.domain.codes import (
    Act,
    CallStatus,
    Extent,
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
from tracker.domain.position_table import extent_of, is_compelled, rule_for, sign_of
from tracker.domain.register import chain_on


class Demand(StrEnum):
    """The verb families of demands."""

    STOP = "stop"
    PAUSE = "pause"
    LIMIT = "limit"
    ADOPT = "adopt"
    DISCLOSE = "disclose"
    ANSWER = "answer"
    KEEP = "keep"
    BACK_LAW = "back_law"


class Reply(StrEnum):
    """The columns of the table: what a stance is as an answer."""

    ENDS_ALL = "ends, divests in full"
    ENDS_PART = "ends in part, pauses, restricts, safeguards"
    RULES_ALL = "promise or rule in full, dated or in force"
    PROMISES = "promise in part or undated, denial"
    UPHOLDS = "upholds"
    DISCLOSES = "discloses"
    GOES_ON = "defends, launches, walks back, litigates against"
    PUTS_OFF = "declines to comment"
    BACKS_LAW = "supports regulation"
    OPPOSES_LAW = "opposes regulation"


OPEN, ACKNOWLEDGED = CallStatus.OPEN, CallStatus.ACKNOWLEDGED
PARTLY, ANSWERED = CallStatus.PARTIALLY_ANSWERED, CallStatus.ANSWERED
REJECTED, IGNORED = CallStatus.REJECTED, CallStatus.IGNORED

_FIRM: Mapping[Reply, CallStatus] = {
    Reply.UPHOLDS: ANSWERED,
    Reply.GOES_ON: REJECTED,
    Reply.PUTS_OFF: ACKNOWLEDGED,
}
_LESS: Mapping[Reply, CallStatus] = {
    **_FIRM,
    Reply.ENDS_ALL: ANSWERED,
    Reply.ENDS_PART: PARTLY,
    Reply.RULES_ALL: PARTLY,
    Reply.PROMISES: ACKNOWLEDGED,
}

ANSWERS: Mapping[Demand, Mapping[Reply, CallStatus]] = {
    Demand.STOP: _LESS,
    Demand.PAUSE: _LESS,
    Demand.LIMIT: _LESS,
    Demand.ADOPT: {**_LESS, Reply.RULES_ALL: ANSWERED, Reply.PROMISES: PARTLY},
    Demand.DISCLOSE: {
        Reply.RULES_ALL: PARTLY,
        Reply.PROMISES: ACKNOWLEDGED,
        Reply.DISCLOSES: PARTLY,
        Reply.GOES_ON: REJECTED,
        Reply.PUTS_OFF: ACKNOWLEDGED,
    },
    Demand.ANSWER: {**dict.fromkeys(Reply, ANSWERED), Reply.PUTS_OFF: ACKNOWLEDGED},
    Demand.KEEP: {**_FIRM, Reply.ENDS_ALL: REJECTED, Reply.ENDS_PART: REJECTED},
    Demand.BACK_LAW: {Reply.BACKS_LAW: ANSWERED, Reply.OPPOSES_LAW: REJECTED},
}
"""What a reply makes of a demand. Where a person must compare the scope, the lesser word."""

_DEMAND_OF_ACT: Mapping[Act, Demand] = {
    Act.ENDS: Demand.STOP,
    Act.DIVESTS: Demand.STOP,
    Act.PAUSES: Demand.PAUSE,
    Act.RESTRICTS: Demand.LIMIT,
    Act.SAFEGUARDS: Demand.ADOPT,
    Act.COMMITS: Demand.ADOPT,
    Act.CHANGES_POLICY: Demand.ADOPT,
    Act.DISCLOSES: Demand.DISCLOSE,
    Act.UPHOLDS: Demand.KEEP,
    Act.SUPPORTS_REGULATION: Demand.BACK_LAW,
}
_REPLY_OF_ACT: Mapping[Act, Reply] = {
    Act.PAUSES: Reply.ENDS_PART,
    Act.RESTRICTS: Reply.ENDS_PART,
    Act.SAFEGUARDS: Reply.ENDS_PART,
    Act.DENIES: Reply.PROMISES,
    Act.UPHOLDS: Reply.UPHOLDS,
    Act.DISCLOSES: Reply.DISCLOSES,
    Act.DEFENDS: Reply.GOES_ON,
    Act.LAUNCHES: Reply.GOES_ON,
    Act.WALKS_BACK: Reply.GOES_ON,
    Act.DECLINES_COMMENT: Reply.PUTS_OFF,
    Act.SUPPORTS_REGULATION: Reply.BACKS_LAW,
    Act.OPPOSES_REGULATION: Reply.OPPOSES_LAW,
}

WAITING = frozenset({OPEN, ACKNOWLEDGED, PARTLY, IGNORED})
"""Statuses of a target to which an answer may still be proposed."""

_FOLLOWS: Mapping[CallStatus, frozenset[CallStatus]] = {
    OPEN: frozenset(CallStatus) - {OPEN, CallStatus.REVERSED},
    ACKNOWLEDGED: frozenset({PARTLY, ANSWERED, REJECTED, IGNORED, CallStatus.SUPERSEDED}),
    PARTLY: frozenset({ANSWERED, CallStatus.SUPERSEDED, CallStatus.REVERSED}),
    ANSWERED: frozenset({CallStatus.REVERSED}),
    IGNORED: frozenset({ACKNOWLEDGED, PARTLY, ANSWERED, REJECTED, CallStatus.SUPERSEDED}),
}

_NAMED_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class AnswerProposal:
    """What a stance may make of a target; a person decides. Lower ``rank`` is likelier."""

    call: CallId
    target: str
    stance: StanceId
    status: CallStatus
    rank: int


def demand_of(call: Call) -> Demand:
    """Return the verb family of a call: a question by the press wants an answer."""
    if call.channel == "press_question" or call.asked_act is None:
        return Demand.ANSWER
    return _DEMAND_OF_ACT.get(call.asked_act, Demand.ANSWER)


def reply_of(stance: Stance) -> Reply | None:
    """Return what a stance is as an answer, or None."""
    sign = sign_of(stance.direction)
    full = extent_of(stance, stance.direction) is Extent.FULL
    if stance.act in (Act.ENDS, Act.DIVESTS):
        return Reply.ENDS_ALL if full and sign == 1 else Reply.ENDS_PART
    if stance.act in (Act.COMMITS, Act.CHANGES_POLICY):
        return _reply_of_promise(stance, sign, full)
    if stance.act is Act.LITIGATES:
        return Reply.GOES_ON if sign == -1 else None
    return _REPLY_OF_ACT.get(stance.act)


def status_for(call: Call, stance: Stance) -> CallStatus | None:
    """Return the status that a stance would give, by the table; compelled ones supersede."""
    reply, demand = reply_of(stance), demand_of(call)
    if is_compelled(stance):
        return CallStatus.SUPERSEDED
    if reply is None:
        return None
    whole = extent_of(stance, stance.direction) is Extent.FULL
    if demand in (Demand.PAUSE, Demand.LIMIT) and reply is Reply.ENDS_PART and whole:
        return ANSWERED
    return ANSWERS[demand].get(reply)


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
        AnswerProposal(call.id, target.company, stance.id, CallStatus.REVERSED, 0)
        for call in calls
        for target in call.targets
        if target.now.status in (ANSWERED, PARTLY) and undone & set(target.now.answered_by)
    )


def with_status(target: CallTarget, status: TargetStatus) -> CallTarget:
    """Return the target with a new status; the present one goes into its history.

    Raises UsageError when the status cannot follow the present one: nothing goes back, but an
    ignored call is opened again by an answer.
    """
    if status.status not in _FOLLOWS.get(target.now.status, frozenset()):
        raise UsageError(
            f"{target.company_name}: {status.status} cannot follow {target.now.status}. "
            "Correct the earlier answer first."
        )
    return replace(target, now=status, history=(*target.history, target.now))


def _reply_of_promise(stance: Stance, sign: int | None, full: bool) -> Reply | None:
    if sign == -1:
        return Reply.GOES_ON
    dated = stance.effective_date is not None or stance.act is Act.CHANGES_POLICY
    return Reply.RULES_ALL if full and dated and sign == 1 else Reply.PROMISES


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
    asked = {call.topic, *call.topics} - {None}
    return not asked or bool(asked & {stance.topic, *stance.topics})


def _proposals(
    call: Call, stance: Stance, organisations: Mapping[str, Organisation], named: bool
) -> Iterable[AnswerProposal]:
    status = status_for(call, stance)
    rank = 0 if named else 1 if call.topic == stance.topic else 2
    for target in call.targets:
        waits = target.now.status in WAITING
        if status is None or not waits or not _speaks_for(stance, target, organisations):
            continue
        if status in _FOLLOWS.get(target.now.status, frozenset()):
            yield AnswerProposal(call.id, target.company, stance.id, status, rank)


def _speaks_for(
    stance: Stance, target: CallTarget, organisations: Mapping[str, Organisation]
) -> bool:
    """The target is the company, its brand, or an owner of either on the day."""
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
